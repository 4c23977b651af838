/* cart_build.c: the sums of a cart: codes to discounts, place to taxes and ways to deliver, all
 * through pricing_total. Only here is a cart added up, for its page, for checkout and for the
 * order, so they cannot differ. The hash at the end covers what is paid and for what (T14). */
#include <string.h>

#include "base/buf.h"
#include "base/str.h"
#include "platform/crypto.h"
#include "shop/cart_int.h"
#include "shop/payment.h"

static void take_terms(const struct trade *t, const struct shop_cart_head *h, struct cart *out)
{
    static const char *const modes[] = { "half_up", "half_even", "down", "up" };
    out->terms =
        (struct pricing_terms){ .currency = currency_find(h->currency),
                                .include_tax = t->include_tax,
                                .tax_rounding =
                                    str_eq(h->tax_rounding, "order") ? TAX_PER_ORDER : TAX_PER_LINE,
                                .relief = h->relief,
                                .evidence = h->evidence };
    for (size_t i = 0; i < COUNT_OF(modes); i++)
        if (str_eq(h->rounding, modes[i]))
            out->terms.rounding = (enum rounding)i;
}

static void take_head(const struct trade *t, const struct shop_cart_head *h, struct cart *out)
{
    out->id = h->id;
    out->version = h->version;
    out->expires_at = h->expires_at;
    out->group = h->has_group_id ? h->group_id : (struct uuid){ { 0 } };
    out->customer_email = h->customer_email;
    out->checkout = (struct checkout){ .email = h->email,
                                       .name = h->name,
                                       .phone = h->phone,
                                       .company = h->company,
                                       .line1 = h->line1,
                                       .line2 = h->line2,
                                       .city = h->city,
                                       .region = h->region,
                                       .postcode = h->postcode,
                                       .country = h->country,
                                       .landmark = h->landmark,
                                       .instructions = h->instructions,
                                       .billing = h->billing,
                                       .payment_method = h->payment_method,
                                       .note = h->note };
    if (h->has_shipping_method)
        out->checkout.shipping_method = h->shipping_method;
    out->place_known = *h->city != '\0' || *h->postcode != '\0';
    take_terms(t, h, out);
}

static const struct tax_rate *take_rates(struct arena *a, const struct cart_rows *rows)
{
    struct tax_rate *r = arena_array(a, struct tax_rate, rows->taxes.n);
    for (size_t i = 0; i < rows->taxes.n; i++) {
        const struct shop_tax_candidate *c = &rows->taxes.row[i];
        r[i] = (struct tax_rate){ .id = c->id,
                                  .tax_class = c->tax_class,
                                  .name = c->name,
                                  .country = c->country,
                                  .region = c->region,
                                  .ppm = c->rate_ppm,
                                  .priority = c->priority,
                                  .closeness = c->closeness,
                                  .position = c->position,
                                  .compound = c->is_compound,
                                  .on_shipping = c->on_shipping };
    }
    return r;
}

static enum rc goods_lines(const struct cart_rows *rows, const struct tax_rate *rates,
                           struct cart *out)
{
    for (size_t i = 0; i < out->nitems; i++) {
        struct cart_line *l = &out->item[i];
        if (!l->for_sale || l->price.reason == PRICE_NONE)
            continue;
        struct pricing_line *p = &out->lines[out->nlines];
        *p = (struct pricing_line){ .kind = PRICING_ITEM,
                                    .unit = l->price.amount,
                                    .list = l->price.list >= 0 ? l->price.list : l->price.amount,
                                    .quantity = l->quantity,
                                    .price_quantity = l->price_quantity };
        enum rc rc = tax_pick(rates, rows->taxes.n, l->tax_class, false, &p->taxes);
        if (rc != RC_OK)
            return rc;
        l->line = out->nlines++;
        out->needs_shipping |= !l->is_digital;
    }
    return RC_OK;
}

static struct coupon coupon_of(const struct shop_cart_coupon *c)
{
    return (struct coupon){ .id = c->id,
                            .code_id = c->code_id,
                            .code = c->code,
                            .name = c->name,
                            .currency = c->currency,
                            .kind = str_eq(c->type, "percentage")     ? DISCOUNT_PERCENT
                                    : str_eq(c->type, "fixed_amount") ? DISCOUNT_FIXED
                                                                      : DISCOUNT_ALL,
                            .ppm = c->has_value_ppm ? c->value_ppm : 0,
                            .amount = c->has_value_minor ? c->value_minor : 0,
                            .minimum = c->minimum_minor,
                            .cap = c->has_cap_minor ? c->cap_minor : -1,
                            .usage_limit = c->has_usage_limit ? c->usage_limit : -1,
                            .used = c->used_count,
                            .code_limit = c->has_code_limit ? c->code_limit : -1,
                            .code_used = c->code_used,
                            .person_limit = c->has_per_person_limit ? c->per_person_limit : -1,
                            .person_used = c->person_used,
                            .active = c->is_active,
                            .exclusive = c->is_exclusive,
                            .excludes_sale = c->excludes_sale,
                            .for_group = c->has_group_id,
                            .group = c->has_group_id ? c->group_id : (struct uuid){ { 0 } },
                            .from = c->valid_from,
                            .until = c->valid_until,
                            .products = c->product_ids,
                            .categories = c->category_ids };
}

