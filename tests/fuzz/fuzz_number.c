/* fuzz_number.c: strict numbers. What str_int takes is one spelling of a number and str_decimal
 * agrees with it; the first byte is the scale. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/str.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 1 || size > 4096)
        return 0;
    struct arena *a = arena_new_sized(0);
    const char *s = fuzz_text(a, data + 1, size - 1);
    int64_t whole, scaled, back;
    enum rc as_int = str_int(s, INT64_MIN, INT64_MAX, &whole);
    enum rc as_decimal = str_decimal(s, data[0], &scaled);
    HOLDS(as_int == RC_OK || as_int == RC_INVALID);
    if (as_int == RC_OK) {
        HOLDS(strspn(s, "-0123456789") == strlen(s));
        HOLDS(as_decimal != RC_INVALID);
        HOLDS(str_decimal(s, 0, &back) == RC_OK && back == whole);
        HOLDS(str_int(arena_printf(a, "%" PRId64, whole), whole, whole, &back) == RC_OK);
    }
    if (as_decimal == RC_OK)
        HOLDS(strspn(s, "-.0123456789") == strlen(s));
    char **part;
    size_t n = str_split(a, s, '.', &part), length = n - 1;
    for (size_t i = 0; i < n; i++)
        length += strlen(part[i]);
    HOLDS(length == strlen(s));
    arena_free(a);
    return 0;
}
