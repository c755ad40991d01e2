/** Answers before it has read the question, so it is usually the one who dissents. */
export default async function (input, nexus) {
  const reply = await nexus.model({ system: "Guess.", prompt: "Say something about otters.", maxTokens: 60 });
  return { answer: `A guess: ${reply.text}`, by: nexus.context.agent };
}
