import { find, questionOf } from "./lib/archive.js";

/** Says only what the archive says, and where it stands. */
export default function (input) {
  const entry = find(questionOf(input));
  if (!entry) {
    return { verdict: "unknown", number: 0, source: "nothing in the archive" };
  }
  return { verdict: entry.verdict ?? "unknown", number: entry.number ?? 0, source: entry.source };
}
