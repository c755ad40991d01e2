package nexus.aiagents.engine.model;

import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// What the scripted provider says when a project has written no answers of its own: plain sentences on
/// what was asked for, that claim nothing.
final class StockAnswers {
    private static final Pattern TOPIC = Pattern.compile(
            "(?:\\babout|\\bregarding|\\btopic\\W|\\bon\\b|\\bof\\b)\\s*[\"'“]?([^\"'”.,;:?!\\n{}\\[\\]]{2,60})",
            Pattern.CASE_INSENSITIVE);

    /// Which of the patterns is found first in what the agent is told to be, then in what it is asked.
    private enum Kind {
        REVIEW("\\b(review|critique|critic|check|proofread|judge|fact-check)"),
        SUMMARY("\\b(summar|shorten|condense|tl;?dr|abstract)"),
        PLAN("\\b(plan|steps|outline|to-?do|roadmap)"),
        RESEARCH("\\b(research|facts?|sources?|collect|find out|investigate|what is known)"),
        WRITING("\\b(write|draft|article|essay|prose|story|blog|paragraph)");

        private final Pattern words;

        Kind(String words) {
            this.words = Pattern.compile(words, Pattern.CASE_INSENSITIVE);
        }
    }

    private static final List<String> FACTS = List.of(
            "Most accounts of %s begin with a single careful observer and a notebook.",
            "The first descriptions of %s disagree in detail and agree in outline.",
            "What is written about %s has roughly doubled within one generation.",
            "Half of what people repeat about %s can be traced to one early report.",
            "Those who know %s best say that the quiet periods matter most.",
            "Comparing two places is the quickest way to see what is particular to %s.");

    private static final List<String> PROSE = List.of(
            "There is a patience to %s that rewards anyone who looks twice.",
            "Nothing about %s is hurried, and nothing is wasted.",
            "To follow %s for a day is to notice how much of it happens between the events.",
            "It would be easy to call %s simple; it would also be wrong.",
            "What holds %s together is not one rule but many small habits.",
            "In the end %s asks for the same thing as any good subject: attention.");

    private static final List<String> REVIEWS = List.of(
            "The structure holds and the claims stay within what the notes support.",
            "The opening is strong; the second paragraph could lose a sentence.",
            "Terms are used consistently and nothing essential is missing.",
            "One statement would be better with its source beside it.");

    private static final List<String> PLAN = List.of(
            "Settle what is to be known about %s.",
            "Collect two independent sources on %s.",
            "Write down what they agree on.",
            "Have someone else read it.",
            "Publish, and note what is still open about %s.");

    private StockAnswers() {}

    static String answer(String system, String question, String seed, boolean json) {
        String topic = topic(question);
        String text = text(kind(system, question), topic, question, seed);
        if (!json) {
            return text;
        }
        ObjectNode answer = JsonMapper.shared().createObjectNode();
        answer.put("topic", topic);
        answer.put("text", text);
        // Depends on the question alone, so that several who are asked the same agree.
        answer.put("verdict", ScriptedModel.pick(5, question) == 0 ? "revise" : "accept");
        answer.put("confidence", (60 + ScriptedModel.pick(40, question)) / 100.0);
        return answer.toString();
    }

    private static Kind kind(String system, String question) {
        for (String where : List.of(system, question)) {
            for (Kind kind : Kind.values()) {
                if (kind.words.matcher(where).find()) {
                    return kind;
                }
            }
        }
        return Kind.RESEARCH;
    }

    private static String text(Kind kind, String topic, String question, String seed) {
        return switch (kind) {
            case RESEARCH -> join(FACTS, 3, " ", topic, question, seed);
            case WRITING -> join(PROSE, 4, " ", topic, question, seed);
            case SUMMARY -> join(PROSE, 1, " ", topic, question, seed);
            case REVIEW -> "Accept. " + join(REVIEWS, 2, " ", topic, question, seed);
            case PLAN -> {
                StringBuilder steps = new StringBuilder();
                for (int i = 0; i < PLAN.size(); i++) {
                    steps.append(i + 1)
                            .append(". ")
                            .append(PLAN.get(i).formatted(topic))
                            .append('\n');
                }
                yield steps.toString().strip();
            }
        };
    }

    /// So many neighbours from the list, beginning where question and seed say.
    private static String join(
            List<String> sentences, int count, String between, String topic, String question, String seed) {
        int first = ScriptedModel.pick(sentences.size(), question, seed);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            text.append(i == 0 ? "" : between)
                    .append(sentences.get((first + i) % sentences.size()).formatted(topic));
        }
        return text.toString();
    }

    private static String topic(String question) {
        Matcher found = TOPIC.matcher(question);
        if (found.find() && !found.group(1).isBlank()) {
            return found.group(1).strip();
        }
        String[] words = question.strip().toLowerCase(Locale.ROOT).split("\\W+");
        String last = words.length == 0 ? "" : words[words.length - 1];
        return last.length() > 2 ? last : "this subject";
    }
}
