/* facets.h: the filters beside a list: which are offered, what they are called, how many products
 * each would leave, and what is on. Internal to listing.c. */
#ifndef STOREFRONT_FACETS_H
#define STOREFRONT_FACETS_H

#include "listing.h"

/* Chooses the values shown from the counts and queues the statement for their names. */
void facets_send(struct req *r, struct listing *l);
/* FILTERS of storefront/listing.tpl, with the chips of what is on. */
void facets_fill(struct req *r, const struct listing *l, struct tpl *t);
/* When nothing fits: which filter to drop, and what there would be then. */
void facets_without(struct req *r, const struct listing *l, struct tpl *t);

#endif
