/* log.h: one logfmt line an event on standard error; the master collects it. Values are quoted
 * where needed and cut at 2 KB. E-mails, tokens, addresses pass through log_redact before they get
 * here. Never logs secrets; never fails the caller. */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/buf.h"

enum log_level { LOG_DEBUG_, LOG_INFO_, LOG_WARN_, LOG_ERROR_ };

KADE_API void log_set_level(enum log_level least);
KADE_API void log_set_fd(int fd); /* tests read what was logged */
KADE_API void log_set_context(const char *key,
                              const char *value); /* prog=, pool=: at most 4, static strings */
/* The request id that following lines carry; NULL clears. Copied. */
KADE_API void log_set_request(const char *id);

/* msg is a constant short text ("cache down"); then pairs in printf form: "key=%s n=%d", with the
 * conversions d i u x X o c p s e f g. A whole value ("at=%s:%d") is quoted by logfmt rules where
 * it needs it; text of the format itself that holds blanks stands in quotes: why=\"too long\". */
KADE_API void log_line(enum log_level level, const char *msg, const char *pairs_fmt, ...)
    ATTR_FORMAT(3, 4);
#define log_info(msg, ...)  log_line(LOG_INFO_, msg, __VA_ARGS__)
#define log_warn(msg, ...)  log_line(LOG_WARN_, msg, __VA_ARGS__)
#define log_error(msg, ...) log_line(LOG_ERROR_, msg, __VA_ARGS__)
#define log_debug(msg, ...) log_line(LOG_DEBUG_, msg, __VA_ARGS__)

/* "nimal@example.lk" -> "n***@example.lk"; tokens, long digit runs and "password=..." values
 * masked. Lives in the arena. */
KADE_API char *log_redact(struct arena *a, const char *s) ATTR_NONNULL ATTR_RETNONNULL;

/* Asserts that stay on in production: logs expression, file and line, then abort(). */
#define check_that(e) ((e) ? (void)0 : check_failed(#e, __FILE__, __LINE__))
KADE_API void check_failed(const char *expr, const char *file, int line) ATTR_NORETURN ATTR_COLD;

#endif
