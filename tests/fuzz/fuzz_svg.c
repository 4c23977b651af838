/* fuzz_svg.c: drawings from anybody. Any bytes in; what comes out must be clean by a second look:
 * cleaning it again gives the same, and nothing active or foreign is in its markup. */
#include <string.h>

#include "base/str.h"
#include "fuzz.h"
#include "platform/svg.h"

/* Tags only: text is escaped and may say anything. */
static void check_markup(const char *p)
{
    static const char *const never[] = { "<script", "<style", "<image", "<foreign",
                                         "<!",      "<?",     "<a " };
    for (; (p = strchr(p, '<')) != NULL; p++) {
        const char *end = strchr(p, '>');
        HOLDS(end != NULL);
        for (size_t i = 0; i < COUNT_OF(never); i++)
            HOLDS(strncasecmp(p, never[i], strlen(never[i])) != 0);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > 20000)
        return 0;
    struct arena *a = arena_new_sized(0);
    struct svg one, two;
    const char *problem = NULL, *where = NULL;
    if (svg_clean(a, (const char *)data, size, &one, &problem, &where) == RC_OK) {
        HOLDS(one.width >= 1 && one.height >= 1 && one.width <= 12000 && one.height <= 12000);
        check_markup(one.text);
        for (const char *p = one.text; (p = strstr(p, "href=\"")) != NULL; p += 6)
            HOLDS(p[6] == '#');
        HOLDS(svg_clean(a, one.text, one.n, &two, &problem, &where) == RC_OK);
        HOLDS(one.n == two.n && memcmp(one.text, two.text, one.n) == 0);
    } else {
        HOLDS(problem != NULL && where != NULL);
    }
    arena_free(a);
    return 0;
}
