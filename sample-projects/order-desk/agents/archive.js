import { failIfAsked, fileOf } from "./lib/desk.js";

export default async function (input, nexus) {
  failIfAsked(input, "file");
  const { number, amount } = input.previous ?? {};
  await nexus.file.write(fileOf("invoice", input), `${number}: ${amount} cents\n`);
  return { number };
}
