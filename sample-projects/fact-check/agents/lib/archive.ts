export interface Entry {
  about: RegExp;
  verdict?: "true" | "false";
  number?: number;
  source: string;
}

export interface Question {
  claim?: string;
  question?: string;
}

/** What the archive knows. Each entry names its source. */
const ENTRIES: readonly Entry[] = [
  { about: /fish/i, verdict: "false", source: "Systema Naturae" },
  { about: /hold hands|hold paws/i, verdict: "true", source: "Monterey Bay diary" },
  { about: /heavy/i, number: 30, source: "Field guide, page 12" },
  { about: /how many/i, number: 12, source: "Census of the bay" },
];

export function find(question: string): Entry | undefined {
  return ENTRIES.find((entry) => entry.about.test(question));
}

export function questionOf(input: Question | null): string {
  return String(input?.claim ?? input?.question ?? "");
}
