// A WASI program: JSON comes in on standard input, JSON goes out on standard output.
// It needs nothing but clang and wasm-ld:
//
//   clang --target=wasm32 -O2 -nostdlib -ffreestanding -Wl,--no-entry -Wl,--export=_start \
//         -Wl,-z,stack-size=16384 -Wl,--max-memory=1048576 -o agents/@NAME@.wasm agents/@NAME@.c

typedef unsigned int u32;
typedef struct { void *at; u32 length; } span;

__attribute__((import_module("wasi_snapshot_preview1"), import_name("fd_read")))
int fd_read(int fd, const span *spans, u32 count, u32 *done);
__attribute__((import_module("wasi_snapshot_preview1"), import_name("fd_write")))
int fd_write(int fd, const span *spans, u32 count, u32 *done);

static char input[256 * 1024];

static int is_word(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c & 0x80);
}

static u32 print(char *out, const char *text) {
  u32 n = 0;
  while (text[n]) {
    out[n] = text[n];
    n++;
  }
  return n;
}

static u32 print_number(char *out, u32 number) {
  char digits[10];
  u32 n = 0, count = 0;
  do {
    digits[n++] = (char)('0' + number % 10);
    number /= 10;
  } while (number);
  while (n) {
    out[count++] = digits[--n];
  }
  return count;
}

void _start(void) {
  u32 length = 0, done = 0;
  do {
    span rest = {input + length, sizeof input - length};
    if (fd_read(0, &rest, 1, &done)) {
      break;
    }
    length += done;
  } while (done && length < sizeof input);

  u32 words = 0;
  for (u32 i = 0; i < length; i++) {
    if (is_word(input[i]) && (i == 0 || !is_word(input[i - 1]))) {
      words++;
    }
  }

  char out[64];
  u32 n = print(out, "{\"words\":");
  n += print_number(out + n, words);
  n += print(out + n, ",\"bytes\":");
  n += print_number(out + n, length);
  n += print(out + n, "}\n");
  span answer = {out, n};
  fd_write(1, &answer, 1, &done);
}
