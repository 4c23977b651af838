/* variants.h: which variant of a product is shown, and the links to the others. */
#ifndef STOREFRONT_VARIANTS_H
#define STOREFRONT_VARIANTS_H

#include "cards.h"

struct variant_set {
    const struct storefront_variant_list *variants;
    const struct storefront_variant_option_list *options;
    const char *kind, *slug;
    size_t chosen; /* index in variants; variants->n when there are none */
    bool missing;  /* the one asked for is not there */
};
/* sku: as asked for in the query, NULL = none: then the first that can be bought. */
struct variant_set variants_choose(struct req *r, const struct storefront_variant_list *v,
                                   const struct storefront_variant_option_list *o, const char *kind,
                                   const char *slug, const char *sku);
struct stock_fact variant_stock(const struct variant_set *s, const struct storefront_variant *v);
/* OPTION rows: one per attribute, its values as links. */
void variants_show(struct req *r, struct tpl *page, const struct variant_set *s);

#endif
