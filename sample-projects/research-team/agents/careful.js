/** Answers a question after reading it twice. Members of a pool vote with `answer`. */
export default async function (input, nexus) {
  const question = input?.question ?? "How do sea otters keep from drifting apart while they sleep?";
  const reply = await nexus.model({ system: "Answer in one short sentence.", prompt: question, maxTokens: 60, temperature: 0 });
  return { answer: reply.text, by: nexus.context.agent };
}
