/** Everything is true, and there is plenty of it. */
export default function () {
  return { verdict: "true", number: 3000 };
}
