import { failIfAsked, fileOf } from "./lib/desk.js";

export default async function (input, nexus) {
  failIfAsked(input, "charge");
  await nexus.file.write(fileOf("charge", input), `${input.amount} cents for ${input.invoice}\n`);
  return { charged: input.amount };
}
