package nexus.aiagents.engine.project;

import nexus.aiagents.engine.project.Diagnostic.Severity;

/// Every kind of diagnostic. A code never changes its meaning; `docs/reference/diagnostics.md` explains
/// each.
enum Code {
    TAB("NX1001", Severity.ERROR, "A tab in the indentation", "YAML is indented by spaces. Use two for every level."),
    UNCLOSED_QUOTE(
            "NX1002", Severity.ERROR, "A quote that is never closed", "Put the same quote at the end of the text."),
    UNEXPECTED_COLON("NX1003", Severity.ERROR, "A second `: ` in a line", "Put quotes around text with a colon in it."),
    INDENTATION("NX1004", Severity.ERROR, "A line that does not line up", "Indent it exactly as its neighbours."),
    UNCLOSED_BRACKET(
            "NX1005",
            Severity.ERROR,
            "A `[` or `{` that is not closed as expected",
            "Add the missing comma or bracket; put quotes around every `\"${…}\"` inside of brackets."),
    NO_COLON(
            "NX1006",
            Severity.ERROR,
            "A line that is neither `key: value` nor `- item`",
            "Add the colon, or quotes around text of several lines."),
    BAD_ESCAPE(
            "NX1007",
            Severity.ERROR,
            "An unknown `\\` sequence in double quotes",
            "Write `\\\\` for a backslash, or use single quotes."),
    UNKNOWN_ALIAS(
            "NX1008",
            Severity.ERROR,
            "An alias `*x` that repeats nothing, or itself",
            "Put `&x` before an earlier value; quote text that begins with `*`."),
    BAD_CHARACTER(
            "NX1009",
            Severity.ERROR,
            "A character that can not stand there",
            "Put quotes around the value, or remove the control character."),
    DUPLICATE_KEY(
            "NX1010",
            Severity.ERROR,
            "The same key twice in a map",
            "Remove one, or put `---` between two blocks of a kind."),
    ALIAS_BOMB("NX1011", Severity.ERROR, "Aliases that stand for far too many values", "Write the values out."),
    TOO_DEEP("NX1012", Severity.ERROR, "More than 100 levels of nesting", "Write it flatter."),
    KEY_NOT_TEXT(
            "NX1013",
            Severity.ERROR,
            "A map or a list as a key",
            "Put quotes around text that begins with `{` or `[`."),
    TAG("NX1014", Severity.ERROR, "A tag such as `!include`", "Tags have no meaning in a project: leave it out."),
    BROKEN_YAML("NX1015", Severity.ERROR, "Anything else that is not YAML", "Check the line and the one before it."),
    MERGE_KEY("NX1016", Severity.ERROR, "The merge key `<<`", "It is not part of YAML 1.2: write the keys out."),
    NUMBER_TOO_LARGE(
            "NX1017",
            Severity.ERROR,
            "A number that does not fit into 64 bits or 18 decimals",
            "Put quotes around it to make it text."),
    FILE_TOO_LARGE(
            "NX1020",
            Severity.ERROR,
            "A file of more than 5 MB",
            "It is not read. Split it, or move data out of the YAML."),
    NOT_UTF8("NX1021", Severity.ERROR, "A byte that is not UTF-8", "Save the file with the encoding UTF-8."),
    UNREADABLE(
            "NX1022",
            Severity.ERROR,
            "A file or folder that can not be read",
            "Check its permissions, or the file it links to."),
    NO_PROJECT(
            "NX1023",
            Severity.ERROR,
            "No `nexus.yaml` in the folder",
            "Run `naos init` to make a project, or go to its folder."),
    TOO_MANY_FILES(
            "NX1024",
            Severity.ERROR,
            "More than 2,000 YAML files",
            "Check that this is the right folder; files in hidden folders do not count."),

