/* buf.h: a growing byte buffer in an arena, with a mandatory maximum. Sticky: after it would pass
 * its maximum it stays failed, ignores writes, and is checked once at the end with buf_rc().
 * The content is always NUL-terminated for convenience (the NUL is not counted). */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/rc.h"

struct buf {
    struct arena *arena;
    char *p; /* never NULL after buf_init */
    size_t n, cap, max;
    bool failed;
};

/* max: bytes; must be > 0. */
KADE_API void buf_init(struct buf *b, struct arena *a, size_t max) ATTR_NONNULL;
KADE_API void buf_put(struct buf *b, const void *p, size_t n) __attribute__((nonnull(1)));
KADE_API void buf_str(struct buf *b, const char *s) ATTR_NONNULL; /* s up to its NUL */
KADE_API void buf_char(struct buf *b, char c) ATTR_NONNULL;
KADE_API void buf_int(struct buf *b, int64_t v) ATTR_NONNULL;
KADE_API void buf_printf(struct buf *b, const char *fmt, ...) ATTR_FORMAT(2, 3);
KADE_API void buf_vprintf(struct buf *b, const char *fmt, va_list ap)
    __attribute__((format(printf, 2, 0)));
KADE_API void buf_clear(struct buf *b) ATTR_NONNULL; /* keeps memory; forgets failure */
/* Room for at least n more bytes at the end, or NULL and failed; add what was written to b->n with
 * buf_wrote. */
KADE_API char *buf_reserve(struct buf *b, size_t n) ATTR_NONNULL;
KADE_API void buf_wrote(struct buf *b, size_t n) ATTR_NONNULL;

/* Escapes & < > " ' for HTML text and quoted attribute values. */
KADE_API void buf_html(struct buf *b, const char *s) ATTR_NONNULL;
/* Percent-encodes all but RFC 3986 unreserved characters. */
KADE_API void buf_url(struct buf *b, const char *s) ATTR_NONNULL;

/* RC_OK, or RC_LIMIT when a write did not fit. */
KADE_API enum rc buf_rc(const struct buf *b) ATTR_NONNULL ATTR_MUST_CHECK;

#endif
