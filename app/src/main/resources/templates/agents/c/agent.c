// Counts the words of {"text": "…"} and remembers how many texts it has seen: {"words": 3, "texts": 1}
//
// A WASI command: an ordinary program that reads JSON on standard input and writes JSON on standard output. A line
// on standard error goes to the log; with an exit status that is not 0, the last one is the error.
//
// It needs clang with the C library for WebAssembly: the WASI SDK of any system, or on Debian and Ubuntu
//
//   apt install clang lld wasi-libc libclang-rt-dev-wasm32
//
// and is built in the project folder with
//
//   clang --target=wasm32-wasi -Os -s -Wall -Wextra -o agents/@NAME@.wasm agents/@NAME@.c

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Models, keys, files, HTTP and other agents: the name of a call and a JSON array of its arguments. The answer is
// {"ok": …} or {"error": {"code": "…", "message": "…"}}; it has as many bytes as this returns.
__attribute__((import_module("nexus"), import_name("call")))
int nexus_call(const char *name, int name_length, const char *arguments, int arguments_length);

// Copies the latest answer.
__attribute__((import_module("nexus"), import_name("answer")))
void nexus_answer(char *to);

static char *call(const char *name, const char *arguments) {
    int length = nexus_call(name, (int)strlen(name), arguments, (int)strlen(arguments));
    char *answer = malloc((size_t)length + 1);
    if (answer == NULL) {
        abort();
    }
    nexus_answer(answer);
    answer[length] = '\0';
    if (strncmp(answer, "{\"ok\":", 6) != 0) {
        fprintf(stderr, "%s: %s\n", name, answer);
        exit(1);
    }
    return answer;
}

static char *read_input(void) {
    size_t length = 0, room = 4096, got = 0;
    char *input = NULL;
    do {
        char *larger = realloc(input, room *= 2);
        if (larger == NULL) {
            abort();
        }
        input = larger;
        got = fread(input + length, 1, room - length - 1, stdin);
        length += got;
    } while (got > 0);
    input[length] = '\0';
    return input;
}

// The end of the string whose opening quote is at `at`.
static const char *closing_quote(const char *at) {
    for (at++; *at != '\0' && *at != '"'; at++) {
        if (*at == '\\' && at[1] != '\0') {
            at++;
        }
    }
    return at;
}

// The quote that opens the text of a key of the outermost object, NULL without one.
static const char *text_of(const char *json, const char *key) {
    int depth = 0;
    for (const char *at = json; *at != '\0'; at++) {
        if (*at == '{' || *at == '[') {
            depth++;
        } else if (*at == '}' || *at == ']') {
            depth--;
        } else if (*at == '"') {
            const char *end = closing_quote(at);
            bool same = depth == 1 && (size_t)(end - at - 1) == strlen(key) && memcmp(at + 1, key, strlen(key)) == 0;
            const char *value = end + (*end != '\0');
            value += strspn(value, " \t\r\n");
            if (same && *value == ':') {
                value += 1 + strspn(value + 1, " \t\r\n");
                return *value == '"' ? value : NULL;
            }
            at = *end == '\0' ? end - 1 : end;
        }
    }
    return NULL;
}

static int count_words(const char *quote) {
    int words = 0;
    bool inside = false;
    const char *end = closing_quote(quote);
    for (const char *at = quote + 1; at < end; at++) {
        bool space = *at == ' ';
        if (*at == '\\') {
            at++;
            space = *at == 'n' || *at == 't' || *at == 'r';
        }
        words += !space && !inside;
        inside = !space;
    }
    return words;
}

int main(void) {
    const char *text = text_of(read_input(), "text");
    if (text == NULL) {
        fprintf(stderr, "the input needs a \"text\"\n");
        return 1;
    }
    int words = count_words(text);

    char *seen = call("kv.get", "[\"texts\"]"); // {"ok":null} or {"ok":7}
    int texts = atoi(seen + strlen("{\"ok\":")) + 1;
    char arguments[40];
    snprintf(arguments, sizeof arguments, "[\"texts\",%d]", texts);
    call("kv.put", arguments);

    fprintf(stderr, "counted %d words\n", words);
    printf("{\"words\":%d,\"texts\":%d}\n", words, texts);
    return 0;
}
