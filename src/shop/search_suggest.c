/* search_suggest.c: what is offered while somebody types: whole queries, a few products, the
 * categories most of them are in. Every word may be the beginning of one. Invariant: one trip, and
 * the work is bounded however short the beginning is. */
#include "base/str.h"
#include "base/utf8.h"
#include "gen/shop_q.h"
#include "platform/db.h"
#include "shop/search.h"
#include "shop/search_query.h"

enum { SUGGEST_LOOKS = 120 };

/* What stands before the last word, as it was typed. */
static const char *before_last(const struct search_query *q)
{
    const char *s = "";
    for (size_t i = 0; i + 1 < q->n; i++)
        s = arena_printf(q->arena, "%s%s%s", s, q->word[i].shown,
                         q->word[i + 1].joined ? "-" : " ");
    return s;
}

enum rc search_suggest(struct db *db, const char *query, const char *locale,
                       struct search_suggestion *out)
{
    struct search_query q;
    struct query_texts t;
    struct shop_completion_list words = { 0 };
    struct shop_suggestion_list found = { 0 };
    struct db_pipe *p = db_pipe(db);
    *out = (struct search_suggestion){ 0 };
    search_query_parse(db_arena(db), query, &q);
    if (q.n == 0)
        return db_pipe_run(p);
    const struct query_word *last = &q.word[q.n - 1];
    search_query_build_prefix(&q, &t);
    if (utf8_length(last->folded) >= 2)
        shop_q_search_completions_send(p, last->folded, last->upper, locale, SEARCH_SUGGESTED,
                                       &words);
    if (q.n > 1 || utf8_length(last->folded) >= 3 || last->script != SCRIPT_LATIN)
        shop_q_search_suggest_send(p, t.match, t.exact, SUGGEST_LOOKS,
                                   (int32_t)COUNT_OF(out->product),
                                   (int32_t)COUNT_OF(out->category), TERM(GROUP_CATEGORY, 0),
                                   TERM(GROUP_CATEGORY + 1, 0), &found);
    enum rc rc = db_pipe_run(p);
    if (rc != RC_OK)
        return rc;
    const char *front = before_last(&q);
    for (size_t i = 0; i < words.n && out->nwords < SEARCH_SUGGESTED; i++)
        out->words[out->nwords++] = arena_printf(q.arena, "%s%s", front, words.row[i].shown);
    for (size_t i = 0; i < found.n; i++) {
        const struct shop_suggestion *f = &found.row[i];
        if (f->has_product_id && out->nproducts < COUNT_OF(out->product))
            out->product[out->nproducts++] = f->product_id;
        if (f->has_term && out->ncategories < COUNT_OF(out->category))
            out->category[out->ncategories++] = (struct search_count){ f->term, f->n };
    }
    return RC_OK;
}
