/* fuzz_emvqr.c: any text as a payment code: what is taken lies inside it, and closes with its CRC.
 */
#include <string.h>

#include "base/log.h"
#include "fuzz.h"
#include "shop/emvqr.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new_sized(0);
    struct emvqr_piece piece[EMVQR_PIECES];
    size_t n = 0;
    if (size < 2000) {
        char *text = arena_strndup(a, (const char *)data, size);
        size_t length = strlen(text);
        if (emvqr_parse(text, piece, &n) == RC_OK) {
            check_that(n >= 2 && n <= EMVQR_PIECES);
            for (size_t i = 0; i < n; i++)
                check_that(piece[i].value > text && piece[i].value + piece[i].n <= text + length);
            text[0] = '1'; /* another first byte: no longer the format, nor the CRC */
            check_that(emvqr_parse(text, piece, &n) != RC_OK);
        }
        struct emvqr what = { .account = text,
                              .account_id = 26,
                              .category = "5311",
                              .currency = "LKR",
                              .amount = (int64_t)size + 1,
                              .country = "LK",
                              .name = text,
                              .city = text,
                              .reference = text };
        const char *made;
        if (emvqr_make(a, &what, &made) == RC_OK)
            check_that(emvqr_parse(made, piece, &n) == RC_OK);
    }
    arena_free(a);
    return 0;
}
