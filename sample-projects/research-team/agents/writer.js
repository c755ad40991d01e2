import { failIfAsked, fileOf, topicOf } from "./lib/steps.js";

/** Turns notes into a draft. */
export default async function (input, nexus) {
  failIfAsked(input, "draft");
  const topic = topicOf(input);
  const notes = input?.previous?.notes ?? "";
  const answer = await nexus.model({
    system: "You write clear prose.",
    prompt: `Write a short article about ${topic}. Notes: ${notes}`,
    maxTokens: 400,
  });
  await nexus.file.write(fileOf("draft", nexus), `# ${topic}\n\n${answer.text}\n`);
  nexus.log.info(`Draft about ${topic}: ${answer.text.split(/\s+/).length} words`);
  return { topic, text: answer.text };
}
