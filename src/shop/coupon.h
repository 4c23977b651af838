/* coupon.h: whether a typed code may be used, and what it then does. Deciding is pure and repeated
 * when the order is placed; spending and giving back happen in the order's transaction, where
 * unique keys and CHECKs keep the limits (T6). */
#ifndef SHOP_COUPON_H
#define SHOP_COUPON_H

#include "base/arena.h"
#include "base/field.h"
#include "base/id.h"
#include "base/rc.h"
#include "shop/discount.h"

struct db;

struct coupon {
    struct uuid id, code_id;
    const char *code, *name, *currency; /* currency NULL: any */
    enum discount_kind kind;            /* DISCOUNT_ALL: free shipping */
    int32_t ppm;
    int64_t amount, minimum, cap; /* cap < 0: none */
    int32_t usage_limit, used, code_limit, code_used, person_limit,
        person_used; /* limits < 0: none */
    bool active, exclusive, excludes_sale;
    bool for_group; /* only for customers of group */
    struct uuid group;
    int64_t from, until;
    struct uuids products, categories; /* empty both: everything */
};

enum coupon_problem {
    COUPON_OK,
    COUPON_UNKNOWN, /* no such code, not active, or for other people: one answer for all */
    COUPON_EARLY,
    COUPON_OVER,
    COUPON_USED_UP,
    COUPON_USED_BY_YOU,
    COUPON_CURRENCY,
    COUPON_MINIMUM,  /* coupon.minimum says how much is asked */
    COUPON_NO_GOODS, /* nothing in the cart it is for */
    COUPON_ALONE     /* not together with another one */
};

struct coupon_goods { /* one line of goods */
    struct uuid product;
    struct uuids categories; /* of the product and all above them */
    bool on_sale;
    int64_t subtotal;
};
/* group: the customer's, nil none. others: codes that apply already. touches[i] is set for the
 * lines it is for. */
KADE_API enum coupon_problem coupon_check(const struct coupon *c, const struct coupon_goods *goods,
                                          size_t n, const char *currency, struct uuid group,
                                          size_t others, int64_t now, bool *touches)
    __attribute__((nonnull(1, 4, 8)));
/* A sentence for people, translated; NULL for COUPON_OK. */
KADE_API const char *coupon_problem_text(enum coupon_problem p);
/* Upper case, without blanks; "" when nothing is left or it is longer than 40. */
KADE_API char *coupon_norm(struct arena *a, const char *typed) ATTR_NONNULL ATTR_RETNONNULL;
KADE_API struct discount coupon_discount(const struct coupon *c) ATTR_NONNULL;

/* All coupons of an order, once however often it is asked. Inside db_tx. */
KADE_API enum rc coupon_give_back(struct db *db, struct uuid order) ATTR_NONNULL ATTR_MUST_CHECK;

#endif
