/* time.h: an instant is int64_t microseconds since 1970-01-01T00:00Z. Zones and calendars are
 * PostgreSQL's and ICU's work (platform/fmt); here is only arithmetic and RFC 3339 text. */
#ifndef BASE_TIME_H
#define BASE_TIME_H

#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/rc.h"

#define SECONDS(n)  ((int64_t)(n)*1000000)
#define INSTANT_MIN INT64_MIN /* -infinity in PostgreSQL */
#define INSTANT_MAX INT64_MAX /* infinity */

enum { INSTANT_TEXT = 40 /* with NUL */ };

/* "2026-11-20T09:30:00Z", with a fraction only when there is one; UTC. INSTANT_MIN and INSTANT_MAX
 * are "-infinity" and "infinity", as PostgreSQL writes them; years past 9999 get a sign. */
KADE_API char *instant_rfc3339(struct arena *a, int64_t t) ATTR_NONNULL ATTR_RETNONNULL;
KADE_API void instant_rfc3339_to(int64_t t, char out[INSTANT_TEXT]) ATTR_NONNULL;
/* Days since 1970-01-01 (FT_DATE) as "2026-11-20"; INT32_MIN and INT32_MAX are infinite. */
KADE_API void date_format(int32_t days, char out[INSTANT_TEXT]) ATTR_NONNULL;
/* Full RFC 3339 date-time with Z or an offset; RC_INVALID otherwise. */
KADE_API enum rc instant_parse(const char *s, int64_t *out) ATTR_NONNULL ATTR_MUST_CHECK;
/* "Fri, 20 Nov 2026 09:30:00 GMT" (RFC 9110 section 5.6.7). */
KADE_API char *instant_http(struct arena *a, int64_t t) ATTR_NONNULL ATTR_RETNONNULL;

/* Wall clock plus the offset that test builds read from $KADE_STATE/clock (law 11). */
KADE_API int64_t instant_now(void);
/* Microseconds that only grow; for durations. */
KADE_API int64_t monotonic_us(void);
/* Seconds added to the wall clock; test builds and the command line set it. */
KADE_API void instant_set_offset(int64_t seconds);

#endif
