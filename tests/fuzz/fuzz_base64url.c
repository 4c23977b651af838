/* fuzz_base64url.c: tokens from outside. What decodes encodes back to the very same text, so a
 * token has one spelling; any bytes survive the way there and back. */
#include <string.h>

#include "fuzz.h"
#include "platform/crypto.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new_sized(0);
    unsigned char *bytes;
    size_t n;
    const char *text = fuzz_text(a, data, size);
    if (crypto_base64url_decode(a, text, &bytes, &n) == RC_OK)
        HOLDS(strcmp(crypto_base64url(a, bytes, n), text) == 0);
    const char *made = crypto_base64url(a, data, size);
    HOLDS(crypto_base64url_decode(a, made, &bytes, &n) == RC_OK);
    HOLDS(n == size && (n == 0 || memcmp(bytes, data, n) == 0));
    arena_free(a);
    return 0;
}
