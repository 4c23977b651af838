/* fmt.h: values for people, by ICU in the locale of the page and the shop's zone. Formatters are
 * opened once per locale. Results live in the arena. Money is written as ux.md 2.2 says: "රු." for
 * LKR in si, lakh grouping in ta, IQD without decimals, western digits in ar unless the shop says
 * otherwise. */
#ifndef PLATFORM_FMT_H
#define PLATFORM_FMT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/money.h"
#include "base/rc.h"
#include "platform/i18n.h"

/* currency: ISO code known to currency_find; unknown gives the plain number and the code. */
KADE_API char *fmt_money(struct arena *a, const struct locale *l, int64_t minor,
                         const char *currency);
KADE_API char *fmt_int(struct arena *a, const struct locale *l, int64_t v);
/* ppm to percent: 102500 -> "10.25 %". */
KADE_API char *fmt_percent(struct arena *a, const struct locale *l, int64_t ppm);
enum fmt_time { FMT_DATE, FMT_DATETIME, FMT_TIME, FMT_DATE_SHORT };
/* zone: IANA name, "Asia/Colombo". */
KADE_API char *fmt_time(struct arena *a, const struct locale *l, int64_t instant, const char *zone,
                        enum fmt_time style);
/* "2 days ago", "in 3 hours". */
KADE_API char *fmt_relative(struct arena *a, const struct locale *l, int64_t instant, int64_t now);
/* Text as typed by a person to minor units: grouping, Arabic and Tamil digits, spaces, currency
 * word accepted; RC_INVALID otherwise. */
KADE_API enum rc fmt_money_parse(struct arena *a, const struct locale *l, const char *text,
                                 const char *currency, int64_t *out) ATTR_MUST_CHECK;
/* [start, end) of the local day that contains instant. */
KADE_API enum rc fmt_day_range(int64_t instant, const char *zone, int64_t *start,
                               int64_t *end) ATTR_MUST_CHECK;
/* Sort keys aside: true when zone is an IANA zone ICU knows. */
KADE_API bool fmt_zone_valid(const char *zone);

#endif
