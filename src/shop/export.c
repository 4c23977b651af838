/* export.c: products and variants as rows of our own CSV format. The columns are what this shop
 * has: its languages, price lists, warehouses, fields of its own, as many attributes as the richest
 * product. Not here: what the columns mean (import_kade_cell.c reads them back). Invariant: a row
 * says all the importer can set, so that importing it changes nothing. */
#include "shop/export.h"

#include <string.h>

#include "app/ctx.h"
#include "app/custom.h"
#include "base/buf.h"
#include "base/money.h"
#include "base/str.h"
#include "base/time.h"
#include "gen/shop_q.h"
#include "platform/db.h"
#include "platform/json.h"
#include "shop/import_item.h"

enum { PAGE = 100, ROW_MOST = 8 * 1024 * 1024 };

static const char *const product_columns[] = { "type",          "sku",
                                               "name",          "status",
                                               "featured",      "visibility",
                                               "product_type",  "slug",
                                               "summary",       "description",
                                               "seo_title",     "seo_description",
                                               "publish_from",  "publish_until",
                                               "tax_class",     "shipping_class",
                                               "brand",         "categories",
                                               "tags",          "images",
                                               "parts",         "upsells",
                                               "cross_sells",   "related",
                                               "external_url",  "external_label",
                                               "purchase_note", "reviews",
                                               "position",      "download_limit",
                                               "download_days" };
static const char *const variant_columns[] = {
    "parent",          "barcode",      "price",        "sale_price",    "sale_from",
    "sale_until",      "cost",         "stock_policy", "stock",         "low_stock",
    "backorder_limit", "weight (g)",   "length (mm)",  "width (mm)",    "height (mm)",
    "min_quantity",    "max_quantity", "unit",         "price_quantity"
};
static const char *const text_fields[] = { "name",         "summary",         "description",
                                           "seo_title",    "seo_description", "external_label",
                                           "purchase_note" };

struct out {
    FILE *file;
    struct arena *home, *page;
    struct custom_fields custom;
    struct shop_priced_in_list lists;
    struct shop_import_warehouse_list warehouses;
    struct shop_export_shape shape;
    const struct currency *currency;
    struct buf row;
    bool first;
    bool failed;
};

/* ---- cells -------------------------------------------------------------------------------------
 */
static void cell(struct out *o, const char *text)
{
    if (!o->first)
        buf_char(&o->row, ',');
    o->first = false;
    if (str_empty(text))
        return;
    bool marked = strchr("=+-@'", *text) != NULL;
    if (!marked && strpbrk(text, ",;\"\n\t") == NULL) {
        buf_str(&o->row, text);
        return;
    }
    buf_str(&o->row, marked ? "\"'" : "\"");
    for (const char *p = text; *p != '\0'; p++) {
        if (*p == '"')
            buf_char(&o->row, '"');
        buf_char(&o->row, *p);
    }
    buf_char(&o->row, '"');
}

static void number(struct out *o, bool has, int64_t n)
{
    cell(o, has ? arena_printf(o->page, "%lld", (long long)n) : "");
}

static void yes(struct out *o, bool on)
{
    cell(o, on ? "1" : "0");
}

static const char *instant(struct out *o, int64_t at)
{
    return at == INSTANT_MIN || at == INSTANT_MAX ? "" : instant_rfc3339(o->page, at);
}

static const char *money(struct out *o, int64_t minor, const struct currency *c)
{
    char text[40];
    money_plain(minor, c, text, sizeof(text));
    return arena_strdup(o->page, text);
}

static void blanks(struct out *o, size_t n)
{
    for (size_t i = 0; i < n; i++)
        cell(o, "");
}

static void end_row(struct out *o)
{
    buf_char(&o->row, '\n');
    o->failed =
        o->failed || buf_rc(&o->row) != RC_OK || fwrite(o->row.p, 1, o->row.n, o->file) != o->row.n;
    buf_clear(&o->row);
    o->first = true;
}

/* ---- header ------------------------------------------------------------------------------------
 */
