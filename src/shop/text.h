/* text.h: long texts of the shop. They are stored as Markdown; what comes in as HTML from other
 * systems is turned into Markdown here, and what goes out is made by cmark with raw HTML and unsafe
 * links dropped. */
#ifndef SHOP_TEXT_H
#define SHOP_TEXT_H

#include <stddef.h>

#include "base/arena.h"
#include "base/rc.h"

enum { TEXT_MAX = 65536 };

/* Markdown to safe HTML; RC_LIMIT past TEXT_MAX bytes. */
KADE_API enum rc text_html(struct arena *a, const char *markdown,
                           char **out) ATTR_NONNULL ATTR_MUST_CHECK;
/* Markdown to one line of plain words, at most n code points, for descriptions and cards. */
KADE_API char *text_plain(struct arena *a, const char *markdown,
                          size_t n) ATTR_NONNULL ATTR_RETNONNULL;
/* HTML or plain text of another system to Markdown: paragraphs, line breaks, headings, lists,
 * strong, emphasis and links stay, everything else is dropped, characters with a meaning in
 * Markdown are escaped. Text without any tag or entity is taken as it is. */
KADE_API char *text_from_html(struct arena *a, const char *html) ATTR_NONNULL ATTR_RETNONNULL;

#endif
