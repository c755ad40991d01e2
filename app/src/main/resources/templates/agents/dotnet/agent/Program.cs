// Counts the words of {"text": "…"} and remembers how many texts it has seen: {"words": 3, "texts": 1}
using System;
using System.Runtime.InteropServices;
using System.Text.Json;
using Extism;

namespace Agent
{
    public static class Program
    {
        // An executable has to have one. Nobody calls it.
        public static void Main()
        {
        }

        [UnmanagedCallersOnly(EntryPoint = "run")]
        public static int Run()
        {
            try
            {
                Pdk.SetOutput(Count(Pdk.GetInput()));
                return 0;
            }
            catch (AgentException failed)
            {
                Pdk.SetError(failed.Json);
                return 1;
            }
        }

        private static string Count(byte[] input)
        {
            int words = TextOf(input).Split((char[])null, StringSplitOptions.RemoveEmptyEntries).Length;

            JsonElement seen = Host.Call("kv.get", "[\"texts\"]"); // null or a number
            int texts = seen.ValueKind == JsonValueKind.Number ? seen.GetInt32() + 1 : 1;
            Host.Call("kv.put", $"[\"texts\",{texts}]");

            Pdk.Log(LogLevel.Info, $"counted {words} words");
            return $"{{\"words\":{words},\"texts\":{texts}}}";
        }

        private static string TextOf(byte[] input)
        {
            using (JsonDocument document = JsonDocument.Parse(input))
            {
                JsonElement all = document.RootElement;
                JsonElement text;
                if (all.ValueKind == JsonValueKind.Object
                    && all.TryGetProperty("text", out text)
                    && text.ValueKind == JsonValueKind.String)
                {
                    return text.GetString();
                }
            }
            throw new AgentException("bad-input", "the input needs a text");
        }
    }
}