static struct uuids categories_of(const struct cart_rows *rows, struct uuid line)
{
    for (size_t i = 0; i < rows->lines.n; i++)
        if (uuid_cmp(rows->lines.row[i].id, line) == 0)
            return rows->lines.row[i].categories;
    return (struct uuids){ NULL, 0 };
}

/* Codes that apply become discounts on the goods they are for; free shipping waits for its line. */
static void take_codes(struct arena *a, const struct trade *t, const struct cart_rows *rows,
                       struct cart *out, uint32_t *on_shipping)
{
    size_t n = 0, exclusive = 0;
    struct coupon_goods *goods = arena_array(a, struct coupon_goods, out->nlines);
    bool *touches = arena_array(a, bool, out->nlines);
    for (size_t i = 0; i < out->nitems; i++) {
        const struct cart_line *l = &out->item[i];
        if (l->line == SIZE_MAX)
            continue;
        goods[n++] = (struct coupon_goods){ .product = l->product,
                                            .categories = categories_of(rows, l->id),
                                            .on_sale = l->price.reason == PRICE_ON_SALE,
                                            .subtotal = out->lines[l->line].subtotal };
    }
    out->code = arena_array(a, struct cart_code, rows->coupons.n);
    out->discounts = arena_array(a, struct discount, rows->coupons.n);
    for (size_t i = 0; i < rows->coupons.n; i++) {
        struct cart_code *c = &out->code[out->ncodes++];
        c->coupon = coupon_of(&rows->coupons.row[i]);
        c->problem = coupon_check(&c->coupon, goods, n, out->terms.currency->code, out->group,
                                  out->ndiscounts, t->now, touches);
        if (c->problem == COUPON_OK && exclusive > 0)
            c->problem = COUPON_ALONE;
        if (c->problem != COUPON_OK || out->ndiscounts == PRICING_DISCOUNTS_MAX)
            continue;
        exclusive += c->coupon.exclusive ? 1 : 0;
        uint32_t bit = UINT32_C(1) << out->ndiscounts;
        if (c->coupon.kind == DISCOUNT_ALL)
            *on_shipping |= bit;
        for (size_t k = 0; k < n && c->coupon.kind != DISCOUNT_ALL; k++)
            if (touches[k])
                out->lines[k].discounts |= bit;
        out->discounts[out->ndiscounts++] = coupon_discount(&c->coupon);
    }
}

static enum rc add_shipping(struct arena *a, const struct cart_rows *rows,
                            const struct tax_rate *rates, uint32_t discounts, struct cart *out)
{
    int64_t weight = 0;
    for (size_t i = 0; i < out->nitems; i++) {
        int64_t one = 0;
        if (money_mul(out->item[i].weight_g, out->item[i].quantity, &one) != RC_OK ||
            money_add(weight, one, &weight) != RC_OK)
            return RC_LIMIT;
    }
    out->shipping = cart_shipping(a, &rows->shipping, weight, out->totals.items, &out->nshipping);
    out->chosen_shipping = 0;
    for (size_t i = 0; i < out->nshipping; i++)
        if (uuid_cmp(out->shipping[i].method->id, out->checkout.shipping_method) == 0)
            out->chosen_shipping = i;
    if (out->nshipping == 0)
        return RC_OK;
    const struct shipping_option *o = &out->shipping[out->chosen_shipping];
    struct pricing_line *p = &out->lines[out->nlines++];
    *p = (struct pricing_line){ .kind = PRICING_SHIPPING,
                                .unit = o->amount,
                                .list = o->amount,
                                .quantity = 1,
                                .price_quantity = 1,
                                .discounts = discounts };
    return tax_pick(rates, rows->taxes.n, o->method->tax_class, true, &p->taxes);
}

