import { find, questionOf, type Question } from "./lib/archive.ts";

interface Answer {
  verdict: "true" | "false" | "unknown";
  number: number;
  source: string;
}

/** Says only what the archive says, and where it stands. */
export default function (input: Question): Answer {
  const entry = find(questionOf(input));
  if (!entry) {
    return { verdict: "unknown", number: 0, source: "nothing in the archive" };
  }
  return { verdict: entry.verdict ?? "unknown", number: entry.number ?? 0, source: entry.source };
}
