/* fmt_country.c: names of countries in the page's language, by CLDR. ISO codes go in; what ICU does
 * not know comes out as the code. It keeps nothing open and knows no addresses: which countries a
 * shop sells to is src/shop/address_data.c's. */
#include <string.h>
#include <unicode/uloc.h>
#include <unicode/ustring.h>

#include "platform/fmt.h"

enum { NAME_UNITS = 128 };

char *fmt_country(struct arena *a, const struct locale *l, const char *code)
{
    UChar name[NAME_UNITS];
    char text[NAME_UNITS * 3 + 1];
    UErrorCode e = U_ZERO_ERROR;
    int32_t n =
        uloc_getDisplayCountry(arena_printf(a, "und_%.2s", code), l->tag, name, NAME_UNITS, &e);
    if (U_FAILURE(e) || n <= 0 || n >= NAME_UNITS)
        return arena_strdup(a, code);
    u_strToUTF8(text, (int32_t)sizeof text, NULL, name, n, &e);
    return arena_strdup(a, U_FAILURE(e) ? code : text);
}
