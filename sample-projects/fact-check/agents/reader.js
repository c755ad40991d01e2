import { questionOf } from "./lib/archive.ts";

/** Asks the model and reads a verdict and a number out of its words. */
export default async function (input, nexus) {
  const question = questionOf(input);
  const prompt = input?.question ? question : `True or false? ${question}`;
  const answer = await nexus.model({ system: "Answer in one sentence.", prompt, maxTokens: 60 });
  const number = Number(answer.text.match(/\d+/)?.[0] ?? 0);
  const verdict = /^true/i.test(answer.text) ? "true" : /^false/i.test(answer.text) ? "false" : "unknown";
  return { verdict, number, said: answer.text };
}
