/* text.c: Markdown out, HTML in. cmark renders; its default mode drops raw HTML and javascript:
 * links, which is what makes the result safe to print unescaped. The HTML reader is a small scanner
 * with an allow-list: it never copies a tag, it only ever writes Markdown, so whatever it misreads
 * is text. Invariant: output is valid UTF-8 when the input is. */
#include "shop/text.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/buf.h"
#include "base/str.h"
#include "base/utf8.h"
#include "platform/markdown.h"

enum rc text_html(struct arena *a, const char *markdown, char **out)
{
    return strlen(markdown) > TEXT_MAX ? RC_LIMIT : markdown_html(a, markdown, out);
}

char *text_plain(struct arena *a, const char *markdown, size_t n)
{
    size_t len = strlen(markdown);
    return markdown_plain(a, len > TEXT_MAX ? utf8_cut(a, markdown, TEXT_MAX / 4) : markdown, n);
}

/* ---- HTML to Markdown ----------------------------------------------------------------------- */
struct html_scan {
    struct arena *a;
    struct buf out;
    const char *href; /* open link */
    int list;         /* depth */
    bool ordered[8];
    int skip; /* inside script or style */
    bool space;
};

/* A blank line before the next block; nothing at the start. */
static void block(struct html_scan *h)
{
    struct buf *b = &h->out;
    while (b->n > 0 && (b->p[b->n - 1] == ' ' || b->p[b->n - 1] == '\n'))
        b->n--;
    if (b->n > 0)
        buf_str(b, "\n\n");
    h->space = true;
}

static void line(struct html_scan *h)
{
    struct buf *b = &h->out;
    while (b->n > 0 && b->p[b->n - 1] == ' ')
        b->n--;
    if (b->n > 0 && b->p[b->n - 1] != '\n')
        buf_char(b, '\n');
    h->space = true;
}

static void put_char(struct html_scan *h, unsigned char c)
{
    if (h->skip > 0)
        return;
    if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
        if (!h->space)
            buf_char(&h->out, ' ');
        h->space = true;
        return;
    }
    bool first = h->out.n == 0 || h->out.p[h->out.n - 1] == '\n';
    if (strchr("\\`*_[]<>", c) != NULL || (first && strchr("#+-=~|", c) != NULL))
        buf_char(&h->out, '\\');
    buf_char(&h->out, (char)c);
    h->space = false;
}

static void put_code_point(struct html_scan *h, uint32_t cp)
{
    if (cp == 0xa0)
        cp = ' ';
    if (cp < 0x20 || (cp >= 0x7f && cp < 0xa0) || (cp >= 0xd800 && cp <= 0xdfff) || cp > 0x10ffff ||
        (cp & 0xfffe) == 0xfffe || (cp >= 0xfdd0 && cp <= 0xfdef))
        cp = cp == '\n' || cp == '\t' ? ' ' : 0xfffd;
    if (cp < 0x80) {
        if (cp == '&' && h->skip == 0) /* "&amp;lt;" shows "&lt;": Markdown would decode it again */
            buf_char(&h->out, '\\');
        put_char(h, (unsigned char)cp);
        return;
    }
    char u[4];
    size_t n = 0;
    if (cp < 0x800) {
        u[n++] = (char)(0xc0 | (cp >> 6));
    } else {
        if (cp < 0x10000) {
            u[n++] = (char)(0xe0 | (cp >> 12));
        } else {
            u[n++] = (char)(0xf0 | (cp >> 18));
            u[n++] = (char)(0x80 | ((cp >> 12) & 0x3f));
        }
        u[n++] = (char)(0x80 | ((cp >> 6) & 0x3f));
    }
    u[n++] = (char)(0x80 | (cp & 0x3f));
    if (h->skip == 0)
        buf_put(&h->out, u, n);
    h->space = false;
}

