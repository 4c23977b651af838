/* product.h: changing products. Every change keeps the lists of category pages (index table) and
 * category counts in step and tells product.changed, all in the caller's transaction. */
#ifndef SHOP_PRODUCT_H
#define SHOP_PRODUCT_H

#include "app/types.h"
#include "base/field.h"
#include "base/id.h"

/* Tag of stored pages that show a product, id = its UUID; "all" is the guard (app/frag.h). Bumped
 * after the commit of whatever changed it, its stock included. */
#define PRODUCT_TAG_SPACE "product"

/* After anything about these products changed: category lists, counts, one event each. Inside
 * db_tx. Sorted and deduplicated here; empty is fine. */
KADE_API enum rc product_changed(struct db *db, const struct uuid *ids, size_t n, int64_t now)
    __attribute__((nonnull(1))) ATTR_MUST_CHECK;
/* Lists and counters alone, without events: for bulk loads, which tell once at their end. */
KADE_API enum rc product_relist(struct db *db, const struct uuid *ids, size_t n, int64_t now)
    __attribute__((nonnull(1))) ATTR_MUST_CHECK;
/* These and the bundles that have a part of them: what a change of their stock changes. *out in the
 * scope's arena. */
KADE_API enum rc product_and_kits(struct db *db, const struct uuid *ids, size_t n,
                                  struct uuids *out) __attribute__((nonnull(1, 4))) ATTR_MUST_CHECK;
/* Name and address; the old address redirects from now on. RC_NOTFOUND; RC_CONFLICT the version
 * moved on or the slug is another's. */
KADE_API enum rc product_rename(struct db *db, struct uuid id, int32_t version, const char *name,
                                const char *slug, int64_t now) ATTR_NONNULL ATTR_MUST_CHECK;
/* status: draft, active, archived. */
KADE_API enum rc product_status(struct db *db, struct uuid id, int32_t version, const char *status,
                                int64_t now) ATTR_NONNULL ATTR_MUST_CHECK;
/* Base price of a variant from now on; writes the price log. */
KADE_API enum rc product_price(struct db *db, struct uuid variant, int64_t amount,
                               int64_t now) ATTR_NONNULL ATTR_MUST_CHECK;
/* Sets on_hand of a variant in the shop's first warehouse as counted; the difference is one
 * movement. cause: once. RC_CONFLICT when less would be left than is promised. */
KADE_API enum rc product_stock(struct db *db, struct uuid variant, int32_t on_hand,
                               const char *cause_kind, struct uuid cause,
                               int64_t now) ATTR_NONNULL ATTR_MUST_CHECK;
/* Normal form of a SKU: NFC, upper case ASCII, no white space. "" when nothing is left. */
KADE_API char *product_sku_norm(struct arena *a, const char *sku) ATTR_NONNULL ATTR_RETNONNULL;
/* A barcode as it is kept: the digits of a GTIN (8, 12, 13 or 14, blanks and hyphens dropped), NULL
 * when its check digit is wrong; a code of another form as it is. */
KADE_API char *product_barcode(struct arena *a, const char *text) ATTR_NONNULL;

#endif
