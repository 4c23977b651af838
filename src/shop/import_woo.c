/* import_woo.c: the columns of a WooCommerce product export (and of our own format, which has the
 * same columns under plain names) to an import_item. Pure: a row in, an item or the first thing
 * wrong with it out. Saving is import_save.c's. Invariant: every text of an item has passed
 * utf8_clean and every number its range, so the database has nothing left to refuse. */
#include <string.h>

#include "base/str.h"
#include "base/utf8.h"
#include "shop/import.h"
#include "shop/import_woo_int.h"
#include "shop/product.h"
#include "shop/text.h"

/* ---- groups of columns ---- */
static void read_type(struct reading *r)
{
    static const struct {
        const char *word;
        enum item_type type;
        const char *kind;
    } types[] = {
        { "simple", ITEM_SIMPLE, "simple" },         { "variable", ITEM_VARIABLE, "variable" },
        { "variation", ITEM_VARIATION, "variable" }, { "external", ITEM_EXTERNAL, "external" },
        { "grouped", ITEM_GROUPED, "bundle" },       { "bundle", ITEM_GROUPED, "bundle" },
        { "digital", ITEM_SIMPLE, "digital" }
    };
    struct item_list words = woo_list_cell(r, COL_TYPE, 8, 60);
    bool known = false, digital = false;
    r->it->type = ITEM_SIMPLE;
    r->it->kind = "simple";
    for (size_t i = 0; i < words.n; i++) {
        bool mine = str_ieq(words.v[i], "virtual") || str_ieq(words.v[i], "downloadable");
        digital |= mine;
        for (size_t k = 0; k < COUNT_OF(types); k++)
            if (str_ieq(words.v[i], types[k].word)) {
                mine = known = true;
                r->it->type = types[k].type;
                r->it->kind = types[k].kind;
            }
        if (!mine)
            woo_bad(r, r->h->title[COL_TYPE],
                    arena_printf(
                        r->a,
                        "\"%s\" is not a type known here: simple, variable, variation, external, "
                        "bundle, grouped or digital",
                        utf8_cut(r->a, words.v[i], 40)));
    }
    if (words.given && words.n > 0 && !known && !digital)
        woo_bad(r, r->h->title[COL_TYPE], "names no type");
    if (digital && r->it->type == ITEM_SIMPLE)
        r->it->kind = "digital";
    if (!words.given) /* what is there stays what it is */
        r->it->kind = NULL;
}

static void read_key(struct reading *r)
{
    struct import_item *it = r->it;
    const char *id = woo_short_text(r, COL_ID, 40), *sku = woo_short_text(r, COL_SKU, 100);
    it->ref = id == NULL ? "" : id;
    it->sku = sku == NULL ? "" : sku;
    if (*it->sku == '\0' && *it->ref != '\0') {
        it->sku = arena_printf(r->a, "ID-%s", it->ref);
        if (it->type != ITEM_VARIABLE)
            woo_note(r, "SKU", arena_printf(r->a, "is empty; %s is used", it->sku));
    }
    it->sku_norm = product_sku_norm(r->a, it->sku);
    if (*it->sku_norm == '\0')
        woo_bad(r, "SKU", "is empty, and so is the ID: nothing says which product this is");
}

/* A GTIN is its digits with a right check digit; anything else is a code of the shop's own. */
static const char *barcode(struct reading *r)
{
    const char *s = woo_short_text(r, COL_BARCODE, 60);
    const char *clean = str_empty(s) ? s : product_barcode(r->a, s);
    if (clean == NULL && s != NULL)
        woo_bad(r, r->h->title[COL_BARCODE],
                arena_printf(r->a, "\"%s\" has a wrong check digit", utf8_cut(r->a, s, 40)));
    return s == NULL ? NULL : clean != NULL ? clean : "";
}

