/* search_term.h: facet terms. What a product can be narrowed by is one number: the group in the
 * upper bits says what kind of value it is, so that filters need no look-up. Terms of brands,
 * categories, attributes and options are given out by the indexer (shop.facet_terms) and never
 * change; the others are fixed here. */
#ifndef SHOP_SEARCH_TERM_H
#define SHOP_SEARCH_TERM_H

#include <stdint.h>

enum {
    GROUP_STOCK,
    GROUP_SALE,
    GROUP_RATING,   /* 1 to 4: at least so many stars, so a product of 4.5 has all four */
    GROUP_CATEGORY, /* a product has its categories and all above them */
    GROUP_BRAND,
    GROUP_NAMES,          /* attributes themselves: value n = group GROUP_ATTRIBUTE + n */
    GROUP_ATTRIBUTE = 16, /* options of the first attribute, then of the next ... */
    GROUP_LAST = 32767
};
enum { TERM_BITS = 16, TERM_VALUES = 65535 };
#define TERM(group, n) ((int32_t)(((uint32_t)(group) << TERM_BITS) | (uint32_t)(n)))
enum { TERM_IN_STOCK = TERM(GROUP_STOCK, 1), TERM_ON_SALE = TERM(GROUP_SALE, 1) };

static inline int32_t term_group(int32_t term)
{
    return (int32_t)((uint32_t)term >> TERM_BITS);
}

static inline int32_t term_value(int32_t term)
{
    return term & TERM_VALUES;
}

#endif
