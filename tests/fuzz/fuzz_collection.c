/* fuzz_collection.c: any text as the rule of a collection: what is taken is bounded, has a filter.
 */
#include <string.h>

#include "base/log.h"
#include "fuzz.h"
#include "shop/collection.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new_sized(0);
    struct collection_rule rule;
    const char *problem = NULL;
    if (size < 8000) {
        const char *text = arena_strndup(a, (const char *)data, size);
        if (collection_rule_read(a, text, "LKR", &rule, &problem) == RC_OK) {
            check_that(rule.n > 0 && rule.n <= COLLECTION_FILTERS);
            check_that(!rule.has_min || rule.min >= 0);
            check_that(!rule.has_min || !rule.has_max || rule.min <= rule.max);
        } else {
            check_that(problem != NULL);
        }
    }
    arena_free(a);
    return 0;
}
