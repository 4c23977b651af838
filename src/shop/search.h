/* search.h: the one function that answers "which products, in what order, and how many for each
 * facet": for a search, for a category, for any list. It decides what is listed; what a card shows
 * is read from the source by the caller. No HTTP, no HTML. */
#ifndef SHOP_SEARCH_H
#define SHOP_SEARCH_H

#include "app/types.h"
#include "base/field.h"
#include "base/id.h"
#include "shop/search_term.h"

/* BEST: for words what fits best, in lists the shop's own order. */
enum search_sort { SORT_BEST, SORT_NEW, SORT_CHEAP, SORT_DEAR, SORT_RATED, SORT_POPULAR };
enum {
    SEARCH_GROUPS = 8, /* groups of terms that can narrow at once */
    SEARCH_TERMS = 40, /* terms in all */
    SEARCH_MOST = 100, /* products a page */
    SEARCH_NEAR = 8,   /* products shown when none has all words */
    SEARCH_SUGGESTED = 8
};

/* What a list is narrowed by, as addresses name it: key "in_stock" or "sale" with "1", "rating"
 * with "1" to "4" (at least so many stars), "brand" and "category" with a slug, "f.<code of an
 * attribute>" with the code of an option. */
struct search_filter {
    const char *key, *value;
};

struct search_ask {
    const char *query;                  /* clean text; NULL: a list without words */
    const char *locale;                 /* of the page */
    bool exact;                         /* take the words as they are typed: no corrections */
    const char *category;               /* slug of the category whose list this is; NULL: none */
    const char *collection;             /* the same of a collection; not both */
    int64_t now;                        /* with a collection: it has a window */
    const struct search_filter *within; /* what the list is of: every product has all of these */
    size_t nwithin;
    const struct search_filter *filter; /* of one key any, of several keys all */
    size_t nfilters;
    const int64_t *price_min, *price_max; /* NULL: open */
    enum search_sort sort;
    bool has_after; /* go on after this product of the same list */
    int64_t after_key;
    struct uuid after_id;
    int32_t most, skip;
    bool count; /* facets wanted */
};

struct search_hit {
    struct uuid product;
    int64_t key; /* with the product where the next page begins */
};
struct search_count {
    int32_t term;
    int64_t n; /* against the other groups' filters */
};
/* Groups in the order of the ask's terms, then the price. */
struct search_without {
    int32_t group; /* GROUP_...; -1 = the price */
    int64_t n;     /* products there would be without this filter */
};

struct search_result {
    const char *redirect;  /* inside path staff set for this query; nothing else is filled */
    const char *text;      /* the query as it was read */
    const char *corrected; /* what was looked for instead; NULL */
    bool cut;              /* too long: the rest was ignored */
    bool empty;            /* a search without a word in it */
    bool nowhere;          /* what the list is of is not known here */
    int32_t *term;         /* of each filter of the ask; 0: not known here, it was left out */
    struct search_hit *hit;
    size_t n;
    bool more, near; /* near: nothing has all words, these have most of them */
    int64_t total;
    bool priced; /* low and high are set: prices against the other filters */
    int64_t low, high;
    struct search_count *counts;
    size_t ncounts;
    struct search_without without[SEARCH_GROUPS + 1];
    size_t nwithout;
};

/* Reads in the connection's scope, in a pipeline of its own: one trip for a list, one more when
 * there are words or filters. Any text is a query: it never fails for what was typed. */
KADE_API enum rc search_run(struct db *db, const struct search_ask *ask,
                            struct search_result *out) ATTR_NONNULL ATTR_MUST_CHECK;

/* While somebody types. One trip. */
struct search_suggestion {
    const char *words[SEARCH_SUGGESTED]; /* whole queries */
    size_t nwords;
    struct uuid product[3];
    size_t nproducts;
    struct search_count category[3]; /* where most of them are */
    size_t ncategories;
};
KADE_API enum rc search_suggest(struct db *db, const char *query, const char *locale,
                                struct search_suggestion *out) ATTR_NONNULL ATTR_MUST_CHECK;

#endif
