import { failIfAsked, fileOf, topicOf } from "./lib/steps.js";

/** Publishes: here, a file in the workspace. */
export default async function (input, nexus) {
  failIfAsked(input, "publish");
  const topic = topicOf(input);
  const draft = await nexus.file.read(fileOf("draft", nexus)).catch(() => `# ${topic}\n`);
  await nexus.file.write(fileOf("published", nexus), draft);
  nexus.log.info(`Published the article about ${topic}`);
  return { published: fileOf("published", nexus), key: nexus.context.idempotencyKey };
}
