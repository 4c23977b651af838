/* price.c: the price resolver. It is the only code that compares prices: pages, carts and quotes
 * all ask it, so that what is shown is what is charged. It never rounds and never reads the clock:
 * the instant is an argument, windows are half-open. Invariant: the answer is one of the rows
 * given. */
#include "shop/price.h"

#include "base/id.h"
#include "base/money.h"
#include "base/str.h"
#include "base/time.h"

static bool row_applies(const struct price_row *r, struct uuid variant, int32_t quantity,
                        int64_t now)
{
    return uuid_cmp(r->variant_id, variant) == 0 && r->min_quantity <= quantity && r->from <= now &&
           now < r->until && r->amount >= 0;
}

/* Strength of two rows that both apply: kind, priority, quantity step, start; of two that are alike
 * in all of these the cheaper one, so that the order of rows never matters. */
static bool row_beats(const struct price_row *a, const struct price_row *b)
{
    if (a->kind != b->kind)
        return a->kind > b->kind;
    if (a->priority != b->priority)
        return a->priority > b->priority;
    if (a->min_quantity != b->min_quantity)
        return a->min_quantity > b->min_quantity;
    if (a->from != b->from)
        return a->from > b->from;
    return a->amount < b->amount;
}

static const struct price_row *row_best(const struct price_row *rows, size_t n, struct uuid variant,
                                        int32_t quantity, int64_t now, enum price_kind least,
                                        enum price_kind most)
{
    const struct price_row *best = NULL;
    for (size_t i = 0; i < n; i++) {
        const struct price_row *r = &rows[i];
        if (r->kind < least || r->kind > most || !row_applies(r, variant, quantity, now))
            continue;
        if (best == NULL || row_beats(r, best))
            best = r;
    }
    return best;
}

/* The next edge of any window of this variant: until then the answer stays what it is. */
static int64_t next_edge(const struct price_row *rows, size_t n, struct uuid variant, int64_t now)
{
    int64_t edge = INSTANT_MAX;
    for (size_t i = 0; i < n; i++) {
        if (uuid_cmp(rows[i].variant_id, variant) != 0)
            continue;
        if (rows[i].from > now && rows[i].from < edge)
            edge = rows[i].from;
        if (rows[i].until > now && rows[i].until < edge)
            edge = rows[i].until;
    }
    return edge;
}

struct price price_resolve(const struct price_row *rows, size_t n, struct uuid variant,
                           int32_t quantity, int64_t now)
{
    struct price p = { .reason = PRICE_NONE,
                       .amount = 0,
                       .was = -1,
                       .lowest_30d = -1,
                       .until = INSTANT_MAX,
                       .list = -1,
                       .min_quantity = 1 };
    const struct price_row *one =
        quantity == 1 ? NULL : row_best(rows, n, variant, 1, now, PRICE_BASE, PRICE_SELLER);
    const struct price_row *base =
        row_best(rows, n, variant, quantity, now, PRICE_BASE, PRICE_SELLER);
    const struct price_row *own =
        row_best(rows, n, variant, quantity, now, PRICE_GROUP, PRICE_CONTRACT);
    const struct price_row *sale =
        row_best(rows, n, variant, quantity, now, PRICE_SALE, PRICE_SALE);

    p.until = next_edge(rows, n, variant, now);
    one = one != NULL ? one : base;
    p.list = one != NULL ? one->amount : -1;
    if (own != NULL) {
        /* An agreed price stands unless the public one is better for the buyer. */
        p.reason = PRICE_OWN;
        p.amount = own->amount;
        p.min_quantity = own->min_quantity;
        if (sale == NULL || sale->amount >= own->amount)
            return p;
    }
    if (sale != NULL && (base == NULL || sale->amount < base->amount)) {
        p.reason = PRICE_ON_SALE;
        p.amount = sale->amount;
        p.min_quantity = sale->min_quantity;
        p.was = base != NULL ? base->amount : -1;
        p.lowest_30d = sale->lowest_30d >= 0 ? sale->lowest_30d : -1;
    } else if (base != NULL && own == NULL) {
        p.reason = PRICE_LISTED;
        p.amount = base->amount;
        p.min_quantity = base->min_quantity;
    }
    return p;
}

struct price_range price_range_of(const struct price_row *rows, size_t n,
                                  const struct uuid *variants, size_t nvariants, int64_t now)
{
    struct price_range out = { .low = { .was = -1, .lowest_30d = -1, .until = INSTANT_MAX } };
    for (size_t i = 0; i < nvariants; i++) {
        struct price p = price_resolve(rows, n, variants[i], 1, now);
        if (p.reason == PRICE_NONE)
            continue;
        if (!out.priced) {
            out.priced = true;
            out.low = p;
            out.high = p.amount;
            continue;
        }
        if (p.amount > out.high)
            out.high = p.amount;
        if (p.amount < out.low.amount)
            out.low = p;
    }
    out.varies = out.priced && out.high != out.low.amount;
    return out;
}

int price_saving_percent(const struct price *p)
{
    if (p->reason != PRICE_ON_SALE || p->was <= p->amount || p->was <= 0)
        return 0;
    int64_t percent = 0;
    if (money_ratio(p->was - p->amount, 100, p->was, ROUND_DOWN, &percent) != RC_OK)
        return 0;
    return percent > 99 ? 99 : (int)percent;
}

bool price_kind_parse(const char *word, enum price_kind *out)
{
    static const struct {
        const char *word;
        enum price_kind kind;
    } kinds[] = { { "base", PRICE_BASE },
                  { "seller", PRICE_SELLER },
                  { "sale", PRICE_SALE },
                  { "group", PRICE_GROUP },
                  { "contract", PRICE_CONTRACT } };
    for (size_t i = 0; i < COUNT_OF(kinds); i++)
        if (str_eq(word, kinds[i].word)) {
            *out = kinds[i].kind;
            return true;
        }
    return false;
}

int64_t price_edge(const struct price_row *rows, size_t n, int64_t now)
{
    int64_t edge = INSTANT_MAX;
    for (size_t i = 0; i < n; i++) {
        if (rows[i].from > now && rows[i].from < edge)
            edge = rows[i].from;
        if (rows[i].until > now && rows[i].until < edge)
            edge = rows[i].until;
    }
    return edge;
}
