using System;
using System.Runtime.InteropServices;
using System.Text.Json;
using Extism;

namespace Agent
{
    /// <summary>What Extism's kit does not offer: models, keys, files and other agents.</summary>
    public static class Host
    {
        // The kit imports what is declared in "extism" from the module extism:host/user.
        [DllImport("extism", EntryPoint = "nexus_call")]
        private static extern ulong NexusCall(ulong name, ulong arguments);

        /// <summary>Calls a function of the host by name, with a JSON array of arguments.</summary>
        /// <exception cref="AgentException">The host refused, or the call failed.</exception>
        public static JsonElement Call(string name, string arguments)
        {
            using (MemoryBlock nameBlock = Pdk.Allocate(name))
            using (MemoryBlock argumentsBlock = Pdk.Allocate(arguments))
            using (MemoryBlock answerBlock = MemoryBlock.Find(NexusCall(nameBlock.Offset, argumentsBlock.Offset)))
            using (JsonDocument answer = JsonDocument.Parse(answerBlock.ReadBytes()))
            {
                JsonElement error;
                if (answer.RootElement.TryGetProperty("error", out error))
                {
                    throw new AgentException(error.GetRawText());
                }
                return answer.RootElement.GetProperty("ok").Clone();
            }
        }
    }

    /// <summary>
    /// Ends the run with an error of its own code. The kit reports any other exception with its whole text.
    /// </summary>
    public sealed class AgentException : Exception
    {
        /// <param name="json">{"code": "…", "message": "…"}</param>
        public AgentException(string json)
            : base(json)
        {
            Json = json;
        }

        public AgentException(string code, string message)
            : this($"{{\"code\":\"{JsonEncodedText.Encode(code)}\",\"message\":\"{JsonEncodedText.Encode(message)}\"}}")
        {
        }

        public string Json { get; }
    }
}
