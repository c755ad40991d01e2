/**
 * @param {{ topic?: string }} input
 * @param {Nexus} nexus
 */
export default async function (input, nexus) {
  const topic = input.topic ?? "otters";
  nexus.log(`collecting facts about ${topic}`);
  const answer = await nexus.model({
    system: "You collect facts. Answer with three short, plain sentences.",
    prompt: `Three facts about ${topic}.`,
    maxTokens: 300,
  });
  await nexus.kv.put(`notes/${topic}`, answer.text);
  return { topic, notes: answer.text };
}
