/* variants.h: which variant of a product is shown, and the links to the others. */
#ifndef STOREFRONT_VARIANTS_H
#define STOREFRONT_VARIANTS_H

#include "cards.h"
#include "shop/product_facts.h"

struct variant_set {
    const struct product_variants *variants;
    const struct product_options *options;
    const char *kind, *slug;
    size_t chosen; /* index in variants; variants->n when there are none */
    bool missing;  /* the one asked for is not there */
};
/* sku: as asked for in the query, NULL = none: then the first that can be bought. */
struct variant_set variants_choose(struct req *r, const struct product_variants *v,
                                   const struct product_options *o, const char *kind,
                                   const char *slug, const char *sku);
struct stock_fact variant_stock(const struct variant_set *s, const struct product_variant *v);
/* OPTION rows: one per attribute, its values as links. */
void variants_show(struct req *r, struct tpl *page, const struct variant_set *s);

#endif
