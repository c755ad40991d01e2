import { find, questionOf } from "./lib/archive.ts";

/** Checks one claim with care, which takes a moment; `{"failOnce": true}` lets the first attempt fail. */
export default async function (input, nexus) {
  const { attempt, idempotencyKey } = nexus.context;
  if (input?.failOnce && attempt === 1) {
    throw Object.assign(new Error("The archive is closed for lunch."), { code: "closed" });
  }
  let weighed = 0;
  for (let i = 0; i < 40_000; i++) {
    weighed = (weighed * 31 + i) % 65_521;
  }
  // A job is done at least once; what it leaves behind is found again by its key.
  await nexus.kv.put(`checked/${idempotencyKey}`, questionOf(input));
  const entry = find(questionOf(input));
  return { claim: questionOf(input), verdict: entry?.verdict ?? "unknown", attempt, weighed };
}
