import { remove } from "./lib/desk.js";

export default (input, nexus) => remove("invoice", input, nexus);
