/** Finds one story for each topic. */
export default function (input, nexus) {
  const topics = input?.topics ?? ["otters", "rivers", "kelp"];
  if (!Array.isArray(topics) || topics.length === 0) {
    throw Object.assign(new Error("topics must be a list with at least one entry"), { code: "bad-input" });
  }
  nexus.log.info(`${topics.length} topics`);
  return { stories: topics.map((topic) => ({ topic, title: `News about ${topic}` })) };
}
