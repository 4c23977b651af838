/* kit.c: memory, text and messages shared by the build-time tools (files are in kit_files.c). It
 * knows nothing of any tool and depends on libc alone. Invariant: everything handed out stays valid
 * until kit_end(), so tools keep pointers into texts and files without counting. */
#include "kit.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct block {
    struct block *next;
    max_align_t data[];
};

static struct block *blocks;

const char *kit_tool = "tool";
unsigned kit_problems;
bool kit_quiet;

void *kit_alloc(size_t n)
{
    struct block *b = calloc(1, sizeof *b + n);
    if (b == NULL)
        kit_die("out of memory");
    b->next = blocks;
    blocks = b;
    return b->data;
}

void kit_end(void)
{
    while (blocks != NULL) {
        struct block *next = blocks->next;
        free(blocks);
        blocks = next;
    }
}

void *kit_grow(void *v, size_t n, size_t size)
{
    if (n != 0 && (n & (n - 1)) != 0)
        return v; /* room is the next power of two */
    void *bigger = kit_alloc((n == 0 ? 1 : 2 * n) * size);
    if (n != 0)
        memcpy(bigger, v, n * size);
    return bigger;
}

char *kit_strndup(const char *s, size_t n)
{
    char *copy = kit_alloc(n + 1);
    if (n != 0)
        memcpy(copy, s, n);
    return copy;
}

char *kit_strdup(const char *s)
{
    return kit_strndup(s, strlen(s));
}

char *kit_printf(const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    int n = vsnprintf(NULL, 0, fmt, ap);
    va_end(ap);
    char *s = kit_alloc((size_t)n + 1);
    va_start(ap, fmt);
    vsnprintf(s, (size_t)n + 1, fmt, ap);
    va_end(ap);
    return s;
}

void text_add(struct text *t, const char *p, size_t n)
{
    if (t->n + n + 1 > t->room) {
        size_t room = t->room == 0 ? 256 : t->room;
        while (room < t->n + n + 1)
            room *= 2;
        char *bigger = kit_alloc(room);
        if (t->n != 0)
            memcpy(bigger, t->p, t->n);
        t->p = bigger;
        t->room = room;
    }
    if (n != 0)
        memcpy(t->p + t->n, p, n);
    t->n += n;
    t->p[t->n] = '\0';
}

void text_str(struct text *t, const char *s)
{
    text_add(t, s, strlen(s));
}

void text_char(struct text *t, char c)
{
    text_add(t, &c, 1);
}

void text_fmt(struct text *t, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    int n = vsnprintf(NULL, 0, fmt, ap);
    va_end(ap);
    char *s = kit_alloc((size_t)n + 1);
    va_start(ap, fmt);
    vsnprintf(s, (size_t)n + 1, fmt, ap);
    va_end(ap);
    text_add(t, s, (size_t)n);
}

const char *text_get(const struct text *t)
{
    return t->p == NULL ? "" : t->p;
}

bool kit_starts(const char *s, const char *prefix)
{
    return strncmp(s, prefix, strlen(prefix)) == 0;
}

bool kit_ends(const char *s, const char *suffix)
{
    size_t n = strlen(s), m = strlen(suffix);
    return n >= m && strcmp(s + n - m, suffix) == 0;
}

bool kit_is_name(const char *s)
{
    if (*s < 'a' || *s > 'z')
        return false;
    for (; *s != '\0'; s++)
        if (!((*s >= 'a' && *s <= 'z') || (*s >= '0' && *s <= '9') || *s == '_'))
            return false;
    return true;
}

bool kit_word_in(const char *s, const char *const *words)
{
    for (; *words != NULL; words++)
        if (strcmp(s, *words) == 0)
            return true;
    return false;
}

const char *kit_base(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash == NULL ? path : slash + 1;
}

static void message(const char *file, int line, const char *kind, const char *fmt, va_list ap)
{
    if (kit_quiet)
        return;
    if (line > 0)
        fprintf(stderr, "%s:%d: %s", file, line, kind);
    else
        fprintf(stderr, "%s: %s", file, kind);
    vfprintf(stderr, fmt, ap);
    fputc('\n', stderr);
}

void kit_err(const char *file, int line, const char *fmt, ...)
{
    va_list ap;
    kit_problems++;
    va_start(ap, fmt);
    message(file, line, "", fmt, ap);
    va_end(ap);
}

void kit_warn(const char *file, int line, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    message(file, line, "warning: ", fmt, ap);
    va_end(ap);
}

void kit_die(const char *fmt, ...)
{
    va_list ap;
    fprintf(stderr, "%s: ", kit_tool);
    va_start(ap, fmt);
    vfprintf(stderr, fmt, ap);
    va_end(ap);
    fputc('\n', stderr);
    exit(2);
}

const char *kit_option(int argc, char **argv, int *i, const char *name)
{
    const char *arg = argv[*i];
    size_t n = strlen(name);
    if (strncmp(arg, name, n) != 0)
        return NULL;
    if (arg[n] == '=')
        return arg + n + 1;
    if (arg[n] != '\0')
        return NULL;
    if (*i + 1 >= argc)
        kit_die("%s needs a value", name);
    return argv[++*i];
}
