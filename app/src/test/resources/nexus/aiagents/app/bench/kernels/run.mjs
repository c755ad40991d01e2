// Runs a kernel so often, each time in a new instance, and prints its result and the milliseconds of each.
import { readFileSync } from "node:fs";

const [file, runs] = process.argv.slice(2);
const module = new WebAssembly.Module(readFileSync(file));
for (let run = 0; run < Number(runs); run++) {
  let text = "";
  let instance;
  const fd_write = (_, ranges) => {
    const memory = new DataView(instance.exports.memory.buffer);
    const from = memory.getUint32(ranges, true);
    const length = memory.getUint32(ranges + 4, true);
    text += new TextDecoder().decode(new Uint8Array(memory.buffer, from, length));
    return 0;
  };
  const before = performance.now();
  instance = new WebAssembly.Instance(module, { wasi_snapshot_preview1: { fd_write } });
  instance.exports._start();
  console.log(text, (performance.now() - before).toFixed(3));
}
