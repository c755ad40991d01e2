/** Writes the issue. One file for each run, so nothing is ever sent twice under another name. */
export default async function ({ subject, markdown }, nexus) {
  const file = `workspace/${nexus.context.runId}.md`;
  await nexus.file.write(file, markdown);
  nexus.log.info(`Published: ${subject}`);
  return { file };
}
