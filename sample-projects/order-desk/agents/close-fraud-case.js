import { remove } from "./lib/desk.js";

export default (input, nexus) => remove("fraud-case", input, nexus);
