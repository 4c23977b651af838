/* cart_lines.c: the lines of a cart as they stand now: price by the resolver, how many can be had,
 * and what changed since the shopper last looked. No sums here. Invariant: a line that stands in
 * the way of placing has a notice that says so. */
#include <string.h>

#include "base/str.h"
#include "base/time.h"
#include "shop/cart_int.h"

static struct price_row *price_rows(struct arena *a, const struct shop_cart_price_list *rows,
                                    size_t *n)
{
    struct price_row *out = arena_array(a, struct price_row, rows->n);
    size_t count = 0;
    for (size_t i = 0; i < rows->n; i++) {
        const struct shop_cart_price *p = &rows->row[i];
        enum price_kind kind;
        if (!price_kind_parse(p->kind, &kind))
            continue;
        out[count++] =
            (struct price_row){ .variant_id = p->variant_id,
                                .kind = kind,
                                .priority = p->priority,
                                .min_quantity = p->min_quantity,
                                .amount = p->amount_minor,
                                .lowest_30d = p->has_lowest_30d_minor ? p->lowest_30d_minor : -1,
                                .from = p->valid_from,
                                .until = p->valid_until };
    }
    *n = count;
    return out;
}

static int64_t free_of(const struct cart_rows *rows, struct uuid variant)
{
    int64_t sum = 0;
    for (size_t i = 0; i < rows->levels.n; i++)
        if (uuid_cmp(rows->levels.row[i].variant_id, variant) == 0 && rows->levels.row[i].free > 0)
            sum += rows->levels.row[i].free;
    return sum;
}

/* Parts of a kit; how many kits they make is the scarcest part. */
static void take_parts(struct arena *a, const struct cart_rows *rows, struct cart_line *l)
{
    struct cart_part *part = arena_array(a, struct cart_part, rows->parts.n);
    l->free = INT64_MAX;
    for (size_t i = 0; i < rows->parts.n; i++) {
        const struct shop_cart_part_row *p = &rows->parts.row[i];
        if (uuid_cmp(p->kit_id, l->variant) != 0)
            continue;
        struct cart_part *x = &part[l->nparts++];
        *x = (struct cart_part){ .variant = p->variant_id,
                                 .product = p->product_id,
                                 .sku = p->sku,
                                 .name = p->name,
                                 .quantity = p->quantity,
                                 .tracked = str_eq(p->stock_policy, "tracked") };
        x->free = x->tracked ? free_of(rows, x->variant) : INT64_MAX;
        if (!p->for_sale || str_eq(p->stock_policy, "never"))
            x->free = 0;
        if (x->free < INT64_MAX && x->free / x->quantity < l->free)
            l->free = x->free / x->quantity;
    }
    l->part = part;
    if (l->nparts == 0)
        l->free = 0; /* a kit of nothing cannot be sold */
}

static enum cart_notice notice_of(const struct cart_line *l, int64_t unit)
{
    if (!l->for_sale || l->price.reason == PRICE_NONE)
        return CART_GONE;
    if (l->quantity < l->min_quantity)
        return CART_TOO_FEW;
    if (l->quantity > l->max_quantity)
        return CART_TOO_MANY;
    if (l->free <= 0)
        return CART_SOLD_OUT;
    if (l->free < l->quantity)
        return CART_LESS_STOCK;
    if (unit != l->price_seen)
        return unit > l->price_seen ? CART_PRICE_UP : CART_PRICE_DOWN;
    return CART_FINE;
}

