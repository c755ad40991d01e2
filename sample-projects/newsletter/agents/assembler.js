/** Puts subject, stories and events together as Markdown. */
export default function ({ subject, stories, events }) {
  const parts = [`# ${subject}`, ...stories.map((story) => `## ${story.title}\n\n${story.text}`)];
  if (events) {
    parts.push(`## What is on\n\n${events.map((event) => `- ${event}`).join("\n")}`);
  }
  return { subject, markdown: parts.join("\n\n") + "\n" };
}
