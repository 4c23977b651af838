/* fuzz_urlencoded.c: form_decode on any bytes: what comes out is clean, and encoding it again and
 * decoding that gives the same pairs. */
#include <stdint.h>
#include <string.h>

#include "app/form.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/log.h"
#include "base/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_clean(const char *s)
{
    check_that(utf8_valid(s, strlen(s)));
    for (; *s; s++)
        check_that((unsigned char)*s >= ' ' || *s == '\n' || *s == '\t');
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new_sized(0);
    struct form_pair *pairs, *again;
    size_t n, m;
    if (size < 65536 && form_decode(a, (const char *)data, size, &pairs, &n) == RC_OK) {
        struct buf b;
        buf_init(&b, a, 4 << 20);
        for (size_t i = 0; i < n; i++) {
            check_clean(pairs[i].key);
            check_clean(pairs[i].value);
            if (i > 0)
                buf_char(&b, '&');
            buf_url(&b, pairs[i].key);
            buf_char(&b, '=');
            buf_url(&b, pairs[i].value);
        }
        check_that(buf_rc(&b) == RC_OK);
        check_that(form_decode(a, b.p, b.n, &again, &m) == RC_OK && m == n);
        for (size_t i = 0; i < n; i++)
            check_that(strcmp(pairs[i].key, again[i].key) == 0 &&
                       strcmp(pairs[i].value, again[i].value) == 0);
    }
    arena_free(a);
    return 0;
}
