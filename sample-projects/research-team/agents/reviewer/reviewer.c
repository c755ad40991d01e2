/*
 * A reviewer: counts the words of a text and judges its length. Freestanding C for WebAssembly, an Extism plug-in
 * without a library. BUILD.md says how it is built.
 *
 * Input   {"text": "…", "minWords": 5}, or a saga step's {"input": {…}, "previous": {"text": "…"}, "step": "review"}
 * Output  {"words": 12, "sentences": 2, "characters": 70, "verdict": "ok"}; the verdict is ok or too-short
 *
 * {"crash": true} makes it trap, {"failAt": "review"} makes it fail with the code asked-to-fail.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HOST(name) __attribute__((import_module("extism:host/env"), import_name(#name)))

HOST(input_length) uint64_t input_length(void);
HOST(input_load_u8) uint32_t input_load_u8(uint64_t at);
HOST(input_load_u64) uint64_t input_load_u64(uint64_t at);
HOST(alloc) uint64_t alloc(uint64_t length);
HOST(store_u8) void store_u8(uint64_t at, uint32_t byte);
HOST(output_set) void output_set(uint64_t at, uint64_t length);
HOST(error_set) void error_set(uint64_t at);
HOST(log_info) void log_info(uint64_t at);

extern uint8_t __heap_base;

/* ---- bytes in and out ---- */

typedef struct {
    const uint8_t *at;
    const uint8_t *end;
} Slice;

static const Slice NOTHING = {NULL, NULL};

/* Copies the input behind the program's own data. Returns false if there is no room for it. */
static bool read_input(Slice *input) {
    const uint64_t page = 65536;
    uint64_t length = input_length();
    uint64_t start = ((uint64_t)(uintptr_t)&__heap_base + 7) & ~7ull;
    uint64_t have = (uint64_t)__builtin_wasm_memory_size(0) * page;
    if (start + length > have) {
        uint64_t pages = (start + length - have + page - 1) / page;
        if (pages > 65535 || __builtin_wasm_memory_grow(0, (size_t)pages) == (size_t)-1) {
            return false;
        }
    }
    uint8_t *bytes = (uint8_t *)(uintptr_t)start;
    uint64_t i = 0;
    for (; i + 8 <= length; i += 8) {
        *(uint64_t *)(bytes + i) = input_load_u64(i);
    }
    for (; i < length; i++) {
        bytes[i] = (uint8_t)input_load_u8(i);
    }
    input->at = bytes;
    input->end = bytes + length;
    return true;
}

typedef struct {
    char text[256];
    size_t length;
} Line;

static void put(Line *line, const char *text) {
    while (*text != '\0' && line->length < sizeof line->text) {
        line->text[line->length++] = *text++;
    }
}

