/* pricing.c: adds up a cart. Prices come resolved, taxes picked; here is only arithmetic, in one
 * order: lines, discounts, taxes, sums. It never reads a clock or a table. Invariants: those of
 * pricing.h; the caller's lines are written only when everything worked out. */
#include "shop/pricing.h"

#include <string.h>

#include "base/str.h"
#include "platform/i18n.h"

struct work {
    struct arena *arena;
    const struct pricing_terms *terms;
    struct pricing_line *line; /* a copy */
    size_t n, ndiscounts;
    int64_t step;
    tax_micro (*micro)[TAX_SET_MAX];
    int64_t (*amount)[TAX_SET_MAX];
    int64_t **part; /* per line ndiscounts + 1 */
};

int64_t pricing_unit(const struct pricing_terms *terms, int64_t amount)
{
    int64_t out = amount;
    if (money_round(amount, currency_step(terms->currency), terms->rounding, &out) != RC_OK)
        return amount;
    return out;
}

static enum rc line_start(const struct work *w, struct pricing_line *l)
{
    if (l->quantity < 1 || l->price_quantity < 1 || l->unit < 0 || l->list < 0 ||
        l->taxes.n > TAX_SET_MAX)
        return RC_INVALID;
    enum rounding mode = w->terms->rounding;
    enum rc rc = money_round(l->unit, w->step, mode, &l->unit);
    if (rc == RC_OK)
        rc = money_round(l->list, w->step, mode, &l->list);
    if (rc == RC_OK)
        rc = money_ratio(l->unit, l->quantity, l->price_quantity, mode, &l->subtotal);
    if (rc == RC_OK)
        rc = money_round(l->subtotal, w->step, mode, &l->subtotal);
    l->discount = 0;
    return rc;
}

/* Discounts in their order, each on what is left. */
static enum rc take_discounts(struct work *w, struct discount *discounts, int64_t *taken)
{
    int64_t *left = arena_array(w->arena, int64_t, w->n);
    int64_t *part = arena_array(w->arena, int64_t, w->n);
    bool *touches = arena_array(w->arena, bool, w->n);
    for (size_t d = 0; d < w->ndiscounts; d++) {
        for (size_t i = 0; i < w->n; i++) {
            left[i] = w->line[i].subtotal - w->line[i].discount;
            touches[i] = (w->line[i].discounts >> d & 1u) != 0;
        }
        enum rc rc = discount_spread(&discounts[d], left, touches, w->n, w->step,
                                     w->terms->rounding, part, &taken[d]);
        if (rc != RC_OK)
            return rc;
        for (size_t i = 0; i < w->n; i++) {
            w->part[i][d] = part[i];
            w->line[i].discount += part[i];
        }
    }
    return RC_OK;
}

/* Included taxes cannot be more than what they are in: rounding several up might say so. */
static void keep_below(int64_t *amount, size_t n, int64_t most)
{
    int64_t sum = 0;
    for (size_t k = 0; k < n; k++)
        sum += amount[k];
    for (size_t k = n; k > 0 && sum > most; k--) {
        int64_t cut = sum - most < amount[k - 1] ? sum - most : amount[k - 1];
        amount[k - 1] -= cut;
        sum -= cut;
    }
}

static enum rc taxes_by_line(struct work *w)
{
    for (size_t i = 0; i < w->n; i++)
        for (size_t k = 0; k < w->line[i].taxes.n; k++) {
            enum rc rc = tax_round(w->micro[i][k], w->step, w->terms->rounding, &w->amount[i][k]);
            if (rc != RC_OK)
                return rc;
        }
    return RC_OK;
}

