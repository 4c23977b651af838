/* list_query.h: the query string of a list of products, understood: words, filters, prices, sort,
 * how far on. Pure: no database, no request. Whatever is in it gives a list; what was not
 * understood is told and left out. The same state always gives the same address. */
#ifndef STOREFRONT_LIST_QUERY_H
#define STOREFRONT_LIST_QUERY_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/id.h"
#include "platform/i18n.h"
#include "shop/search.h"

enum {
    LIST_FILTERS = 40, /* as many as search_run takes */
    LIST_PAGES = 2000, /* pages of a list that can be counted to without a cursor */
    LIST_VALUE = 200,  /* characters of a filter's value */
    LIST_IGNORED = 5   /* parts named as not understood; the rest is counted */
};

struct list_sort {
    const char *name; /* in addresses; "" is the list's own order */
    enum search_sort order;
    const char *label, *words_label; /* for a list, and for a search; N_() */
};
extern const struct list_sort list_sorts[];
extern const size_t list_nsorts;

struct list_pair {
    const char *name, *value;
};
struct list_query {
    const char *words; /* NULL: none */
    bool exact;
    const struct list_sort *sort;
    bool has_min, has_max;
    int64_t min, max;
    struct search_filter filter[LIST_FILTERS];
    size_t nfilters;
    int64_t page; /* 1 and on; for people: where it goes on says the cursor */
    bool has_after;
    int64_t after_key;
    struct uuid after_id;
    const char *ignored[LIST_IGNORED];
    size_t nignored; /* of all, also those not named */
};

/* takes_words: q is a search and not a part that means nothing. */
void list_query_read(struct arena *a, const struct list_pair *pairs, size_t n, bool takes_words,
                     const struct locale *locale, const char *currency, struct list_query *out);
/* One more part that came to nothing. */
void list_query_ignore(struct arena *a, struct list_query *q, const char *name, const char *value);

/* What of a state goes into an address. */
struct list_change {
    const struct list_sort *sort;        /* NULL: as it is */
    const struct search_filter *without; /* this filter left out; NULL: none */
    const char *without_key;             /* all of this key; NULL: none */
    bool no_min, no_max, no_filters, exact;
    const struct search_filter *with; /* one more filter; NULL: none */
    int64_t page;                     /* 0 or 1: the first */
    const char *after;
};
/* "" or "?q=...&brand=...": appended to an address. */
void list_query_write(struct arena *a, const struct list_query *q, const struct list_change *c,
                      const char *currency, struct buf *out);
/* A sum as a field of the form has it: "1500", "1500.50". */
const char *list_money(struct arena *a, int64_t v, const char *currency);
bool list_query_is_narrowed(const struct list_query *q);

#endif
