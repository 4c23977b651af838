/* variants.c: variants as links. Each value of each attribute leads to the variant that differs
 * from the chosen one in this value alone, or, where there is none, to the nearest that has the
 * value; so any variant can be reached without scripts, and none that is not made is ever offered.
 */
#include "variants.h"

#include "base/str.h"
#include "shop/product.h"
#include "specs.h"

struct stock_fact variant_stock(const struct variant_set *s, const struct product_variant *v)
{
    return (struct stock_fact){ .external = str_eq(s->kind, "external"),
                                .always = str_eq(v->stock_policy, "always"),
                                .free = str_eq(v->stock_policy, "tracked") ? v->free : 0,
                                .backorder = str_eq(v->stock_policy, "tracked") && v->backorder,
                                .reorder = v->reorder };
}

static bool can_buy(const struct variant_set *s, const struct product_variant *v)
{
    struct stock_fact f = variant_stock(s, v);
    return stock_word(&f) != STOCK_OUT;
}

/* All its options are those the shop shows first. */
static bool is_default(const struct variant_set *s, struct uuid variant)
{
    size_t mine = 0, chosen = 0;
    for (size_t i = 0; i < s->options->n; i++) {
        const struct product_option *o = &s->options->row[i];
        if (uuid_cmp(o->variant_id, variant) != 0)
            continue;
        mine++;
        chosen += o->is_default;
    }
    return mine > 0 && chosen == mine;
}

static const char *label(const struct product_option *o)
{
    return str_eq(o->input, "boolean") ? yes_or_no(o->option_value) : o->option_value;
}

struct variant_set variants_choose(struct req *r, const struct product_variants *v,
                                   const struct product_options *o, const char *kind,
                                   const char *slug, const char *sku)
{
    struct variant_set s = {
        .variants = v, .options = o, .kind = kind, .slug = slug, .chosen = v->n
    };
    const char *norm = str_empty(sku) ? NULL : product_sku_norm(r->arena, sku);
    for (size_t i = 0; norm != NULL && i < v->n && s.chosen == v->n; i++)
        if (str_eq(product_sku_norm(r->arena, v->row[i].sku), norm))
            s.chosen = i;
    s.missing = norm != NULL && s.chosen == v->n;
    /* Nobody asked: the shop's own choice, then the first that can be bought. */
    for (size_t i = 0; i < v->n && s.chosen == v->n; i++)
        if (is_default(&s, v->row[i].variant_id) && can_buy(&s, &v->row[i]))
            s.chosen = i;
    for (size_t i = 0; i < v->n && s.chosen == v->n; i++)
        if (can_buy(&s, &v->row[i]))
            s.chosen = i;
    if (s.chosen == v->n && v->n > 0)
        s.chosen = 0;
    return s;
}

/* The option a variant has for an attribute; NULL: any. */
static const struct product_option *option_of(const struct variant_set *s, struct uuid variant,
                                              struct uuid attribute)
{
    for (size_t i = 0; i < s->options->n; i++) {
        const struct product_option *o = &s->options->row[i];
        if (uuid_cmp(o->variant_id, variant) == 0 && uuid_cmp(o->attribute_id, attribute) == 0)
            return o;
    }
    return NULL;
}

/* How many attributes besides this one a variant shares with the chosen; *others counts them all.
 */
static size_t likeness(const struct variant_set *s, struct uuid variant, struct uuid attribute,
                       size_t *others)
{
    struct uuid chosen = s->variants->row[s->chosen].variant_id;
    size_t same = 0;
    *others = 0;
    for (size_t i = 0; i < s->options->n; i++) {
        const struct product_option *mine = &s->options->row[i];
        if (uuid_cmp(mine->variant_id, chosen) != 0 || uuid_cmp(mine->attribute_id, attribute) == 0)
            continue;
        const struct product_option *its = option_of(s, variant, mine->attribute_id);
        (*others)++;
        same += its != NULL && uuid_cmp(its->option_id, mine->option_id) == 0;
    }
    return same;
}

/* The variant a value leads to; *exact: it differs from the chosen one in this value alone. */
static const struct product_variant *leads_to(const struct variant_set *s,
                                              const struct product_option *value, bool *exact)
{
    const struct product_variant *best = NULL;
    size_t best_likeness = 0;
    bool best_there = false;
    for (size_t i = 0; i < s->variants->n; i++) {
        const struct product_variant *v = &s->variants->row[i];
        const struct product_option *o = option_of(s, v->variant_id, value->attribute_id);
        size_t others;
        if (o == NULL || uuid_cmp(o->option_id, value->option_id) != 0)
            continue;
        size_t like = likeness(s, v->variant_id, value->attribute_id, &others);
        bool there = can_buy(s, v);
        if (best == NULL || like > best_likeness ||
            (like == best_likeness && there && !best_there)) {
            best = v;
            best_likeness = like;
            best_there = there;
            *exact = like == others;
        }
    }
    return best;
}

static bool seen_before(const struct variant_set *s, size_t at)
{
    for (size_t i = 0; i < at; i++)
        if (uuid_cmp(s->options->row[i].option_id, s->options->row[at].option_id) == 0)
            return true;
    return false;
}

static void fill_choice(struct req *r, struct tpl *option, const struct variant_set *s,
                        const struct product_option *value, bool current)
{
    bool exact = false;
    const struct product_variant *v = leads_to(s, value, &exact);
    if (v == NULL)
        return;
    struct tpl *t = tpl_row(option, "CHOICE");
    tpl_set_text(t, "LABEL", label(value));
    tpl_set_text(t, "HREF", url_path(r, "/p/%s?variant=%s", s->slug, v->sku));
    tpl_show(t, "CURRENT", current);
    tpl_show(t, "GONE", !exact || !can_buy(s, v));
    if (value->swatch != NULL)
        tpl_set_text(tpl_row(t, "SWATCH"), "COLOUR", value->swatch);
}

void variants_show(struct req *r, struct tpl *page, const struct variant_set *s)
{
    if (s->variants->n < 2)
        return;
    struct uuid chosen = s->variants->row[s->chosen].variant_id;
    for (size_t i = 0; i < s->options->n;) {
        struct uuid attribute = s->options->row[i].attribute_id;
        const struct product_option *mine = option_of(s, chosen, attribute);
        struct tpl *t = tpl_row(page, "OPTION");
        tpl_set_text(t, "OPTION_NAME", s->options->row[i].attribute_name);
        tpl_set_text(t, "CHOSEN", mine != NULL ? label(mine) : "");
        for (; i < s->options->n && uuid_cmp(s->options->row[i].attribute_id, attribute) == 0; i++)
            if (!seen_before(s, i))
                fill_choice(r, t, s, &s->options->row[i],
                            mine != NULL &&
                                uuid_cmp(mine->option_id, s->options->row[i].option_id) == 0);
    }
}
