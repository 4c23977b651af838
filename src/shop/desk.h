/* desk.h: what staff keep besides products, by the codes they know: price lists and groups,
 * warehouses and stock, product types, categories. All inside db_tx, in the shop's scope, on a
 * connection of staff. RC_INVALID and RC_NOTFOUND come with *problem, one sentence. */
#ifndef SHOP_DESK_H
#define SHOP_DESK_H

#include "app/types.h"
#include "base/id.h"

struct desk {
    struct db *db;
    int64_t now;
    const char *currency; /* of the shop */
    const char *problem;  /* out */
    bool changed;         /* out */
};

/* NULL members stay as they are. kind, group and currency are set when the list is made. */
struct desk_list {
    const char *code, *name, *kind, *group, *currency, *priority, *active, *from, *until;
};
KADE_API enum rc desk_price_list(struct desk *d, const struct desk_list *l) ATTR_MUST_CHECK;
/* The prices of a variant in a list, exactly these: "12.50", or "5@11.00" from five pieces on.
 * None: it has no price in the list. */
KADE_API enum rc desk_prices(struct desk *d, const char *list, const char *sku,
                             const char *const *amounts, size_t n, const char *from,
                             const char *until) ATTR_MUST_CHECK;
KADE_API enum rc desk_group(struct desk *d, const char *code, const char *name) ATTR_MUST_CHECK;
/* code "": out of every group. */
KADE_API enum rc desk_member(struct desk *d, const char *email, const char *code) ATTR_MUST_CHECK;
/* kind: warehouse, store, transit. */
KADE_API enum rc desk_warehouse(struct desk *d, const char *code, const char *name,
                                const char *kind, int32_t priority) ATTR_MUST_CHECK;
/* As counted; backorder and reorder NULL: as they are. */
KADE_API enum rc desk_stock(struct desk *d, const char *sku, const char *warehouse, int32_t on_hand,
                            const int32_t *backorder, const int32_t *reorder) ATTR_MUST_CHECK;
/* attributes: codes, those that pick the variant with ":variant" behind them. */
KADE_API enum rc desk_type(struct desk *d, const char *code, const char *name,
                           const char *const *attributes, size_t n) ATTR_MUST_CHECK;
/* Under parent ("" at the top), which must be there. */
KADE_API enum rc desk_category_add(struct desk *d, const char *slug, const char *name,
                                   const char *parent) ATTR_MUST_CHECK;
KADE_API enum rc desk_category_rename(struct desk *d, const char *slug, const char *name,
                                      const char *to) ATTR_MUST_CHECK;
KADE_API enum rc desk_category_move(struct desk *d, const char *slug,
                                    const char *parent) ATTR_MUST_CHECK;
KADE_API enum rc desk_category_hide(struct desk *d, const char *slug, bool hidden) ATTR_MUST_CHECK;

#endif
