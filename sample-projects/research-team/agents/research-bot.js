/** A runaway: every answer makes it ask the next question. Nothing in it stops; its budget does. */
export default async function (input, nexus) {
  let question = `What is known about ${input.topic}?`;
  for (let round = 1; round <= 20; round++) {
    const answer = await nexus.model({ prompt: `${question} (question ${round})`, maxTokens: 300 });
    nexus.emit("progress", { round, spent: answer.cost.microDollars });
    question = `Tell me more about this: ${answer.text.slice(0, 120)}`;
  }
  return { rounds: 20 };
}
