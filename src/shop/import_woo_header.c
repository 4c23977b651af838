/* import_woo_header.c: which column of a file is what. Titles are those of the WooCommerce export,
 * or the plain names of our own format; order does not matter, units are taken from the title,
 * columns without a meaning here are named once in the report. */
#include <string.h>

#include "base/buf.h"
#include "base/str.h"
#include "base/utf8.h"
#include "shop/import_woo_int.h"

/* Title in the export, name in our own format. Titles may end in a unit: "Weight (kg)". */
static const struct {
    const char *title, *plain;
    enum column col;
} columns[] = {
    { "id", "id", COL_ID },
    { "type", "type", COL_TYPE },
    { "sku", "sku", COL_SKU },
    { "gtin, upc, ean, or isbn", "barcode", COL_BARCODE },
    { "name", "name", COL_NAME },
    { "published", "published", COL_PUBLISHED },
    { "is featured?", "featured", COL_FEATURED },
    { "visibility in catalog", "visibility", COL_VISIBILITY },
    { "short description", "summary", COL_SUMMARY },
    { "description", "description", COL_DESCRIPTION },
    { "date sale price starts", "sale_from", COL_SALE_FROM },
    { "date sale price ends", "sale_until", COL_SALE_UNTIL },
    { "tax status", "tax_status", COL_TAX_STATUS },
    { "tax class", "tax_class", COL_TAX_CLASS },
    { "in stock?", "in_stock", COL_IN_STOCK },
    { "stock", "stock", COL_STOCK },
    { "low stock amount", "low_stock", COL_LOW_STOCK },
    { "backorders allowed?", "backorders", COL_BACKORDERS },
    { "sold individually?", "sold_individually", COL_SOLD_ALONE },
    { "weight", "weight", COL_WEIGHT },
    { "length", "length", COL_LENGTH },
    { "width", "width", COL_WIDTH },
    { "height", "height", COL_HEIGHT },
    { "allow customer reviews?", "reviews", COL_REVIEWS },
    { "purchase note", "purchase_note", COL_NOTE },
    { "sale price", "sale_price", COL_SALE_PRICE },
    { "regular price", "price", COL_PRICE },
    { "categories", "categories", COL_CATEGORIES },
    { "tags", "tags", COL_TAGS },
    { "shipping class", "shipping_class", COL_SHIPPING_CLASS },
    { "images", "images", COL_IMAGES },
    { "parent", "parent", COL_PARENT },
    { "grouped products", "parts", COL_GROUPED },
    { "upsells", "upsells", COL_UPSELLS },
    { "cross-sells", "cross_sells", COL_CROSS },
    { "external url", "external_url", COL_URL },
    { "button text", "external_label", COL_BUTTON },
    { "position", "position", COL_POSITION },
    { "brands", "brand", COL_BRANDS },
    { "brand", "brand", COL_BRANDS },
    { "download limit", "download_limit", COL_DOWNLOAD_LIMIT },
    { "download expiry days", "download_days", COL_DOWNLOAD_DAYS },
    { "seo title", "seo_title", COL_SEO_TITLE },
    { "seo description", "seo_description", COL_SEO_DESCRIPTION },
    { "cost", "cost", COL_COST },
    { "slug", "slug", COL_SLUG },
    { "status", "status", COL_STATUS },
    { "product type", "product_type", COL_PRODUCT_TYPE },
    { "publish from", "publish_from", COL_PUBLISH_FROM },
    { "publish until", "publish_until", COL_PUBLISH_UNTIL },
    { "related", "related", COL_RELATED },
    { "minimum quantity", "min_quantity", COL_MIN_QUANTITY },
    { "maximum quantity", "max_quantity", COL_MAX_QUANTITY },
    { "unit", "unit", COL_UNIT },
    { "price quantity", "price_quantity", COL_PRICE_QUANTITY },
    { "backorder limit", "backorder_limit", COL_BACKORDER_LIMIT },
    { "stock policy", "stock_policy", COL_STOCK_POLICY },
};

/* ---- header ------------------------------------------------------------------------------------
 */
/* "Attribute 12 value(s)" or "attribute_12_values": the number and what follows; 0 = neither. */
static int attribute_number(const char *title, const char **rest)
{
    static const char word[] = "attribute";
    if (!str_starts(title, word) || (title[9] != ' ' && title[9] != '_'))
        return 0;
    int n = 0;
    const char *p = title + 10;
    for (; *p >= '0' && *p <= '9' && n <= ITEM_ATTRS; p++)
        n = n * 10 + (*p - '0');
    if (n < 1 || n > ITEM_ATTRS || (*p != ' ' && *p != '_'))
        return 0;
    *rest = p + 1;
    return n;
}

