/* search_index.h: keeping the index tables of search in step with the catalogue. They follow the
 * outbox; here is also what rebuilds them and what tells how they are. Every function wants a
 * connection of kade_jobs or kade_admin and the shop's scope open, and runs its own transactions;
 * after each it bumps the tag of lists, so that stored pages are made anew. */
#ifndef SHOP_SEARCH_INDEX_H
#define SHOP_SEARCH_INDEX_H

#include "app/types.h"
#include "base/field.h"
#include "base/id.h"

/* Tag of everything that lists products: bumped by the indexer after its commit. */
#define LISTING_TAG_SPACE "listing"
#define LISTING_TAG_ID    "all"

enum { INDEX_BATCH = 400 };

/* Products that changed in any way; those that are not to be found any more go. In batches of
 * INDEX_BATCH, one transaction each. */
KADE_API enum rc search_index(struct app_ctx *app, struct uuid tenant, const struct uuid *ids,
                              size_t n) __attribute__((nonnull(1))) ATTR_MUST_CHECK;
/* Everything anew while the shop goes on: products, orphans, counters, words. say may be NULL. */
KADE_API enum rc search_rebuild(struct app_ctx *app, struct uuid tenant,
                                void (*say)(void *arg, size_t done), void *arg, size_t *out)
    __attribute__((nonnull(1, 5))) ATTR_MUST_CHECK;
/* Counts words again and forgets those of no product. */
KADE_API enum rc search_recount(struct app_ctx *app) ATTR_NONNULL ATTR_MUST_CHECK;

struct search_status {
    int64_t products, words, terms;
    int64_t rebuilt_at, counted_at; /* INSTANT_MIN = never */
    int64_t waiting;                /* changes of this shop the index has not seen */
    int64_t lag_us;                 /* age of the oldest of them; 0 = none */
};
KADE_API enum rc search_status(struct db *db, int64_t now,
                               struct search_status *out) ATTR_NONNULL ATTR_MUST_CHECK;

/* For the shop's own face (builtin.c). */
struct event;
struct job;
enum rc search_on_products(struct app_ctx *app, const struct event *e) ATTR_MUST_CHECK;
enum rc search_on_category(struct app_ctx *app, const struct event *e) ATTR_MUST_CHECK;
enum rc search_job_below(struct app_ctx *app, const struct job *j) ATTR_MUST_CHECK;
enum rc search_job_edges(struct app_ctx *app, const struct job *j) ATTR_MUST_CHECK;
enum rc search_job_recount(struct app_ctx *app, const struct job *j) ATTR_MUST_CHECK;

/* ---- the shop's own words ----------------------------------------------------------------------
 */
/* Inside db_tx. *changed: rows written. RC_INVALID: empty, too long, the same on both sides, or a
 * target that is no inside path. */
KADE_API enum rc search_synonym_put(struct db *db, const char *term, const char *means,
                                    bool both_ways, int64_t *changed) ATTR_NONNULL ATTR_MUST_CHECK;
KADE_API enum rc search_synonym_remove(struct db *db, const char *term, const char *means,
                                       int64_t now, int64_t *changed) ATTR_NONNULL ATTR_MUST_CHECK;
KADE_API enum rc search_redirect_put(struct db *db, const char *query, const char *target,
                                     int64_t *changed) ATTR_NONNULL ATTR_MUST_CHECK;
KADE_API enum rc search_redirect_remove(struct db *db, const char *query, int64_t now,
                                        int64_t *changed) ATTR_NONNULL ATTR_MUST_CHECK;

#endif
