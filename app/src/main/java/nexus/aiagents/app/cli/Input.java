package nexus.aiagents.app.cli;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/// `--input`: JSON, a file or standard input.
final class Input {
    private static final int MAX_BYTES = 16 * 1024 * 1024;

    @Option(
            names = {"-i", "--input"},
            paramLabel = "JSON",
            defaultValue = "{}",
            description = "The input: JSON, @FILE for what is in a file, or - for standard input. Default: {}")
    private String input = "{}";

    String json(Context context) throws IOException {
        if (input.equals("-")) {
            return Json.checked(text(context.stdin().readNBytes(MAX_BYTES + 1), "standard input"), "standard input");
        }
        if (input.startsWith("@")) {
            if (input.length() == 1) {
                throw new Failure(Exit.USAGE, "bad-input", "--input @: write the file's name after the @");
            }
            Path file = context.folder().resolve(input.substring(1));
            if (!Files.isRegularFile(file)) {
                throw new Failure(Exit.USAGE, "bad-input", noFile(file));
            }
            try (var in = Files.newInputStream(file)) {
                return Json.checked(text(in.readNBytes(MAX_BYTES + 1), file.toString()), file.toString());
            }
        }
        return Json.checked(input, "--input");
    }

    static String noFile(Path file) {
        return "--input: " + (Files.isDirectory(file) ? file + " is a folder" : "there is no file " + file);
    }

    private static String text(byte[] bytes, String where) {
        if (bytes.length > MAX_BYTES) {
            throw new Failure(Exit.USAGE, "bad-input", where + " is larger than 16 MB; hand over a path instead");
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(java.nio.ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new Failure(Exit.USAGE, "bad-input", where + " is not UTF-8 text");
        }
    }
}
