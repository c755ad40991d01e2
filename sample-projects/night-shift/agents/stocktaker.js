export default async function (input, nexus) {
  const shelf = ((await nexus.kv.get("shelf")) ?? 0) + 1;
  await nexus.kv.put("shelf", shelf);
  console.log(`shelf ${shelf} is counted`);
  return { shelf };
}
