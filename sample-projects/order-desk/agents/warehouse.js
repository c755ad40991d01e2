import { failIfAsked, fileOf } from "./lib/desk.js";

export default async function (input, nexus) {
  failIfAsked(input, "reserve");
  await nexus.file.write(fileOf("stock", input), "set aside\n");
  return { amount: 4200, parcel: `P-${input.input?.order ?? "latest"}` };
}
