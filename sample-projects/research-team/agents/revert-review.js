export default async function (input, nexus) {
  nexus.log.info(`Took the verdict back: ${input?.output?.verdict ?? "there was none"}`);
  return { reverted: input?.output ?? null };
}
