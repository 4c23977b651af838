/* import_item.h: one row of a product file, understood and checked, before the database hears of
 * it. What a file does not say is left as it is: has_* and NULL tell "no such column" from "empty".
 * Internal to src/shop; everything lives in the row's arena. */
#ifndef SHOP_IMPORT_ITEM_H
#define SHOP_IMPORT_ITEM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/money.h"
#include "base/rc.h"
#include "platform/csv.h"

enum item_type { ITEM_SIMPLE, ITEM_VARIABLE, ITEM_VARIATION, ITEM_EXTERNAL, ITEM_GROUPED };

enum { ITEM_ATTRS = 40, ITEM_NOTES = 12, ITEM_DOWNLOADS = 10, ITEM_EXTRAS = 300 };

struct item_list {
    const char **v;
    size_t n;
    bool given; /* the file has the column */
};
struct item_path { /* "Clothing > Hoodies" */
    const char **name;
    size_t n;
};
struct item_attr {
    const char *name;
    struct item_list values, chosen; /* chosen: what is shown first */
    const char *input, *unit;        /* of a new attribute; NULL: a choice */
    bool shown;
};
struct item_text { /* in another language; "" takes it away */
    const char *column, *locale, *field, *value;
};
struct item_custom {
    const char *column, *name, *text;
};
struct item_stock { /* in a warehouse besides the main one */
    const char *column, *code;
    bool has;
    int32_t on_hand;
};
struct item_price { /* amounts are text: their currency is the list's */
    int32_t min_quantity;
    const char *amount;
    int64_t from, until;
};
struct item_prices { /* all prices of a list */
    const char *column, *code;
    struct item_price *v;
    size_t n;
};
struct item_download {
    const char *name, *url;
};
struct item_note {
    const char *column, *reason;
};

struct import_item {
    size_t line;
    const char *ref;      /* ID column, "" when absent */
    const char *sku;      /* as written; made from the ID where empty */
    const char *sku_norm; /* key of the item */
    enum item_type type;
    const char *kind;                                                    /* products.kind */
    const char *name;                                                    /* NULL: keep */
    const char *summary, *description, *status, *visibility, *tax_class; /* NULL: keep */
    const char *shipping_class, *external_url, *external_label, *purchase_note,
        *barcode; /* "" = none */
    const char *brand;
    const bool *is_featured, *allows_reviews; /* NULL: keep */
    const int32_t *position, *max_quantity;
    const int32_t *weight_g, *length_mm, *width_mm, *height_mm; /* -1: none */
    bool prices_given, has_regular, has_sale;
    int64_t regular, sale;
    const char *sale_from, *sale_until; /* local "YYYY-MM-DD HH:MM:SS", NULL = open */
    bool stock_given;
    const char *stock_policy;
    int32_t on_hand, backorder_limit;
    const int32_t *reorder_point;
    const char *slug, *seo_title, *seo_description, *product_type; /* NULL: keep; "" none */
    const char *publish_from, *publish_until; /* local or RFC 3339, "" = open, NULL: keep */
    const char *unit;
    const int32_t *min_quantity, *price_quantity, *download_limit, *download_days; /* -1: none */
    bool cost_given, has_cost;
    int64_t cost;
    const int32_t *part_quantity; /* of grouped, in its order */
    struct item_list related;
    struct item_text *text;
    struct item_custom *custom;
    struct item_stock *stock;
    struct item_prices *prices;
    struct item_download download[ITEM_DOWNLOADS];
    size_t ntexts, ncustoms, nstocks, nprices, ndownloads;
    bool downloads_given;
    struct item_path *path;
    size_t npaths;
    bool paths_given;
    struct item_list tags, images, grouped, upsells, cross;
    struct item_attr attr[ITEM_ATTRS];
    size_t nattrs;
    bool attrs_given;
    const char *parent; /* variations */

    const char *bad_column, *bad_reason; /* first fault: the row is refused */
    struct item_note note[ITEM_NOTES];
    size_t nnotes;
};

struct woo_header; /* which column is what */

/* Reads the header row. RC_INVALID with *problem when the file has no column that names its rows.
 * *unused lists columns that are not taken, for one note ("" = none). */
enum rc woo_header_read(struct arena *a, const struct csv_row *row, bool is_kade,
                        struct woo_header **out, const char **unused,
                        const char **problem) ATTR_MUST_CHECK;
/* One row. Never fails: what is wrong is in bad_column and bad_reason. */
void woo_row_read(const struct woo_header *h, struct arena *a, const struct csv_row *row,
                  const struct currency *currency, struct import_item *out);
/* "#c62828" for a colour word that is known, else NULL. */
const char *woo_colour(const char *word);
bool woo_is_colour_attribute(const char *folded_name);

#endif
