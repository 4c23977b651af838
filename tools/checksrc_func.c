/* checksrc_func.c: measures functions. It trusts clang-format: a function's braces are the ones
 * that stand alone in column 0, so no C is parsed. Up to 60 lines pass, up to 80 are named, more
 * must say why ("checksrc: long, because ..." above or inside the function). */
#include "checksrc.h"

#include <string.h>

enum { AIM = 60, LIMIT = 80 };

/* First line of the declaration whose '{' starts at `at`: lines above it up to a blank one. */
static int first_line(const char *text, size_t at, int line)
{
    while (at > 1) {
        size_t start = at - 1; /* the line break before this line */
        while (start > 0 && text[start - 1] != '\n')
            start--;
        if (start + 1 >= at)
            break; /* blank */
        at = start;
        line--;
    }
    return line;
}

static const char *function_name(const char *code, size_t brace)
{
    size_t from = brace;
    while (from > 0 && !(code[from] == '\n' && code[from - 1] == '\n') && code[from] != '}' &&
           code[from] != ';')
        from--;
    const char *open = memchr(code + from, '(', brace - from);
    if (open == NULL)
        return NULL;
    const char *end = open;
    while (end > code + from && end[-1] == ' ')
        end--;
    const char *start = end;
    while (start > code + from && csrc_is_word_char(start[-1]))
        start--;
    return start == end ? NULL : kit_strndup(start, (size_t)(end - start));
}

static void measure(struct source *s, const struct csrc *c, size_t brace, int line, int last,
                    bool show_warnings)
{
    const char *name = function_name(c->code, brace);
    int lines = last - line - 1;
    if (name == NULL || lines <= AIM)
        return;
    int first = first_line(c->text, brace, line);
    bool answered = ignored(s, "long", first, last);
    if (lines > LIMIT && !answered)
        fault(s, "long", line, line, "%s() has %d lines, %d is the most: split it", name, lines,
              LIMIT);
    else if (show_warnings && !answered)
        kit_warn(s->path, line, "%s() has %d lines, aim at %d", name, lines, AIM);
}

void check_functions(struct source *s, const struct csrc *c, bool show_warnings)
{
    size_t brace = 0;
    int line = 1, opened = 0;
    for (size_t i = 0; i < c->n; line++) {
        const char *end = strchr(c->code + i, '\n');
        size_t stop = end == NULL ? c->n : (size_t)(end - c->code);
        if (c->code[i] == '{' && opened == 0) {
            brace = i;
            opened = line;
        } else if (c->code[i] == '}' && opened != 0) {
            measure(s, c, brace, opened, line, show_warnings);
            opened = 0;
        }
        i = stop + 1;
    }
}
