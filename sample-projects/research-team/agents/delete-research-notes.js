import { fileOf } from "./lib/steps.js";

export default async function (input, nexus) {
  const removed = await nexus.file.delete(fileOf("notes", nexus));
  nexus.log.info(removed ? "Removed the research notes" : "There were no research notes to remove");
  return { removed };
}
