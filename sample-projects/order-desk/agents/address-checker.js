import { failIfAsked } from "./lib/desk.js";

export default async function (input) {
  failIfAsked(input, "address");
  return { found: true };
}
