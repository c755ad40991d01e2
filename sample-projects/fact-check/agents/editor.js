/** Gets `{pool, input, candidates}` and picks the answer that names a source; none if nobody does. */
export default function ({ candidates }) {
  const best = candidates.find((candidate) => candidate.answer.source);
  return best
    ? { choice: best.choice, reason: `it names its source: ${best.answer.source}` }
    : { choice: 0, reason: "nobody names a source" };
}
