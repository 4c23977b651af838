/* fuzz_instant.c: RFC 3339. What is read is written back as the same instant; any instant can be
 * written. */
#include <string.h>

#include "base/time.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > 4096)
        return 0;
    struct arena *a = arena_new_sized(0);
    int64_t t, back;
    if (instant_parse(fuzz_text(a, data, size), &t) == RC_OK) {
        const char *text = instant_rfc3339(a, t);
        /* An offset may carry the instant out of the years that have four digits. */
        HOLDS(*text == '+' || *text == '-' || (instant_parse(text, &back) == RC_OK && back == t));
    }
    if (size >= 8) {
        char date[INSTANT_TEXT];
        int32_t days;
        memcpy(&t, data, 8);
        memcpy(&days, data, 4);
        HOLDS(strlen(instant_rfc3339(a, t)) < INSTANT_TEXT);
        HOLDS(*instant_http(a, t));
        date_format(days, date);
    }
    arena_free(a);
    return 0;
}
