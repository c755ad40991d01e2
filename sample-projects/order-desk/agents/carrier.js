import { failIfAsked, fileOf } from "./lib/desk.js";

/** Asked again with the same key it gives the same answer and sends no second parcel. */
export default async function (input, nexus) {
  failIfAsked(input, "ship");
  const key = `sent-${nexus.context.idempotencyKey}`;
  const sent = await nexus.kv.get(key);
  if (sent) {
    return sent;
  }
  const label = { label: `L-${input.input?.order ?? "latest"}` };
  await nexus.file.write(fileOf("parcel", input), `${label.label}\n`);
  await nexus.kv.put(key, label);
  return label;
}
