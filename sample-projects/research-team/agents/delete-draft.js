import { fileOf } from "./lib/steps.js";

export default async function (input, nexus) {
  const removed = await nexus.file.delete(fileOf("draft", nexus));
  nexus.log.info(removed ? "Removed the draft" : "There was no draft to remove");
  return { removed };
}
