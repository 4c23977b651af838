/* kade_search.c: kade search: rebuild the index, how far it is behind, the shop's synonyms and
 * redirects, and what a query finds and why. Steps of staff are functions of src/shop; here is only
 * their face on the command line. */
#include <inttypes.h>
#include <stdio.h>

#include "base/str.h"
#include "base/time.h"
#include "base/utf8.h"
#include "gen/shop_q.h"
#include "platform/db.h"
#include "programs/kade.h"
#include "shop/search.h"
#include "shop/search_index.h"

static int open_shop(struct kade *k, struct uuid *tenant)
{
    int status = kade_open(k, "kade_admin");
    if (status == 0)
        status = kade_tenant(k, tenant);
    if (status == 0)
        kade_scope(k, tenant);
    return status;
}

static void say(void *arg, size_t done)
{
    struct kade *k = arg;
    if (!kade_has(k, OPT_JSON) && done % 10000 == 0)
        fprintf(stderr, "%zu products\n", done);
}

static int reindex(struct kade *k, char **arg)
{
    (void)arg;
    struct uuid tenant;
    size_t done = 0;
    int64_t t0 = monotonic_us();
    int status = open_shop(k, &tenant);
    if (status != 0)
        return status;
    enum rc rc = search_rebuild(&k->app, tenant, say, k, &done);
    if (rc != RC_OK)
        return kade_fail_db(k, "reindex", rc);
    printf("%zu products indexed in %.1f s\n", done, (double)(monotonic_us() - t0) / 1e6);
    return 0;
}

static const char *when(struct kade *k, int64_t at)
{
    return at == INSTANT_MIN ? "never" : instant_rfc3339(k->arena, at);
}

static int status(struct kade *k, char **arg)
{
    static const char *const cols[] = { "products",         "words",  "terms",
                                        "waiting",          "lag_ms", "rebuilt_at",
                                        "words_counted_at", NULL };
    (void)arg;
    struct uuid tenant;
    struct search_status s;
    struct kade_rows o;
    int exit_status = open_shop(k, &tenant);
    if (exit_status != 0)
        return exit_status;
    enum rc rc = search_status(k->app.db, instant_now(), &s);
    if (rc != RC_OK)
        return kade_fail_db(k, "status", rc);
    kade_rows_begin(&o, k, cols);
    const char *cells[] = { arena_printf(k->arena, "%" PRId64, s.products),
                            arena_printf(k->arena, "%" PRId64, s.words),
                            arena_printf(k->arena, "%" PRId64, s.terms),
                            arena_printf(k->arena, "%" PRId64, s.waiting),
                            arena_printf(k->arena, "%" PRId64, s.lag_us / 1000),
                            when(k, s.rebuilt_at),
                            when(k, s.counted_at) };
    kade_rows_add(&o, cells);
    return kade_rows_end(&o);
}

/* An argument as clean text; NULL after an error was printed. */
static const char *clean(struct kade *k, const char *arg)
{
    char *out;
    size_t n = 0;
    while (arg[n] != '\0')
        n++;
    if (utf8_clean(k->arena, arg, n, 0, &out) == RC_OK)
        return out;
    (void)kade_fail("'%s' is not text in UTF-8", arg);
    return NULL;
}

static int find(struct kade *k, char **arg)
{
    static const char *const cols[] = { "place", "sku", "name", "key", NULL };
    struct uuid tenant;
    struct search_result r;
    struct kade_rows o;
    const char *query = clean(k, arg[0]);
    int exit_status = query == NULL ? EXIT_FAILED : open_shop(k, &tenant);
    if (exit_status != 0)
        return exit_status;
    struct search_ask ask = { .query = query, .locale = "en", .most = 10 };
    if (kade_has(k, OPT_LOCALE))
        ask.locale = k->value[OPT_LOCALE];
    int64_t t0 = monotonic_us();
    enum rc rc = search_run(k->app.db, &ask, &r);
    int64_t us = monotonic_us() - t0;
    if (rc != RC_OK)
        return kade_fail_db(k, "search", rc);
    fprintf(stderr, "%" PRId64 " products%s in %.1f ms%s%s%s%s\n", r.total,
            r.near ? ", these come near" : "", (double)us / 1000.0,
            r.corrected != NULL ? "; understood as: " : "", r.corrected != NULL ? r.corrected : "",
            r.redirect != NULL ? "; leads to " : "", r.redirect != NULL ? r.redirect : "");
    struct uuid *ids = arena_array(k->arena, struct uuid, r.n);
    for (size_t i = 0; i < r.n; i++)
        ids[i] = r.hit[i].product;
    struct shop_found_name_list names;
    rc = shop_q_search_names(k->app.db, (struct uuids){ ids, r.n }, &names);
    if (rc != RC_OK)
        return kade_fail_db(k, "names", rc);
    kade_rows_begin(&o, k, cols);
    for (size_t i = 0; i < r.n; i++)
        for (size_t j = 0; j < names.n; j++) {
            if (uuid_cmp(names.row[j].product_id, ids[i]) != 0)
                continue;
            const char *cells[] = { arena_printf(k->arena, "%zu", i + 1), names.row[j].sku,
                                    names.row[j].name,
                                    arena_printf(k->arena, "%" PRIx64, (uint64_t)r.hit[i].key) };
            kade_rows_add(&o, cells);
        }
    return kade_rows_end(&o);
}