    UNKNOWN_KIND(
            "NX2001",
            Severity.ERROR,
            "A document that begins with an unknown word",
            "Use one of the kinds of the [configuration](configuration.md)."),
    UNSUPPORTED(
            "NX2002",
            Severity.ERROR,
            "Something this version does not have yet",
            "Skills, brokers and the runtime `process` are not in this version."),
    UNKNOWN_KEY(
            "NX2003",
            Severity.ERROR,
            "An unknown key",
            "Use the suggested one, or look it up in the [configuration](configuration.md)."),
    MISSING_KEY("NX2004", Severity.ERROR, "A key that must be there", "Add it."),
    WRONG_TYPE(
            "NX2005",
            Severity.ERROR,
            "A value of the wrong type",
            "Write text, a number, a list or a map as the message says; quotes make text of a number."),
    NOT_ONE_OF(
            "NX2006",
            Severity.ERROR,
            "A word that is not one of those allowed",
            "Use one of the words in the message."),
    BAD_FORM("NX2007", Severity.ERROR, "A value that has not the form it needs", "Write it as the message says."),
    OUT_OF_RANGE(
            "NX2008",
            Severity.ERROR,
            "A number that is too small or too large",
            "Keep it within the bounds in the message."),
    WRONG_COUNT(
            "NX2009",
            Severity.ERROR,
            "A list or map that is empty, or has an entry twice",
            "Add an entry, or remove the double one."),
    TWO_KINDS("NX2010", Severity.ERROR, "Two blocks in one document", "Put a line with `---` between them."),
    NO_KIND("NX2011", Severity.ERROR, "A document that is no map", "Begin it with its kind, such as `agent:`."),
    OTHER_SCHEMA("NX2099", Severity.ERROR, "Anything else the schema refuses", "See the message."),

    DUPLICATE_NAME(
            "NX3001",
            Severity.ERROR,
            "Two things of one name",
            "Rename one. Agents and supervisors share their names."),
    UNKNOWN_AGENT("NX3002", Severity.ERROR, "An agent that is not defined", "Use the suggested name, or define it."),
    UNKNOWN_CHILD(
            "NX3003",
            Severity.ERROR,
            "A child that is neither an agent nor a supervisor nor a pool",
            "Use the suggested name, or define it."),
    UNKNOWN_MODEL("NX3004", Severity.ERROR, "A model that is not defined", "Use the suggested name, or define it."),
    UNKNOWN_TARGET(
            "NX3005",
            Severity.ERROR,
            "A budget for something that is not defined",
            "Use the suggested name, or define it."),
    NAME_DIFFERS("NX3006", Severity.ERROR, "A `name` that differs from the key of the map form", "Remove the line."),
    SECOND_BLOCK("NX3007", Severity.ERROR, "A second `project` or `trust` block", "Remove one of the two."),

