/** Summarizes one story. A topic that ends in `?` is hard to reach: its first attempt fails. */
export default async function ({ story, number }, nexus) {
  if (story.topic.endsWith("?") && nexus.context.attempt === 1) {
    throw Object.assign(new Error(`the source of ${story.topic} did not answer`), { code: "source-away" });
  }
  if (story.topic === "nonsense") {
    throw Object.assign(new Error("there is nothing to say about nonsense"), { code: "no-story" });
  }
  const answer = await nexus.model({ prompt: `Summarize the story "${story.title}"`, maxTokens: 120 });
  nexus.log.info(`${number}. ${story.title}`);
  return { title: story.title, text: answer.text };
}