/* p at '&'; returns what was eaten, 0 when it is no entity we know. */
static size_t entity(const char *p, uint32_t *cp)
{
    static const struct {
        const char *name;
        uint32_t cp;
    } names[] = { { "amp;", '&' },      { "lt;", '<' },       { "gt;", '>' },
                  { "quot;", '"' },     { "apos;", '\'' },    { "nbsp;", 0xa0 },
                  { "ndash;", 0x2013 }, { "mdash;", 0x2014 }, { "hellip;", 0x2026 },
                  { "deg;", 0xb0 },     { "times;", 0xd7 },   { "lsquo;", 0x2018 },
                  { "rsquo;", 0x2019 }, { "ldquo;", 0x201c }, { "rdquo;", 0x201d },
                  { "euro;", 0x20ac },  { "copy;", 0xa9 },    { "reg;", 0xae },
                  { "trade;", 0x2122 }, { "bull;", 0x2022 },  { "frac12;", 0xbd },
                  { "sup2;", 0xb2 },    { "micro;", 0xb5 } };
    if (p[1] == '#') {
        const char *d = p + 2;
        unsigned base = *d == 'x' || *d == 'X' ? 16 : 10;
        uint32_t v = 0;
        size_t n = 0;
        d += base == 16;
        for (; n < 7; n++, d++) {
            unsigned digit = *d >= '0' && *d <= '9'                 ? (unsigned)(*d - '0')
                             : base == 16 && *d >= 'a' && *d <= 'f' ? (unsigned)(*d - 'a' + 10)
                             : base == 16 && *d >= 'A' && *d <= 'F' ? (unsigned)(*d - 'A' + 10)
                                                                    : 99;
            if (digit == 99)
                break;
            v = v * base + digit;
        }
        if (n == 0 || *d != ';')
            return 0;
        *cp = v;
        return (size_t)(d - p) + 1;
    }
    for (size_t i = 0; i < COUNT_OF(names); i++)
        if (strncmp(p + 1, names[i].name, strlen(names[i].name)) == 0) {
            *cp = names[i].cp;
            return strlen(names[i].name) + 1;
        }
    return 0;
}

/* Value of href in the tag's text, http and https only. */
static const char *tag_href(struct arena *a, const char *tag, size_t n)
{
    char *low = str_lower(a, arena_strndup(a, tag, n));
    const char *at = strstr(low, "href=");
    if (at == NULL)
        return NULL;
    size_t off = (size_t)(at - low) + 5;
    char quote = off < n ? tag[off] : '\0';
    if (quote != '"' && quote != '\'')
        return NULL;
    const char *end = memchr(tag + off + 1, quote, n - off - 1);
    if (end == NULL)
        return NULL;
    char *url = arena_strndup(a, tag + off + 1, (size_t)(end - (tag + off + 1)));
    if (!str_starts(url, "https://") && !str_starts(url, "http://"))
        return NULL;
    for (const char *c = url; *c != '\0'; c++)
        if ((unsigned char)*c <= ' ' || strchr("()<>\\\"", *c) != NULL)
            return NULL;
    return url;
}

static void close_mark(struct html_scan *h, const char *mark)
{
    if (h->skip == 0)
        buf_str(&h->out, mark);
    h->space = false;
}

static void list_item(struct html_scan *h)
{
    line(h);
    for (int i = 1; i < h->list && i < 8; i++)
        buf_str(&h->out, "   ");
    buf_str(&h->out, h->list > 0 && h->list <= 8 && h->ordered[h->list - 1] ? "1. " : "- ");
    h->space = true;
}

static void link_tag(struct html_scan *h, const char *tag, size_t n, bool closing)
{
    if (!closing) {
        h->href = h->href == NULL ? tag_href(h->a, tag, n) : h->href;
        if (h->href != NULL && h->skip == 0)
            buf_char(&h->out, '[');
        h->space = false;
    } else if (h->href != NULL) {
        if (h->skip == 0)
            buf_printf(&h->out, "](%s)", h->href);
        h->href = NULL;
        h->space = false;
    }
}

