// As much JSON as this agent needs; npm has packages that do it all.

/** The text of a key of the outermost object, null without one. */
export function text(json: string, key: string): string | null {
  let depth = 0;
  for (let at = 0; at < json.length; at++) {
    const c = json.charAt(at);
    if (c == "{" || c == "[") {
      depth++;
    } else if (c == "}" || c == "]") {
      depth--;
    } else if (c == '"') {
      const end = closingQuote(json, at);
      const name = json.substring(at + 1, end);
      let next = afterSpace(json, end + 1);
      if (depth == 1 && name == key && json.charAt(next) == ":") {
        next = afterSpace(json, next + 1);
        return json.charAt(next) == '"' ? unescape(json.substring(next + 1, closingQuote(json, next))) : null;
      }
      at = end;
    }
  }
  return null;
}

function closingQuote(json: string, open: i32): i32 {
  let at = open + 1;
  while (at < json.length && json.charAt(at) != '"') {
    at += json.charAt(at) == "\\" ? 2 : 1;
  }
  return at;
}

function afterSpace(json: string, from: i32): i32 {
  let at = from;
  while (at < json.length && json.charCodeAt(at) <= 0x20) {
    at++;
  }
  return at;
}

function unescape(text: string): string {
  const parts: string[] = [];
  for (let at = 0; at < text.length; at++) {
    let c = text.charAt(at);
    if (c == "\\") {
      c = text.charAt(++at);
      if (c == "n" || c == "r" || c == "t") {
        c = " ";
      } else if (c == "u") {
        c = String.fromCharCode(I32.parseInt(text.substr(at + 1, 4), 16));
        at += 4;
      }
    }
    parts.push(c);
  }
  return parts.join("");
}
