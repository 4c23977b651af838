/* order_lines.c: a priced cart to the arrays an order is written from: lines with kit parts,
 * shipping and fee, their taxes and discounts, and what stock serves which line. It copies, it does
 * not compute: every amount is the one the cart showed. */
#include <string.h>

#include "platform/crypto.h"
#include "platform/db.h"
#include "shop/order_int.h"

enum { AMOUNTS = 7 };

static void add_common(struct order_rows *o, struct uuid parent, const char *kind,
                       const struct cart_line *l)
{
    size_t i = o->n++;
    o->id[i] = uuid7_new();
    o->kind[i] = kind;
    o->parent[i] = parent;
    o->name[i] = o->sku[i] = o->options[i] = o->image[i] = o->class[i] = "";
    o->unit[i] = "piece";
    o->quantity[i] = o->price_quantity[i] = 1;
    if (l == NULL)
        return;
    o->product[i] = l->product;
    o->variant[i] = l->variant;
    o->seller[i] = l->seller;
    o->sku[i] = l->sku;
    o->name[i] = l->name;
    o->options[i] = l->options;
    o->image[i] = l->image;
    o->class[i] = l->tax_class;
    o->unit[i] = l->unit;
    o->weight[i] = (int32_t)l->weight_g;
    o->quantity[i] = l->quantity;
    o->price_quantity[i] = l->price_quantity;
    o->tracked[i] = l->tracked;
}

static void add_taxes(struct order_rows *o, size_t i, const struct pricing_line *p)
{
    for (size_t k = 0; k < p->taxes.n; k++) {
        size_t t = o->ntaxes++;
        const struct tax_rate *r = p->lot[k].rate;
        o->tax_item[t] = o->id[i];
        o->tax_position[t] = (int32_t)k;
        o->tax_rate[t] = r->id;
        o->tax_ppm[t] = r->ppm;
        o->tax_name[t] = r->name;
        o->tax_country[t] = r->country;
        o->tax_region[t] = r->region;
        o->tax_compound[t] = r->compound;
        o->tax_base[t] = p->lot[k].base;
        o->tax_amount[t] = p->lot[k].amount;
    }
}

static void add_discounts(struct order_rows *o, const struct cart *c, size_t i,
                          const struct pricing_line *p)
{
    for (size_t d = 0; d <= c->ndiscounts; d++) {
        if (p->part[d] == 0)
            continue;
        bool relief = d == c->ndiscounts;
        size_t k = o->ndiscounts++;
        o->discount_item[k] = o->id[i];
        o->discount_position[k] = (int32_t)d;
        o->discount_source[k] = relief ? "exemption" : c->discounts[d].source;
        o->discount_source_id[k] = relief ? (struct uuid){ { 0 } } : c->discounts[d].source_id;
        o->discount_code[k] = relief ? "" : c->discounts[d].code;
        o->discount_label[k] = relief ? "Tax" : c->discounts[d].label;
        o->discount_amount[k] = p->part[d];
    }
}

static void add_priced(struct order_rows *o, const struct cart *c, const struct pricing_line *p)
{
    size_t i = o->n - 1;
    int64_t *a = &o->amounts[i * AMOUNTS];
    a[0] = p->list;
    a[1] = p->unit;
    a[2] = p->subtotal;
    a[3] = p->discount;
    a[4] = p->total;
    a[5] = p->tax;
    a[6] = p->tax_added;
    add_taxes(o, i, p);
    add_discounts(o, c, i, p);
}

static void add_goods(struct order_rows *o, const struct cart *c, size_t *row_of, size_t *part_of)
{
    const struct uuid none = { { 0 } };
    for (size_t i = 0; i < c->nitems; i++) {
        const struct cart_line *l = &c->item[i];
        row_of[i] = o->n;
        add_common(o, none, "item", l);
        add_priced(o, c, &c->lines[l->line]);
        part_of[i] = o->n;
        for (size_t k = 0; k < l->nparts; k++) {
            const struct cart_part *p = &l->part[k];
            add_common(o, o->id[row_of[i]], "part", NULL);
            size_t at = o->n - 1;
            o->product[at] = p->product;
            o->variant[at] = p->variant;
            o->seller[at] = l->seller;
            o->sku[at] = p->sku;
            o->name[at] = p->name;
            o->quantity[at] = p->quantity * l->quantity;
            o->tracked[at] = p->tracked;
        }
    }
}

static void add_takes(struct order_rows *o, const struct cart *c, const size_t *row_of,
                      const size_t *part_of)
{
    for (size_t i = 0; i < c->ntakes; i++) {
        size_t want = c->take[i].want, line = c->want_line[want], part = c->want_part[want];
        size_t row = part == SIZE_MAX ? row_of[line] : part_of[line] + part;
        o->take_item[i] = o->id[row];
        o->take_variant[i] = c->take[i].variant;
        o->take_warehouse[i] = c->take[i].warehouse;
        o->take_quantity[i] = c->take[i].quantity;
    }
    o->ntakes = c->ntakes;
}

