/* fuzz_sqlgen.c: any bytes as a statement file. The reader must neither crash nor hang, and what it
 * accepts must go through the checks and the generator without harm; what they say is not judged
 * here (tests/tools/sqlgen.test does). Each input starts from nothing. */
#include <stdint.h>

#include "sqlgen.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > 65536)
        return 0;
    kit_quiet = true;
    kit_problems = 0;
    struct sg_module m = { .name = "wish" };
    const char *text = kit_strndup((const char *)data, size);
    bool good = sg_parse(&m, "fuzz.sql", "sql/wish/q/fuzz.sql", text, size);
    if (good)
        sg_check(&m);
    if (good && kit_problems == 0 && m.n != 0) {
        struct text h = { 0 }, c = { 0 };
        sg_emit(&m, &h, &c);
        if (h.n == 0 || c.n == 0)
            __builtin_trap();
    }
    kit_end();
    return 0;
}