    RUNTIME_UNKNOWN(
            "NX3101",
            Severity.ERROR,
            "An agent whose runtime can not be told",
            "Give it a `source` that ends in .js, .mjs, .ts, .mts or .wasm, or a `prompt`."),
    SOURCE_NEEDED(
            "NX3102",
            Severity.ERROR,
            "A JavaScript or WebAssembly agent without `source`",
            "Name the file with its program."),
    SOURCE_MISSING(
            "NX3103", Severity.ERROR, "A file that does not exist or can not be read", "Make it, or correct the path."),
    SOURCE_NOT_WASM(
            "NX3104",
            Severity.ERROR,
            "A `.wasm` file that is no core WebAssembly module",
            "Build it again, as a core module (version 1)."),
    SOURCE_WRONG_KIND("NX3105", Severity.ERROR, "A file whose ending does not fit", "Change the file or the runtime."),
    OUTSIDE_PROJECT(
            "NX3106",
            Severity.ERROR,
            "A path that leads out of the project folder",
            "Put the file into the project and write a relative path with `/`."),
    KEY_UNUSED("NX3107", Severity.WARNING, "A key that has no effect there", "Remove it."),
    MODEL_NEEDED(
            "NX3108",
            Severity.ERROR,
            "A model agent without a model to use",
            "Add a `model` block, or say which one with `model:`."),
    GRANT_FILE_MISSING(
            "NX3109", Severity.ERROR, "A grant to read a file that does not exist", "Make it, or remove the grant."),
    GRANT_FILE_NOT_YET("NX3110", Severity.WARNING, "A grant to write where nothing exists yet", "Make the folder."),
    LOOP_UNSUPERVISED(
            "NX3111",
            Severity.WARNING,
            "A loop of an agent under no supervisor",
            "It never runs: add the agent to a supervisor."),
    BAD_LIMIT(
            "NX3112",
            Severity.ERROR,
            "A time or an amount that makes no sense",
            "Keep it within the bounds in the message."),
    BAD_OUTPUT_SCHEMA(
            "NX3113", Severity.ERROR, "An `output.schema` that is no JSON Schema", "Correct it: draft 2020-12."),
    PROGRAM_REJECTED(
            "NX3114",
            Severity.ERROR,
            "A program that can not be run: a syntax error, an import that leads nowhere, a damaged module",
            "Mend it at the place that the message names."),
    NEVER_STUCK(
            "NX3115",
            Severity.WARNING,
            "A `heartbeat` or an `idleTimeout` that is not shorter than a run may take",
            "Make it shorter, or raise `limits: {timeout: …}`."),
    SOURCE_NOT_BUILT(
            "NX3116", Severity.ERROR, "A program that is not built yet", "Run the command that the message names."),
    BAD_INPUT_SCHEMA(
            "NX3117", Severity.ERROR, "An `input.schema` that is no JSON Schema", "Correct it: draft 2020-12."),
    INPUT_BREAKS_SCHEMA(
            "NX3118",
            Severity.ERROR,
            "An `input` of a loop or a schedule that does not fit the agent's own `input.schema`",
            "Correct the input at the place that the message names, or the schema."),
    SECRET_TWICE(
            "NX3121",
            Severity.ERROR,
            "A secret that goes to two places, or two that go to the same",
            "Name one `header` or one `query` for each."),
    SECRET_READABLE(
            "NX3122",
            Severity.ERROR,
            "A secret that is granted under `env` too",
            "Remove it there: what stands under `env` the program can read."),
    SECRET_UNUSED(
            "NX3123",
            Severity.WARNING,
            "A secret for a host that the agent may not ask",
            "Add the host under `http`, or remove the secret."),
    GRANT_OF_YAML(
            "NX3124",
            Severity.WARNING,
            "A grant to write where the YAML of the agent lies",
            "It could change what it is granted: grant a folder below."),

    CYCLE("NX3201", Severity.ERROR, "Supervisors in a circle", "Remove one of the children in the circle."),
    TWO_SUPERVISORS("NX3202", Severity.ERROR, "A child of two supervisors", "Remove it from one of the two."),
    CHILD_TWICE("NX3203", Severity.ERROR, "The same child twice", "Remove one."),
    AGENTS_AND_CHILDREN(
            "NX3204",
            Severity.ERROR,
            "`agents` and `children` in one supervisor",
            "Put all of them into `children`, in order."),
    SIGNIFICANT_PERMANENT(
            "NX3205",
            Severity.ERROR,
            "A significant child that is permanent",
            "Give it `restart: transient` or `temporary`, or remove `significant`."),
    SIGNIFICANT_NEVER(
            "NX3206",
            Severity.ERROR,
            "A significant child, but `autoShutdown: never`",
            "Give the supervisor `autoShutdown: any` or `all`, or remove `significant`."),
    AUTO_SHUTDOWN_UNUSED(
            "NX3207",
            Severity.WARNING,
            "`autoShutdown` without a significant child",
            "Mark a child with `significant: true`, or remove `autoShutdown`."),
    TWO_WINDOWS(
            "NX3208",
            Severity.ERROR,
            "`withinSeconds` and `restartWindow` together",
            "They mean the same: remove one."),
    TEMPLATE_STRATEGY(
            "NX3209",
            Severity.ERROR,
            "Children made from a template under another strategy than `one-for-one`",
            "They know no order, so none of them stands for the others: remove `strategy`, or name the children."),
    TEMPLATE_START(
            "NX3210",
            Severity.ERROR,
            "A template that starts with more instances than it may have",
            "Lower `start` or raise `max`."),
    BACKOFF_ORDER(
            "NX3211",
            Severity.ERROR,
            "A back-off whose first wait is longer than its longest",
            "Lower `initial` or raise `max`."),
    POOL_CHILD_WITHOUT_QUEUE(
            "NX3212",
            Severity.ERROR,
            "A pool without a queue as the child of a supervisor",
            "Give it `strategy: round-robin`, `least-busy` or `random`, or supervise its agents instead."),

