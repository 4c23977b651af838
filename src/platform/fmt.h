/* fmt.h: values for people, by CLDR through ICU in the locale of the page and the shop's zone. What
 * ICU opens is opened once per locale and kept. Results live in the arena. Money is written as CLDR
 * has it (the blanks are no-break spaces):
 *   LKR: en "LKR 1,234,567.50"  si "රු. 1,234,567.50"  ta "Rs. 12,34,567.50"  ar "1,234,567.50 LKR"
 *   USD: en "$1,234.50"  si "US$1,234.50"  ta "$1,234.50"  ar "1,234.50 US$"
 *   IQD: no decimals; en "IQD 1,250"  ar "1,250 د.ع."
 * negative: sign first ("-LKR 5.00"). ar carries direction marks of its own; templates isolate all
 * amounts with <bdi>. Digits in ar are western unless the shop says otherwise. */
#ifndef PLATFORM_FMT_H
#define PLATFORM_FMT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/money.h"
#include "base/rc.h"
#include "platform/i18n.h"

/* The shop's switch: Arabic-Indic digits in ar, for what follows in this process. */
KADE_API void fmt_use_native_digits(bool on);
/* currency: ISO code known to currency_find; an unknown one gives the minor units and the
 * code. Rounded to the step shown. */
KADE_API char *fmt_money(struct arena *a, const struct locale *l, int64_t minor,
                         const char *currency);
KADE_API char *fmt_int(struct arena *a, const struct locale *l, int64_t v);
/* ppm to percent: 102500 -> "10.25%". */
KADE_API char *fmt_percent(struct arena *a, const struct locale *l, int64_t ppm);
enum fmt_time { FMT_DATE, FMT_DATETIME, FMT_TIME, FMT_DATE_SHORT };
/* DATE "20 November 2026", DATETIME "20 Nov 2026, 15:00", TIME "15:00", DATE_SHORT "20 Nov 2026".
 * zone: IANA name, "Asia/Colombo"; an unknown one is UTC. Infinite instants give "". */
KADE_API char *fmt_time(struct arena *a, const struct locale *l, int64_t instant, const char *zone,
                        enum fmt_time style);
/* "2 days ago", "in 3 hours", "now" within a minute. */
KADE_API char *fmt_relative(struct arena *a, const struct locale *l, int64_t instant, int64_t now);
/* Text as typed by a person to minor units: "1,250.5", "1250", "12,34,567", "Rs. 1 250/=", digits
 * of any script, the currency's code, symbol or name. RC_INVALID for what is no number, ambiguous
 * ("12,50"), another currency's, or finer than the currency's step. */
KADE_API enum rc fmt_money_parse(struct arena *a, const struct locale *l, const char *text,
                                 const char *currency, int64_t *out) ATTR_MUST_CHECK;
/* [start, end) of the local day that contains instant; 23 or 25 hours where clocks change. */
KADE_API enum rc fmt_day_range(int64_t instant, const char *zone, int64_t *start,
                               int64_t *end) ATTR_MUST_CHECK;
/* "Sri Lanka" for "LK"; the code itself when unknown. */
KADE_API char *fmt_country(struct arena *a, const struct locale *l, const char *code);
/* Sort keys aside: true when zone is an IANA zone ICU knows. */
KADE_API bool fmt_zone_valid(const char *zone);
/* Opens beforehand what most pages need, so that processes forked later share it. */
KADE_API void fmt_open(void);
KADE_API void fmt_close(void); /* frees what ICU opened; it opens again when needed */

#endif