static struct cart_line make_line(struct arena *a, const struct trade *t,
                                  const struct cart_rows *rows, const struct shop_cart_row *r,
                                  const struct price_row *price, size_t nprice)
{
    struct cart_line l = { .id = r->id,
                           .variant = r->variant_id,
                           .product = r->product_id,
                           .seller = r->seller_id,
                           .slug = r->slug,
                           .name = r->name,
                           .options = r->options,
                           .sku = r->sku,
                           .image = r->image,
                           .unit = r->unit,
                           .tax_class = r->tax_class,
                           .quantity = r->quantity,
                           .price_quantity = r->price_quantity,
                           .min_quantity = r->min_quantity,
                           .max_quantity = r->max_quantity,
                           .weight_g = r->weight_g,
                           .for_sale = r->for_sale && !str_eq(r->stock_policy, "never"),
                           .is_digital = str_eq(r->kind, "digital"),
                           .price_seen = r->price_seen,
                           .line = SIZE_MAX };
    bool kit = str_eq(r->kind, "bundle");
    l.tracked = !kit && str_eq(r->stock_policy, "tracked");
    if (kit)
        take_parts(a, rows, &l);
    else
        l.free = l.tracked ? free_of(rows, l.variant) : INT64_MAX;
    l.price = price_resolve(price, nprice, l.variant, l.quantity, t->now);
    return l;
}

/* Wants of all lines together: a kit and its part in one cart ask for the same stock (T35). */
static void plan_stock(struct arena *a, const struct cart_rows *rows, struct cart *out)
{
    size_t most = out->nitems + rows->parts.n * (out->nitems + 1), n = 0, missing = 0;
    struct stock_want *want = arena_array(a, struct stock_want, most);
    size_t *line = arena_array(a, size_t, most), *part = arena_array(a, size_t, most);
    for (size_t i = 0; i < out->nitems; i++) {
        const struct cart_line *l = &out->item[i];
        if (l->tracked) {
            want[n] = (struct stock_want){ l->variant, l->quantity };
            line[n] = i;
            part[n++] = SIZE_MAX;
        }
        for (size_t k = 0; k < l->nparts; k++) {
            if (!l->part[k].tracked)
                continue;
            want[n] = (struct stock_want){ l->part[k].variant,
                                           (int64_t)l->part[k].quantity * l->quantity };
            line[n] = i;
            part[n++] = k;
        }
    }
    struct stock_place *place = arena_array(a, struct stock_place, rows->levels.n);
    for (size_t i = 0; i < rows->levels.n; i++)
        place[i] = (struct stock_place){ .variant = rows->levels.row[i].variant_id,
                                         .warehouse = rows->levels.row[i].warehouse_id,
                                         .priority = rows->levels.row[i].priority,
                                         .free = rows->levels.row[i].free };
    struct stock_take *take = NULL;
    if (stock_plan(a, want, n, place, rows->levels.n, &take, &out->ntakes, &missing) != RC_OK) {
        enum cart_notice *notice = &out->item[line[missing]].notice;
        if (*notice == CART_FINE || *notice == CART_PRICE_UP || *notice == CART_PRICE_DOWN)
            *notice = CART_LESS_STOCK;
        out->ntakes = 0;
    }
    out->take = take;
    out->want = want;
    out->want_line = line;
    out->want_part = part;
    out->nwants = n;
}

void cart_lines_build(struct arena *a, const struct trade *t, const struct cart_rows *rows,
                      struct cart *out)
{
    size_t nprice = 0, n = rows->lines.n;
    struct price_row *price = price_rows(a, &rows->prices, &nprice);
    out->item = arena_array(a, struct cart_line, n);
    out->saved = arena_array(a, struct cart_line, n);
    out->removed = arena_array(a, struct cart_line, n);
    for (size_t i = 0; i < n; i++) {
        const struct shop_cart_row *r = &rows->lines.row[i];
        struct cart_line l = make_line(a, t, rows, r, price, nprice);
        l.notice = notice_of(&l, pricing_unit(&out->terms, l.price.amount));
        if (r->is_removed)
            out->removed[out->nremoved++] = l;
        else if (r->is_saved)
            out->saved[out->nsaved++] = l;
        else
            out->item[out->nitems++] = l;
    }
    plan_stock(a, rows, out);
    out->blocked = out->nitems == 0;
    for (size_t i = 0; i < out->nitems; i++)
        out->blocked |= out->item[i].notice > CART_PRICE_DOWN;
}