static bool take_attribute(struct woo_header *h, const char *title, int i)
{
    const char *rest;
    int n = attribute_number(title, &rest);
    if (n == 0)
        return false;
    struct attr_columns *a = &h->attr[n - 1];
    if (str_eq(rest, "name"))
        a->name = i;
    else if (str_eq(rest, "value(s)") || str_eq(rest, "values") || str_eq(rest, "value"))
        a->values = i;
    else if (str_eq(rest, "visible"))
        a->visible = i;
    else if (str_eq(rest, "default"))
        a->chosen = i;
    else if (str_eq(rest, "input"))
        a->input = i;
    else if (str_eq(rest, "unit"))
        a->unit = i;
    else
        return str_eq(rest, "global");
    return true;
}

/* Units a title may end in, as a ratio to grams or millimetres. False: not known. */
static bool take_unit(struct woo_header *h, enum column col, const char *unit)
{
    static const struct {
        const char *unit;
        bool weight;
        int64_t num, den;
    } units[] = { { "kg", true, 1000, 1 },
                  { "g", true, 1, 1 },
                  { "lbs", true, 45359237, 100000 },
                  { "lb", true, 45359237, 100000 },
                  { "oz", true, 28349523, 1000000 },
                  { "m", false, 1000, 1 },
                  { "cm", false, 10, 1 },
                  { "mm", false, 1, 1 },
                  { "in", false, 254, 10 },
                  { "yd", false, 9144, 10 } };
    for (size_t i = 0; i < COUNT_OF(units); i++) {
        if (!str_eq(unit, units[i].unit) || units[i].weight != (col == COL_WEIGHT))
            continue;
        if (col == COL_WEIGHT) {
            h->weight_num = units[i].num;
            h->weight_den = units[i].den;
        } else {
            h->length_num = units[i].num;
            h->length_den = units[i].den;
        }
        return true;
    }
    return false;
}

static bool take_column(struct woo_header *h, struct arena *a, char *title, int i)
{
    char *unit = strstr(title, " (");
    char *close = unit != NULL ? strchr(unit, ')') : NULL;
    if (close != NULL && close[1] == '\0') {
        *unit = *close = '\0';
        unit += 2;
    } else {
        unit = NULL;
    }
    for (size_t k = 0; k < COUNT_OF(columns); k++) {
        if (!str_eq(title, columns[k].title) && !str_eq(title, columns[k].plain))
            continue;
        enum column c = columns[k].col;
        if (unit != NULL && !(c >= COL_WEIGHT && c <= COL_HEIGHT && take_unit(h, c, unit)))
            return false;
        if (c != COL_IGNORED && h->col[c] == NONE) {
            h->col[c] = i;
            h->title[c] = arena_strdup(a, title);
        }
        return true;
    }
    return false;
}

enum rc woo_header_read(struct arena *a, const struct csv_row *row, bool is_kade,
                        struct woo_header **out, const char **unused, const char **problem)
{
    struct woo_header *h = arena_new(a, struct woo_header);
    struct buf rest;
    buf_init(&rest, a, 64 * 1024);
    for (size_t i = 0; i < COL_COUNT; i++)
        h->col[i] = NONE;
    for (size_t i = 0; i < ITEM_ATTRS; i++)
        h->attr[i] = NO_ATTR_COLUMNS;
    h->is_kade = is_kade;
    h->extra = arena_array(a, struct extra_column, ITEM_EXTRAS);
    h->weight_num = 1000;
    h->length_num = 10;
    h->weight_den = h->length_den = 1;
    h->ncolumns = row->n;
    for (size_t i = 0; i < row->n; i++) {
        char *raw, *title;
        if (row->field[i].too_long ||
            utf8_clean(a, row->field[i].p, row->field[i].n, 0, &raw) != RC_OK) {
            *problem = arena_printf(a,
                                    "the header (line %zu, column %zu) is not UTF-8 text; save the "
                                    "file as CSV in UTF-8 and try again",
                                    row->line, i + 1);
            return RC_INVALID;
        }
        raw = str_trim(a, raw);
        title = str_lower(a, raw);
        if (*raw == '\0' || take_attribute(h, title, (int)i) ||
            kade_extra_column(h, a, raw, (int)i) || take_column(h, a, title, (int)i))
            continue;
        if (rest.n < 400)
            buf_printf(&rest, "%s%s", rest.n > 0 ? ", " : "", raw);
    }
    if (h->col[COL_SKU] == NONE && h->col[COL_ID] == NONE) {
        *problem = "the header names neither SKU nor ID: nothing says which product a row is";
        return RC_INVALID;
    }
    *unused = rest.p;
    *out = h;
    return RC_OK;
}
