/* fuzz_utf8.c: the edge for texts. Whatever comes in: what utf8_clean returns is valid, holds no
 * control characters and is its own clean form; folding and slugs stay valid and settle; cuts are
 * prefixes. */
#include <string.h>

#include "base/utf8.h"
#include "fuzz.h"

static void check_text(struct arena *a, const char *s)
{
    size_t n = strlen(s), points = utf8_length(s);
    HOLDS(utf8_valid(s, n));
    const char *fold = utf8_fold(a, s);
    HOLDS(utf8_valid(fold, strlen(fold)));
    HOLDS(strcmp(utf8_fold(a, fold), fold) == 0);
    const char *slug = utf8_slug(a, s);
    HOLDS(utf8_valid(slug, strlen(slug)) && utf8_length(slug) <= 80);
    HOLDS(!strpbrk(slug, " /?#%&<>\"'\\.") && *slug != '-' && !strstr(slug, "--"));
    HOLDS(!*slug || slug[strlen(slug) - 1] != '-');
    for (size_t most = 0; most < 12; most += 3) {
        const char *cut = utf8_cut(a, s, most);
        HOLDS(strncmp(cut, s, strlen(cut)) == 0);
        HOLDS(utf8_valid(cut, strlen(cut)) && utf8_length(cut) <= most);
        HOLDS(most < points || strcmp(cut, s) == 0);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new_sized(0);
    for (unsigned flags = 0; size < 4096 && flags <= UTF8_MULTILINE; flags++) {
        char *clean, *again;
        if (utf8_clean(a, (const char *)data, size, flags, &clean) != RC_OK)
            continue;
        HOLDS(utf8_valid((const char *)data, size) && !memchr(data, 0, size));
        HOLDS(utf8_clean(a, clean, strlen(clean), flags, &again) == RC_OK);
        HOLDS(strcmp(clean, again) == 0);
        HOLDS(!strchr(clean, '\r') && (flags || !strpbrk(clean, "\n\t")));
        check_text(a, clean);
    }
    arena_free(a);
    return 0;
}
