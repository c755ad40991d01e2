import { failIfAsked, fileOf } from "./lib/desk.js";

export default async function (input, nexus) {
  failIfAsked(input, "fraud");
  await nexus.file.write(fileOf("fraud-case", input), "harmless\n");
  return { verdict: "harmless" };
}