static void header(struct out *o)
{
    static const char *const attr[] = { "name", "values", "visible", "default", "input", "unit" };
    for (size_t i = 0; i < COUNT_OF(product_columns); i++)
        cell(o, product_columns[i]);
    for (int i = 1; i <= o->shape.downloads; i++) {
        cell(o, arena_printf(o->page, "download_%d_name", i));
        cell(o, arena_printf(o->page, "download_%d_url", i));
    }
    for (size_t i = 0; i < COUNT_OF(variant_columns); i++)
        cell(o, variant_columns[i]);
    for (size_t i = 0; i < o->lists.n; i++)
        cell(o, arena_printf(o->page, "prices:%s", o->lists.row[i].code));
    for (size_t i = 0; i < o->warehouses.n; i++)
        if (!str_eq(o->warehouses.row[i].code, "main"))
            cell(o, arena_printf(o->page, "stock:%s", o->warehouses.row[i].code));
    for (int i = 1; i <= o->shape.attributes; i++)
        for (size_t k = 0; k < COUNT_OF(attr); k++)
            cell(o, arena_printf(o->page, "attribute_%d_%s", i, attr[k]));
    for (size_t i = 0; i < o->custom.n; i++)
        cell(o, arena_printf(o->page, "custom:%s", o->custom.v[i].name));
    for (size_t l = 0; l < o->shape.locales.n; l++) {
        for (size_t i = 0; i < COUNT_OF(text_fields); i++)
            cell(o, arena_printf(o->page, "%s@%s", text_fields[i], o->shape.locales.v[l]));
        for (size_t i = 0; i < o->custom.n; i++)
            if (o->custom.v[i].type <= CUSTOM_TEXTAREA)
                cell(o, arena_printf(o->page, "custom:%s@%s", o->custom.v[i].name,
                                     o->shape.locales.v[l]));
    }
    end_row(o);
}

/* ---- a product ---------------------------------------------------------------------------------
 */
static void product_cells(struct out *o, const struct shop_export_product *p, const char *sku)
{
    cell(o, p->kind);
    cell(o, sku);
    cell(o, p->name);
    cell(o, p->status);
    yes(o, p->is_featured);
    cell(o, p->visibility);
    cell(o, p->type_code);
    cell(o, p->slug);
    cell(o, p->summary);
    cell(o, p->description);
    cell(o, p->seo_title);
    cell(o, p->seo_description);
    cell(o, instant(o, p->publish_from));
    cell(o, instant(o, p->publish_until));
    cell(o, p->tax_class);
    cell(o, p->shipping_class);
    cell(o, p->brand);
    cell(o, p->categories);
    cell(o, p->tags);
    cell(o, p->images);
    cell(o, p->parts);
    cell(o, p->upsells);
    cell(o, p->cross_sells);
    cell(o, p->related);
    cell(o, p->external_url);
    cell(o, p->external_label);
    cell(o, p->purchase_note);
    yes(o, p->allows_reviews);
    number(o, true, p->position);
    number(o, p->has_download_limit, p->download_limit);
    number(o, p->has_download_days, p->download_days);
    for (size_t i = 0; i < (size_t)o->shape.downloads; i++) {
        cell(o, i < p->download_names.n ? p->download_names.v[i] : "");
        cell(o, i < p->download_urls.n ? p->download_urls.v[i] : "");
    }
}

static void product_attributes(struct out *o, const struct shop_export_product *p)
{
    for (size_t i = 0; i < (size_t)o->shape.attributes; i++) {
        if (i >= p->attr_names.n) {
            blanks(o, 6);
            continue;
        }
        cell(o, p->attr_names.v[i]);
        cell(o, p->attr_values.v[i]);
        yes(o, p->attr_shown.v[i]);
        cell(o, p->attr_chosen.v[i]);
        cell(o, p->attr_inputs.v[i]);
        cell(o, p->attr_units.v[i]);
    }
}

static const char *text_of(const struct shop_export_product *p, const char *locale,
                           const char *field)
{
    for (size_t i = 0; i < p->text_locales.n; i++)
        if (str_eq(p->text_locales.v[i], locale) && str_eq(p->text_fields.v[i], field))
            return p->text_values.v[i];
    return "";
}

static enum rc own_cells(struct out *o, const struct shop_export_product *p)
{
    struct json *custom;
    enum rc rc = json_parse(o->page, p->custom, strlen(p->custom), &custom, NULL);
    if (rc != RC_OK)
        return rc;
    for (size_t i = 0; i < o->custom.n; i++)
        cell(o, custom_write(o->page, &o->custom.v[i], json_get(custom, o->custom.v[i].name)));
    for (size_t l = 0; l < o->shape.locales.n; l++) {
        const char *locale = o->shape.locales.v[l];
        for (size_t i = 0; i < COUNT_OF(text_fields); i++)
            cell(o, text_of(p, locale, text_fields[i]));
        for (size_t i = 0; i < o->custom.n; i++)
            if (o->custom.v[i].type <= CUSTOM_TEXTAREA)
                cell(o,
                     text_of(p, locale, arena_printf(o->page, "custom_%s", o->custom.v[i].name)));
    }
    return RC_OK;
}

/* ---- a variant ---------------------------------------------------------------------------------
 */
struct plain {         /* rows of the lists base and sale that the plain columns can say */
    size_t base, sale; /* index of the price; n: none */
};

