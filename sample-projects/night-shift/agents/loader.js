export default async function (input) {
  return { loaded: input.crate };
}