static void read_texts(struct reading *r)
{
    struct import_item *it = r->it;
    it->name = woo_short_text(r, COL_NAME, 300);
    if (str_eq(it->name, "") && it->type != ITEM_VARIATION)
        woo_bad(r, r->h->title[COL_NAME], "is empty");
    const char *texts[2] = { woo_long_cell(r, COL_SUMMARY, 64 * 1024),
                             woo_long_cell(r, COL_DESCRIPTION, SHOP_IMPORT_FIELD_MAX) };
    for (size_t i = 0; i < 2; i++) {
        if (texts[i] == NULL || r->h->is_kade)
            continue;
        /* The export writes line breaks as backslash and n. */
        char *t = arena_strdup(r->a, texts[i]);
        for (char *p = t; (p = strstr(p, "\\n")) != NULL; p++) {
            p[0] = '\n';
            p[1] = ' ';
        }
        texts[i] = text_from_html(r->a, t);
    }
    it->summary = texts[0] != NULL && !r->h->is_kade ? text_plain(r->a, texts[0], 2000) : texts[0];
    it->description = texts[1];
    if (r->h->is_kade && texts[0] != NULL && utf8_length(texts[0]) > 2000) {
        woo_bad(r, r->h->title[COL_SUMMARY], "is longer than 2,000 characters");
        it->summary = "";
    }
    if (texts[1] != NULL && strlen(texts[1]) > TEXT_MAX) {
        woo_bad(r, r->h->title[COL_DESCRIPTION], "is longer than 64 KB");
        it->description = "";
    }
    it->brand = woo_short_text(r, COL_BRANDS, 200);
    it->barcode = barcode(r);
    it->purchase_note = woo_short_text(r, COL_NOTE, 2000);
    it->shipping_class = woo_short_text(r, COL_SHIPPING_CLASS, 60);
}

static void read_showing(struct reading *r)
{
    struct import_item *it = r->it;
    const char *s = woo_cell(r, COL_PUBLISHED, 100);
    if (s != NULL) {
        if (*s == '\0' || woo_is_yes(s))
            it->status = "active";
        else if (woo_is_no(s) || str_eq(s, "-1"))
            it->status = "draft";
        else
            woo_bad(r, r->h->title[COL_PUBLISHED],
                    arena_printf(r->a, "\"%s\" is neither 1, 0 nor -1", utf8_cut(r->a, s, 40)));
    }
    s = woo_cell(r, COL_VISIBILITY, 100);
    if (s != NULL) {
        static const char *const words[] = { "visible", "catalog", "search", "hidden" };
        it->visibility = *s == '\0' ? "visible" : NULL;
        for (size_t i = 0; i < COUNT_OF(words); i++)
            if (str_ieq(s, words[i]))
                it->visibility = words[i];
        if (it->visibility == NULL)
            woo_bad(r, r->h->title[COL_VISIBILITY],
                    arena_printf(r->a, "\"%s\" is not visible, catalog, search or hidden",
                                 utf8_cut(r->a, s, 40)));
    }
    it->is_featured = woo_yes_no(r, COL_FEATURED, false);
    it->allows_reviews = woo_yes_no(r, COL_REVIEWS, true);
    it->position = woo_whole(r, COL_POSITION, 0, 1000000);
    s = woo_cell(r, COL_TAX_STATUS, 100);
    const char *cls = woo_short_text(r, COL_TAX_CLASS, 60);
    if (s != NULL && str_ieq(s, "none"))
        it->tax_class = "none";
    else if (s != NULL && *s != '\0' && !str_ieq(s, "taxable") && !str_ieq(s, "shipping"))
        woo_bad(r, r->h->title[COL_TAX_STATUS], "is not taxable, shipping or none");
    else if (s != NULL || cls != NULL)
        it->tax_class = str_empty(cls) ? "standard" : cls;
}

static void read_external(struct reading *r)
{
    struct import_item *it = r->it;
    it->external_url = woo_cell(r, COL_URL, 2000);
    it->external_label = woo_short_text(r, COL_BUTTON, 100);
    const char *u = it->external_url;
    if (!str_empty(u) && !str_starts(u, "https://") && !str_starts(u, "http://"))
        woo_bad(r, r->h->title[COL_URL], "is not an http or https address");
    if (it->type == ITEM_EXTERNAL && str_empty(u))
        woo_bad(r, "External URL",
                "is empty: an external product needs the address where it is sold");
}

static void read_prices(struct reading *r)
{
    struct import_item *it = r->it;
    it->prices_given = r->h->col[COL_PRICE] != NONE;
    it->has_regular = woo_amount(r, COL_PRICE, &it->regular);
    it->has_sale = woo_amount(r, COL_SALE_PRICE, &it->sale);
    woo_local_time(r, COL_SALE_FROM, false, &it->sale_from);
    woo_local_time(r, COL_SALE_UNTIL, true, &it->sale_until);
    if (!it->has_sale)
        return;
    if (it->has_regular && it->sale >= it->regular) {
        woo_note(r, r->h->title[COL_SALE_PRICE], "is not below the regular price and was left out");
        it->has_sale = false;
    } else if (!it->has_regular && it->bad_reason == NULL) {
        woo_note(r, r->h->title[COL_SALE_PRICE], "has no regular price to reduce and was left out");
        it->has_sale = false;
    }
    if (it->sale_from != NULL && it->sale_until != NULL && strlen(it->sale_from) == 19 &&
        strlen(it->sale_until) == 19 && strcmp(it->sale_from, it->sale_until) >= 0)
        woo_bad(r, r->h->title[COL_SALE_UNTIL], "is not after the start of the sale");
}

