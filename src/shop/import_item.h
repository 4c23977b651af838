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

enum { ITEM_ATTRS = 40, ITEM_NOTES = 12 };

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
    struct item_list values;
    bool shown;
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
enum rc woo_header_read(struct arena *a, const struct csv_row *row, struct woo_header **out,
                        const char **unused, const char **problem) ATTR_MUST_CHECK;
/* One row. Never fails: what is wrong is in bad_column and bad_reason. */
void woo_row_read(const struct woo_header *h, struct arena *a, const struct csv_row *row,
                  const struct currency *currency, struct import_item *out);
/* "#c62828" for a colour word that is known, else NULL. */
const char *woo_colour(const char *word);
bool woo_is_colour_attribute(const char *folded_name);

#endif
