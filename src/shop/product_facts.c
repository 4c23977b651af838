/* product_facts.c: reads the document of a product's page and lays the live rows over it. The
 * document is written by a view, so a row that does not fit is a fault of ours and RC_BUG, never a
 * page with a hole. Not here: writing it (product.c), what is shown of it (modules/storefront).
 * Invariant: the tables below name the members in the order of the view's arrays. */
#include "shop/product_facts.h"

#include <string.h>

#include "base/str.h"
#include "platform/json.h"

#define AT(type, member, kind)                                                                     \
    {                                                                                              \
#member, kind, false, offsetof(type, member), FIELD_NOT_NULL                               \
    }
#define NULLABLE(type, member, kind)                                                               \
    {                                                                                              \
#member, kind, true, offsetof(type, member), FIELD_NOT_NULL                                \
    }
#define MAY_HAVE(type, member)                                                                     \
    {                                                                                              \
#member, FT_INT4, true, offsetof(type, member), offsetof(type, has_##member)               \
    }

static const struct field variant_fields[] = {
    AT(struct product_variant, variant_id, FT_UUID),
    AT(struct product_variant, sku, FT_TEXT),
    NULLABLE(struct product_variant, barcode, FT_TEXT),
    AT(struct product_variant, stock_policy, FT_TEXT),
    MAY_HAVE(struct product_variant, weight_g),
    MAY_HAVE(struct product_variant, length_mm),
    MAY_HAVE(struct product_variant, width_mm),
    MAY_HAVE(struct product_variant, height_mm),
    AT(struct product_variant, min_quantity, FT_INT4),
    AT(struct product_variant, max_quantity, FT_INT4),
    AT(struct product_variant, unit, FT_TEXT),
    AT(struct product_variant, price_quantity, FT_INT4),
};
static const struct field option_fields[] = {
    AT(struct product_option, variant_id, FT_UUID),
    AT(struct product_option, attribute_id, FT_UUID),
    AT(struct product_option, attribute_name, FT_TEXT),
    AT(struct product_option, option_id, FT_UUID),
    AT(struct product_option, option_value, FT_TEXT),
    NULLABLE(struct product_option, swatch, FT_TEXT),
    AT(struct product_option, input, FT_TEXT),
    AT(struct product_option, is_default, FT_BOOL),
};
static const struct field spec_fields[] = {
    AT(struct product_spec, attribute_id, FT_UUID),
    AT(struct product_spec, attribute_name, FT_TEXT),
    NULLABLE(struct product_spec, option_id, FT_UUID),
    AT(struct product_spec, option_value, FT_TEXT),
    NULLABLE(struct product_spec, unit, FT_TEXT),
    AT(struct product_spec, type, FT_TEXT),
};
static const struct field image_fields[] = {
    AT(struct product_image, media_id, FT_UUID),         AT(struct product_image, path, FT_TEXT),
    AT(struct product_image, alt_text, FT_TEXT),         AT(struct product_image, width, FT_INT4),
    AT(struct product_image, height, FT_INT4),           AT(struct product_image, look, FT_INT4),
    NULLABLE(struct product_image, variant_id, FT_UUID),
};
static const struct field part_fields[] = {
    AT(struct product_part, kit_id, FT_UUID),       AT(struct product_part, variant_id, FT_UUID),
    AT(struct product_part, product_id, FT_UUID),   AT(struct product_part, quantity, FT_INT4),
    AT(struct product_part, stock_policy, FT_TEXT), AT(struct product_part, sold, FT_BOOL),
};
struct listed_price {
    struct uuid variant_id;
    const char *currency, *kind;
    int32_t priority, min_quantity;
    int64_t amount, lowest, from, until;
};
static const struct field price_fields[] = {
    AT(struct listed_price, variant_id, FT_UUID),   AT(struct listed_price, currency, FT_TEXT),
    AT(struct listed_price, kind, FT_TEXT),         AT(struct listed_price, priority, FT_INT4),
    AT(struct listed_price, min_quantity, FT_INT4), AT(struct listed_price, amount, FT_INT8),
    NULLABLE(struct listed_price, lowest, FT_INT8), AT(struct listed_price, from, FT_INT8),
    AT(struct listed_price, until, FT_INT8),
};

/* Rows of one key into new structs of this size; *n unchanged on failure. */
static enum rc take(struct arena *a, const struct json *doc, const char *key,
                    const struct field *fields, size_t nfields, size_t size, void **row, size_t *n)
{
    const struct json *list = json_get(doc, key);
    const size_t count = json_size(list);
    char *rows = arena_calloc(a, count, size);
    for (size_t i = 0; i < count; i++)
        if (!json_take_row(json_at(list, i), fields, nfields, rows + i * size))
            return RC_BUG;
    *row = rows;
    *n = count;
    return RC_OK;
}

#define TAKE(a, doc, key, fields, list)                                                            \
    take(a, doc, key, fields, COUNT_OF(fields), sizeof *(list)->row, (void **)&(list)->row,        \
         &(list)->n)