static void read_stock(struct reading *r)
{
    struct import_item *it = r->it;
    const char *in = woo_cell(r, COL_IN_STOCK, 100), *count = woo_cell(r, COL_STOCK, 100);
    const char *back = woo_cell(r, COL_BACKORDERS, 100);
    it->stock_given = in != NULL || count != NULL;
    bool backorders = back != NULL && (woo_is_yes(back) || str_ieq(back, "notify"));
    if (!str_empty(back) && !backorders && !woo_is_no(back))
        woo_bad(r, r->h->title[COL_BACKORDERS], "is not 0, 1 or notify");
    it->backorder_limit = backorders ? 1000000 : 0;
    it->reorder_point = woo_whole(r, COL_LOW_STOCK, 0, 1000000000);
    it->stock_policy = "always";
    if (str_ieq(count, "parent")) {
        woo_note(r, r->h->title[COL_STOCK],
                 "is counted for all variations together, which is not kept "
                 "here: this one is not counted");
    } else if (!str_empty(count)) {
        const int32_t *v = woo_whole(r, COL_STOCK, -1000000000, 1000000000);
        it->stock_policy = "tracked";
        it->on_hand = v == NULL ? 0 : *v;
        if (it->on_hand < 0) {
            woo_note(r, r->h->title[COL_STOCK], "is below zero; 0 is used");
            it->on_hand = 0;
        }
        return;
    }
    if (in != NULL && woo_is_no(in))
        it->stock_policy = "never";
    else if (!str_empty(in) && !woo_is_yes(in) && !str_ieq(in, "backorder") &&
             !str_ieq(in, "onbackorder") && !str_ieq(in, "instock") && !str_ieq(in, "outofstock"))
        woo_bad(r, r->h->title[COL_IN_STOCK], "is not 1, 0 or backorder");
    else if (str_ieq(in, "outofstock"))
        it->stock_policy = "never";
}

static void read_sizes(struct reading *r)
{
    struct import_item *it = r->it;
    const struct woo_header *h = r->h;
    it->weight_g = woo_measure(r, COL_WEIGHT, h->weight_num, h->weight_den);
    it->length_mm = woo_measure(r, COL_LENGTH, h->length_num, h->length_den);
    it->width_mm = woo_measure(r, COL_WIDTH, h->length_num, h->length_den);
    it->height_mm = woo_measure(r, COL_HEIGHT, h->length_num, h->length_den);
    const bool *alone = woo_yes_no(r, COL_SOLD_ALONE, false);
    if (alone != NULL) {
        int32_t *most = arena_new(r->a, int32_t);
        *most = *alone ? 1 : 1000000;
        it->max_quantity = most;
    }
}

static void read_categories(struct reading *r)
{
    struct import_item *it = r->it;
    struct item_list l = woo_list_cell(r, COL_CATEGORIES, 60, 1000);
    it->paths_given = l.given;
    it->path = arena_array(r->a, struct item_path, l.n);
    for (size_t i = 0; i < l.n; i++) {
        char **part;
        size_t n = str_split(r->a, l.v[i], '>', &part);
        struct item_path *p = &it->path[it->npaths];
        *p = (struct item_path){ .name = arena_array(r->a, const char *, n) };
        for (size_t k = 0; k < n; k++) {
            char *name = str_trim(r->a, part[k]);
            if (*name == '\0')
                continue;
            if (utf8_length(name) > 200)
                woo_bad(r, r->h->title[COL_CATEGORIES],
                        "names a category of more than 200 characters");
            p->name[p->n++] = name;
        }
        if (p->n > 10)
            woo_bad(r, r->h->title[COL_CATEGORIES], "names more than 10 levels");
        it->npaths += p->n > 0;
    }
}

