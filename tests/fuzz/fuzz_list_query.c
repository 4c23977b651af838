/* fuzz_list_query.c: any query string as the state of a list: what is kept is bounded, and its
 * address reads back as the same state. */
#include <string.h>

#include "../../modules/storefront/list_query.h"
#include "app/form.h"
#include "base/log.h"
#include "base/str.h"
#include "fuzz.h"

static void read_state(struct arena *a, const char *text, size_t n, struct list_query *out)
{
    static const struct locale en = { .tag = "en", .dir = "ltr" };
    struct form_pair *pairs;
    size_t count, left_out;
    form_decode_some(a, text, n, &pairs, &count, &left_out);
    struct list_pair *p = arena_array(a, struct list_pair, count);
    for (size_t i = 0; i < count; i++)
        p[i] = (struct list_pair){ pairs[i].key, pairs[i].value };
    list_query_read(a, p, count, true, &en, "LKR", out);
}

static void same(const struct list_query *x, const struct list_query *y)
{
    check_that(y->nignored == 0);
    check_that(str_eq(str_empty(x->words) ? NULL : x->words, y->words));
    check_that(x->sort == y->sort && x->exact == y->exact);
    check_that(x->has_min == y->has_min && x->has_max == y->has_max);
    check_that((!x->has_min || x->min == y->min) && (!x->has_max || x->max == y->max));
    check_that(x->nfilters == y->nfilters);
    for (size_t i = 0; i < x->nfilters; i++)
        check_that(str_eq(x->filter[i].key, y->filter[i].key) &&
                   str_eq(x->filter[i].value, y->filter[i].value));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new_sized(0);
    struct list_query q, again;
    if (size < 12000) {
        struct buf b;
        read_state(a, (const char *)data, size, &q);
        check_that(q.nfilters <= LIST_FILTERS && q.page >= 1 && q.page <= LIST_PAGES);
        check_that(!q.has_min || q.min >= 0);
        check_that(!q.has_min || !q.has_max || q.min <= q.max);
        buf_init(&b, a, 1u << 20);
        list_query_write(a, &q, &(struct list_change){ 0 }, "LKR", &b);
        check_that(buf_rc(&b) == RC_OK);
        read_state(a, b.n > 0 ? b.p + 1 : "", b.n > 0 ? b.n - 1 : 0, &again);
        same(&q, &again);
    }
    arena_free(a);
    return 0;
}
