/** Asks the model when something was first written down, and takes nothing but the JSON it asked for. */
export default async function (input, nexus) {
  const asked = nexus.now();
  const answer = await nexus.model({
    system: 'Answer with JSON such as {"year": 1758}.',
    prompt: `When was this first written down? ${input.claim}`,
    maxTokens: 20,
  });
  let year;
  try {
    ({ year } = JSON.parse(answer.text));
  } catch {
    throw Object.assign(new Error(`no JSON: ${answer.text}`), { code: "bad-answer" });
  }
  nexus.log("found after", nexus.now() - asked, "ms");
  return { claim: input.claim, year, age: new Date(asked).getUTCFullYear() - year };
}
