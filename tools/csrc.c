/* csrc.c: tells code, strings and comments of a C source apart. It is no parser: it knows quotes,
 * escapes, both kinds of comment and #include lines. Invariant: the three texts have the length of
 * the source and its line breaks, so an offset means the same place in each. */
#include "csrc.h"

#include <string.h>

static char *blank(const char *text, size_t n)
{
    char *b = kit_strndup(text, n);
    for (size_t i = 0; i < n; i++)
        if (b[i] != '\n')
            b[i] = ' ';
    return b;
}

static size_t end_of_line_comment(const char *t, size_t n, size_t i)
{
    while (i < n && t[i] != '\n')
        i++;
    return i;
}

static size_t end_of_block_comment(const char *t, size_t n, size_t i)
{
    const char *end = strstr(t + i + 2, "*/");
    return end == NULL ? n : (size_t)(end - t) + 2;
}

/* Behind the closing quote, or the end of the line when it is missing. */
static size_t end_of_literal(const char *t, size_t n, size_t i)
{
    char quote = t[i++];
    while (i < n && t[i] != quote && t[i] != '\n')
        i += t[i] == '\\' && i + 1 < n ? 2 : 1;
    return i < n && t[i] == quote ? i + 1 : i;
}

static bool at_include(const char *t, size_t i)
{
    size_t at = i;
    while (at > 0 && t[at - 1] != '\n')
        at--;
    at += strspn(t + at, " \t");
    if (t[at] != '#')
        return false;
    at++;
    at += strspn(t + at, " \t");
    return kit_starts(t + at, "include");
}

struct csrc csrc_split(const char *path, const char *text)
{
    struct csrc c = { .path = path, .text = text, .n = strlen(text) };
    c.code = blank(text, c.n);
    c.strings = blank(text, c.n);
    c.comments = blank(text, c.n);
    for (size_t i = 0; i < c.n;) {
        size_t end = i + 1;
        char *to = c.code;
        if (text[i] == '/' && (text[i + 1] == '/' || text[i + 1] == '*')) {
            end = text[i + 1] == '/' ? end_of_line_comment(text, c.n, i)
                                     : end_of_block_comment(text, c.n, i);
            to = c.comments;
        } else if (text[i] == '\'' && i > 0 && csrc_is_word_char(text[i - 1])) {
            to = c.code; /* a digit separator */
        } else if ((text[i] == '"' || text[i] == '\'') && !at_include(text, i)) {
            end = end_of_literal(text, c.n, i);
            c.code[i] = text[i];
            c.code[end - 1] = text[end - 1];
            if (text[i] == '"')
                memcpy(c.strings + i, text + i, end - i);
            i = end;
            continue;
        }
        memcpy(to + i, text + i, end - i);
        i = end;
    }
    return c;
}

int csrc_line(const char *text, size_t at)
{
    int line = 1;
    for (size_t i = 0; i < at; i++)
        line += text[i] == '\n';
    return line;
}

bool csrc_is_word_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

size_t csrc_word(const char *text, size_t n, size_t from, const char *word)
{
    size_t len = strlen(word);
    for (const char *p = text + from; (p = strstr(p, word)) != NULL; p++) {
        size_t at = (size_t)(p - text);
        if ((at == 0 || !csrc_is_word_char(text[at - 1])) && !csrc_is_word_char(text[at + len]))
            return at;
    }
    return n;
}

void csrc_includes(const struct csrc *c, void *arg,
                   void (*see)(void *arg, const char *name, char kind, int line))
{
    int line = 1;
    for (size_t i = 0; i < c->n; line++) {
        const char *end = strchr(c->code + i, '\n');
        size_t stop = end == NULL ? c->n : (size_t)(end - c->code);
        size_t at = i + strspn(c->code + i, " \t");
        if (c->code[at] == '#') {
            at += 1 + strspn(c->code + at + 1, " \t");
            if (kit_starts(c->code + at, "include")) {
                at += strlen("include");
                at += strspn(c->code + at, " \t");
                char open = c->code[at], close = open == '<' ? '>' : '"';
                const char *last = strchr(c->code + at + 1, close);
                if ((open == '<' || open == '"') && last != NULL && (size_t)(last - c->code) < stop)
                    see(arg, kit_strndup(c->code + at + 1, (size_t)(last - c->code) - at - 1), open,
                        line);
            }
        }
        i = stop + 1;
    }
}
