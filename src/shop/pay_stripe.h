/* pay_stripe.h: what of the Stripe adapter is tested by itself: amounts in its units, its
 * signature. Pure. */
#ifndef SHOP_PAY_STRIPE_H
#define SHOP_PAY_STRIPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/rc.h"

struct pay_adapter;
extern const struct pay_adapter pay_stripe;

/* Minor units of ISO 4217 to what the API counts in, and back. RC_INVALID: no such currency, or an
 * amount it cannot say. */
KADE_API enum rc stripe_amount(int64_t minor, const char *currency,
                               int64_t *out) ATTR_NONNULL ATTR_MUST_CHECK;
KADE_API enum rc stripe_amount_back(int64_t amount, const char *currency,
                                    int64_t *out) ATTR_NONNULL ATTR_MUST_CHECK;
/* Header "t=SECONDS,v1=HEX[,v1=HEX]" over body: HMAC-SHA256 of "SECONDS.BODY", at most five minutes
 * off. */
KADE_API bool stripe_signed(struct arena *a, const char *secret, const char *header,
                            const char *body, size_t n, int64_t now) ATTR_NONNULL;

#endif
