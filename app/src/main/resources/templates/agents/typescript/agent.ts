// Runs as it is: types are taken out when the project is loaded, and checked by your editor alone.
interface Input {
  topic?: string;
}

export default async function (input: Input, nexus: Nexus): Promise<{ text: string }> {
  const topic = input.topic ?? "world";
  nexus.log(`saying hello to ${topic}`);
  return { text: `Hello, ${topic}!` };
}
