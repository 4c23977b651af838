/* import_woo_int.h: what the parts of the WooCommerce reader share: the columns
 * (import_woo_header.c), the cells (import_woo_cell.c), the row (import_woo.c). */
#ifndef SHOP_IMPORT_WOO_INT_H
#define SHOP_IMPORT_WOO_INT_H

#include "shop/import_item.h"

enum column {
    COL_ID,
    COL_TYPE,
    COL_SKU,
    COL_BARCODE,
    COL_NAME,
    COL_PUBLISHED,
    COL_FEATURED,
    COL_VISIBILITY,
    COL_SUMMARY,
    COL_DESCRIPTION,
    COL_SALE_FROM,
    COL_SALE_UNTIL,
    COL_TAX_STATUS,
    COL_TAX_CLASS,
    COL_IN_STOCK,
    COL_STOCK,
    COL_LOW_STOCK,
    COL_BACKORDERS,
    COL_SOLD_ALONE,
    COL_WEIGHT,
    COL_LENGTH,
    COL_WIDTH,
    COL_HEIGHT,
    COL_REVIEWS,
    COL_NOTE,
    COL_SALE_PRICE,
    COL_PRICE,
    COL_CATEGORIES,
    COL_TAGS,
    COL_SHIPPING_CLASS,
    COL_IMAGES,
    COL_PARENT,
    COL_GROUPED,
    COL_UPSELLS,
    COL_CROSS,
    COL_URL,
    COL_BUTTON,
    COL_POSITION,
    COL_BRANDS,
    COL_SEO_TITLE,
    COL_SEO_DESCRIPTION,
    COL_COST,
    COL_SLUG,
    COL_STATUS,
    COL_PRODUCT_TYPE,
    COL_PUBLISH_FROM,
    COL_PUBLISH_UNTIL,
    COL_RELATED,
    COL_MIN_QUANTITY,
    COL_MAX_QUANTITY,
    COL_UNIT,
    COL_PRICE_QUANTITY,
    COL_BACKORDER_LIMIT,
    COL_STOCK_POLICY,
    COL_DOWNLOAD_LIMIT,
    COL_DOWNLOAD_DAYS,
    COL_IGNORED, /* known, without a meaning here */
    COL_COUNT
};

enum { NONE = -1 };
struct attr_columns {
    int name, values, visible, chosen, input, unit;
};
#define NO_ATTR_COLUMNS ((struct attr_columns){ NONE, NONE, NONE, NONE, NONE, NONE })
/* Columns of which there may be any number: "name@si", "custom:warranty", "stock:kandy" ... */
enum extra_kind {
    EXTRA_TEXT,
    EXTRA_CUSTOM,
    EXTRA_STOCK,
    EXTRA_PRICES,
    EXTRA_DOWNLOAD_NAME,
    EXTRA_DOWNLOAD_URL
};
struct extra_column {
    enum extra_kind kind;
    int i;
    const char *title, *arg, *locale;
    int no; /* of a download, from 1 */
};
struct woo_header {
    int col[COL_COUNT]; /* index in the row, NONE */
    const char *title[COL_COUNT];
    int64_t weight_num, weight_den, length_num, length_den; /* to grams, to millimetres */
    struct attr_columns attr[ITEM_ATTRS];
    struct extra_column *extra;
    size_t nextras;
    bool is_kade; /* texts are Markdown, "'=" is "=" */
    size_t ncolumns;
};

/* A row being read. */
struct reading {
    const struct woo_header *h;
    struct arena *a;
    const struct csv_row *row;
    const struct currency *currency;
    struct import_item *it;
};

/* The first fault of a row is what is reported; later ones are forgotten. */
void woo_bad(struct reading *r, const char *column, const char *reason);
void woo_note(struct reading *r, const char *column, const char *reason);
/* Clean, trimmed text of a cell; NULL when the file has no such column; "" when it is empty or was
 * bad. max: bytes. */
const char *woo_cell_at(struct reading *r, int i, const char *title, size_t max, unsigned flags);
const char *woo_cell(struct reading *r, enum column c, size_t max);
const char *woo_long_cell(struct reading *r, enum column c, size_t max);
/* Text of at most n code points, as the table allows. */
const char *woo_short_text(struct reading *r, enum column c, size_t n);
bool woo_is_yes(const char *s);
bool woo_is_no(const char *s);
const bool *woo_yes_no(struct reading *r, enum column c, bool when_empty);
/* Whole number in [min, max]; a fraction of zeros is let pass ("5.00"). NULL: no column or empty.
 */
const int32_t *woo_whole(struct reading *r, enum column c, int64_t min, int64_t max);
/* A measure to grams or millimetres: NULL no column, -1 empty. */
const int32_t *woo_measure(struct reading *r, enum column c, int64_t num, int64_t den);
/* An amount in the shop's currency. False: empty or bad. */
bool woo_amount(struct reading *r, enum column c, int64_t *out);
/* "2026-11-30", "2026-11-30 09:00[:00]" (T allowed) to "YYYY-MM-DD HH:MM:SS". A date alone means
 * its whole day: as an end it is the next midnight. *text NULL when empty or bad. */
void woo_local_time(struct reading *r, enum column c, bool is_end, const char **text);
/* Parts of a list between commas; "\\," is a comma inside a part. */
struct item_list woo_split_list(struct reading *r, const char *s, const char *title, size_t most,
                                size_t max_chars);
/* import_kade_cell.c: the columns only our own format has. */
bool kade_extra_column(struct woo_header *h, struct arena *a, const char *title, int i);
void kade_read(struct reading *r);
struct item_list woo_list_cell(struct reading *r, enum column c, size_t most, size_t max_chars);

#endif