/* ---- synonyms and redirects --------------------------------------------------------------------
 */
struct own {
    const char *x, *y;
    int64_t changed;
    enum { SYNONYM_BOTH, SYNONYM_ONE, SYNONYM_GONE, REDIRECT_PUT, REDIRECT_GONE } what;
};

static enum rc own_in_tx(struct db *db, void *arg)
{
    struct own *w = arg;
    switch (w->what) {
    case SYNONYM_BOTH:
    case SYNONYM_ONE:
        return search_synonym_put(db, w->x, w->y, w->what == SYNONYM_BOTH, &w->changed);
    case SYNONYM_GONE:
        return search_synonym_remove(db, w->x, w->y, instant_now(), &w->changed);
    case REDIRECT_PUT:
        return search_redirect_put(db, w->x, w->y, &w->changed);
    case REDIRECT_GONE:
        return search_redirect_remove(db, w->x, instant_now(), &w->changed);
    }
    return RC_BUG;
}

static int change(struct kade *k, struct own w)
{
    struct uuid tenant;
    if (w.x == NULL || w.y == NULL)
        return EXIT_FAILED;
    int exit_status = open_shop(k, &tenant);
    if (exit_status != 0)
        return exit_status;
    enum rc rc = db_tx(k->app.db, DB_TX_RETRY, own_in_tx, &w);
    if (rc == RC_INVALID && db_error(k->app.db)->message == NULL)
        return kade_fail("both sides need a word, at most 100 characters, and must differ; a "
                         "redirect leads to a path such as /c/lamps");
    if (rc != RC_OK)
        return kade_fail_db(k, "saving", rc);
    puts(w.changed > 0 ? "changed" : "was so already");
    return 0;
}

static int synonym_add(struct kade *k, char **arg)
{
    return change(k, (struct own){ clean(k, arg[0]), clean(k, arg[1]), 0, SYNONYM_BOTH });
}

static int synonym_one_way(struct kade *k, char **arg)
{
    return change(k, (struct own){ clean(k, arg[0]), clean(k, arg[1]), 0, SYNONYM_ONE });
}

static int synonym_remove(struct kade *k, char **arg)
{
    return change(k, (struct own){ clean(k, arg[0]), clean(k, arg[1]), 0, SYNONYM_GONE });
}

static int redirect_add(struct kade *k, char **arg)
{
    return change(k, (struct own){ clean(k, arg[0]), clean(k, arg[1]), 0, REDIRECT_PUT });
}

static int redirect_remove(struct kade *k, char **arg)
{
    return change(k, (struct own){ clean(k, arg[0]), "", 0, REDIRECT_GONE });
}

static int words(struct kade *k, char **arg)
{
    static const char *const cols[] = { "kind", "typed", "leads_to", NULL };
    (void)arg;
    struct uuid tenant;
    struct kade_rows o;
    struct shop_synonym_row_list synonyms;
    struct shop_redirect_row_list redirects;
    int exit_status = open_shop(k, &tenant);
    if (exit_status != 0)
        return exit_status;
    enum rc rc = shop_q_synonyms(k->app.db, &synonyms);
    if (rc == RC_OK)
        rc = shop_q_redirects(k->app.db, &redirects);
    if (rc != RC_OK)
        return kade_fail_db(k, "words", rc);
    kade_rows_begin(&o, k, cols);
    for (size_t i = 0; i < synonyms.n; i++)
        kade_rows_add(
            &o, (const char *const[]){ "synonym", synonyms.row[i].term, synonyms.row[i].means });
    for (size_t i = 0; i < redirects.n; i++)
        kade_rows_add(&o, (const char *const[]){ "redirect", redirects.row[i].query,
                                                 redirects.row[i].target });
    return kade_rows_end(&o);
}

static const enum kade_option none[] = { OPTIONS };
static const enum kade_option find_options[] = { OPT_LOCALE, OPTIONS };
const struct command kade_search_commands[] = {
    { "search", "reindex", "--tenant SLUG",
      "Make the search index of a shop anew; the shop goes on.", 0, 0, none, reindex },
    { "search", "status", "--tenant SLUG", "Size of the index and how far it is behind.", 0, 0,
      none, status },
    { "search", "find", "WORDS --tenant SLUG [--locale TAG]", "What a query finds, best first.", 1,
      1, find_options, find },
    { "search", "words", "--tenant SLUG", "The shop's synonyms and redirects.", 0, 0, none, words },
    { "search", "synonym", "WORD MEANS --tenant SLUG", "Who types one also finds the other.", 2, 2,
      none, synonym_add },
    { "search", "means", "WORD MEANS --tenant SLUG", "Who types WORD also finds MEANS, not back.",
      2, 2, none, synonym_one_way },
    { "search", "forget-synonym", "WORD MEANS --tenant SLUG",
      "Take one direction of a synonym away.", 2, 2, none, synonym_remove },
    { "search", "redirect", "WORDS PATH --tenant SLUG", "Who types exactly this comes to PATH.", 2,
      2, none, redirect_add },
    { "search", "forget-redirect", "WORDS --tenant SLUG", "Take a redirect away.", 1, 1, none,
      redirect_remove },
    { 0 }
};
