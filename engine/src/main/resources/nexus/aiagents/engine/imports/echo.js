// Answers with what it got.
export default function (input, nexus) {
  nexus.log("got", input);
  return input;
}
