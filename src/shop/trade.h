/* trade.h: whose cart and in which shop: what the functions of cart and order need of a request,
 * without knowing requests. */
#ifndef SHOP_TRADE_H
#define SHOP_TRADE_H

#include "base/field.h"
#include "base/id.h"

struct trade {
    struct uuid store;
    const char *currency, *country,
        *zone; /* country: the shop's, for a place not yet known; may be "" */
    bool include_tax;
    struct texts chain;   /* locales other than the shop's first, best first; may be empty */
    const char *locale;   /* of the shopper, kept with the order */
    struct uuid customer; /* nil: a guest */
    const unsigned char *session; /* 32 bytes, hash of the guest's session token; NULL: none */
    int64_t now;
};

#endif
