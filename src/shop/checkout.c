/* checkout.c: what was typed at checkout as an address of its country. It says whether an order can
 * be sent there and brings what can be read into its stored form; it keeps what cannot, so that
 * nothing typed is lost. No statement is here. */
#include <string.h>

#include "base/str.h"
#include "shop/cart.h"

struct address checkout_address(const struct checkout *k)
{
    return (struct address){ .text = { [ADDRESS_NAME] = k->name,
                                       [ADDRESS_COMPANY] = k->company,
                                       [ADDRESS_PHONE] = k->phone,
                                       [ADDRESS_LINE1] = k->line1,
                                       [ADDRESS_LINE2] = k->line2,
                                       [ADDRESS_CITY] = k->city,
                                       [ADDRESS_REGION] = k->region,
                                       [ADDRESS_POSTCODE] = k->postcode,
                                       [ADDRESS_LANDMARK] = k->landmark,
                                       [ADDRESS_INSTRUCTIONS] = k->instructions },
                             .country = k->country };
}

void checkout_deliver_to(struct checkout *k, const struct address *a)
{
    const char **to[ADDRESS_KEYS] = {
        [ADDRESS_NAME] = &k->name,         [ADDRESS_COMPANY] = &k->company,
        [ADDRESS_PHONE] = &k->phone,       [ADDRESS_LINE1] = &k->line1,
        [ADDRESS_LINE2] = &k->line2,       [ADDRESS_CITY] = &k->city,
        [ADDRESS_REGION] = &k->region,     [ADDRESS_POSTCODE] = &k->postcode,
        [ADDRESS_LANDMARK] = &k->landmark, [ADDRESS_INSTRUCTIONS] = &k->instructions
    };
    for (size_t i = 0; i < ADDRESS_KEYS; i++)
        *to[i] = a->text[i] != NULL ? a->text[i] : "";
    k->country = a->country;
}

enum rc checkout_keep(struct arena *arena, struct address *a, address_problem *problem, void *arg)
{
    struct address typed = *a;
    enum rc rc = address_check(arena, a, problem, arg);
    /* A field this country has not may be one of the next the shopper chooses. */
    for (size_t i = 0; i < ADDRESS_KEYS && rc != RC_OK; i++)
        if (str_empty(a->text[i]))
            a->text[i] = typed.text[i] != NULL ? typed.text[i] : "";
    return rc;
}

bool checkout_complete(struct arena *arena, const struct checkout *k)
{
    struct address a = checkout_address(k);
    return address_check(arena, &a, NULL, NULL) == RC_OK;
}
