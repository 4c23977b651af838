/* cart_ship.c: the methods the database offers for a place, with what they cost for these goods and
 * when they arrive. The rules are shipping.c's; here rows become its structs. Cheapest first, as a
 * shopper expects the first choice to be. */
#include <stdlib.h>

#include "platform/db.h"
#include "shop/cart_int.h"

static struct shipping_method *method_of(struct arena *a, const struct shop_shipping_candidate *r)
{
    struct shipping_method *m = arena_new(a, struct shipping_method);
    struct shipping_rate *rate = arena_array(a, struct shipping_rate, r->amounts.n);
    for (size_t i = 0; i < r->amounts.n; i++)
        rate[i] = (struct shipping_rate){ .min_g = r->min_g.v[i],
                                          .max_g = r->max_g.v[i],
                                          .min_minor = r->min_minor.v[i],
                                          .max_minor = r->max_minor.v[i],
                                          .amount = r->amounts.v[i],
                                          .per_kg = r->per_kg.v[i],
                                          .free_from = r->free_from.v[i] };
    *m = (struct shipping_method){ .id = r->id,
                                   .code = r->code,
                                   .name = r->name,
                                   .carrier = r->carrier,
                                   .tax_class = r->tax_class,
                                   .handling_days = r->handling_days,
                                   .days_min = r->days_min,
                                   .days_max = r->days_max,
                                   .calendar = { .work_days = r->work_days,
                                                 .delivery_days = r->delivery_days,
                                                 .cutoff_minute = r->cutoff_minute,
                                                 .holiday = r->holidays.v,
                                                 .nholidays = r->holidays.n },
                                   .rate = rate,
                                   .nrates = r->amounts.n };
    return shipping_kind_parse(r->kind, &m->kind) ? m : NULL;
}

static int by_cost(const void *x, const void *y)
{
    const struct shipping_option *a = x, *b = y;
    bool fetch_a = a->method->kind == SHIPPING_PICKUP, fetch_b = b->method->kind == SHIPPING_PICKUP;
    if (fetch_a != fetch_b)
        return fetch_a ? 1 : -1;
    if (a->amount != b->amount)
        return a->amount < b->amount ? -1 : 1;
    return uuid_cmp(a->method->id, b->method->id);
}

const struct shipping_option *cart_shipping(struct arena *a,
                                            const struct shop_shipping_candidate_list *rows,
                                            int64_t weight_g, int64_t value, size_t *n)
{
    struct shipping_option *o = arena_array(a, struct shipping_option, rows->n);
    size_t count = 0;
    for (size_t i = 0; i < rows->n; i++) {
        const struct shop_shipping_candidate *r = &rows->row[i];
        struct shipping_option x = { .method = method_of(a, r) };
        if (x.method == NULL ||
            shipping_cost(x.method, weight_g, value, &x.amount, &x.free_gap) != RC_OK)
            continue;
        x.promise =
            shipping_promise(&x.method->calendar, r->today, r->minute, x.method->handling_days,
                             x.method->days_min, x.method->days_max);
        o[count++] = x;
    }
    if (count > 1)
        qsort(o, count, sizeof(*o), by_cost);
    *n = count;
    return o;
}

enum rc shipping_options(struct db *db, const struct shipping_ask *ask,
                         const struct shipping_option **out, size_t *n)
{
    struct shop_shipping_candidate_list rows;
    struct tax_place p =
        tax_place(db_arena(db), ask->country, ask->region, ask->city, ask->postcode);
    enum rc rc = shop_q_shipping_candidates(db, p.country, p.region, p.city, p.postcode,
                                            ask->currency, ask->zone, ask->now, &rows);
    if (rc == RC_OK)
        *out = cart_shipping(db_arena(db), &rows, ask->weight_g, ask->value, n);
    return rc;
}

/* ---- one of a product --------------------------------------------------------------------------
 */
struct shipping_quote {
    struct shop_product_parcel_maybe parcel;
    struct shop_shipping_candidate_list ways;
};

struct shipping_quote *shipping_quote_send(struct db_pipe *p, struct arena *a, struct uuid product,
                                           const struct shipping_ask *ask)
{
    struct shipping_quote *q = arena_new(a, struct shipping_quote);
    struct tax_place at = tax_place(a, ask->country, ask->region, ask->city, ask->postcode);
    shop_q_product_parcel_send(p, product, ask->currency, ask->now, &q->parcel);
    shop_q_shipping_candidates_send(p, at.country, at.region, at.city, at.postcode, ask->currency,
                                    ask->zone, ask->now, &q->ways);
    return q;
}

const struct shipping_option *shipping_quote_options(struct arena *a,
                                                     const struct shipping_quote *q, size_t *n)
{
    if (q->parcel.found)
        return cart_shipping(a, &q->ways, q->parcel.row.weight_g, q->parcel.row.value_minor, n);
    *n = 0;
    return NULL;
}