/* One rate over all lines it is on: rounded once, handed out by largest remainder. */
static enum rc rate_over_lines(struct work *w, const struct tax_rate *rate)
{
    tax_micro sum = 0;
    int64_t *weight = arena_array(w->arena, int64_t, w->n), total = 0;
    unsigned shift = 0;
    for (size_t i = 0; i < w->n; i++)
        for (size_t k = 0; k < w->line[i].taxes.n; k++)
            if (w->line[i].taxes.rate[k] == rate)
                sum += w->micro[i][k];
    enum rc rc = tax_round(sum, w->step, w->terms->rounding, &total);
    if (rc != RC_OK || total == 0)
        return rc;
    while ((sum >> shift) > (tax_micro)1 << 62)
        shift++;
    for (size_t i = 0; i < w->n; i++)
        for (size_t k = 0; k < w->line[i].taxes.n; k++)
            if (w->line[i].taxes.rate[k] == rate)
                weight[i] = (int64_t)(w->micro[i][k] >> shift);
    rc = money_split(total / w->step, weight, w->n, weight);
    for (size_t i = 0; i < w->n && rc == RC_OK; i++)
        for (size_t k = 0; k < w->line[i].taxes.n; k++)
            if (w->line[i].taxes.rate[k] == rate)
                w->amount[i][k] = weight[i] * w->step;
    return rc;
}

static bool rate_seen(const struct work *w, size_t line, size_t at)
{
    const struct tax_rate *rate = w->line[line].taxes.rate[at];
    for (size_t i = 0; i <= line; i++)
        for (size_t k = 0; k < (i == line ? at : w->line[i].taxes.n); k++)
            if (w->line[i].taxes.rate[k] == rate)
                return true;
    return false;
}

static enum rc taxes_by_order(struct work *w)
{
    for (size_t i = 0; i < w->n; i++)
        for (size_t k = 0; k < w->line[i].taxes.n; k++) {
            if (rate_seen(w, i, k))
                continue;
            enum rc rc = rate_over_lines(w, w->line[i].taxes.rate[k]);
            if (rc != RC_OK)
                return rc;
        }
    return RC_OK;
}

static enum rc take_taxes(struct work *w)
{
    w->micro = arena_calloc(w->arena, w->n, sizeof(*w->micro));
    w->amount = arena_calloc(w->arena, w->n, sizeof(*w->amount));
    for (size_t i = 0; i < w->n; i++) {
        struct pricing_line *l = &w->line[i];
        if (l->subtotal > INT64_MAX / 2)
            return RC_LIMIT;
        l->total = l->subtotal - l->discount;
        tax_exact(&l->taxes, l->total, w->terms->include_tax, w->micro[i]);
    }
    enum rc rc = w->terms->tax_rounding == TAX_PER_ORDER ? taxes_by_order(w) : taxes_by_line(w);
    for (size_t i = 0; i < w->n && rc == RC_OK && w->terms->include_tax; i++)
        keep_below(w->amount[i], w->line[i].taxes.n, w->line[i].total);
    return rc;
}

/* Amounts onto the line. Under relief nothing is charged, and tax that prices contain is taken off.
 */
static enum rc line_finish(struct work *w, size_t i)
{
    struct pricing_line *l = &w->line[i];
    bool relief = w->terms->relief != NULL;
    struct pricing_tax *lot = arena_array(w->arena, struct pricing_tax, l->taxes.n);
    int64_t tax = 0;
    enum rc rc = RC_OK;
    for (size_t k = 0; k < l->taxes.n && rc == RC_OK; k++)
        rc = money_add(tax, w->amount[i][k], &tax);
    if (rc != RC_OK)
        return rc;
    int64_t net = w->terms->include_tax ? l->total - tax : l->total, before = net;
    if (relief && w->terms->include_tax && tax > 0) {
        w->part[i][w->ndiscounts] = tax;
        l->discount += tax;
        l->total -= tax;
    }
    for (size_t k = 0; k < l->taxes.n; k++) {
        int64_t amount = relief ? 0 : w->amount[i][k];
        lot[k] = (struct pricing_tax){ .rate = l->taxes.rate[k],
                                       .base = l->taxes.rate[k]->compound && !relief ? before : net,
                                       .amount = amount };
        before += amount;
    }
    l->tax = relief ? 0 : tax;
    l->tax_added = w->terms->include_tax ? 0 : l->tax;
    l->lot = lot;
    l->part = w->part[i];
    return RC_OK;
}

