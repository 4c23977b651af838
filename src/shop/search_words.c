/* search_words.c: the shop's own words: synonyms and redirects that staff keep. Stored as they were
 * typed and as they are compared. Invariant: what is compared went through the same cutting and
 * folding as a shopper's query, so a rule never misses for the sake of a comma. */
#include <string.h>

#include "base/str.h"
#include "base/time.h"
#include "gen/shop_q.h"
#include "platform/crypto.h"
#include "platform/db.h"
#include "shop/search_index.h"
#include "shop/search_query.h"

enum { OWN_MAX = 100 };

static enum rc norm(struct arena *a, const char *text, const char **out)
{
    *out = search_norm(a, text);
    return **out != '\0' && utf8_length(text) <= OWN_MAX && strlen(*out) <= 200 ? RC_OK
                                                                                : RC_INVALID;
}

enum rc search_synonym_put(struct db *db, const char *term, const char *means, bool both_ways,
                           int64_t *changed)
{
    struct arena *a = db_arena(db);
    const char *x, *y;
    int64_t n[2] = { 0 };
    enum rc rc = norm(a, term, &x);
    if (rc == RC_OK)
        rc = norm(a, means, &y);
    if (rc != RC_OK || str_eq(x, y))
        return RC_INVALID;
    rc = shop_q_synonym_put(db, uuid7_new(), term, x, means, y, &n[0]);
    if (rc == RC_OK && both_ways)
        rc = shop_q_synonym_put(db, uuid7_new(), means, y, term, x, &n[1]);
    *changed = n[0] + n[1];
    return rc;
}

enum rc search_synonym_remove(struct db *db, const char *term, const char *means, int64_t now,
                              int64_t *changed)
{
    struct arena *a = db_arena(db);
    return shop_q_synonym_remove(db, search_norm(a, term), search_norm(a, means), now, changed);
}

enum rc search_redirect_put(struct db *db, const char *query, const char *target, int64_t *changed)
{
    const char *q;
    enum rc rc = norm(db_arena(db), query, &q);
    if (rc != RC_OK)
        return rc;
    if (*target != '/' || target[1] == '/' || strchr(target, '\\') != NULL)
        return RC_INVALID;
    return shop_q_redirect_put(db, uuid7_new(), query, q, target, changed);
}

enum rc search_redirect_remove(struct db *db, const char *query, int64_t now, int64_t *changed)
{
    return shop_q_redirect_remove(db, search_norm(db_arena(db), query), now, changed);
}
