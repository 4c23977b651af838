/* fuzz_cookie.c: any bytes as a Cookie header: at most sixty, each a name and a value that could
 * stand in a header again. */
#include <stdint.h>
#include <string.h>

#include "app/req_priv.h"
#include "base/arena.h"
#include "base/log.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new_sized(0);
    struct req_param *v;
    size_t n = req_cookies_parse(a, arena_strndup(a, (const char *)data, size), &v);
    check_that(n <= 60);
    for (size_t i = 0; i < n; i++) {
        check_that(v[i].name[0] && !strpbrk(v[i].name, "=;, \t\r\n\""));
        check_that(!strpbrk(v[i].value, ";, \t\r\n\"\\"));
    }
    arena_free(a);
    return 0;
}
