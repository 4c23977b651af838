/* svg_read.c: a reader of the part of XML that drawings need: elements, attributes, text, comments,
 * the five entities and numbers. A document type with declarations of its own, processing
 * instructions and other encodings are refused: they are where XML is dangerous. It knows nothing
 * of SVG. Invariant: one pass, every byte looked at a bounded number of times, depth bounded. */
#include <string.h>

#include "base/str.h"
#include "platform/i18n.h"
#include "platform/svg_int.h"

#define NOT_XML N_("The drawing is damaged: it is not well-formed.")

static enum svg_token bad(struct svg_reader *r, const char *problem)
{
    r->problem = problem;
    return SVG_BAD;
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n';
}

static bool name_char(char c, bool first)
{
    bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    return letter || (!first && ((c >= '0' && c <= '9') || c == '-' || c == '.' || c == ':'));
}

static const char *read_name(struct svg_reader *r)
{
    const char *from = r->p;
    if (!name_char(*r->p, true))
        return NULL;
    while (name_char(*r->p, false))
        r->p++;
    size_t n = (size_t)(r->p - from);
    return n <= SVG_NAME ? arena_strndup(r->arena, from, n) : NULL;
}

static void skip_spaces(struct svg_reader *r)
{
    while (is_space(*r->p))
        r->p++;
}

/* ---- characters -------------------------------------------------------------------------------
 */

static size_t encode(unsigned long c, char *out)
{
    if (c < 0x80) {
        out[0] = (char)c;
        return 1;
    }
    if (c < 0x800) {
        out[0] = (char)(0xc0 | c >> 6);
        out[1] = (char)(0x80 | (c & 0x3f));
        return 2;
    }
    if (c < 0x10000) {
        out[0] = (char)(0xe0 | c >> 12);
        out[1] = (char)(0x80 | (c >> 6 & 0x3f));
        out[2] = (char)(0x80 | (c & 0x3f));
        return 3;
    }
    out[0] = (char)(0xf0 | c >> 18);
    out[1] = (char)(0x80 | (c >> 12 & 0x3f));
    out[2] = (char)(0x80 | (c >> 6 & 0x3f));
    out[3] = (char)(0x80 | (c & 0x3f));
    return 4;
}

/* "&#65;" "&#x41;": the code point, 0 when it is none that text may have. */
static unsigned long numbered(const char **p, const char *end)
{
    const char *s = *p + 2;
    unsigned base = *s == 'x' ? 16 : 10;
    unsigned long c = 0;
    s += base == 16;
    const char *first = s;
    for (; s < end && *s != ';'; s++) {
        unsigned d = *s >= '0' && *s <= '9'   ? (unsigned)(*s - '0')
                     : *s >= 'a' && *s <= 'f' ? (unsigned)(*s - 'a') + 10
                     : *s >= 'A' && *s <= 'F' ? (unsigned)(*s - 'A') + 10
                                              : 99;
        if (d >= base || s - first > 7)
            return 0;
        c = c * base + d;
    }
    if (s == first || s >= end || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff) ||
        (c >= 0xfdd0 && c <= 0xfdef) || (c & 0xfffe) == 0xfffe || (c >= 0x7f && c < 0xa0) ||
        (c < 0x20 && c != '\t' && c != '\n'))
        return 0;
    *p = s + 1;
    return c;
}

static size_t entity(const char **p, const char *end, char *out)
{
    static const struct {
        const char *name;
        char c;
    } known[] = {
        { "&amp;", '&' }, { "&lt;", '<' }, { "&gt;", '>' }, { "&quot;", '"' }, { "&apos;", '\'' }
    };
    if ((*p)[1] == '#') {
        unsigned long c = numbered(p, end);
        return c == 0 ? 0 : encode(c, out);
    }
    for (size_t i = 0; i < COUNT_OF(known); i++)
        if (str_starts(*p, known[i].name)) {
            *p += strlen(known[i].name);
            *out = known[i].c;
            return 1;
        }
    return 0;
}

/* Decoded text between p and end; NULL for an unknown entity. It never grows. */
static char *decode(struct svg_reader *r, const char *p, const char *end)
{
    char *out = arena_alloc(r->arena, (size_t)(end - p) + 1), *to = out;
    while (p < end) {
        if (*p != '&') {
            *to++ = *p++;
            continue;
        }
        size_t n = entity(&p, end, to);
        if (n == 0 || p > end)
            return NULL;
        to += n;
    }
    *to = '\0';
    return out;
}

/* ---- tokens -----------------------------------------------------------------------------------
 */

