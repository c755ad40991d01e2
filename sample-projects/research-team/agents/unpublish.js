import { fileOf } from "./lib/steps.js";

export default async function (input, nexus) {
  const removed = await nexus.file.delete(fileOf("published", nexus));
  nexus.log.info(removed ? "Took the article down" : "There was no article to take down");
  return { removed };
}
