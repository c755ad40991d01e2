import { failIfAsked, fileOf, topicOf } from "./lib/steps.js";

/** Collects facts with the model and keeps them. In its loop it crashes on purpose in its second round and then in every `crashEvery`th. */
export default async function (input, nexus) {
  failIfAsked(input, "research");
  const topic = topicOf(input);

  if (input?.crashEvery) {
    const round = ((await nexus.kv.get("round")) ?? 0) + 1;
    await nexus.kv.put("round", round);
    if (round % input.crashEvery === 2) {
      throw Object.assign(new Error(`The archive closed the connection in round ${round}.`), { code: "connection-lost" });
    }
  }

  nexus.log.info(`Looking for facts about ${topic}`);
  const answer = await nexus.model({
    system: "You collect facts. Answer with three short, plain sentences.",
    prompt: `Three facts about ${topic}.`,
    maxTokens: 200,
  });
  if (!input?.crashEvery) {
    await nexus.file.write(fileOf("notes", nexus), `# Notes on ${topic}\n\n${answer.text}\n`);
  }
  return { topic, notes: answer.text };
}
