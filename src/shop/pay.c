/* pay.c: the adapters there are. An adapter is a file of its own that defines one struct; a line
 * here makes it known. No gateway is talked to here. Invariant: a method whose provider is not
 * listed is not offered. */
#include "base/str.h"
#include "shop/pay_stripe.h"
#include "shop/payment.h"

/* Paid by hand: nothing is called. Cash is collected at the door, a transfer is confirmed by staff.
 */
static const struct pay_adapter cash = { .provider = "cod", .offline = true };
static const struct pay_adapter bank = { .provider = "bank" };
static const struct pay_adapter lankaqr = { .provider = "lankaqr" };

static const struct pay_adapter *const adapters[] = { &cash, &bank, &lankaqr, &pay_stripe };

const struct pay_adapter *pay_adapter_find(const char *provider)
{
    for (size_t i = 0; i < COUNT_OF(adapters); i++)
        if (str_eq(adapters[i]->provider, provider))
            return adapters[i];
    return NULL;
}

const char *payment_seal_name(struct arena *a, const char *method_code)
{
    return arena_printf(a, "payment_method:%s", method_code);
}