static void read_attributes(struct reading *r)
{
    struct import_item *it = r->it;
    for (size_t i = 0; i < ITEM_ATTRS; i++) {
        const struct attr_columns *c = &r->h->attr[i];
        if (c->name == NONE || c->values == NONE)
            continue;
        it->attrs_given = true;
        const char *title = arena_printf(r->a, "Attribute %zu", i + 1);
        const char *name = woo_cell_at(r, c->name, title, 1000, 0);
        const char *values = woo_cell_at(r, c->values, title, 64 * 1024, 0);
        if (str_empty(name) || str_empty(values))
            continue;
        if (utf8_length(name) > 100 || *utf8_fold(r->a, name) == '\0') {
            woo_bad(r, title, "has a name that is empty or longer than 100 characters");
            continue;
        }
        const char *shown = woo_cell_at(r, c->visible, title, 100, 0);
        const char *chosen = woo_cell_at(r, c->chosen, title, 1000, 0);
        const char *input = woo_cell_at(r, c->input, title, 100, 0);
        const char *unit = woo_cell_at(r, c->unit, title, 100, 0);
        struct item_attr *at = &it->attr[it->nattrs++];
        *at = (struct item_attr){ .name = name,
                                  .chosen = woo_split_list(r, chosen, title, 1, 200),
                                  .input = str_empty(input) ? NULL : input,
                                  .unit = str_empty(unit) ? NULL : unit,
                                  .shown = shown == NULL || !woo_is_no(shown) };
        bool is_text = str_eq(at->input, "text");
        if (is_text && utf8_length(values) > 2000)
            woo_bad(r, title, "has a text of more than 2,000 characters");
        else if (is_text) {
            const char **one = arena_array(r->a, const char *, 1);
            one[0] = values;
            at->values = (struct item_list){ .v = one, .n = 1, .given = true };
        } else {
            at->values = woo_split_list(r, values, title, 200, 200);
        }
        if (at->input != NULL && !is_text && !str_eq(at->input, "number") &&
            !str_eq(at->input, "boolean") && !str_eq(at->input, "choice") &&
            !str_eq(at->input, "colour"))
            woo_bad(r, title, "has an input that is not text, number, boolean, choice or colour");
        if (at->unit != NULL && utf8_length(at->unit) > 20)
            woo_bad(r, title, "has a unit of more than 20 characters");
    }
}

/* "SKU, 6 x SKU": parts with quantities. */
static void read_parts(struct reading *r)
{
    struct import_item *it = r->it;
    it->grouped = woo_list_cell(r, COL_GROUPED, 100, 120);
    int32_t *quantity = arena_array(r->a, int32_t, it->grouped.n);
    for (size_t i = 0; i < it->grouped.n; i++) {
        const char *part = it->grouped.v[i];
        size_t digits = strspn(part, "0123456789");
        int64_t n;
        quantity[i] = 1;
        if (digits == 0 || !str_starts(part + digits, " x "))
            continue;
        if (str_int(arena_strndup(r->a, part, digits), 1, 1000000, &n) != RC_OK) {
            woo_bad(r, r->h->title[COL_GROUPED], "has a quantity outside 1 to 1000000");
            continue;
        }
        quantity[i] = (int32_t)n;
        it->grouped.v[i] = str_trim(r->a, part + digits + 3);
    }
    it->part_quantity = quantity;
}

static void read_variation(struct reading *r)
{
    struct import_item *it = r->it;
    it->parent = woo_cell(r, COL_PARENT, 200);
    if (it->type != ITEM_VARIATION)
        return;
    if (str_empty(it->parent))
        woo_bad(r, "Parent", "is empty: a variation needs the SKU or id:number of its product");
    for (size_t i = 0; i < it->nattrs; i++)
        if (it->attr[i].values.n > 1)
            woo_bad(r, arena_printf(r->a, "Attribute %zu", i + 1),
                    "has several values: a variation has one of each");
}

void woo_row_read(const struct woo_header *h, struct arena *a, const struct csv_row *row,
                  const struct currency *currency, struct import_item *out)
{
    struct reading r = { .h = h, .a = a, .row = row, .currency = currency, .it = out };
    *out = (struct import_item){ .line = row->line, .ref = "", .sku = "", .sku_norm = "" };
    if (row->n > h->ncolumns || row->dropped > 0)
        woo_bad(&r, NULL,
                arena_printf(a, "has %zu fields where the header has %zu: is a comma not quoted?",
                             row->n + row->dropped, h->ncolumns));
    read_type(&r);
    read_key(&r);
    read_texts(&r);
    read_showing(&r);
    read_external(&r);
    read_prices(&r);
    read_stock(&r);
    read_sizes(&r);
    read_categories(&r);
    out->tags = woo_list_cell(&r, COL_TAGS, 60, 100);
    out->images = woo_list_cell(&r, COL_IMAGES, 60, 2000);
    read_parts(&r);
    out->upsells = woo_list_cell(&r, COL_UPSELLS, 100, 110);
    out->cross = woo_list_cell(&r, COL_CROSS, 100, 110);
    read_attributes(&r);
    read_variation(&r);
    kade_read(&r);
}