static void take_payments(struct arena *a, const struct cart_rows *rows, struct cart *out)
{
    struct payment_option *p = arena_array(a, struct payment_option, rows->payments.n);
    for (size_t i = 0; i < rows->payments.n; i++) {
        const struct shop_payment_offer *m = &rows->payments.row[i];
        if (out->totals.total < m->min_minor ||
            (m->has_max_minor && out->totals.total > m->max_minor) ||
            pay_adapter_find(m->provider) == NULL)
            continue;
        if (str_eq(m->code, out->checkout.payment_method))
            out->chosen_payment = out->npayment;
        p[out->npayment++] =
            (struct payment_option){ .id = m->id,
                                     .code = m->code,
                                     .provider = m->provider,
                                     .name = m->name,
                                     .instructions = m->instructions,
                                     .config = m->config,
                                     .fee = m->fee_minor,
                                     .hold_minutes = m->has_hold_minutes ? m->hold_minutes : 0 };
    }
    out->payment = p;
}

static enum rc add_fee(const struct cart_rows *rows, const struct tax_rate *rates, struct cart *out)
{
    if (out->npayment == 0 || out->payment[out->chosen_payment].fee == 0)
        return RC_OK;
    struct pricing_line *p = &out->lines[out->nlines++];
    int64_t fee = out->payment[out->chosen_payment].fee;
    *p = (struct pricing_line){
        .kind = PRICING_FEE, .unit = fee, .list = fee, .quantity = 1, .price_quantity = 1
    };
    return tax_pick(rates, rows->taxes.n, "standard", false, &p->taxes);
}

static void hash_shown(struct arena *a, struct cart *c)
{
    struct buf b;
    char id[UUID_TEXT];
    buf_init(&b, a, 1024 * 1024);
    uuid_format(c->id, id);
    buf_printf(&b, "%s %s %d", id, c->terms.currency->code, c->terms.include_tax);
    for (size_t i = 0; i < c->nitems; i++) {
        uuid_format(c->item[i].variant, id);
        buf_printf(&b, "\n%s %d %zu", id, c->item[i].quantity, c->item[i].line);
    }
    for (size_t i = 0; i < c->nlines; i++)
        buf_printf(&b, "\n%d %lld %lld %lld %lld %lld", c->lines[i].kind,
                   (long long)c->lines[i].unit, (long long)c->lines[i].subtotal,
                   (long long)c->lines[i].total, (long long)c->lines[i].tax,
                   (long long)c->lines[i].tax_added);
    if (c->nshipping > 0)
        buf_printf(&b, "\nship %s", c->shipping[c->chosen_shipping].method->code);
    if (c->npayment > 0)
        buf_printf(&b, "\npay %s", c->payment[c->chosen_payment].code);
    buf_printf(&b, "\ntotal %lld", (long long)c->totals.total);
    const char *const to[] = { c->checkout.name,     c->checkout.phone,  c->checkout.line1,
                               c->checkout.line2,    c->checkout.city,   c->checkout.region,
                               c->checkout.postcode, c->checkout.country };
    for (size_t i = 0; i < COUNT_OF(to); i++)
        buf_printf(&b, "\nto %s", to[i]);
    crypto_digest(b.p, b.n, c->shown_hash);
}

static enum rc sum(struct arena *a, struct cart *c)
{
    return pricing_total(a, &c->terms, c->lines, c->nlines, c->discounts, c->ndiscounts,
                         &c->totals);
}

enum rc cart_build(struct arena *a, const struct trade *t, const struct cart_rows *rows,
                   struct cart *out)
{
    struct cart c = { .version = 0 };
    uint32_t on_shipping = 0;
    take_head(t, &rows->head.row, &c);
    if (c.terms.currency == NULL)
        return RC_BUG;
    cart_lines_build(a, t, rows, &c);
    const struct tax_rate *rates = take_rates(a, rows);
    c.lines = arena_array(a, struct pricing_line, c.nitems + 2);
    enum rc rc = goods_lines(rows, rates, &c);
    if (rc == RC_OK)
        rc = sum(a, &c); /* codes ask what goods cost before them */
    if (rc == RC_OK) {
        take_codes(a, t, rows, &c, &on_shipping);
        rc = sum(a, &c); /* shipping asks what they cost after */
    }
    if (rc == RC_OK && c.needs_shipping)
        rc = add_shipping(a, rows, rates, on_shipping, &c);
    if (rc == RC_OK)
        rc = sum(a, &c);
    if (rc == RC_OK) {
        take_payments(a, rows, &c);
        rc = add_fee(rows, rates, &c);
    }
    if (rc == RC_OK)
        rc = sum(a, &c);
    if (rc != RC_OK)
        return rc;
    for (size_t i = 0, d = 0; i < c.ncodes && d < c.ndiscounts; i++)
        if (c.code[i].problem == COUPON_OK)
            c.code[i].taken = c.discounts[d++].taken;
    hash_shown(a, &c);
    *out = c;
    return RC_OK;
}
