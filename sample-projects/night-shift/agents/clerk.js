export default async function (input, nexus) {
  const lines = ((await nexus.kv.get("lines")) ?? 0) + 1;
  await nexus.kv.put("lines", lines);
  return { lines, line: input.line };
}
