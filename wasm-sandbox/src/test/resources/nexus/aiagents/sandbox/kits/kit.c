// What Extism's kit for C offers, used once each: ExtismKitTest says with what outcome. README.md says how it is built.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EXTISM_USE_LIBC
#define EXTISM_IMPLEMENTATION
#include "extism-pdk.h"

EXTISM_IMPORT_USER("nexus_call")
ExtismHandle nexus_call(ExtismHandle name, ExtismHandle arguments);

static char *input;

static bool asked(const char *what) {
    char wanted[40];
    snprintf(wanted, sizeof wanted, "\"do\":\"%s\"", what);
    return strstr(input, wanted) != NULL;
}

// Text in quotes, or null.
static char *quoted(ExtismHandle block) {
    if (block == 0) {
        return "null";
    }
    size_t length = 0;
    char *text = extism_load_sz_dup(block, &length);
    char *result = malloc(length + 3);
    sprintf(result, "\"%s\"", text);
    return result;
}

static char *text(ExtismHandle block) { return block == 0 ? "null" : extism_load_sz_dup(block, NULL); }

static void vars(void) {
    char *before = quoted(extism_var_get_buf_from_sz("v"));
    extism_var_set_buf_from_sz("v", extism_alloc_buf_from_sz("one"));
    extism_var_set_buf_from_sz("v", extism_alloc_buf_from_sz("two"));
    char *after = quoted(extism_var_get_buf_from_sz("v"));
    extism_var_set_buf_from_sz("v", 0);
    char *removed = quoted(extism_var_get_buf_from_sz("v"));
    char output[100];
    snprintf(output, sizeof output, "{\"before\":%s,\"after\":%s,\"removed\":%s}", before, after, removed);
    extism_output_buf_from_sz(output);
}

static void http(void) {
    const char *request = "{\"method\":\"POST\",\"url\":\"https://example.org/a\",\"headers\":{\"X-A\":\"1\"}}";
    ExtismHandle body = extism_http_request(extism_alloc_buf_from_sz(request), extism_alloc_buf_from_sz("{\"q\":1}"));
    char output[300];
    snprintf(output, sizeof output, "{\"status\":%d,\"headers\":%s,\"body\":%s}", (int)extism_http_status_code(),
             text(extism_http_headers()), text(body));
    extism_output_buf_from_sz(output);
}

static void bytes(void) {
    uint8_t sent[256], got[256];
    for (int i = 0; i < 256; i++) {
        sent[i] = (uint8_t)i;
    }
    const char *request = "{\"method\":\"PUT\",\"url\":\"https://example.org/b\"}";
    ExtismHandle body = extism_http_request(extism_alloc_buf_from_sz(request), extism_alloc_buf(sent, 256));
    bool same = extism_length(body) == 256 && extism_load_from_handle(body, 0, got, 256) && memcmp(sent, got, 256) == 0;
    extism_output_buf_from_sz(same ? "true" : "false");
}

static void blocks(void) {
    for (int i = 0; i < 1000; i++) {
        ExtismHandle block = extism_alloc(100000);
        if (block == 0 || extism_length(block) != 100000) {
            abort();
        }
        extism_free(block);
    }
    extism_output_buf_from_sz("true");
}

int32_t EXTISM_EXPORTED_FUNCTION(run) {
    input = extism_load_input_sz_dup(NULL);
    if (asked("config")) {
        char output[200];
        snprintf(output, sizeof output, "{\"greeting\":%s,\"nothing\":%s,\"context\":%s}",
                 quoted(extism_config_get_buf_from_sz("greeting")), quoted(extism_config_get_buf_from_sz("nothing")),
                 text(extism_config_get_buf_from_sz("nexus.context")));
        extism_output_buf_from_sz(output);
    } else if (asked("vars")) {
        vars();
    } else if (asked("log")) {
        extism_log_sz("debug ä", ExtismLogDebug);
        extism_log_sz("info ä", ExtismLogInfo);
        extism_log_sz("warn ä", ExtismLogWarn);
        extism_log_sz("error ä", ExtismLogError);
        extism_output_buf_from_sz("true");
    } else if (asked("http")) {
        http();
    } else if (asked("bytes")) {
        bytes();
    } else if (asked("call")) {
        nexus_call(extism_alloc_buf_from_sz("kv.put"), extism_alloc_buf_from_sz("[\"k\",7]"));
        extism_output_handle(nexus_call(extism_alloc_buf_from_sz("kv.get"), extism_alloc_buf_from_sz("[\"k\"]")));
    } else if (asked("blocks")) {
        blocks();
    } else if (asked("error")) {
        extism_error_set_buf_from_sz("{\"code\":\"asked\",\"message\":\"no ä\"}");
        return 1;
    } else if (asked("text")) {
        extism_error_set_buf_from_sz("plain");
        return 1;
    } else if (asked("trap")) {
        abort();
    } else {
        extism_output_buf(input, extism_input_length());
    }
    return 0;
}
