#include "kernel.h"

// Writes 2 MB of JSON and reads it thirty times: numbers, texts with escapes, lists and maps inside each other.
#define SIZE 2000000
static char text[SIZE + 200];
static char key[64];
static u32 sum;
static const char *at;

static char *put(char *to, const char *words) {
    while (*words) *to++ = *words++;
    return to;
}

static char *number(char *to, u32 n) {
    char digits[10];
    int count = 0;
    do digits[count++] = (char) ('0' + n % 10); while ((n /= 10) > 0);
    while (count > 0) *to++ = digits[--count];
    return to;
}

static void white(void) {
    while (*at == ' ' || *at == '\n' || *at == '\t' || *at == '\r') at++;
}

static void string(void) {
    int length = 0;
    for (at++; *at != '"'; at++) {
        if (*at == '\\') at++;
        if (length < 63) key[length++] = *at;
    }
    at++;
    key[length] = 0;
    sum = sum * 31 + (u32) length + (u8) key[0];
}

__attribute__((noinline)) static void value(void) {
    white();
    if (*at == '{' || *at == '[') {
        int map = *at++ == '{';
        white();
        while (*at != '}' && *at != ']') {
            if (map) {
                white();
                string();
                white();
                at++;
            }
            value();
            white();
            if (*at == ',') at++;
        }
        at++;
    } else if (*at == '"') {
        string();
    } else if (*at == '-' || (*at >= '0' && *at <= '9')) {
        double n = 0, scale = 1;
        int minus = *at == '-';
        at += minus;
        while (*at >= '0' && *at <= '9') n = n * 10 + (*at++ - '0');
        if (*at == '.') {
            for (at++; *at >= '0' && *at <= '9'; at++) n += (*at - '0') * (scale /= 10);
        }
        sum += (u32) (int) (minus ? -n : n);
    } else {
        while (*at >= 'a' && *at <= 'z') sum += (u8) *at++;
    }
}

static u32 kernel(void) {
    char *to = put(text, "[");
    for (u32 i = 0; to < text + SIZE; i++) {
        to = put(to, i == 0 ? "{\"id\": " : ",\n{\"id\": ");
        to = number(to, i * 2654435761u);
        to = put(to, ", \"name\": \"a \\\"quoted\\\" name\", \"tags\": [\"x\", true, null, [1, [2, [-3.25]]]], \"at\": {\"lat\": ");
        to = number(to, i % 90);
        to = put(to, ".125, \"on\": false}}");
    }
    *put(to, "]") = 0;
    sum = 0;
    for (int i = 0; i < 30; i++) {
        at = text;
        value();
    }
    return sum;
}