    DUPLICATE_STEP("NX3301", Severity.ERROR, "Two steps of one name in a saga or workflow", "Rename one."),
    BAD_EXPRESSION(
            "NX3302",
            Severity.ERROR,
            "A `${…}` that is not a JSONata expression",
            "Correct it; `${{` stands for a plain `${`."),
    STEP_REFERENCE(
            "NX3303",
            Severity.ERROR,
            "An expression that names a step that does not come before",
            "Name an earlier step, in a workflow one that it needs; write names with a `-` in backticks."),
    STEP_ACTION(
            "NX3304",
            Severity.ERROR,
            "A step of a saga that does nothing, or several things",
            "Give it exactly one of `action`, `pool`, `saga` and `workflow`."),
    GROUP_KEY(
            "NX3305",
            Severity.ERROR,
            "A parallel group with keys of a step, or with a group inside",
            "A group has `name` and `parallel`; everything else belongs to its steps."),
    GROUP_OF_ONE("NX3306", Severity.WARNING, "A parallel group of one step", "Leave `parallel` out."),
    SECOND_PIVOT(
            "NX3307", Severity.ERROR, "A second pivot in a saga", "Keep the one after which nothing can be undone."),
    PIVOT_IN_GROUP("NX3308", Severity.ERROR, "A pivot in a parallel group", "Put it before or after the group."),
    COMPENSATION_AFTER_PIVOT(
            "NX3309",
            Severity.ERROR,
            "A compensation of the pivot, or after it",
            "There is no way back from there: remove it."),
    NESTED_COMPENSATION(
            "NX3310",
            Severity.ERROR,
            "A compensation of a step that is a saga",
            "A nested saga undoes itself: remove it."),
    NESTED_PIVOT(
            "NX3311",
            Severity.ERROR,
            "A step before the pivot that is a saga with a pivot",
            "It can not be undone: make the step the pivot, or put it after the pivot."),
    SAGA_CYCLE("NX3312", Severity.ERROR, "A saga that comes to call itself", "Remove one of the steps."),
    TIME_NEVER_UP(
            "NX3313",
            Severity.WARNING,
            "A time-out longer than the one around it",
            "Make it shorter, or the outer one longer."),
    ENV_NOT_NAMED(
            "NX3314",
            Severity.ERROR,
            "An expression with a variable that the saga or workflow does not name",
            "Add it to its `env`."),
    RESERVE_UNUSED(
            "NX3315",
            Severity.WARNING,
            "A `compensationReserve` without a budget to keep it in",
            "Give the saga a `cost` block that limits the same thing."),
    RESERVE_TOO_LARGE(
            "NX3316",
            Severity.ERROR,
            "A `compensationReserve` of the whole budget or more",
            "Nothing is left to go forward with: make it smaller, or the budget larger."),
    STEP_TARGET(
            "NX3351",
            Severity.ERROR,
            "A step of a workflow that calls nothing, or several things",
            "Give it exactly one of `agent`, `pool`, `saga` or `workflow`."),
    UNKNOWN_CALLED(
            "NX3352",
            Severity.ERROR,
            "A step that calls a pool, saga or workflow that is not defined",
            "Use the suggested name, or define it."),
    UNKNOWN_NEED(
            "NX3353",
            Severity.ERROR,
            "A step that needs one that does not exist",
            "Use the suggested name, or add it."),
    SELF_NEED("NX3354", Severity.ERROR, "A step that needs itself", "Remove it from its `needs`."),
    STEP_CYCLE("NX3355", Severity.ERROR, "Steps that need each other in a circle", "Remove one of the needs."),
    UNREACHABLE_STEP(
            "NX3356",
            Severity.WARNING,
            "A step that never runs",
            "Its condition is always false, or all that it needs never runs: change the condition, or remove it."),
    BAD_CONDITION(
            "NX3357",
            Severity.ERROR,
            "A `when` that is no condition",
            "Write one whole `\"${…}\"`, or `true` or `false`."),
    BAD_FOR_EACH(
            "NX3358",
            Severity.ERROR,
            "A `forEach` that gives no list",
            "Write a list, or one whole `\"${…}\"` that gives one."),
    WORKFLOW_CYCLE("NX3359", Severity.ERROR, "A workflow that comes to call itself", "Remove one of the steps."),

