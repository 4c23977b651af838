/* sqlgen_lex.c: cuts one SQL text out of a statement file. It drops comments, joins white space and
 * turns optional pieces into markers; it does not understand SQL (libpg_query does that, in
 * sqlgen_check.c). Invariant: what stands inside quotes is copied byte for byte, and line_of has
 * one entry for each byte of sql, so that later messages name a line of the file. */
#include "sqlgen.h"

#include <string.h>

struct lex {
    struct sg_in *in;
    struct sg_stmt *s;
    int open;      /* index of the open piece, -1 = none */
    int open_line; /* where it was opened */
    char gap;      /* white space seen and not yet written: ' ' or '\n' */
};

static void put(struct lex *x, const char *p, size_t n)
{
    struct sg_stmt *s = x->s;
    for (size_t i = 0; i < n; i++)
        KIT_PUSH(s->line_of, s->nline_of, x->in->line);
    text_add(&s->sql, p, n);
}

static void put_gap(struct lex *x)
{
    if (x->gap != '\0' && x->s->sql.n != 0)
        put(x, &x->gap, 1);
    x->gap = '\0';
}

static char peek(const struct sg_in *in, size_t ahead)
{
    return in->at + ahead < in->n ? in->p[in->at + ahead] : '\0';
}

static bool word_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '$' || ((unsigned char)c >= 0x80);
}

static char last_char(const struct lex *x)
{
    return x->gap != '\0' || x->s->sql.n == 0 ? ' ' : x->s->sql.p[x->s->sql.n - 1];
}

/* Copies n bytes and counts lines. */
static void copy(struct lex *x, size_t n)
{
    put_gap(x);
    for (size_t i = 0; i < n; i++) {
        char c = x->in->p[x->in->at++];
        put(x, &c, 1);
        if (c == '\n')
            x->in->line++;
    }
}

static bool lex_quoted(struct lex *x, char quote)
{
    struct sg_in *in = x->in;
    int start = in->line;
    size_t m = x->s->sql.n;
    const char *before = text_get(&x->s->sql);
    bool escapes = quote == '\'' && x->gap == '\0' && m >= 1 &&
                   (before[m - 1] == 'e' || before[m - 1] == 'E') &&
                   (m == 1 || !word_char(before[m - 2]));
    size_t n = 1;
    for (;; n++) {
        if (in->at + n >= in->n) {
            kit_err(in->file, start, "quote %c is never closed", quote);
            return false;
        }
        char c = in->p[in->at + n];
        if (escapes && c == '\\' && in->at + n + 1 < in->n)
            n++;
        else if (c == quote && peek(in, n + 1) == quote)
            n++;
        else if (c == quote)
            break;
    }
    copy(x, n + 1);
    return true;
}

/* $tag$ ... $tag$; a parameter ($1) or a dollar inside a name is copied as it is. */
static bool lex_dollar(struct lex *x)
{
    struct sg_in *in = x->in;
    size_t tag = 1;
    while (word_char(peek(in, tag)) && peek(in, tag) != '$')
        tag++;
    char first = peek(in, 1);
    if (peek(in, tag) != '$' || (first >= '0' && first <= '9') || word_char(last_char(x))) {
        copy(x, 1);
        return true;
    }
    tag++;
    const char *from = in->p + in->at + tag;
    const char *end = memmem(from, in->n - in->at - tag, in->p + in->at, tag);
    if (end == NULL) {
        kit_err(in->file, in->line, "the text opened by %.*s is never closed", (int)tag,
                in->p + in->at);
        return false;
    }
    copy(x, (size_t)(end - from) + 2 * tag);
    return true;
}

static int frag_index(struct lex *x, const char *name)
{
    struct sg_stmt *s = x->s;
    for (size_t i = 0; i < s->nfrags; i++)
        if (strcmp(s->frag[i], name) == 0)
            return (int)i;
    if (s->nfrags == SG_MAX_FRAGS) {
        kit_err(x->in->file, x->in->line, "more than %d pieces: split the statement", SG_MAX_FRAGS);
        return -1;
    }
    s->frag[s->nfrags] = name;
    return (int)s->nfrags++;
}

