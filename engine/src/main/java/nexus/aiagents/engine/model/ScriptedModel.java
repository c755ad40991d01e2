package nexus.aiagents.engine.model;

import java.nio.file.Path;
import java.util.List;
import nexus.aiagents.engine.model.ChatModels.Answer;
import nexus.aiagents.engine.model.ChatModels.Message;
import nexus.aiagents.engine.model.ChatModels.ModelException;
import nexus.aiagents.engine.model.ChatModels.Request;
import nexus.aiagents.engine.project.ModelSpec;
import org.jspecify.annotations.Nullable;

/// The built-in provider: the same question, asked with the same seed, always has the same answer. It is
/// metered like any other and says that it is scripted. Thread-safe.
final class ScriptedModel {
    private final Path folder;

    ScriptedModel(Path folder) {
        this.folder = folder;
    }

    Answer chat(ModelSpec model, Request request) throws ModelException, InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        String question = lastOf("user", request.messages());
        String written = model.script() == null
                ? null
                : Script.read(folder.resolve(model.script()), model).answer(question, request.seed());
        String text = written == null
                ? StockAnswers.answer(lastOf("system", request.messages()), question, request.seed(), request.json())
                : written;
        String cut = cut(text, Math.max(1, request.maxTokens()));
        long input = request.messages().stream()
                .mapToLong(m -> Tokens.scripted(m.content()) + 4)
                .sum();
        return new Answer(
                cut,
                model.model(),
                cut.length() < text.length() ? "length" : "stop",
                input,
                0,
                Math.max(1, Tokens.scripted(cut)),
                false,
                true);
    }

    private static String lastOf(String role, List<Message> messages) {
        return messages.stream()
                .filter(m -> m.role().equals(role))
                .reduce((_, second) -> second)
                .map(Message::content)
                .orElse("");
    }

    /// So much of the text as these tokens take, between words where it can be.
    private static String cut(String text, long maxTokens) {
        if (Tokens.scripted(text) <= maxTokens) {
            return text;
        }
        int end = 0;
        int space = 0;
        long bytes = 0;
        while (end < text.length()) {
            int point = text.codePointAt(end);
            bytes += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
            if (bytes > maxTokens * 4) {
                break;
            }
            space = Character.isWhitespace(point) ? end : space;
            end += Character.charCount(point);
        }
        return text.substring(0, space > 0 ? space : end);
    }

    /// A number that depends on all of this text and on nothing else.
    static int pick(int of, @Nullable String... texts) {
        int hash = 17;
        for (String text : texts) {
            hash = hash * 31 + (text == null ? 0 : text.hashCode());
        }
        // The low bits of a string's hash say little; this mixes them.
        hash ^= hash >>> 16;
        hash *= 0x7feb352d;
        hash ^= hash >>> 15;
        return Math.floorMod(hash, of);
    }
}
