/* listing.h: a list of products that can be narrowed: category, search, brand, deals, collection.
 * A page says what its list is of; everything else (filters with counts, chips, sort, cards, load
 * more, what to do when nothing fits) is the same for all of them and comes in one include,
 * {{>LISTING}} = storefront/listing.tpl.
 *
 *     struct listing *l = listing_open(r, &scope);          no I/O: the query string is read
 *     storefront_q_..._send(page_pipe(r), ...);    goes along with the last trip: out in r->arena
 *     rc = listing_read(r, l);                              at most three trips, two unfiltered
 *     struct tpl *page = page_new(r, "storefront/brand.tpl", name);
 *     rc = listing_show(r, l, page);                        fills {{>LISTING}}
 *
 * and around it, so that only a bounded number of pages is ever stored:
 *
 *     return listing_cached(r, &spec, l, build);
 */
#ifndef STOREFRONT_LISTING_H
#define STOREFRONT_LISTING_H

#include "cards.h"
#include "list_query.h"

extern const char *const listing_names[]; /* of the include, for module.c */

struct listing_scope {
    const char *href;                   /* own address: url_path(r, "/c/%s", slug) */
    const char *category;               /* slug: the products of a category and below it */
    const char *collection;             /* slug: what is in a collection; not with a category */
    const struct search_filter *within; /* what all products have: {"brand", "anker"} */
    size_t nwithin;
    bool searches;    /* q is read: a search */
    bool by_category; /* categories are a facet */
    const char *hide; /* key of a facet that says nothing here: "brand" */
};

struct listing {
    struct listing_scope scope;
    struct list_query query;
    struct search_result found;
    struct card_list cards;
    struct storefront_facet_label_list labels;
    const char *redirect; /* a search that leads elsewhere: req_redirect there */
};

struct listing *listing_open(struct req *r, const struct listing_scope *scope) ATTR_RETNONNULL;
/* Runs the page's pipeline, unless a search found nothing: then the page asks for a way on and runs
 * it. Nothing to show is no failure: found.total is 0, found.nowhere says
 * that there is no such thing as the list is of (an unknown brand). */
enum rc listing_read(struct req *r, struct listing *l) ATTR_MUST_CHECK;
/* Fills {{>LISTING}} of page; sets noindex on narrowed lists and later pages. */
enum rc listing_show(struct req *r, struct listing *l, struct tpl *page) ATTR_MUST_CHECK;
/* page_cached for lists, under the tags of lists: the first page as it is, sorted, or narrowed by
 * one filter is stored, anything else is made for each request. */
enum rc listing_cached(struct req *r, const struct frag_spec *spec, const struct listing *l,
                       app_handler *build) ATTR_MUST_CHECK;
/* Products that have a term, against the other filters. */
int64_t listing_count(const struct listing *l, int32_t term);
bool listing_has(const struct listing *l, const struct search_filter *f);
/* Address of the list in another state, with language. */
const char *listing_href(struct req *r, const struct listing *l, const struct list_change *c);

#endif