static bool frag_open(struct lex *x, const char *name)
{
    if (x->open >= 0) {
        kit_err(x->in->file, x->in->line,
                "piece opens inside the piece of line %d: close that one first with /*[/frag]*/",
                x->open_line);
        return false;
    }
    if (!kit_is_name(name)) {
        kit_err(x->in->file, x->in->line, "piece name \"%s\" is not lower-case snake_case", name);
        return false;
    }
    x->open = frag_index(x, name);
    if (x->open < 0)
        return false;
    x->open_line = x->in->line;
    x->gap = ' ';
    put_gap(x);
    const char *mark = kit_printf("\x01%d\x02", x->open);
    put(x, mark, strlen(mark));
    x->gap = ' ';
    return true;
}

static bool frag_close(struct lex *x)
{
    if (x->open < 0) {
        kit_err(x->in->file, x->in->line, "/*[/frag]*/ closes nothing: remove it");
        return false;
    }
    x->open = -1;
    x->gap = ' ';
    put_gap(x);
    put(x, "\x03", 1);
    return true;
}

/* A block comment: nested ones count; those that open with "[" are our marks. */
static bool lex_block(struct lex *x)
{
    struct sg_in *in = x->in;
    int start = in->line, depth = 0;
    size_t from = in->at;
    do {
        if (in->at >= in->n) {
            kit_err(in->file, start, "comment /* is never closed");
            return false;
        }
        if (peek(in, 0) == '/' && peek(in, 1) == '*')
            depth++, in->at += 2;
        else if (peek(in, 0) == '*' && peek(in, 1) == '/')
            depth--, in->at += 2;
        else if (in->p[in->at++] == '\n')
            in->line++;
    } while (depth > 0);
    const char *text = kit_strndup(in->p + from + 2, in->at - from - 4);
    if (text[0] == '[') {
        size_t n = strlen(text);
        if (strcmp(text, "[/frag]") == 0)
            return frag_close(x);
        if (kit_starts(text, "[frag ") && text[n - 1] == ']')
            return frag_open(x, kit_strndup(text + 6, n - 7));
        kit_err(in->file, start, "unknown mark /*%s*/: write /*[frag name]*/ or /*[/frag]*/", text);
        return false;
    }
    x->gap = x->gap == '\n' || in->line != start ? '\n' : ' ';
    return true;
}

/* Returns 1 when the statement ends here (the next one begins), 0 to go on, -1 on an error. */
static int lex_line_comment(struct lex *x)
{
    struct sg_in *in = x->in;
    size_t n = 2;
    while (in->at + n < in->n && in->p[in->at + n] != '\n')
        n++;
    const char *text = kit_strndup(in->p + in->at + 2, n - 2);
    text += strspn(text, " \t");
    if (kit_starts(text, "stmt:"))
        return 1;
    if (sg_is_annotation(text)) {
        kit_err(in->file, in->line,
                "annotation \"-- %.20s\" after the SQL began: put it right below \"-- stmt:\"",
                text);
        return -1;
    }
    in->at += n;
    if (x->gap == '\0')
        x->gap = ' ';
    return 0;
}

/* 1 = end of the statement, 0 = go on, -1 = error. */
static int lex_one(struct lex *x)
{
    struct sg_in *in = x->in;
    char c = peek(in, 0);
    switch (c) {
    case '\n':
        in->line++;
        in->at++;
        x->gap = '\n';
        return 0;
    case ' ':
    case '\t':
    case '\r':
        in->at++;
        if (x->gap == '\0')
            x->gap = ' ';
        return 0;
    case ';':
        in->at++;
        return 1;
    case '\'':
    case '"':
        return lex_quoted(x, c) ? 0 : -1;
    case '$':
        return lex_dollar(x) ? 0 : -1;
    case '-':
        if (peek(in, 1) == '-')
            return lex_line_comment(x);
        break;
    case '/':
        if (peek(in, 1) == '*')
            return lex_block(x) ? 0 : -1;
        break;
    default:
        break;
    }
    copy(x, 1);
    return 0;
}

bool sg_lex_sql(struct sg_in *in, struct sg_stmt *s)
{
    struct lex x = { .in = in, .s = s, .open = -1 };
    int rc = 0;
    while (rc == 0 && in->at < in->n)
        rc = lex_one(&x);
    if (rc < 0)
        return false;
    if (x.open >= 0) {
        kit_err(in->file, x.open_line, "piece \"%s\" is never closed: add /*[/frag]*/",
                s->frag[x.open]);
        return false;
    }
    return true;
}
