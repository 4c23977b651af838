/* cart.h: what somebody has put together. One active cart a session of a guest, one a customer on
 * all devices. Prices, stock and discounts of a cart are worked out whenever it is read; the cart
 * itself holds variants, quantities, typed codes and the unit price last seen, so that a change is
 * named. What a client sends is a variant and a quantity, never an amount (T13).
 *
 * Changing functions open their own transaction (retried); they answer RC_NOTFOUND for a cart, line
 * or variant that is not the owner's or not for sale, RC_INVALID for a quantity out of bounds,
 * RC_CONFLICT for a cart that is full. */
#ifndef SHOP_CART_H
#define SHOP_CART_H

#include "shop/address.h"
#include "shop/coupon.h"
#include "shop/hold.h"
#include "shop/pricing.h"
#include "shop/shipping.h"
#include "shop/trade.h"

struct db;
struct db_pipe;
enum { CART_DAYS = 90, CART_LINES_MAX = 200, CART_UNDO_MINUTES = 10, CART_SHARE_DAYS = 30 };

enum cart_notice {
    CART_FINE,
    CART_PRICE_UP, /* since it was put in or last confirmed */
    CART_PRICE_DOWN,
    CART_LESS_STOCK, /* line.free are left */
    CART_SOLD_OUT,
    CART_GONE,    /* no longer for sale or without a price */
    CART_TOO_FEW, /* below the smallest or above the largest quantity sold */
    CART_TOO_MANY
};

struct cart_part { /* of a kit: what is held and allocated instead of it */
    struct uuid variant, product;
    const char *sku, *name;
    int32_t quantity; /* in one kit */
    int64_t free;
    bool tracked;
};
struct cart_line {
    struct uuid id, variant, product, seller;
    const char *slug, *name, *options, *sku, *image, *unit, *tax_class;
    int32_t quantity, price_quantity, min_quantity, max_quantity;
    int64_t weight_g; /* of one */
    int64_t free;     /* how many can be had; INT64_MAX: not counted */
    bool tracked, for_sale, is_digital;
    enum cart_notice notice;
    int64_t price_seen; /* unit price last confirmed */
    struct price price;
    size_t line; /* index in cart.lines; SIZE_MAX where it does not count (not for sale) */
    const struct cart_part *part;
    size_t nparts;
};
struct cart_code { /* a typed code */
    struct coupon coupon;
    enum coupon_problem problem;
    int64_t taken;
};
struct payment_option {
    struct uuid id;
    const char *code, *provider, *name, *instructions, *config; /* config: JSON object */
    int64_t fee;
    int32_t hold_minutes; /* 0: none */
};
struct checkout { /* what was typed; every text non-NULL */
    const char *email, *name, *phone, *company, *line1, *line2, *city, *region, *postcode, *country;
    const char *landmark, *instructions, *billing, *payment_method,
        *note;                   /* billing: JSON or NULL */
    struct uuid shipping_method; /* nil: not chosen */
};
struct cart {
    struct uuid id;
    int32_t version;
    int64_t expires_at;
    struct cart_line *item, *saved, *removed; /* removed: can still be taken back */
    size_t nitems, nsaved, nremoved;
    struct checkout checkout;
    struct cart_code *code;
    size_t ncodes;
    const struct shipping_option *shipping; /* offered for the place; empty: not served */
    size_t nshipping;
    size_t chosen_shipping; /* index; nshipping: none */
    const struct payment_option *payment;
    size_t npayment, chosen_payment;
    bool needs_shipping, place_known; /* place_known: a city or postcode was typed */
    struct pricing_terms terms;
    struct pricing_line *lines; /* goods, then shipping, then fee */
    size_t nlines;
    struct discount *discounts;
    size_t ndiscounts;
    struct pricing_totals totals;
    const struct stock_take *take; /* which warehouse serves what; want = index of wants */
    size_t ntakes;
    const struct stock_want *want; /* tracked lines and parts in the order of item */
    const size_t *want_line;       /* the item each want is for */
    const size_t *want_part;       /* its part; SIZE_MAX for the line itself */
    size_t nwants;
    struct uuid group; /* of the customer; nil: none */
    const char *customer_email;
    bool blocked;                 /* a line stands in the way of placing it */
    unsigned char shown_hash[32]; /* of all that decides what is paid (T14) */
};

/* The owner's cart, whole, priced. RC_NOTFOUND: none yet. Two trips, one when id is known. */
KADE_API enum rc cart_read(struct db *db, const struct trade *t, const struct uuid *id,
                           struct cart *out) __attribute__((nonnull(1, 2, 4))) ATTR_MUST_CHECK;