    POOL_MEMBERS(
            "NX3401",
            Severity.ERROR,
            "A pool whose members can not be told",
            "Write `agents: [a, b]`, or `agent: a` and `size: 3`."),
    QUORUM_TOO_LARGE("NX3402", Severity.ERROR, "A quorum larger than the pool", "Lower it, or add members."),
    QUORUM_NEEDED("NX3403", Severity.ERROR, "`strategy: quorum` without `quorum`", "Say how many have to agree."),
    EVEN_MAJORITY(
            "NX3404",
            Severity.WARNING,
            "A majority of an even number of members that says nothing about a tie",
            "Use an odd number of members, or say `onTie`."),
    TOLERANCE_WITHOUT_NUMBERS(
            "NX3405",
            Severity.WARNING,
            "A `tolerance` over answers that are no numbers",
            "Remove it, or let `agreeOn` name a number."),
    MIN_OVER_MAX(
            "NX3406",
            Severity.ERROR,
            "Bounds of a pool's workers that contradict each other",
            "Make `min` at most `max`, and `size` one between them."),

    COST_SCOPE(
            "NX3501",
            Severity.ERROR,
            "A budget for nothing, or for several things",
            "Give it exactly one of `agent`, `pool`, `saga`, `workflow`, `supervisor` or `project: true`."),
    SECOND_BUDGET("NX3502", Severity.ERROR, "A second budget for the same thing", "Remove one of the two."),
    UNPRICED_BUDGET(
            "NX3503",
            Severity.ERROR,
            "A budget in dollars over a model whose price is not known",
            "Give the model a `price`, or `free: true`."),
    UNPRICED_MODEL(
            "NX3504",
            Severity.WARNING,
            "A model whose price is not known",
            "Its calls are refused: give it a `price`, or `free: true`."),
    TOO_PRECISE("NX3505", Severity.ERROR, "More than six decimals of a dollar", "Write at most six."),
    NO_LIMIT("NX3506", Severity.ERROR, "A budget that limits nothing", "Add `maxDollars`, `maxTokens` or `maxCalls`."),

    GATE_CLOSED(
            "NX3601",
            Severity.WARNING,
            "`provider: axis` without `baseUrl`",
            "No agent can be verified until the registry's address is set."),

    BAD_CRON(
            "NX3701",
            Severity.ERROR,
            "A `cron` that is no cron expression",
            "Write five fields: minute, hour, day of month, month, day of week; or six, with seconds first."),
    BAD_TIMEZONE(
            "NX3702",
            Severity.ERROR,
            "A `timezone` that does not exist",
            "Write a name of the IANA list, such as Europe/Berlin, or leave it out for UTC."),
    NEVER_DUE("NX3703", Severity.ERROR, "A schedule that is never due", "Correct the day or the month of `cron`.");

    private final String id;
    private final Severity severity;

    private final String what;
    private final String remedy;

    Code(String id, Severity severity, String what, String remedy) {
        this.id = id;
        this.severity = severity;
        this.what = what;
        this.remedy = remedy;
    }

    String id() {
        return id;
    }

    Severity severity() {
        return severity;
    }

    /// For the reference page.
    String what() {
        return what;
    }

    String remedy() {
        return remedy;
    }

    Diagnostic at(Position at, String message) {
        return new Diagnostic(severity, id, message, at, null);
    }

    Diagnostic at(Position at, String message, Diagnostic.QuickFix fix) {
        return new Diagnostic(severity, id, message, at, fix);
    }
}
