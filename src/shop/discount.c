/* discount.c: one discount over several lines by largest remainder. It knows nothing of coupons or
 * taxes and never asks whether somebody may have it. Invariant: the parts sum to what was taken and
 * no line gives more than it has. */
#include "shop/discount.h"

static enum rc wanted(const struct discount *d, int64_t sum, int64_t step, enum rounding mode,
                      int64_t *out)
{
    int64_t amount = sum;
    enum rc rc = RC_OK;
    if (d->kind == DISCOUNT_PERCENT) {
        rc = money_ratio(sum, d->ppm, 1000000, mode, &amount);
        if (rc == RC_OK)
            rc = money_round(amount, step, mode, &amount);
    } else if (d->kind == DISCOUNT_FIXED) {
        amount = d->amount - d->amount % step;
    }
    if (rc != RC_OK)
        return rc;
    if (d->cap >= 0 && amount > d->cap)
        amount = d->cap - d->cap % step;
    if (amount > sum - sum % step)
        amount = sum - sum % step;
    *out = amount > 0 ? amount : 0;
    return RC_OK;
}

enum rc discount_spread(const struct discount *d, const int64_t *left, const bool *touches,
                        size_t n, int64_t step, enum rounding mode, int64_t *part, int64_t *taken)
{
    int64_t sum = 0, amount = 0;
    for (size_t i = 0; i < n; i++) {
        part[i] = touches[i] ? left[i] / step : 0; /* the weights, in steps */
        enum rc rc = money_add(sum, part[i] * step, &sum);
        if (rc != RC_OK)
            return rc;
    }
    enum rc rc = wanted(d, sum, step, mode, &amount);
    if (rc != RC_OK)
        return rc;
    if (amount == 0) {
        for (size_t i = 0; i < n; i++)
            part[i] = 0;
    } else {
        rc = money_split(amount / step, part, n, part);
        if (rc != RC_OK)
            return rc;
        for (size_t i = 0; i < n; i++)
            part[i] *= step;
    }
    *taken = amount;
    return RC_OK;
}
