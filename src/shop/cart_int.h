/* cart_int.h: between the files of the cart. */
#ifndef SHOP_CART_INT_H
#define SHOP_CART_INT_H

#include "gen/shop_q.h"
#include "shop/cart.h"

/* What came back of the one trip that reads a cart. */
struct cart_rows {
    struct shop_cart_head_maybe head;
    struct shop_cart_row_list lines;
    struct shop_cart_price_list prices;
    struct shop_cart_level_list levels;
    struct shop_cart_part_row_list parts;
    struct shop_cart_coupon_list coupons;
    struct shop_tax_candidate_list taxes;
    struct shop_shipping_candidate_list shipping;
    struct shop_payment_offer_list payments;
};
/* Rows to a priced cart; pure but for the arena. */
enum rc cart_build(struct arena *a, const struct trade *t, const struct cart_rows *rows,
                   struct cart *out) ATTR_MUST_CHECK;
/* Lines with prices and stock, before any sums. */
void cart_lines_build(struct arena *a, const struct trade *t, const struct cart_rows *rows,
                      struct cart *out);
const struct shipping_option *cart_shipping(struct arena *a,
                                            const struct shop_shipping_candidate_list *rows,
                                            int64_t weight_g, int64_t value, size_t *n);

#endif
