/* specs.h: properties, custom fields, measures and the parts of a bundle on a product's page. */
#ifndef STOREFRONT_SPECS_H
#define STOREFRONT_SPECS_H

#include "cards.h"
#include "shop/product_facts.h"

/* SPECS section; m: the variant shown, NULL none. */
void specs_show(struct req *r, struct tpl *page, const struct product_specs *specs,
                const struct product_options *options, const struct product_variant *m);
/* KIT section: the parts with quantities and what the bundle saves. own: the bundle's price. */
void parts_show(struct req *r, struct tpl *page, const struct product_parts *made_of,
                const struct card_list *parts, const struct price_range *own);
/* Words of a switch: "yes" and "true" are yes. */
const char *yes_or_no(const char *value);

#endif
