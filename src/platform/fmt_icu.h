/* fmt_icu.h: what fmt*.c share: the ICU objects of one locale, opened when first needed and kept.
 * Private to them; callers see fmt.h. */
#ifndef PLATFORM_FMT_ICU_H
#define PLATFORM_FMT_ICU_H

#include <stdbool.h>
#include <stdint.h>

#include "platform/fmt.h"

/* How numbers of one kind look, read off ICU's own output once: from then on a number is written
 * without ICU, in some 50 ns instead of 2 us. */
struct fmt_pattern {
    struct fmt_pattern *next;
    char kind[8]; /* "LKR", "int", "percent" */
    bool arab;    /* Arabic-Indic digits */
    int32_t zero; /* code point of digit 0; the others follow it */
    char group[8], decimal[8];
    char prefix[2][40], suffix[2][40]; /* [1]: negative */
    unsigned primary, secondary;       /* group sizes; 0 = no grouping */
    unsigned group_from;               /* integer digits from which grouping starts */
};

struct fmt_locale {
    const char *tag;
    const char *numbers, *numbers_arab; /* ICU locales */
    const char *dates, *dates_arab;
    struct fmt_pattern *patterns;
    void *date[2][4];  /* UDateFormat by digits and style */
    void *relative[2]; /* URelativeDateTimeFormatter */
};

struct fmt_locale *fmt_locale_of(const struct locale *l);
bool fmt_arab(const struct fmt_locale *f);
/* Pattern of a currency code, "int" or "percent"; never NULL. */
const struct fmt_pattern *fmt_pattern_of(struct fmt_locale *f, const char *kind);
/* Symbols of a currency in this locale as people write them, UTF-8; n filled, at most max. */
unsigned fmt_currency_words(const struct fmt_locale *f, const char *currency, char out[][40],
                            unsigned max);
void fmt_time_close(struct fmt_locale *f); /* NULL: zones */

#endif
