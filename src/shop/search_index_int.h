/* search_index_int.h: a run of the indexer over several batches. Internal to src/shop. */
#ifndef SHOP_SEARCH_INDEX_INT_H
#define SHOP_SEARCH_INDEX_INT_H

#include "app/types.h"
#include "base/arena.h"
#include "base/id.h"
#include "base/map.h"

enum { INDEX_MEMORY = 256 * 1024 * 1024 };

/* The connection's scope is taken over between open and close and given back as it was. */
struct index_run {
    struct app_ctx *app;
    struct uuid tenant;
    int64_t now;
    struct arena *outer, *home, *work;
    struct map *stems, *seen; /* see struct doc_batch; kept from batch to batch */
    bool dirty;               /* the last transaction did not commit */
};

void index_run_open(struct index_run *r, struct app_ctx *app, struct uuid tenant);
/* One transaction. */
enum rc index_run_batch(struct index_run *r, const struct uuid *ids, size_t n) ATTR_MUST_CHECK;
/* Between batches: a new instant, an empty arena. */
void index_run_next(struct index_run *r);
/* wrote: stored lists are to be made anew. */
void index_run_close(struct index_run *r, bool wrote);

#endif
