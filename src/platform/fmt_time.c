/* fmt_time.c: instants for people, and the days of a zone. ICU knows calendars and zones; an
 * instant becomes text only together with a zone. Not here: RFC 3339 for machines (base/time).
 * Invariant: days of a zone, [start, end) as fmt_day_range gives them, follow each other without a
 * gap, also where midnight does not exist or comes twice. */
#include <string.h>
#include <unicode/ucal.h>
#include <unicode/udat.h>
#include <unicode/udatpg.h>
#include <unicode/ureldatefmt.h>
#include <unicode/ustring.h>

#include "base/log.h"
#include "base/str.h"
#include "base/time.h"
#include "platform/fmt_icu.h"

enum { ZONES_KEPT = 16, TEXT_MAX = 160, ZONE_MAX = 64 };

/* Past these ICU's calendar arithmetic ends; years -5000 to 9999 are plenty for a shop. */
#define INSTANT_LEAST (-SECONDS(219958675200))
#define INSTANT_MOST  SECONDS(253402300799)

/* One calendar per zone in use; the oldest makes room. */
static struct {
    struct {
        char name[ZONE_MAX];
        UCalendar *cal;
    } zone[ZONES_KEPT];
    unsigned next;
} zones;

static int32_t to_icu(UChar *out, int32_t size, const char *s)
{
    UErrorCode e = U_ZERO_ERROR;
    int32_t n = 0;
    u_strFromUTF8(out, size, &n, s, -1, &e);
    return U_SUCCESS(e) && n < size ? n : -1;
}

static char *from_icu(struct arena *a, const UChar *s, int32_t n)
{
    char text[TEXT_MAX * 3 + 1];
    UErrorCode e = U_ZERO_ERROR;
    int32_t bytes = 0;
    u_strToUTF8(text, sizeof text - 1, &bytes, s, n, &e);
    return arena_strndup(a, text, U_SUCCESS(e) ? (size_t)bytes : 0);
}

bool fmt_zone_valid(const char *zone)
{
    UErrorCode e = U_ZERO_ERROR;
    UChar id[ZONE_MAX], canonical[ZONE_MAX];
    UBool known = false;
    const int32_t n = zone != NULL && *zone != '\0' ? to_icu(id, ZONE_MAX, zone) : -1;
    if (n <= 0)
        return false;
    ucal_getCanonicalTimeZoneID(id, n, canonical, ZONE_MAX, &known, &e);
    return U_SUCCESS(e) && known;
}

/* NULL: no such zone. */
static UCalendar *zone_calendar(const char *zone)
{
    for (size_t i = 0; i < ZONES_KEPT; i++)
        if (zones.zone[i].cal != NULL && strcmp(zones.zone[i].name, zone) == 0)
            return zones.zone[i].cal;
    if (!fmt_zone_valid(zone))
        return NULL;

    UErrorCode e = U_ZERO_ERROR;
    UChar id[ZONE_MAX];
    const int32_t n = to_icu(id, ZONE_MAX, zone);
    UCalendar *cal = ucal_open(id, n, "en_GB", UCAL_GREGORIAN, &e);
    if (U_FAILURE(e))
        return NULL;
    ucal_setAttribute(cal, UCAL_REPEATED_WALL_TIME, UCAL_WALLTIME_FIRST);
    ucal_setAttribute(cal, UCAL_SKIPPED_WALL_TIME, UCAL_WALLTIME_NEXT_VALID);
    const size_t slot = zones.next++ % ZONES_KEPT;
    if (zones.zone[slot].cal != NULL)
        ucal_close(zones.zone[slot].cal);
    str_copy(zones.zone[slot].name, ZONE_MAX, zone);
    zones.zone[slot].cal = cal;
    return cal;
}

void fmt_time_close(struct fmt_locale *f)
{
    if (f == NULL) {
        for (size_t i = 0; i < ZONES_KEPT; i++)
            if (zones.zone[i].cal != NULL)
                ucal_close(zones.zone[i].cal);
        memset(&zones, 0, sizeof zones);
        return;
    }
    for (int arab = 0; arab < 2; arab++) {
        for (int style = 0; style < 4; style++)
            if (f->date[arab][style] != NULL)
                udat_close(f->date[arab][style]);
        if (f->relative[arab] != NULL)
            ureldatefmt_close(f->relative[arab]);
    }
    memset(f->date, 0, sizeof f->date);
    memset(f->relative, 0, sizeof f->relative);
}

/* Floor to milliseconds, ICU's unit. */
static UDate to_millis(int64_t instant)
{
    return (UDate)(instant / 1000 - (instant % 1000 < 0));
}

