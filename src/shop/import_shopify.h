/* import_shopify.h: product exports of Shopify as rows of our own layout. Internal to src/shop. */
#ifndef SHOP_IMPORT_SHOPIFY_H
#define SHOP_IMPORT_SHOPIFY_H

#include "base/arena.h"
#include "base/rc.h"
#include "platform/csv.h"
#include "shop/import_item.h"

struct shopify;

/* Reads the header row; *header fits the rows that shopify_next gives. RC_INVALID with *problem.
 * *unused: columns without a meaning here. Close what was opened. */
enum rc shopify_open(struct arena *a, const struct csv_row *row, struct shopify **out,
                     struct woo_header **header, const char **unused,
                     const char **problem) ATTR_MUST_CHECK;
void shopify_close(struct shopify *s); /* NULL is fine */
/* The next row made, in a; ends as csv_next does. */
enum rc shopify_next(struct shopify *s, struct csv_reader *csv, struct arena *a,
                     struct csv_row *out) ATTR_MUST_CHECK;

#endif
