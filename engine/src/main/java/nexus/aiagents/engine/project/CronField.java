package nexus.aiagents.engine.project;

import java.util.List;
import java.util.Locale;
import nexus.aiagents.engine.project.Cron.BadCron;

/// One field of a cron expression.
///
/// @param names of its values in order, the first for the least value; empty if they have none
record CronField(String what, int least, int most, List<String> names) {

    /// A bit for each value that the field names.
    long mask(String field) throws BadCron {
        long mask = 0;
        for (String part : field.split(",", -1)) {
            mask |= part(part);
        }
        return mask;
    }

    private long part(String part) throws BadCron {
        String[] halves = part.split("/", -1);
        if (halves.length > 2 || part.isEmpty()) {
            throw wrong(part);
        }
        int step = halves.length == 1 ? 1 : number(halves[1], part);
        if (step < 1) {
            throw new BadCron(part, "`" + part + "` in the field " + what + " has no step: write a number from 1");
        }
        String range = halves[0];
        int from;
        int to;
        if (range.equals("*") || range.equals("?")) {
            from = least;
            to = names.size() == 7 ? most - 1 : most;
        } else {
            int dash = range.indexOf('-', 1);
            from = value(dash < 0 ? range : range.substring(0, dash), part);
            to = dash >= 0 ? value(range.substring(dash + 1), part) : halves.length == 2 ? most : from;
        }
        return from <= to ? bits(from, to, step) : around(from, to, step, part);
    }

    /// Days of the week go round: `FRI-MON`.
    private long around(int from, int to, int step, String part) throws BadCron {
        if (names.size() != 7) {
            throw new BadCron(part, "`" + part + "` in the field " + what + " ends before it begins: turn it round");
        }
        long mask = 0;
        for (int day = from; day <= to + 7; day += step) {
            mask |= 1L << day % 7;
        }
        return mask;
    }

    private static long bits(int from, int to, int step) {
        long mask = 0;
        for (int i = from; i <= to; i += step) {
            mask |= 1L << i;
        }
        return mask;
    }

    private int value(String word, String part) throws BadCron {
        int named = names.indexOf(word.toUpperCase(Locale.ROOT));
        int value = named >= 0 ? named + least : number(word, part);
        if (value < least || value > most) {
            throw new BadCron(part, "`" + word + "` is no " + what + ": write a number from " + least + " to " + most);
        }
        return value;
    }

    private int number(String word, String part) throws BadCron {
        if (word.isEmpty() || word.length() > 4 || !word.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw wrong(part);
        }
        return Integer.parseInt(word);
    }

    private BadCron wrong(String part) {
        String named = names.isEmpty() ? "" : ", a name such as " + names.getFirst();
        return new BadCron(
                part,
                "`" + part + "` is not understood in the field " + what + ": write `*`, a number from " + least + " to "
                        + most + named + ", a range `a-b`, steps `*/n`, or several with commas");
    }
}
