import { failIfAsked, fileOf, orderOf } from "./lib/desk.js";

export default async function (input, nexus) {
  failIfAsked(input, "number");
  const number = `INV-${orderOf(input)}`;
  await nexus.file.write(fileOf("number", input), `${number}\n`);
  return { number, amount: input.input?.amount ?? 0 };
}