/* Pieces in it, for the count in the header, leaving with a pipeline; NULL when nobody can have a
 * cart. Read it after the pipe has run. */
struct shop_cart_pieces;
KADE_API struct shop_cart_pieces *cart_count_send(struct db_pipe *p, struct arena *a,
                                                  const struct trade *t) ATTR_NONNULL;
KADE_API int64_t cart_count_of(const struct shop_cart_pieces *pieces); /* NULL: 0 */

/* t->session or t->customer is set. A line that is there already grows. */
KADE_API enum rc cart_add(struct db *db, const struct trade *t, struct uuid variant,
                          int64_t quantity) ATTR_NONNULL ATTR_MUST_CHECK;
/* Quantity 0 removes. */
KADE_API enum rc cart_set(struct db *db, const struct trade *t, struct uuid line,
                          int64_t quantity) ATTR_NONNULL ATTR_MUST_CHECK;
KADE_API enum rc cart_remove(struct db *db, const struct trade *t,
                             struct uuid line) ATTR_NONNULL ATTR_MUST_CHECK;
KADE_API enum rc cart_restore(struct db *db, const struct trade *t,
                              struct uuid line) ATTR_NONNULL ATTR_MUST_CHECK;
KADE_API enum rc cart_save(struct db *db, const struct trade *t, struct uuid line,
                           bool for_later) ATTR_NONNULL ATTR_MUST_CHECK;
/* Takes the prices as they are now for seen. */
KADE_API enum rc cart_confirm(struct db *db, const struct trade *t,
                              const struct cart *seen) ATTR_NONNULL ATTR_MUST_CHECK;
/* A typed code, in any shape. RC_NOTFOUND unknown; whether it applies is told by cart_read. */
KADE_API enum rc cart_code_add(struct db *db, const struct trade *t,
                               const char *code) ATTR_NONNULL ATTR_MUST_CHECK;
KADE_API enum rc cart_code_remove(struct db *db, const struct trade *t,
                                  struct uuid code) ATTR_NONNULL ATTR_MUST_CHECK;
/* A link to a copy of the lines as they are; token for the URL, in the arena of db's scope. */
KADE_API enum rc cart_share(struct db *db, const struct trade *t,
                            const char **token) ATTR_NONNULL ATTR_MUST_CHECK;
struct cart_copy {
    struct cart_line *line;
    size_t n;
};
KADE_API enum rc cart_shared(struct db *db, const struct trade *t, const char *token,
                             struct cart_copy *out) ATTR_NONNULL ATTR_MUST_CHECK;
/* Adds the lines of a shared cart to the owner's; *added counts those that could be. */
KADE_API enum rc cart_copy_shared(struct db *db, const struct trade *t, const char *token,
                                  size_t *added) ATTR_NONNULL ATTR_MUST_CHECK;

/* At login, inside db_tx: what becomes of the guest's cart (setting cart.merge). */
enum cart_merge {
    CART_MERGE_LARGER, /* both lines' larger quantity; lines of both are kept: the default */
    CART_MERGE_SUM,    /* quantities add up */
    CART_MERGE_GUEST,  /* the guest's cart replaces, the customer's lines are saved for later */
    CART_MERGE_KEEP    /* the customer's cart stays, the guest's lines are saved for later */
};
KADE_API bool cart_merge_parse(const char *word, enum cart_merge *out) ATTR_NONNULL;
KADE_API enum rc cart_take_over(struct db *db, struct bytes session, struct uuid customer,
                                enum cart_merge how, int64_t now) ATTR_NONNULL ATTR_MUST_CHECK;

/* ---- checkout: what was typed, kept with the cart (checkout.c; checkout_save is cart.c's)
 * --------
 */
KADE_API struct address checkout_address(const struct checkout *k) ATTR_NONNULL;
KADE_API void checkout_deliver_to(struct checkout *k, const struct address *a) ATTR_NONNULL;
/* address_check that keeps what does not pass, for a form that is not finished. */
KADE_API enum rc checkout_keep(struct arena *arena, struct address *a, address_problem *problem,
                               void *arg) __attribute__((nonnull(1, 2))) ATTR_MUST_CHECK;
/* An order can be sent there: address_check finds nothing. */
KADE_API bool checkout_complete(struct arena *arena, const struct checkout *k) ATTR_NONNULL;
KADE_API enum rc checkout_save(struct db *db, struct uuid cart,
                               const struct checkout *c) ATTR_NONNULL ATTR_MUST_CHECK;

#endif
