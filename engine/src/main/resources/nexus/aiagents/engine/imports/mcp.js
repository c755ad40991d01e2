// Speaks to one MCP server over HTTP.
// Input: nothing for the list of its tools, or {"tool": "name", "arguments": {…}} to call one.
const ADDRESS = @ADDRESS@;
const VERSION = "2025-06-18";

export default async function (input, nexus) {
  const server = await connect(nexus);
  if (!input?.tool) {
    const tools = [];
    let cursor;
    do {
      const page = await server.call("tools/list", cursor ? { cursor } : {});
      tools.push(...(page.tools ?? []));
      cursor = page.nextCursor;
    } while (cursor && tools.length < 1000);
    return { tools: tools.map(({ name, description, inputSchema }) => ({ name, description, inputSchema })) };
  }
  const result = await server.call("tools/call", { name: input.tool, arguments: input.arguments ?? {} });
  if (result.isError) {
    throw Object.assign(new Error(text(result) || `${input.tool} failed`), { code: "tool-error" });
  }
  return { text: text(result), content: result.content ?? [], structured: result.structuredContent ?? null };
}

function text(result) {
  return (result.content ?? []).filter((part) => part.type === "text").map((part) => part.text).join("\n");
}

async function connect(nexus) {
  let session;
  let version;
  let last = 0;

  async function send(message) {
    const headers = { "Content-Type": "application/json", Accept: "application/json, text/event-stream" };
    if (session) headers["Mcp-Session-Id"] = session;
    if (version) headers["MCP-Protocol-Version"] = version;
    const answer = await nexus.http(ADDRESS, { method: "POST", headers, body: JSON.stringify(message) });
    session = header(answer, "mcp-session-id") ?? session;
    if (answer.status < 200 || answer.status > 299) {
      throw Object.assign(new Error(`${ADDRESS} answered ${answer.status}: ${answer.body.slice(0, 200)}`), { code: "mcp-error" });
    }
    return answer;
  }

  async function call(method, params) {
    const id = ++last;
    const answer = await send({ jsonrpc: "2.0", id, method, params });
    const reply = messages(answer).find((message) => message.id === id);
    if (!reply || reply.error) {
      const why = reply ? reply.error.message : "no answer";
      throw Object.assign(new Error(`${method}: ${why}`), { code: "mcp-error" });
    }
    return reply.result ?? {};
  }

  const hello = await call("initialize", {
    protocolVersion: VERSION,
    capabilities: {},
    clientInfo: { name: nexus.context.agent, version: "1" },
  });
  version = hello.protocolVersion ?? VERSION;
  await send({ jsonrpc: "2.0", method: "notifications/initialized" });
  return { call };
}

function header(answer, name) {
  const found = Object.entries(answer.headers ?? {}).find(([key]) => key.toLowerCase() === name);
  const value = found?.[1];
  return Array.isArray(value) ? value[0] : value;
}

/** The messages of an answer, be it JSON or a stream of events. */
function messages(answer) {
  if (!(header(answer, "content-type") ?? "").includes("text/event-stream")) {
    return answer.body.trim() ? [JSON.parse(answer.body)].flat() : [];
  }
  return answer.body
    .split(/\r?\n\r?\n/)
    .map((event) =>
      event
        .split(/\r?\n/)
        .filter((line) => line.startsWith("data:"))
        .map((line) => line.slice(5).trimStart())
        .join("\n"),
    )
    .filter((data) => data.trim())
    .map((data) => JSON.parse(data));
}