static enum rc add_line(struct pricing_totals *t, const struct pricing_line *l)
{
    int64_t *by_kind[] = {
        [PRICING_ITEM] = &t->items, [PRICING_SHIPPING] = &t->shipping, [PRICING_FEE] = &t->fees
    };
    enum rc rc = money_add(*by_kind[l->kind], l->total, by_kind[l->kind]);
    if (rc == RC_OK && l->kind == PRICING_ITEM)
        rc = money_add(t->subtotal, l->subtotal, &t->subtotal);
    if (rc == RC_OK)
        rc = money_add(t->discount, l->discount, &t->discount);
    if (rc == RC_OK)
        rc = money_add(t->tax, l->tax, &t->tax);
    if (rc == RC_OK)
        rc = money_add(t->tax_added, l->tax_added, &t->tax_added);
    if (rc == RC_OK)
        rc = money_add(t->total, l->total, &t->total);
    return rc == RC_OK ? money_add(t->total, l->tax_added, &t->total) : rc;
}

static enum rc work_out(struct work *w, struct discount *discounts, int64_t *taken,
                        struct pricing_totals *t)
{
    enum rc rc = RC_OK;
    for (size_t i = 0; i < w->n && rc == RC_OK; i++) {
        w->part[i] = arena_array(w->arena, int64_t, w->ndiscounts + 1);
        rc = line_start(w, &w->line[i]);
    }
    if (rc == RC_OK)
        rc = take_discounts(w, discounts, taken);
    if (rc == RC_OK)
        rc = take_taxes(w);
    for (size_t i = 0; i < w->n && rc == RC_OK; i++) {
        rc = line_finish(w, i);
        if (rc == RC_OK)
            rc = add_line(t, &w->line[i]);
    }
    return rc;
}

enum rc pricing_total(struct arena *a, const struct pricing_terms *terms,
                      struct pricing_line *lines, size_t n, struct discount *discounts,
                      size_t ndiscounts, struct pricing_totals *out)
{
    if (n > PRICING_LINES_MAX || ndiscounts > PRICING_DISCOUNTS_MAX)
        return RC_INVALID;
    struct work w = { .arena = a,
                      .terms = terms,
                      .n = n,
                      .ndiscounts = ndiscounts,
                      .step = currency_step(terms->currency),
                      .line = arena_array(a, struct pricing_line, n),
                      .part = arena_array(a, int64_t *, n) };
    struct pricing_totals t = { 0 };
    int64_t taken[PRICING_DISCOUNTS_MAX] = { 0 };
    if (n > 0)
        memcpy(w.line, lines, n * sizeof(*lines));
    enum rc rc = work_out(&w, discounts, taken, &t);
    if (rc != RC_OK)
        return rc;
    if (n > 0)
        memcpy(lines, w.line, n * sizeof(*lines));
    for (size_t d = 0; d < ndiscounts; d++)
        discounts[d].taken = taken[d];
    *out = t;
    return RC_OK;
}

const struct pricing_why *pricing_reasons(struct arena *a, const struct pricing_line *line,
                                          const struct price *price,
                                          const struct discount *discounts, size_t ndiscounts,
                                          size_t *n)
{
    struct pricing_why *why = arena_array(a, struct pricing_why, ndiscounts + 3);
    int64_t listed = line->subtotal;
    size_t count = 0;
    if (line->list != line->unit && money_ratio(line->list, line->quantity, line->price_quantity,
                                                ROUND_HALF_UP, &listed) != RC_OK)
        listed = line->subtotal;
    why[count++] = (struct pricing_why){ .reason = REASON_LIST, .amount = listed };
    if (listed != line->subtotal)
        why[count++] =
            (struct pricing_why){ .reason = price->reason == PRICE_OWN       ? REASON_OWN
                                            : price->reason == PRICE_ON_SALE ? REASON_SALE
                                                                             : REASON_TIER,
                                  .min_quantity = price->min_quantity,
                                  .amount = line->subtotal - listed };
    for (size_t d = 0; d < ndiscounts; d++)
        if (line->part[d] > 0)
            why[count++] = (struct pricing_why){ .reason = REASON_DISCOUNT,
                                                 .label = discounts[d].label,
                                                 .amount = -line->part[d] };
    if (line->part[ndiscounts] > 0)
        why[count++] = (struct pricing_why){ .reason = REASON_DISCOUNT,
                                             .label = N_("Free of tax"),
                                             .amount = -line->part[ndiscounts] };
    *n = count;
    return why;
}
