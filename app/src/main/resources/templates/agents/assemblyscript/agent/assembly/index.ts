// Counts the words of {"text": "…"} and remembers how many texts it has seen: {"words": 3, "texts": 1}
import { Host, LogLevel } from "@extism/as-pdk";
import { call, fail, isError, output } from "./host";
import { text } from "./json";

export function run(): i32 {
  const given = text(Host.inputString(), "text");
  if (given === null) {
    return fail('{"code":"bad-input","message":"the input needs a text"}');
  }
  const words = countWords(given);

  const seen = call("kv.get", '["texts"]'); // null or a number
  if (isError(seen)) {
    return fail(seen);
  }
  const texts = (seen == "null" ? 0 : I32.parseInt(seen)) + 1;
  const kept = call("kv.put", `["texts",${texts}]`);
  if (isError(kept)) {
    return fail(kept);
  }

  Host.log(LogLevel.Info, `counted ${words} words`);
  output(`{"words":${words},"texts":${texts}}`);
  return 0;
}

function countWords(text: string): i32 {
  let words = 0;
  let inside = false;
  for (let i = 0; i < text.length; i++) {
    const space = text.charCodeAt(i) <= 0x20;
    if (!space && !inside) {
      words++;
    }
    inside = !space;
  }
  return words;
}