static void allocate(struct arena *a, struct order_rows *o, const struct cart *c)
{
    size_t n = c->nitems + 2, nt = (c->nitems + 2) * TAX_SET_MAX;
    for (size_t i = 0; i < c->nitems; i++)
        n += c->item[i].nparts;
    size_t nd = n * (c->ndiscounts + 1);
    struct uuid **ids[] = { &o->id, &o->parent, &o->product, &o->variant, &o->seller };
    const char ***texts[] = { &o->kind,  &o->sku,   &o->name, &o->options,
                              &o->image, &o->class, &o->unit };
    for (size_t i = 0; i < COUNT_OF(ids); i++)
        *ids[i] = arena_array(a, struct uuid, n);
    for (size_t i = 0; i < COUNT_OF(texts); i++)
        *texts[i] = arena_array(a, const char *, n);
    o->weight = arena_array(a, int32_t, n);
    o->quantity = arena_array(a, int32_t, n);
    o->price_quantity = arena_array(a, int32_t, n);
    o->amounts = arena_array(a, int64_t, n * AMOUNTS);
    o->tracked = arena_array(a, bool, n);
    o->tax_item = arena_array(a, struct uuid, nt);
    o->tax_rate = arena_array(a, struct uuid, nt);
    o->tax_position = arena_array(a, int32_t, nt);
    o->tax_ppm = arena_array(a, int32_t, nt);
    o->tax_name = arena_array(a, const char *, nt);
    o->tax_country = arena_array(a, const char *, nt);
    o->tax_region = arena_array(a, const char *, nt);
    o->tax_compound = arena_array(a, bool, nt);
    o->tax_base = arena_array(a, int64_t, nt);
    o->tax_amount = arena_array(a, int64_t, nt);
    o->discount_item = arena_array(a, struct uuid, nd);
    o->discount_source_id = arena_array(a, struct uuid, nd);
    o->discount_position = arena_array(a, int32_t, nd);
    o->discount_source = arena_array(a, const char *, nd);
    o->discount_code = arena_array(a, const char *, nd);
    o->discount_label = arena_array(a, const char *, nd);
    o->discount_amount = arena_array(a, int64_t, nd);
    o->take_item = arena_array(a, struct uuid, c->ntakes);
    o->take_variant = arena_array(a, struct uuid, c->ntakes);
    o->take_warehouse = arena_array(a, struct uuid, c->ntakes);
    o->take_quantity = arena_array(a, int32_t, c->ntakes);
}

void order_rows_make(struct arena *a, const struct cart *c, struct order_rows *o)
{
    const struct uuid none = { { 0 } };
    size_t *row_of = arena_array(a, size_t, c->nitems),
           *part_of = arena_array(a, size_t, c->nitems);
    *o = (struct order_rows){ .n = 0 };
    allocate(a, o, c);
    add_goods(o, c, row_of, part_of);
    for (size_t i = 0; i < c->nlines; i++) {
        const struct pricing_line *p = &c->lines[i];
        if (p->kind == PRICING_ITEM)
            continue;
        add_common(o, none, p->kind == PRICING_SHIPPING ? "shipping" : "fee", NULL);
        size_t at = o->n - 1;
        if (p->kind == PRICING_SHIPPING) {
            o->name[at] = c->shipping[c->chosen_shipping].method->name;
            o->sku[at] = c->shipping[c->chosen_shipping].method->code;
        } else {
            o->name[at] = c->payment[c->chosen_payment].name;
            o->sku[at] = c->payment[c->chosen_payment].code;
        }
        add_priced(o, c, p);
    }
    add_takes(o, c, row_of, part_of);
}

void order_rows_send(struct db_pipe *p, struct uuid order, const struct cart *c,
                     const struct order_rows *o)
{
    shop_q_order_items_add_send(
        p, order, (struct uuids){ o->id, o->n }, (struct texts){ o->kind, o->n },
        (struct uuids){ o->parent, o->n }, (struct uuids){ o->product, o->n },
        (struct uuids){ o->variant, o->n }, (struct uuids){ o->seller, o->n },
        (struct texts){ o->sku, o->n }, (struct texts){ o->name, o->n },
        (struct texts){ o->options, o->n }, (struct texts){ o->image, o->n },
        (struct texts){ o->class, o->n }, (struct texts){ o->unit, o->n },
        (struct int4s){ o->weight, o->n }, (struct int4s){ o->quantity, o->n },
        (struct int4s){ o->price_quantity, o->n }, (struct int8s){ o->amounts, o->n * AMOUNTS },
        (struct bools){ o->tracked, o->n }, NULL);
    if (o->ntaxes > 0)
        shop_q_order_taxes_add_send(
            p, order, (struct uuids){ o->tax_item, o->ntaxes },
            (struct int4s){ o->tax_position, o->ntaxes }, (struct uuids){ o->tax_rate, o->ntaxes },
            (struct int4s){ o->tax_ppm, o->ntaxes }, (struct texts){ o->tax_name, o->ntaxes },
            (struct texts){ o->tax_country, o->ntaxes }, (struct texts){ o->tax_region, o->ntaxes },
            (struct bools){ o->tax_compound, o->ntaxes },
            c->terms.relief != NULL ? c->terms.relief : "rate",
            c->terms.relief != NULL ? c->terms.evidence : "",
            (struct int8s){ o->tax_base, o->ntaxes }, (struct int8s){ o->tax_amount, o->ntaxes },
            NULL);
    if (o->ndiscounts > 0)
        shop_q_order_discounts_add_send(p, order, (struct uuids){ o->discount_item, o->ndiscounts },
                                        (struct int4s){ o->discount_position, o->ndiscounts },
                                        (struct texts){ o->discount_source, o->ndiscounts },
                                        (struct uuids){ o->discount_source_id, o->ndiscounts },
                                        (struct texts){ o->discount_code, o->ndiscounts },
                                        (struct texts){ o->discount_label, o->ndiscounts },
                                        (struct int8s){ o->discount_amount, o->ndiscounts }, NULL);
}
