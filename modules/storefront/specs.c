/* specs.c: what a product says about itself on its page: properties, the shop's own fields by their
 * type, measures, and what is in a bundle. A value is shown the way people of the page's language
 * read it. Not here: which values there are (sql/storefront/q/product_page.sql). */
#include "specs.h"

#include <string.h>

#include "base/str.h"
#include "base/time.h"
#include "platform/fmt.h"

static struct tpl *spec(struct tpl *zone, const char *label)
{
    struct tpl *t = tpl_row(zone, "SPEC");
    tpl_set_text(t, "LABEL", label);
    return t;
}

static void plain_spec(struct tpl *zone, const char *label, const char *value)
{
    tpl_set_text(tpl_row(spec(zone, label), "PLAIN"), "VALUE", value);
}

const char *yes_or_no(const char *value)
{
    return str_eq(value, "yes") || str_eq(value, "true") ? _("Yes") : _("No");
}

/* ---- one value ---------------------------------------------------------------------------------
 */
/* "125000 LKR" as the statement writes it. */
static const char *money(struct req *r, const char *value)
{
    char **part;
    int64_t minor;
    if (str_split(r->arena, value, ' ', &part) != 2 ||
        str_int(part[0], INT64_MIN, INT64_MAX, &minor) != RC_OK)
        return value;
    return fmt_money(r->arena, r->locale, minor, part[1]);
}

static const char *whole(struct req *r, const char *value)
{
    int64_t n;
    return str_int(value, INT64_MIN, INT64_MAX, &n) == RC_OK ? fmt_int(r->arena, r->locale, n)
                                                             : value;
}

/* A day has no zone: it is shown as the day it is. */
static const char *moment(struct req *r, const char *value, bool is_day)
{
    int64_t at;
    const char *text = is_day ? arena_printf(r->arena, "%sT00:00:00Z", value) : value;
    if (instant_parse(text, &at) != RC_OK)
        return value;
    return fmt_time(r->arena, r->locale, at, is_day ? "UTC" : r->tenant->zone,
                    is_day ? FMT_DATE : FMT_DATETIME);
}

static const char *shown(struct req *r, const struct product_spec *s)
{
    const char *v = s->option_value;
    if (str_eq(s->type, "boolean") || str_eq(s->type, "checkbox"))
        return yes_or_no(v);
    if (str_eq(s->type, "currency"))
        return money(r, v);
    if (str_eq(s->type, "number") && s->unit == NULL)
        return whole(r, v);
    if (str_eq(s->type, "date") || str_eq(s->type, "datetime"))
        return moment(r, v, str_eq(s->type, "date"));
    return v;
}

/* Addresses, mails and files are links, and only those whose address is one. */
static bool link_spec(struct req *r, struct tpl *zone, const struct product_spec *s)
{
    const char *v = s->option_value, *href = NULL, *text = v;
    if (str_eq(s->type, "url") && (str_starts(v, "https://") || str_starts(v, "http://")))
        href = v;
    else if (str_eq(s->type, "email"))
        href = arena_printf(r->arena, "mailto:%s", v);
    else if (str_eq(s->type, "phone"))
        href = arena_printf(r->arena, "tel:%s", v);
    else if (str_eq(s->type, "file") || str_eq(s->type, "image")) {
        href = s->path != NULL ? storefront_media(r, s->path) : NULL;
        text = str_eq(s->type, "file") ? _("Download the file") : _("Open the picture");
        if (href == NULL)
            return true; /* nothing to show until it is there */
    }
    if (href == NULL)
        return false;
    struct tpl *t = tpl_row(spec(zone, s->attribute_name), "LINK");
    tpl_set_text(t, "HREF", href);
    tpl_set_text(t, "VALUE", text);
    return true;
}

/* ---- the section -------------------------------------------------------------------------------
 */
static bool picks_variant(const struct product_options *o, struct uuid attribute)
{
    for (size_t i = 0; i < o->n; i++)
        if (uuid_cmp(o->row[i].attribute_id, attribute) == 0)
            return true;
    return false;
}

static const char *millimetres(struct req *r, int32_t mm)
{
    return mm % 10 == 0 ? arena_printf(r->arena, "%d", mm / 10)
                        : arena_printf(r->arena, "%d.%d", mm / 10, mm % 10);
}