static UDateFormat *open_date(struct fmt_locale *f, enum fmt_time style)
{
    static const char *const skeletons[] = { [FMT_DATE] = "yMMMMd",
                                             [FMT_DATETIME] = "yMMMdjmm",
                                             [FMT_TIME] = "jmm",
                                             [FMT_DATE_SHORT] = "yMMMd" };
    const bool arab = fmt_arab(f);
    if (f->date[arab][style] != NULL)
        return f->date[arab][style];

    const char *locale = arab ? f->dates_arab : f->dates;
    UErrorCode e = U_ZERO_ERROR;
    UChar skeleton[16], pattern[64];
    u_uastrcpy(skeleton, skeletons[style]);
    UDateTimePatternGenerator *g = udatpg_open(locale, &e);
    const int32_t n = udatpg_getBestPattern(g, skeleton, -1, pattern, COUNT_OF(pattern), &e);
    udatpg_close(g);
    const UChar utc[] = { 'U', 'T', 'C', 0 };
    UDateFormat *d = udat_open(UDAT_PATTERN, UDAT_PATTERN, locale, utc, -1, pattern, n, &e);
    if (U_FAILURE(e)) {
        log_error("icu refused", "locale=%s skeleton=%s why=%s", locale, skeletons[style],
                  u_errorName(e));
        return NULL;
    }
    f->date[arab][style] = d;
    return d;
}

char *fmt_time(struct arena *a, const struct locale *l, int64_t instant, const char *zone,
               enum fmt_time style)
{
    if (instant < INSTANT_LEAST || instant > INSTANT_MOST) /* "for ever" is said in words */
        return arena_strdup(a, "");
    UCalendar *cal = zone_calendar(zone);
    if (cal == NULL)
        cal = zone_calendar("UTC");
    UDateFormat *d = open_date(fmt_locale_of(l), style);
    if (cal == NULL || d == NULL)
        return instant_rfc3339(a, instant);

    UErrorCode e = U_ZERO_ERROR;
    UChar text[TEXT_MAX];
    ucal_setMillis(cal, to_millis(instant), &e);
    const int32_t n = udat_formatCalendar(d, cal, text, TEXT_MAX, NULL, &e);
    return U_SUCCESS(e) ? from_icu(a, text, n) : instant_rfc3339(a, instant);
}

/* The largest unit of which at least one whole has passed. */
static int64_t whole_units(int64_t seconds, URelativeDateTimeUnit *unit)
{
    static const struct {
        int64_t seconds;
        URelativeDateTimeUnit unit;
    } units[] = { { 365 * 86400, UDAT_REL_UNIT_YEAR }, { 30 * 86400, UDAT_REL_UNIT_MONTH },
                  { 86400, UDAT_REL_UNIT_DAY },        { 3600, UDAT_REL_UNIT_HOUR },
                  { 60, UDAT_REL_UNIT_MINUTE },        { 1, UDAT_REL_UNIT_SECOND } };
    const int64_t size = seconds < 0 ? -seconds : seconds;
    size_t i = 0;
    while (i + 1 < COUNT_OF(units) && size < units[i].seconds)
        i++;
    *unit = units[i].unit;
    return seconds / units[i].seconds;
}

char *fmt_relative(struct arena *a, const struct locale *l, int64_t instant, int64_t now)
{
    if (instant < INSTANT_LEAST || instant > INSTANT_MOST || now < INSTANT_LEAST ||
        now > INSTANT_MOST)
        return arena_strdup(a, "");
    struct fmt_locale *f = fmt_locale_of(l);
    const bool arab = fmt_arab(f);
    UErrorCode e = U_ZERO_ERROR;
    if (f->relative[arab] == NULL)
        f->relative[arab] = ureldatefmt_open(arab ? f->dates_arab : f->dates, NULL, UDAT_STYLE_LONG,
                                             UDISPCTX_CAPITALIZATION_NONE, &e);
    if (U_FAILURE(e))
        return instant_rfc3339(a, instant);

    UChar text[TEXT_MAX];
    URelativeDateTimeUnit unit;
    const int64_t seconds = (instant - now) / SECONDS(1);
    const int64_t n = whole_units(seconds, &unit);
    int32_t length;
    if (unit == UDAT_REL_UNIT_SECOND) /* "now": nobody counts seconds */
        length = ureldatefmt_format(f->relative[arab], 0, unit, text, TEXT_MAX, &e);
    else
        length = ureldatefmt_formatNumeric(f->relative[arab], (UDate)n, unit, text, TEXT_MAX, &e);
    return U_SUCCESS(e) ? from_icu(a, text, length) : instant_rfc3339(a, instant);
}

/* First instant of the day the calendar is in. */
static UDate midnight(UCalendar *cal, UErrorCode *e)
{
    ucal_set(cal, UCAL_HOUR_OF_DAY, 0);
    ucal_set(cal, UCAL_MINUTE, 0);
    ucal_set(cal, UCAL_SECOND, 0);
    ucal_set(cal, UCAL_MILLISECOND, 0);
    return ucal_getMillis(cal, e);
}

enum rc fmt_day_range(int64_t instant, const char *zone, int64_t *start, int64_t *end)
{
    UCalendar *cal = instant < INSTANT_LEAST || instant > INSTANT_MOST ? NULL : zone_calendar(zone);
    if (cal == NULL)
        return RC_INVALID;
    UErrorCode e = U_ZERO_ERROR;
    ucal_setMillis(cal, to_millis(instant), &e);
    const UDate first = midnight(cal, &e);
    ucal_set(cal, UCAL_HOUR_OF_DAY, 12); /* noon exists every day; midnight may not */
    ucal_add(cal, UCAL_DAY_OF_MONTH, 1, &e);
    const UDate last = midnight(cal, &e);
    if (U_FAILURE(e))
        return RC_INVALID;
    *start = (int64_t)first * 1000;
    *end = (int64_t)last * 1000;
    return RC_OK;
}