static void put_number(Line *line, uint64_t number) {
    char digits[21];
    size_t at = sizeof digits - 1;
    digits[at] = '\0';
    do {
        digits[--at] = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    put(line, digits + at);
}

/* Hands a line to the host; returns its address there. */
static uint64_t hand_over(const Line *line) {
    uint64_t address = alloc(line->length);
    for (size_t i = 0; i < line->length; i++) {
        store_u8(address + i, (uint8_t)line->text[i]);
    }
    return address;
}

/* ---- as much JSON as it takes; whatever comes, nothing is read beyond the end ---- */

static bool is_space(uint32_t c) {
    return c == ' ' || (c >= '\t' && c <= '\r') || c == 0x85 || c == 0xa0 || c == 0x1680 ||
           (c >= 0x2000 && c <= 0x200a) || c == 0x2028 || c == 0x2029 || c == 0x202f || c == 0x205f || c == 0x3000;
}

static void skip_space(Slice *in) {
    while (in->at < in->end && (*in->at == ' ' || *in->at == '\n' || *in->at == '\r' || *in->at == '\t')) {
        in->at++;
    }
}

/* Skips a string whose opening quote is next; returns what is between the quotes. */
static Slice skip_string(Slice *in) {
    Slice inside = {++in->at, in->at};
    while (in->at < in->end && *in->at != '"') {
        in->at += (*in->at == '\\' && in->at + 1 < in->end) ? 2 : 1;
    }
    inside.end = in->at < in->end ? in->at : in->end;
    if (in->at < in->end) {
        in->at++;
    }
    return inside;
}

/* Skips a value, however deep; returns it. */
static Slice skip_value(Slice *in) {
    skip_space(in);
    Slice value = {in->at, in->at};
    uint64_t depth = 0;
    while (in->at < in->end) {
        uint8_t c = *in->at;
        if (c == '"') {
            skip_string(in);
        } else if (c == '{' || c == '[') {
            depth++;
            in->at++;
        } else if (c == '}' || c == ']' || c == ',') {
            if (depth == 0) {
                break;
            }
            if (c != ',') {
                depth--;
            }
            in->at++;
        } else {
            in->at++;
            continue;
        }
        if (depth == 0) {
            break;
        }
    }
    value.end = in->at;
    return value;
}

static bool equals(Slice slice, const char *text) {
    while (slice.at < slice.end && *text != '\0' && *slice.at == (uint8_t)*text) {
        slice.at++;
        text++;
    }
    return slice.at == slice.end && *text == '\0';
}

/* The value of a key of an object; NOTHING if it is no object or has no such key. */
static Slice member(Slice in, const char *key) {
    skip_space(&in);
    if (in.at >= in.end || *in.at != '{') {
        return NOTHING;
    }
    in.at++;
    for (;;) {
        skip_space(&in);
        if (in.at >= in.end || *in.at != '"') {
            return NOTHING;
        }
        Slice name = skip_string(&in);
        skip_space(&in);
        if (in.at >= in.end || *in.at != ':') {
            return NOTHING;
        }
        in.at++;
        Slice value = skip_value(&in);
        if (equals(name, key)) {
            return value;
        }
        skip_space(&in);
        if (in.at >= in.end || *in.at != ',') {
            return NOTHING;
        }
        in.at++;
    }
}

/* What is between the quotes of a value that is a string, else NOTHING. */
static Slice string_of(Slice value) {
    if (value.at == NULL || value.at >= value.end || *value.at != '"') {
        return NOTHING;
    }
    return skip_string(&value);
}

static bool is_true(Slice value) {
    while (value.end > value.at && is_space(value.end[-1])) {
        value.end--;
    }
    return value.at != NULL && equals(value, "true");
}

static uint64_t number_or(Slice value, uint64_t otherwise) {
    uint64_t number = 0;
    bool any = false;
    while (value.at != NULL && value.at < value.end && *value.at >= '0' && *value.at <= '9' && number < 1000000000) {
        number = number * 10 + (*value.at++ - '0');
        any = true;
    }
    return any ? number : otherwise;
}

static uint32_t hex(Slice *in) {
    uint32_t value = 0;
    for (int i = 0; i < 4 && in->at < in->end; i++) {
        uint8_t c = *in->at++;
        uint8_t lower = c | 0x20;
        value = value * 16 + (c <= '9' ? c - '0' : (lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : 0));
    }
    return value;
}

/* The next character of a JSON string, escapes and UTF-8 resolved. */
static uint32_t next_character(Slice *in) {
    uint32_t c = *in->at++;
    if (c == '\\' && in->at < in->end) {
        c = *in->at++;
        switch (c) {
            case 'n': case 't': case 'r': case 'f': case 'b':
                return '\n';
            case 'u':
                c = hex(in);
                if (c >= 0xd800 && c < 0xdc00 && in->end - in->at >= 6 && in->at[0] == '\\' && in->at[1] == 'u') {
                    in->at += 2;
                    c = 0x10000 + ((c & 0x3ff) << 10) + (hex(in) & 0x3ff);
                }
                return c;
            default:
                return c;
        }
    }
    int more = c >= 0xf0 ? 3 : c >= 0xe0 ? 2 : c >= 0xc0 ? 1 : 0;
    if (more > 0) {
        c &= 0x3fu >> more;
    }
    while (more-- > 0 && in->at < in->end && (*in->at & 0xc0) == 0x80) {
        c = c << 6 | (*in->at++ & 0x3f);
    }
    return c;
}

/* ---- the review ---- */

typedef struct {
    uint64_t words;
    uint64_t sentences;
    uint64_t characters;
} Count;

static Count count(Slice text) {
    Count result = {0, 0, 0};
    bool in_word = false;
    bool in_sentence = false;
    while (text.at < text.end) {
        uint32_t c = next_character(&text);
        result.characters++;
        if (is_space(c)) {
            in_word = false;
            continue;
        }
        if (!in_word) {
            result.words++;
            in_word = true;
        }
        bool ends = c == '.' || c == '!' || c == '?' || c == 0x2026 || c == 0x3002;
        if (ends && in_sentence) {
            result.sentences++;
        }
        in_sentence = !ends;
    }
    if (in_sentence) {
        result.sentences++;
    }
    return result;
}

/* A key of the input itself or of the saga step's input inside it. */
static Slice setting(Slice input, const char *key) {
    Slice value = member(input, key);
    return value.at != NULL ? value : member(member(input, "input"), key);
}

__attribute__((export_name("run"))) int32_t run(void) {
    Slice input;
    Line line;
    line.length = 0;
    if (!read_input(&input)) {
        put(&line, "{\"code\":\"too-large\",\"message\":\"The text does not fit into the reviewer's memory.\"}");
        error_set(hand_over(&line));
        return 1;
    }
    if (is_true(setting(input, "crash"))) {
        __builtin_trap();
    }
    if (equals(string_of(setting(input, "failAt")), "review")) {
        put(&line, "{\"code\":\"asked-to-fail\",\"message\":\"The review step was asked to fail by its input (failAt).\"}");
        error_set(hand_over(&line));
        return 1;
    }
    Slice text = string_of(setting(input, "text"));
    if (text.at == NULL) {
        text = string_of(member(member(input, "previous"), "text"));
    }
    Count counted = count(text);
    bool enough = counted.words >= number_or(setting(input, "minWords"), 5);

    Line log;
    log.length = 0;
    put(&log, "Reviewed ");
    put_number(&log, counted.words);
    put(&log, counted.words == 1 ? " word" : " words");
    log_info(hand_over(&log));

    put(&line, "{\"words\":");
    put_number(&line, counted.words);
    put(&line, ",\"sentences\":");
    put_number(&line, counted.sentences);
    put(&line, ",\"characters\":");
    put_number(&line, counted.characters);
    put(&line, enough ? ",\"verdict\":\"ok\"}" : ",\"verdict\":\"too-short\"}");
    output_set(hand_over(&line), line.length);
    return 0;
}