static void measures(struct req *r, struct tpl *zone, const struct product_variant *m)
{
    if (m->has_weight_g && m->weight_g > 0)
        plain_spec(zone, _("Weight"),
                   m->weight_g < 1000 ? arena_printf(r->arena, "%d g", m->weight_g)
                                      : arena_printf(r->arena, "%d.%02d kg", m->weight_g / 1000,
                                                     m->weight_g % 1000 / 10));
    if (m->has_length_mm && m->has_width_mm && m->has_height_mm && m->length_mm > 0 &&
        m->width_mm > 0 && m->height_mm > 0)
        plain_spec(zone, _("Size"),
                   arena_printf(r->arena, "%s \u00d7 %s \u00d7 %s cm", millimetres(r, m->length_mm),
                                millimetres(r, m->width_mm), millimetres(r, m->height_mm)));
}

/* Several values of one attribute in a line; those that pick the variant are shown above. */
void specs_show(struct req *r, struct tpl *page, const struct product_specs *specs,
                const struct product_options *options, const struct product_variant *m)
{
    struct tpl *zone = NULL;
    for (size_t i = 0; i < specs->n;) {
        const struct product_spec *s = &specs->row[i];
        const char *value = shown(r, s);
        for (i++; i < specs->n && uuid_cmp(specs->row[i].attribute_id, s->attribute_id) == 0; i++)
            value = arena_printf(r->arena, "%s, %s", value, shown(r, &specs->row[i]));
        if (picks_variant(options, s->attribute_id))
            continue;
        zone = zone != NULL ? zone : tpl_row(page, "SPECS");
        if (!link_spec(r, zone, s))
            plain_spec(zone, s->attribute_name,
                       s->unit != NULL ? arena_printf(r->arena, "%s %s", value, s->unit) : value);
    }
    bool measured = m != NULL && ((m->has_weight_g && m->weight_g > 0) ||
                                  (m->has_length_mm && m->has_width_mm && m->has_height_mm));
    if (measured)
        measures(r, zone != NULL ? zone : tpl_row(page, "SPECS"), m);
}

/* ---- bundles -----------------------------------------------------------------------------------
 */
static int32_t quantity_of(const struct product_parts *made_of, struct uuid product)
{
    int32_t n = 0;
    for (size_t i = 0; i < made_of->n; i++)
        if (uuid_cmp(made_of->row[i].product_id, product) == 0)
            n += made_of->row[i].quantity;
    return n;
}

/* "2 x Panel 500 W", and what the bundle saves against its parts bought one by one: told only when
 * every part has a price and is on the page. */
void parts_show(struct req *r, struct tpl *page, const struct product_parts *made_of,
                const struct card_list *parts, const struct price_range *own)
{
    int64_t sum = 0;
    bool whole_sum = own->priced && parts->rows.n > 0;
    struct tpl *zone = parts->rows.n > 0 ? tpl_row(page, "KIT") : NULL;
    for (size_t i = 0; i < parts->rows.n; i++) {
        const struct storefront_card *c = &parts->rows.row[i];
        int32_t n = quantity_of(made_of, c->product_id);
        struct price_range price = card_price(r, c);
        int64_t line = 0;
        struct tpl *t = tpl_row(zone, "KIT_PART");
        tpl_set_text(t, "QUANTITY", fmt_int(r->arena, r->locale, n));
        tpl_set_text(t, "NAME", c->name);
        tpl_set_text(t, "HREF", url_path(r, "/p/%s", c->slug));
        whole_sum = whole_sum && price.priced && !price.varies &&
                    money_mul(price.low.amount, n, &line) == RC_OK &&
                    money_add(sum, line, &sum) == RC_OK;
    }
    for (size_t i = 0; whole_sum && i < made_of->n; i++) {
        bool there = false;
        for (size_t k = 0; k < parts->rows.n; k++)
            there |= uuid_cmp(parts->rows.row[k].product_id, made_of->row[i].product_id) == 0;
        whole_sum = there;
    }
    if (!whole_sum || own->low.amount >= sum)
        return;
    const char *currency = r->tenant->currency;
    tpl_set_text(tpl_row(zone, "KIT_SAVING"), "SAVING_TEXT",
                 arena_printf(r->arena, _("Bought one by one: %s. You save %s."),
                              fmt_money(r->arena, r->locale, sum, currency),
                              fmt_money(r->arena, r->locale, sum - own->low.amount, currency)));
}
