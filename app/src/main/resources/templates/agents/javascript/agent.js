/**
 * @param {{ topic?: string }} input
 * @param {Nexus} nexus
 */
export default async function (input, nexus) {
  const topic = input.topic ?? "world";
  nexus.log(`saying hello to ${topic}`);
  return { text: `Hello, ${topic}!` };
}
