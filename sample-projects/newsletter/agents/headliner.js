/** Its input is the output of the step before: the list of summaries. */
export default async function (summaries, nexus) {
  const titles = summaries.map((summary) => summary.title).join(", ");
  const answer = await nexus.model({ prompt: `Subject line for: ${titles}`, maxTokens: 60 });
  return { subject: answer.text };
}
