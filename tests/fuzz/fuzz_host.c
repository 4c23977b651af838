/* fuzz_host.c: any bytes as a Host header, and as the host of an e-mail address: what is accepted
 * is plain lower-case ASCII, and accepting it again changes nothing. */
#include <stdint.h>
#include <string.h>

#include "app/req_priv.h"
#include "base/arena.h"
#include "base/log.h"
#include "base/str.h"
#include "base/utf8.h"
#include "platform/idna.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new_sized(0);
    const char *text = arena_strndup(a, (const char *)data, size);
    char *host, *again;
    if (req_host_clean(a, text, &host) == RC_OK) {
        check_that(strspn(host, "abcdefghijklmnopqrstuvwxyz0123456789.-[]:") == strlen(host));
        check_that(strlen(host) <= 253 && host[0]);
        check_that(req_host_clean(a, host, &again) == RC_OK && str_eq(host, again));
    }
    if (size < 1000 && utf8_valid(text, strlen(text)) && idna_to_ascii(a, text, &host) == RC_OK) {
        check_that(strspn(host, "abcdefghijklmnopqrstuvwxyz0123456789.-") == strlen(host));
        check_that(idna_to_ascii(a, host, &again) == RC_OK && str_eq(host, again));
    }
    arena_free(a);
    return 0;
}
