/* markdown.c: cmark behind our names. Its trees and strings are malloc'ed and freed here; what is
 * returned lives in the arena. Not here: limits (cmark is quadratic on some inputs, callers bound
 * the text) and the making of Markdown. Invariant: no raw HTML and no control character of the
 * input reaches the output. */
#include "platform/markdown.h"

#include <cmark.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/str.h"
#include "base/utf8.h"

enum { OPTIONS = CMARK_OPT_DEFAULT | CMARK_OPT_VALIDATE_UTF8 };

/* "&#30;" in Markdown is a control character in what cmark writes. None belongs into a page, and
 * two of them mark the personal holes of a stored one. */
static void without_controls(char *s)
{
    for (; *s != '\0'; s++)
        if (((unsigned char)*s < ' ' && *s != '\n' && *s != '\t') || *s == 0x7f)
            *s = ' ';
}

enum rc markdown_html(struct arena *a, const char *markdown, char **out)
{
    char *html = cmark_markdown_to_html(markdown, strlen(markdown), OPTIONS);
    if (html == NULL)
        return RC_BUG;
    *out = arena_strdup(a, html);
    free(html);
    without_controls(*out);
    return RC_OK;
}

static void put_node(struct buf *b, cmark_node *node, cmark_event_type ev)
{
    cmark_node_type type = cmark_node_get_type(node);
    if (ev == CMARK_EVENT_ENTER && (type == CMARK_NODE_TEXT || type == CMARK_NODE_CODE))
        buf_str(b, cmark_node_get_literal(node));
    else if (type == CMARK_NODE_SOFTBREAK || type == CMARK_NODE_LINEBREAK ||
             (ev == CMARK_EVENT_EXIT &&
              (type == CMARK_NODE_PARAGRAPH || type == CMARK_NODE_HEADING)))
        buf_char(b, ' ');
}

char *markdown_plain(struct arena *a, const char *markdown, size_t n)
{
    size_t len = strlen(markdown);
    cmark_node *doc = cmark_parse_document(markdown, len, OPTIONS);
    cmark_iter *it = doc != NULL ? cmark_iter_new(doc) : NULL;
    struct buf b;
    buf_init(&b, a, len * 2 + 64);
    for (cmark_event_type ev; it != NULL && (ev = cmark_iter_next(it)) != CMARK_EVENT_DONE;)
        put_node(&b, cmark_iter_get_node(it), ev);
    if (it != NULL)
        cmark_iter_free(it);
    if (doc != NULL)
        cmark_node_free(doc);
    without_controls(b.p);
    return utf8_cut(a, str_trim(a, b.p), n);
}