static bool read_attr(struct svg_reader *r)
{
    struct svg_attr *at = &r->attr[r->nattrs];
    at->name = read_name(r);
    if (at->name == NULL || r->nattrs >= SVG_ATTRS - 1)
        return false;
    for (size_t i = 0; i < r->nattrs; i++)
        if (str_eq(r->attr[i].name, at->name))
            return false;
    skip_spaces(r);
    if (*r->p != '=')
        return false;
    r->p++;
    skip_spaces(r);
    char quote = *r->p;
    if (quote != '"' && quote != '\'')
        return false;
    const char *from = ++r->p, *end = strchr(from, quote);
    if (end == NULL || memchr(from, '<', (size_t)(end - from)) != NULL)
        return false;
    at->value = decode(r, from, end);
    r->p = end + 1;
    r->nattrs++;
    return at->value != NULL;
}

static enum svg_token read_open(struct svg_reader *r)
{
    r->p++;
    r->nattrs = 0;
    r->name = read_name(r);
    if (r->name == NULL)
        return bad(r, NOT_XML);
    for (;;) {
        bool space = is_space(*r->p);
        skip_spaces(r);
        if (*r->p == '>' || *r->p == '/')
            break;
        if (!space || !read_attr(r))
            return bad(r, NOT_XML);
    }
    r->empty = *r->p == '/';
    r->p += r->empty;
    if (*r->p++ != '>')
        return bad(r, NOT_XML);
    if (r->ended || r->depth >= SVG_DEPTH)
        return bad(r, r->ended ? NOT_XML : N_("The drawing is nested too deeply."));
    r->rooted = true;
    if (!r->empty)
        r->stack[r->depth++] = r->name;
    else if (r->depth == 0)
        r->ended = true;
    return SVG_OPEN;
}

static enum svg_token read_close(struct svg_reader *r)
{
    r->p += 2;
    r->name = read_name(r);
    skip_spaces(r);
    if (r->name == NULL || *r->p != '>' || r->depth == 0 ||
        !str_eq(r->stack[r->depth - 1], r->name))
        return bad(r, NOT_XML);
    r->p++;
    r->depth--;
    r->ended = r->depth == 0;
    return SVG_CLOSE;
}

static bool skip_past(struct svg_reader *r, const char *mark)
{
    const char *end = strstr(r->p, mark);
    if (end == NULL)
        return false;
    r->p = end + strlen(mark);
    return true;
}

/* Comments and the prolog; false = not well-formed or refused (r->problem). */
static bool skip_misc(struct svg_reader *r)
{
    r->problem = NOT_XML;
    if (str_starts(r->p, "<!--")) {
        r->p += 4;
        return skip_past(r, "-->");
    }
    if (str_starts(r->p, "<?xml") && is_space(r->p[5]) && !r->rooted) {
        const char *from = r->p, *coding = strstr(from, "encoding");
        if (!skip_past(r, "?>"))
            return false;
        r->problem = N_("The drawing is not in UTF-8: save it so.");
        return coding == NULL || coding > r->p || strcasestr(coding, "utf-8") == coding + 10;
    }
    /* checksrc: html, because this is what a drawing must not declare */
    if (str_starts(r->p, "<!DOCTYPE") && !r->rooted) {
        size_t n = strcspn(r->p, ">[");
        r->problem = N_("The drawing declares entities of its own: save it as plain SVG.");
        bool plain = r->p[n] == '>';
        r->p += n + plain;
        return plain;
    }
    r->problem = N_("The drawing holds instructions for other programs: save it as plain SVG.");
    return false;
}

static enum svg_token read_text(struct svg_reader *r)
{
    const char *from = r->p;
    r->p += strcspn(r->p, "<");
    if (r->depth == 0) {
        for (const char *s = from; s < r->p; s++)
            if (!is_space(*s))
                return bad(r, NOT_XML);
        return SVG_TEXT;
    }
    r->text = decode(r, from, r->p);
    return r->text == NULL ? bad(r, NOT_XML) : SVG_TEXT;
}

static enum svg_token read_cdata(struct svg_reader *r)
{
    const char *from = r->p + 9, *end = strstr(from, "]]>");
    if (r->depth == 0 || end == NULL)
        return bad(r, NOT_XML);
    r->text = arena_strndup(r->arena, from, (size_t)(end - from));
    r->p = end + 3;
    return SVG_TEXT;
}

enum svg_token svg_next(struct svg_reader *r)
{
    for (;;) {
        r->text = "";
        if (*r->p == '\0')
            return r->ended ? SVG_END : bad(r, NOT_XML);
        if (*r->p != '<') {
            enum svg_token t = read_text(r);
            if (t == SVG_BAD || r->depth > 0)
                return t;
            continue;
        }
        if (r->p[1] == '/')
            return read_close(r);
        if (str_starts(r->p, "<![CDATA["))
            return read_cdata(r);
        if (r->p[1] != '!' && r->p[1] != '?')
            return read_open(r);
        if (!skip_misc(r))
            return SVG_BAD;
    }
}
