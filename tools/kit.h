/* kit.h: what every build-time tool needs: memory that lives until the program ends, a growing
 * string, whole files, sorted folders and messages of the form "file:line: what, and what to do".
 * Tools never free one by one: kit_end() frees everything (so the sanitizer stays quiet). A tool
 * stops with status 2 when the machine fails it (disk, memory), 1 when it found faults. */
#ifndef TOOLS_KIT_H
#define TOOLS_KIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define KIT_PRINTF(f, a) __attribute__((format(printf, f, a)))

/* ---- memory ---- */
void *kit_alloc(size_t n); /* zeroed, never NULL */
char *kit_strndup(const char *s, size_t n);
char *kit_strdup(const char *s);
char *kit_printf(const char *fmt, ...) KIT_PRINTF(1, 2);
void kit_end(void);
void *kit_grow(void *v, size_t n, size_t size);

/* Appends x to the array v of n entries; room doubles. */
#define KIT_PUSH(v, n, x) ((v) = kit_grow((v), (n), sizeof(*(v))), (v)[(n)++] = (x))

/* ---- text ---- */
struct text {
    char *p; /* NUL-terminated, may be NULL when n is 0 */
    size_t n, room;
};
void text_add(struct text *t, const char *p, size_t n);
void text_str(struct text *t, const char *s);
void text_char(struct text *t, char c);
void text_fmt(struct text *t, const char *fmt, ...) KIT_PRINTF(2, 3);
const char *text_get(const struct text *t); /* never NULL */

bool kit_starts(const char *s, const char *prefix);
bool kit_ends(const char *s, const char *suffix);
bool kit_is_name(const char *s); /* lower-case snake_case, starts with a letter */
bool kit_word_in(const char *s, const char *const *words); /* words end with NULL */
const char *kit_base(const char *path);                    /* after the last '/' */

/* ---- files ---- */
/* Whole file; *n may be NULL. NULL when it cannot be read (errno says why). */
char *kit_read(const char *path, size_t *n);
/* Writes through a temporary name; an equal file is left alone so that make does not rebuild.
 * Returns true when the file changed. Ends the program when it cannot write. */
bool kit_write(const char *path, const char *p, size_t n);
void kit_mkdirs(const char *path); /* like mkdir -p */
struct files {
    char **v; /* paths relative to the folder given, sorted by byte */
    size_t n;
};
/* Regular files below dir, hidden ones and node_modules left out. suffix NULL: all. A missing dir
 * has none. */
struct files kit_walk(const char *dir, const char *suffix);
struct files kit_subdirs(const char *dir); /* names of the folders directly in dir, sorted */
bool kit_exists(const char *path);
bool kit_is_dir(const char *path);

/* ---- messages ---- */
extern const char *kit_tool;  /* name of the program, for usage and machine failures */
extern unsigned kit_problems; /* kit_err calls so far */
extern bool kit_quiet;        /* counts, prints nothing (fuzzing) */
void kit_err(const char *file, int line, const char *fmt, ...) KIT_PRINTF(3, 4);
void kit_warn(const char *file, int line, const char *fmt, ...) KIT_PRINTF(3, 4);
void kit_die(const char *fmt, ...) KIT_PRINTF(1, 2) __attribute__((noreturn));

/* ---- programs ---- */
/* Runs argv without a shell, waits; standard output goes to out_path when not NULL. Returns the
 * exit status, 127 when it could not start. */
int kit_run(const char *const *argv, const char *out_path);

/* ---- options ---- */
/* "--name VALUE" or "--name=VALUE" at argv[*i]; moves *i. NULL when it is another option. */
const char *kit_option(int argc, char **argv, int *i, const char *name);

#endif
