// What the agents of the desk share.

/** Fails when the order says so: `{"failAt": "ship"}`. */
export function failIfAsked(input, step) {
  const order = input?.input ?? input;
  if (order?.failAt === step) {
    throw Object.assign(new Error(`The ${step} step was asked to fail by its order (failAt).`), { code: "asked-to-fail" });
  }
}

/** The order's name, in a step of a saga or in a call of its own. */
export function orderOf(input) {
  const asked = input?.input?.input ?? input?.input ?? input;
  return String(asked?.order ?? "latest").replace(/[^a-z0-9-]/gi, "");
}

/** One file for each order and kind of work. */
export function fileOf(kind, input) {
  return `workspace/${orderOf(input)}-${kind}.txt`;
}

/** A compensation has to cope with "it never happened": then there is nothing to remove. */
export async function remove(kind, input, nexus) {
  const removed = await nexus.file.delete(fileOf(kind, input));
  nexus.log.info(removed ? `Took back: ${kind}` : `Nothing to take back: ${kind}`);
  return { removed };
}
