/* fuzz_redirect.c: any bytes as a place to go next: what is called inside starts with one slash,
 * also after a browser has dropped tabs and line breaks and turned backslashes, and holds nothing
 * that could end a header line. The same bytes as Accept-Language choose an offered language or
 * none. */
#include <stdint.h>
#include <string.h>

#include "app/req_priv.h"
#include "base/arena.h"
#include "base/log.h"
#include "platform/i18n.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_inside(const char *s)
{
    char seen[2] = "";
    size_t n = 0;
    for (const char *p = s; *p && n < 2; p++)
        if (*p != '\t' && *p != '\n' && *p != '\r')
            seen[n++] = *p == '\\' ? '/' : *p;
    check_that(seen[0] == '/' && seen[1] != '/');
    for (const char *p = s; *p; p++)
        check_that((unsigned char)*p > ' ' && *p != 0x7f && *p != '\\');
    check_that(strstr(s, "/../") == NULL || strpbrk(s, "?#") != NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct locale en = { .tag = "en" }, si = { .tag = "si" };
    static const struct locale *const offered[] = { &en, &si };
    struct arena *a = arena_new_sized(0);
    const char *text = arena_strndup(a, (const char *)data, size);
    if (url_is_inside(text))
        check_inside(text);
    const struct locale *l = req_language(text, offered, 2);
    check_that(l == NULL || l == &en || l == &si);
    arena_free(a);
    return 0;
}