static struct plain plain_prices(const struct shop_export_variant *v)
{
    size_t n = v->price_lists.n;
    struct plain p = { n, n };
    for (size_t i = 0; i < n; i++)
        if (str_eq(v->price_lists.v[i], "base") && v->price_quantities.v[i] == 1 &&
            v->price_starts.v[i] == INSTANT_MIN && v->price_ends.v[i] == INSTANT_MAX)
            p.base = i;
    for (size_t i = 0; i < n && p.base < n; i++)
        if (str_eq(v->price_lists.v[i], "sale") && v->price_quantities.v[i] == 1 && p.sale == n &&
            v->price_amounts.v[i] < v->price_amounts.v[p.base])
            p.sale = i;
    return p;
}

static const char *list_cell(struct out *o, const struct shop_export_variant *v,
                             const struct shop_priced_in *list, const struct plain *said)
{
    const struct currency *c = currency_find(list->currency);
    struct buf b;
    buf_init(&b, o->page, 256 * 1024);
    for (size_t i = 0; c != NULL && i < v->price_lists.n; i++) {
        int64_t from = v->price_starts.v[i], until = v->price_ends.v[i];
        if (!str_eq(v->price_lists.v[i], list->code) || i == said->base || i == said->sale)
            continue;
        if (b.n > 0)
            buf_str(&b, "; ");
        if (v->price_quantities.v[i] != 1)
            buf_printf(&b, "%d=", v->price_quantities.v[i]);
        buf_str(&b, money(o, v->price_amounts.v[i], c));
        if (from != INSTANT_MIN || until != INSTANT_MAX)
            buf_printf(&b, " %s..%s", instant(o, from), instant(o, until));
    }
    return b.p;
}

static void price_cells(struct out *o, const struct shop_export_variant *v, const struct plain *p)
{
    bool sale = p->sale < v->price_lists.n;
    cell(o, p->base < v->price_lists.n ? money(o, v->price_amounts.v[p->base], o->currency) : "");
    cell(o, sale ? money(o, v->price_amounts.v[p->sale], o->currency) : "");
    cell(o, sale ? instant(o, v->price_starts.v[p->sale]) : "");
    cell(o, sale ? instant(o, v->price_ends.v[p->sale]) : "");
}

/* Nothing counted there is 0 in the main warehouse and left open elsewhere. */
static void stock_cell(struct out *o, const struct shop_export_variant *v, const char *code)
{
    for (size_t i = 0; i < v->stock_codes.n; i++)
        if (str_eq(v->stock_codes.v[i], code)) {
            number(o, true, v->stock_pieces.v[i]);
            return;
        }
    number(o, str_eq(code, "main"), 0);
}

static void variant_cells(struct out *o, const struct shop_export_variant *v, const char *parent)
{
    struct plain plain = plain_prices(v);
    bool tracked = str_eq(v->stock_policy, "tracked");
    cell(o, parent);
    cell(o, v->barcode);
    price_cells(o, v, &plain);
    cell(o, v->has_cost ? money(o, v->cost, o->currency) : "");
    cell(o, v->stock_policy);
    if (tracked)
        stock_cell(o, v, "main");
    else
        cell(o, "");
    number(o, tracked && v->has_reorder_point, v->reorder_point);
    number(o, tracked, v->backorder_limit);
    number(o, v->has_weight_g, v->weight_g);
    number(o, v->has_length_mm, v->length_mm);
    number(o, v->has_width_mm, v->width_mm);
    number(o, v->has_height_mm, v->height_mm);
    number(o, true, v->min_quantity);
    number(o, true, v->max_quantity);
    cell(o, v->unit);
    number(o, true, v->price_quantity);
    for (size_t i = 0; i < o->lists.n; i++)
        cell(o, list_cell(o, v, &o->lists.row[i], &plain));
    for (size_t i = 0; i < o->warehouses.n; i++)
        if (!str_eq(o->warehouses.row[i].code, "main"))
            stock_cell(o, v, o->warehouses.row[i].code);
}

static void no_variant(struct out *o)
{
    size_t others = 0;
    for (size_t i = 0; i < o->warehouses.n; i++)
        others += !str_eq(o->warehouses.row[i].code, "main");
    blanks(o, COUNT_OF(variant_columns) + o->lists.n + others);
}

