package nexus.aiagents.sandbox;

import java.util.List;

/// A run without an agent around it: input and output are bytes, as a command line has them, and need not
/// be JSON.
///
/// @param input what a WASI command reads on stdin, and a plug-in as its input
/// @param arguments of a WASI command, its name aside
public record Direct(byte[] input, List<String> arguments, Console console) {

    public Direct {
        arguments = List.copyOf(arguments);
    }

    /// Where the program writes to; called on its thread. What it writes counts against the limits of
    /// output and log.
    public interface Console {
        void stdout(byte[] bytes);

        void stderr(byte[] bytes);

        /// A WASI command ended by itself.
        void exited(int status);
    }
}