static enum rc take_prices(struct arena *a, const struct json *doc, const char *currency,
                           struct product_facts *out)
{
    const struct json *list = json_get(doc, "prices");
    const size_t n = json_size(list);
    out->price = arena_array(a, struct price_row, n);
    for (size_t i = 0; i < n; i++) {
        struct listed_price p = { .lowest = -1 };
        enum price_kind kind;
        if (!json_take_row(json_at(list, i), price_fields, COUNT_OF(price_fields), &p))
            return RC_BUG;
        if (!str_eq(p.currency, currency) || !price_kind_parse(p.kind, &kind))
            continue;
        out->price[out->nprices++] = (struct price_row){ .variant_id = p.variant_id,
                                                         .kind = kind,
                                                         .priority = p.priority,
                                                         .min_quantity = p.min_quantity,
                                                         .amount = p.amount,
                                                         .lowest_30d = p.lowest,
                                                         .from = p.from,
                                                         .until = p.until };
    }
    return RC_OK;
}

static void take_tags(struct arena *a, const struct json *doc, struct texts *out)
{
    const struct json *list = json_get(doc, "tags");
    const size_t n = json_size(list);
    const char **v = arena_array(a, const char *, n);
    for (size_t i = 0; i < n; i++)
        v[i] = json_text(json_at(list, i), "");
    *out = (struct texts){ v, n };
}

enum rc product_facts_read(struct arena *a, const char *doc, const char *currency,
                           struct product_facts *out)
{
    struct json *j;
    struct product_facts f = { 0 };
    *out = f;
    if (doc == NULL)
        return RC_OK;
    if (json_parse(a, doc, strlen(doc), &j, NULL) != RC_OK)
        return RC_BUG;
    enum rc rc = TAKE(a, j, "variants", variant_fields, &f.variants);
    if (rc == RC_OK)
        rc = TAKE(a, j, "options", option_fields, &f.options);
    if (rc == RC_OK)
        rc = TAKE(a, j, "specs", spec_fields, &f.specs);
    if (rc == RC_OK)
        rc = TAKE(a, j, "images", image_fields, &f.images);
    if (rc == RC_OK)
        rc = TAKE(a, j, "parts", part_fields, &f.parts);
    if (rc == RC_OK)
        rc = take_prices(a, j, currency, &f);
    if (rc != RC_OK)
        return rc;
    take_tags(a, j, &f.tags);
    *out = f;
    return RC_OK;
}

/* ---- live --------------------------------------------------------------------------------------
 */
struct stock_sum {
    int64_t free, capacity, reorder;
    bool backorder;
};

/* Of one variant over all its warehouses. */
static struct stock_sum sum_of(const struct product_stock *s, struct uuid variant)
{
    struct stock_sum sum = { .reorder = -1 };
    for (size_t i = 0; i < s->variants.n && i < s->available.n && i < s->backorder.n; i++) {
        if (uuid_cmp(s->variants.v[i], variant) != 0)
            continue;
        const int64_t there = s->available.v[i], beyond = s->backorder.v[i];
        sum.free += there > 0 ? there : 0;
        sum.capacity += there + beyond > 0 ? there + beyond : 0;
        sum.backorder |= beyond > 0 && there + beyond > 0;
        if (i < s->reorder.n && s->reorder.v[i] > sum.reorder)
            sum.reorder = s->reorder.v[i];
    }
    return sum;
}

/* A bundle is there as often as its scarcest part allows; a part that is not sold ends it. */
static void fill_bundle(const struct product_facts *f, const struct product_stock *s,
                        struct product_variant *v)
{
    bool counted = false, any = false;
    int64_t free = 0, capacity = 0;
    for (size_t i = 0; i < f->parts.n; i++) {
        const struct product_part *p = &f->parts.row[i];
        if (uuid_cmp(p->kit_id, v->variant_id) != 0)
            continue;
        any = true;
        if (p->sold && str_eq(p->stock_policy, "always"))
            continue;
        struct stock_sum sum = { 0 };
        if (p->sold && str_eq(p->stock_policy, "tracked"))
            sum = sum_of(s, p->variant_id);
        const int64_t whole = sum.free / p->quantity, most = sum.capacity / p->quantity;
        free = counted && free < whole ? free : whole;
        capacity = counted && capacity < most ? capacity : most;
        counted = true;
    }
    v->stock_policy = any && !counted ? "always" : "tracked";
    v->free = free;
    v->backorder = capacity > free;
    v->reorder = -1;
}

void product_facts_stock(struct product_facts *f, bool bundle, const struct product_stock *s)
{
    for (size_t i = 0; i < f->variants.n; i++) {
        struct product_variant *v = &f->variants.row[i];
        if (bundle) {
            fill_bundle(f, s, v);
            continue;
        }
        const struct stock_sum sum = sum_of(s, v->variant_id);
        v->free = sum.free;
        v->backorder = sum.backorder;
        v->reorder = sum.reorder;
    }
}

static void put_word(const char **text, struct uuid of, struct uuid id, const char *word)
{
    if (uuid_cmp(of, id) == 0)
        *text = word;
}

void product_facts_words(struct product_facts *f, struct uuids ids, struct texts words)
{
    for (size_t w = 0; w < ids.n && w < words.n; w++) {
        for (size_t i = 0; i < f->options.n; i++) {
            struct product_option *o = &f->options.row[i];
            put_word(&o->attribute_name, o->attribute_id, ids.v[w], words.v[w]);
            put_word(&o->option_value, o->option_id, ids.v[w], words.v[w]);
        }
        for (size_t i = 0; i < f->specs.n; i++) {
            struct product_spec *s = &f->specs.row[i];
            put_word(&s->attribute_name, s->attribute_id, ids.v[w], words.v[w]);
            put_word(&s->option_value, s->option_id, ids.v[w], words.v[w]);
        }
    }
}