static void list_tag(struct html_scan *h, bool ordered, bool closing)
{
    if (closing) {
        h->list -= h->list > 0;
        if (h->list == 0)
            block(h);
        return;
    }
    if (h->list == 0)
        block(h);
    if (h->list < 8)
        h->ordered[h->list] = ordered;
    h->list += h->list < 100;
}

/* One tag, without its angle brackets. */
static void tag_seen(struct html_scan *h, const char *tag, size_t n)
{
    bool closing = n > 0 && tag[0] == '/';
    char name[12] = "";
    size_t len = 0;
    for (size_t i = closing; i < n && len < sizeof(name) - 1; i++, len++) {
        char c = tag[i] >= 'A' && tag[i] <= 'Z' ? (char)(tag[i] + 32) : tag[i];
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')))
            break;
        name[len] = c;
    }
    if (str_eq(name, "script") || str_eq(name, "style"))
        h->skip = closing ? 0 : 1;
    else if (str_eq(name, "br"))
        line(h);
    else if (str_eq(name, "li") && !closing)
        list_item(h);
    else if (str_eq(name, "ul") || str_eq(name, "ol"))
        list_tag(h, name[0] == 'o', closing);
    else if (str_eq(name, "strong") || str_eq(name, "b"))
        close_mark(h, "**");
    else if (str_eq(name, "em") || str_eq(name, "i"))
        close_mark(h, "*");
    else if (str_eq(name, "a"))
        link_tag(h, tag, n, closing);
    else if (name[0] == 'h' && name[1] >= '1' && name[1] <= '6' && name[2] == '\0') {
        block(h);
        if (!closing)
            buf_str(&h->out, "### ");
    } else if (str_eq(name, "p") || str_eq(name, "div") || str_eq(name, "table") ||
               str_eq(name, "tr") || str_eq(name, "blockquote"))
        block(h);
    else if (str_eq(name, "td") || str_eq(name, "th"))
        put_char(h, ' ');
}

/* Anything that looks like a tag or an entity makes a text HTML. */
static bool looks_like_html(const char *s)
{
    for (const char *p = s; *p != '\0'; p++) {
        uint32_t cp;
        if (*p == '<' && ((p[1] >= 'a' && p[1] <= 'z') || (p[1] >= 'A' && p[1] <= 'Z') ||
                          p[1] == '/' || p[1] == '!'))
            return true;
        if (*p == '&' && entity(p, &cp) > 0)
            return true;
    }
    return false;
}

char *text_from_html(struct arena *a, const char *html)
{
    if (!looks_like_html(html))
        return str_trim(a, html);
    struct html_scan h = { .a = a, .space = true };
    buf_init(&h.out, a, strlen(html) * 4 + 64);
    for (const char *p = html; *p != '\0';) {
        uint32_t cp;
        size_t n;
        if (str_starts(p, "<!--")) {
            const char *end = strstr(p + 4, "-->");
            p = end != NULL ? end + 3 : p + strlen(p);
        } else if (*p == '<' && (n = strcspn(p, ">")) > 1 && p[n] == '>' && p[1] != ' ' &&
                   p[1] != '=') {
            tag_seen(&h, p + 1, n - 1);
            p += n + 1;
        } else if (*p == '&' && (n = entity(p, &cp)) > 0) {
            put_code_point(&h, cp);
            p += n;
        } else if ((unsigned char)*p >= 0x80) {
            if (h.skip == 0)
                buf_char(&h.out, *p);
            h.space = false;
            p++;
        } else if (*p == '\n' && p[1] == '\n') {
            block(&h);
            p += 2;
        } else {
            put_char(&h, (unsigned char)*p++);
        }
    }
    if (h.href != NULL)
        buf_printf(&h.out, "](%s)", h.href);
    if (buf_rc(&h.out) != RC_OK)
        return arena_strdup(a, "");
    return str_trim(a, h.out.p);
}