/* A row of its own below its product: what is the product's is left empty. */
static void variation_row(struct out *o, const struct shop_export_product *p,
                          const struct shop_export_variant *v, const char *parent)
{
    struct shop_export_product none = { .kind = "variation",
                                        .name = "",
                                        .slug = "",
                                        .summary = "",
                                        .description = "",
                                        .status = v->is_active ? "active" : "draft",
                                        .visibility = p->visibility,
                                        .tax_class = p->tax_class,
                                        .images = v->images,
                                        .allows_reviews = p->allows_reviews,
                                        .publish_from = INSTANT_MIN,
                                        .publish_until = INSTANT_MAX,
                                        .position = v->position };
    product_cells(o, &none, v->sku);
    variant_cells(o, v, parent);
    for (size_t i = 0; i < (size_t)o->shape.attributes; i++) {
        bool has = i < v->option_names.n;
        cell(o, has ? v->option_names.v[i] : "");
        cell(o, has ? v->option_values.v[i] : "");
        cell(o, has ? "1" : "");
        cell(o, "");
        cell(o, has ? v->option_inputs.v[i] : "");
        cell(o, "");
    }
    size_t texts = 0;
    for (size_t i = 0; i < o->custom.n; i++)
        texts += o->custom.v[i].type <= CUSTOM_TEXTAREA;
    blanks(o, o->custom.n + o->shape.locales.n * (COUNT_OF(text_fields) + texts));
    end_row(o);
}

static enum rc product_rows(struct out *o, const struct shop_export_product *p,
                            const struct shop_export_variant *v, size_t n,
                            struct shop_export_report *report)
{
    bool variable = str_eq(p->kind, "variable");
    if (!variable && n == 0)
        return RC_OK; /* nothing of it can be sold: there is no key to find it by */
    const char *key = variable ? (p->code != NULL ? p->code : p->slug) : v[0].sku;
    product_cells(o, p, key);
    if (variable)
        no_variant(o);
    else
        variant_cells(o, &v[0], "");
    product_attributes(o, p);
    enum rc rc = own_cells(o, p);
    end_row(o);
    report->products++;
    for (size_t i = 0; rc == RC_OK && variable && i < n; i++, report->variants++)
        variation_row(o, p, &v[i], key);
    return rc;
}

/* ---- the whole ---------------------------------------------------------------------------------
 */
static enum rc learn(struct out *o, struct db *db)
{
    struct shop_basic_maybe basics;
    enum rc rc = shop_q_basics(db, &basics);
    if (rc == RC_OK)
        rc = custom_load(db, "product", &o->custom);
    if (rc == RC_OK)
        rc = shop_q_import_lists(db, &o->lists);
    if (rc == RC_OK)
        rc = shop_q_import_warehouses(db, &o->warehouses);
    if (rc == RC_OK)
        rc = shop_q_export_shape(db, &o->shape);
    if (rc != RC_OK)
        return rc;
    o->currency = currency_find(basics.found ? basics.row.currency : "USD");
    if (o->shape.attributes > ITEM_ATTRS)
        o->shape.attributes = ITEM_ATTRS;
    return o->currency != NULL ? RC_OK : RC_BUG;
}

static enum rc page(struct out *o, struct db *db, struct uuid *after, bool *more,
                    struct shop_export_report *report)
{
    struct shop_export_product_list products;
    struct shop_export_variant_list variants;
    enum rc rc = shop_q_export_products(db, *after, PAGE, &products);
    if (rc != RC_OK)
        return rc;
    struct uuid *ids = arena_array(o->page, struct uuid, products.n);
    for (size_t i = 0; i < products.n; i++)
        ids[i] = products.row[i].product_id;
    rc = shop_q_export_variants(db, (struct uuids){ ids, products.n }, &variants);
    size_t at = 0;
    for (size_t i = 0; rc == RC_OK && i < products.n; i++) { /* both are in order of the product */
        size_t n = 0;
        while (at + n < variants.n && uuid_cmp(variants.row[at + n].product_id, ids[i]) == 0)
            n++;
        rc = product_rows(o, &products.row[i], &variants.row[at], n, report);
        at += n;
    }
    *more = products.n == PAGE;
    if (products.n > 0)
        *after = ids[products.n - 1];
    return rc == RC_OK && o->failed ? RC_UPSTREAM : rc;
}

enum rc shop_export_products(struct app_ctx *app, struct uuid tenant, FILE *file,
                             struct shop_export_report *report)
{
    struct out o = { .file = file, .first = true };
    struct uuid after = { 0 };
    bool more = true;
    *report = (struct shop_export_report){ 0 };
    o.home = arena_new_sized(64 * 1024 * 1024);
    o.page = arena_new_sized(512 * 1024 * 1024);
    buf_init(&o.row, o.home, ROW_MOST);
    db_scope_begin(app->db, o.home, &tenant, instant_now());
    enum rc rc = learn(&o, app->db);
    db_scope_end(app->db);
    if (rc == RC_OK)
        header(&o);
    while (rc == RC_OK && more) {
        db_scope_begin(app->db, o.page, &tenant, instant_now());
        rc = page(&o, app->db, &after, &more, report);
        db_scope_end(app->db);
        arena_reset(o.page);
    }
    if (rc == RC_OK && (o.failed || fflush(file) != 0))
        rc = RC_UPSTREAM;
    arena_free(o.page);
    arena_free(o.home);
    return rc;
}
