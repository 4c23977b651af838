/* markdown.h: CommonMark to HTML by cmark, in its safe mode: raw HTML and links with a scheme that
 * runs something are dropped, so the result may be printed unescaped. Bound the input before. */
#ifndef PLATFORM_MARKDOWN_H
#define PLATFORM_MARKDOWN_H

#include <stddef.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/rc.h"

KADE_API enum rc markdown_html(struct arena *a, const char *markdown,
                               char **out) ATTR_NONNULL ATTR_MUST_CHECK;
/* Its words in reading order on one line, at most n code points. */
KADE_API char *markdown_plain(struct arena *a, const char *markdown,
                              size_t n) ATTR_NONNULL ATTR_RETNONNULL;

#endif
