// What the steps of publish-article share.

/** Fails when the saga's input says so: `{"failAt": "publish"}`. */
export function failIfAsked(input, step) {
  const asked = input?.input?.failAt;
  if (asked === step) {
    throw Object.assign(new Error(`The ${step} step was asked to fail by its input (failAt).`), { code: "asked-to-fail" });
  }
}

/** The topic of a saga step, of a loop or of a plain call. */
export function topicOf(input) {
  return input?.input?.topic ?? input?.topic ?? "otters";
}

/** One file for each run and kind of work; a call outside a saga has the name "latest". */
export function fileOf(kind, nexus) {
  return `workspace/${kind}-${nexus.context.runId ?? "latest"}.md`;
}
