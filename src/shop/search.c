/* search.c: a question to the index. First trip: what the shop knows about the words. Second trip:
 * products, counts, and what comes near when nothing fits. Parsing and building are pure
 * (search_query.c, search_build.c); here is only what is asked and how the answer is read.
 * Invariant: the number of trips and statements does not depend on what was typed or found. */
#include "shop/search.h"

#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "gen/shop_q.h"
#include "platform/db.h"
#include "shop/search_query.h"

enum { PRICE_BIT = 256, GUESSES = 60, NEAR_LOOKS = 100 };

struct question {
    const struct search_ask *ask;
    struct arena *arena;
    struct search_query q;
    struct query_facts facts;
    struct query_texts texts;
    int32_t group[SEARCH_GROUPS];      /* groups of the filters */
    struct int4s terms[SEARCH_GROUPS]; /* their terms */
    struct int4s all;                  /* of all groups */
    struct int4s within;               /* terms of what the list is of */
    int32_t *term;                     /* of within, then of the filters; 0: not known */
    size_t ngroups;
    unsigned frags;
    struct shop_collection_scope_maybe of; /* the collection whose list this is */
};

/* ---- the words ---------------------------------------------------------------------------------
 */
struct words {
    struct shop_known_word_list known;
    struct shop_have_word_list have;
    struct shop_typo_list typos, edits;
    struct shop_synonym_list synonyms;
    struct shop_redirect_maybe redirect;
    struct shop_setting limit;
    struct shop_named_term_list terms;
};

static struct texts column(struct arena *a, const struct search_query *q, size_t offset)
{
    const char **v = arena_array(a, const char *, q->n);
    for (size_t i = 0; i < q->n; i++)
        v[i] = *(const char *const *)(const void *)((const char *)&q->word[i] + offset);
    return (struct texts){ v, q->n };
}
#define COLUMN(x, member) column((x)->arena, &(x)->q, offsetof(struct query_word, member))

static void send_words(struct question *x, struct db_pipe *p, struct words *w)
{
    const char **guess = arena_array(x->arena, const char *, GUESSES);
    const char **phrase = arena_array(x->arena, const char *, QUERY_WORDS * 3);
    struct texts words = COLUMN(x, folded), uppers = COLUMN(x, upper);
    struct query_edits edits;
    search_query_edits(&x->q, &edits);
    size_t nguesses = search_query_guesses(&x->q, guess, GUESSES);
    size_t nphrases = search_query_phrases(&x->q, phrase);
    shop_q_search_typo_limit_send(p, "0.2", &w->limit);
    shop_q_search_known_send(p, words, uppers, COLUMN(x, sinhala), COLUMN(x, sinhala_upper),
                             COLUMN(x, tamil), COLUMN(x, tamil_upper), &w->known);
    shop_q_search_have_send(p, (struct texts){ guess, nguesses }, &w->have);
    shop_q_search_typos_send(p, words, uppers, &w->typos);
    if (edits.n > 0)
        shop_q_search_edits_send(p, words, uppers, (struct int8s){ edits.place, edits.n },
                                 (struct texts){ edits.word, edits.n }, &w->edits);
    shop_q_search_synonyms_of_send(p, (struct texts){ phrase, nphrases }, &w->synonyms);
    shop_q_search_redirect_of_send(p, x->q.norm, &w->redirect);
}

static void take_known(struct question *x, const struct words *w)
{
    for (size_t i = 0; i < w->known.n; i++) {
        const struct shop_known_word *k = &w->known.row[i];
        if (k->place < 1 || (size_t)k->place > x->q.n)
            continue;
        struct query_word *word = &x->q.word[k->place - 1];
        word->is_stop = k->is_stop;
        word->is_known = k->is_known;
        word->is_stem = k->is_stem;
        word->is_prefix = k->is_prefix;
        word->is_sound = k->is_sound;
        const char *own = search_stem(x->arena, word->folded);
        word->stem = word->script == SCRIPT_LATIN && !str_empty(k->stem) ? k->stem : own;
    }
}

static void take_facts(struct question *x, const struct words *w)
{
    struct arena *a = x->arena;
    const char **have = arena_array(a, const char *, w->have.n);
    size_t ntypos = w->typos.n + w->edits.n;
    struct query_typo *typo = arena_array(a, struct query_typo, ntypos);
    struct query_synonym *synonym = arena_array(a, struct query_synonym, w->synonyms.n);
    for (size_t i = 0; i < w->have.n; i++)
        have[i] = w->have.row[i].word;
    for (size_t i = 0; i < ntypos; i++) {
        const struct shop_typo *t =
            i < w->typos.n ? &w->typos.row[i] : &w->edits.row[i - w->typos.n];
        typo[i] = (struct query_typo){ (size_t)t->place - 1, t->word, t->shown, t->locale, t->n };
    }
    for (size_t i = 0; i < w->synonyms.n; i++)
        synonym[i] =
            (struct query_synonym){ w->synonyms.row[i].term_norm, w->synonyms.row[i].means_norm };
    x->facts = (struct query_facts){ have,    w->have.n,     typo,           ntypos,
                                     synonym, w->synonyms.n, x->ask->locale, x->ask->exact };
}

/* ---- filters -----------------------------------------------------------------------------------
 */
static const struct search_filter *filter_at(const struct search_ask *a, size_t i)
{
    return i < a->nwithin ? &a->within[i] : &a->filter[i - a->nwithin];
}

/* Terms that are the same in every shop; 0: none, or one the shop must be asked about. */
static int32_t fixed_term(const struct search_filter *f)
{
    int64_t stars;
    if (str_eq(f->key, "in_stock"))
        return str_eq(f->value, "1") ? TERM_IN_STOCK : 0;
    if (str_eq(f->key, "sale"))
        return str_eq(f->value, "1") ? TERM_ON_SALE : 0;
    if (str_eq(f->key, "rating") && str_int(f->value, 1, 4, &stars) == RC_OK)
        return TERM(GROUP_RATING, stars);
    return 0;
}

/* Group of terms a key names; -1: none. */
static int32_t asked_group(const char *key)
{
    return str_eq(key, "brand")      ? GROUP_BRAND
           : str_eq(key, "category") ? GROUP_CATEGORY
           : str_starts(key, "f.")   ? GROUP_ATTRIBUTE
                                     : -1;
}

static void send_filters(struct question *x, struct db_pipe *p, struct words *w)
{
    size_t n = x->ask->nwithin + x->ask->nfilters, k = 0;
    int32_t *kind = arena_array(x->arena, int32_t, n);
    const char **key = arena_array(x->arena, const char *, n);
    const char **value = arena_array(x->arena, const char *, n);
    for (size_t i = 0; i < n; i++) {
        const struct search_filter *f = filter_at(x->ask, i);
        kind[i] = asked_group(f->key);
        key[i] = kind[i] == GROUP_ATTRIBUTE ? f->key + 2 : f->key;
        value[i] = f->value;
        k += kind[i] >= 0;
    }
    if (k > 0)
        shop_q_search_terms_send(p, (struct int4s){ kind, n }, (struct texts){ key, n },
                                 (struct texts){ value, n }, &w->terms);
}

static int by_term(const void *a, const void *b)
{
    const int32_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

/* The terms group by group; what is past the limits is left out. */
static void group_terms(struct question *x, const int32_t *terms, size_t all)
{
    size_t n = all < SEARCH_TERMS ? all : SEARCH_TERMS, i = 0, kept;
    int32_t *t = arena_array(x->arena, int32_t, n);
    if (n > 0)
        memcpy(t, terms, n * sizeof *t);
    qsort(t, n, sizeof *t, by_term);
    while (i < n && t[i] <= 0)
        i++;
    x->all.v = t + i;
    for (kept = i; i < n && x->ngroups < SEARCH_GROUPS; kept = i) {
        size_t from = i;
        while (i < n && term_group(t[i]) == term_group(t[from]))
            i++;
        x->group[x->ngroups] = term_group(t[from]);
        x->terms[x->ngroups++] = (struct int4s){ t + from, i - from };
    }
    x->all.n = kept - (size_t)(x->all.v - t);
}

static bool is_kept(const struct question *x, int32_t term)
{
    for (size_t i = 0; i < x->all.n; i++)
        if (x->all.v[i] == term)
            return true;
    return false;
}

static void take_filters(struct question *x, const struct words *w, struct search_result *out)
{
    size_t nwithin = x->ask->nwithin, n = nwithin + x->ask->nfilters;
    x->term = arena_array(x->arena, int32_t, n);
    for (size_t i = 0; i < n; i++)
        x->term[i] = fixed_term(filter_at(x->ask, i));
    for (size_t i = 0; i < w->terms.n; i++) {
        int64_t place = w->terms.row[i].place;
        if (place >= 1 && (size_t)place <= n)
            x->term[place - 1] = w->terms.row[i].term;
    }
    for (size_t i = 0; i < nwithin; i++)
        out->nowhere |= x->term[i] == 0;
    x->within = (struct int4s){ x->term, nwithin };
    out->term = x->term + nwithin;
    group_terms(x, out->term, x->ask->nfilters);
    for (size_t i = 0; i < x->ask->nfilters; i++)
        if (!is_kept(x, out->term[i]))
            out->term[i] = 0;
}

/* ---- the first trip ----------------------------------------------------------------------------
 */
static void take_words(struct question *x, const struct words *w, struct search_result *out)
{
    take_known(x, w);
    take_facts(x, w);
    search_query_build(&x->q, &x->facts, &x->texts);
    out->redirect = w->redirect.found ? w->redirect.row.target : NULL;
    out->corrected = x->texts.corrected;
}

static enum rc read_names(struct db *db, struct question *x, struct search_result *out)
{
    struct words w = { 0 };
    struct db_pipe *p = db_pipe(db);
    enum rc rc = RC_OK;
    if (x->ask->query != NULL) {
        search_query_parse(x->arena, x->ask->query, &x->q);
        out->text = x->q.text;
        out->cut = x->q.is_cut;
        out->empty = x->q.n == 0;
    }
    if (x->q.n > 0)
        send_words(x, p, &w);
    send_filters(x, p, &w);
    if (x->ask->collection != NULL)
        shop_q_collection_scope_send(p, x->ask->collection, x->ask->now, &x->of);
    /* A list by itself goes along with what is asked for it. */
    if (x->ask->query != NULL || x->ask->nwithin + x->ask->nfilters > 0 ||
        x->ask->collection != NULL)
        rc = db_pipe_run(p);
    if (rc != RC_OK)
        return rc;
    if (x->q.n > 0)
        take_words(x, &w, out);
    take_filters(x, &w, out);
    out->nowhere |= x->ask->collection != NULL && !x->of.found;
    return RC_OK;
}

static bool is_priced(const struct search_ask *a)
{
    return a->price_min != NULL || a->price_max != NULL;
}

/* A product that fails in no more than one group passes one of the others, so where there are two
 * groups the index can be asked for products with any of their terms. With one group it can as
 * well, when the counts of that group itself come from somewhere else. */
static bool is_index_narrowed(const struct question *x)
{
    const struct search_ask *a = x->ask;
    return x->ngroups >= 2 || (x->ngroups == 1 && a->category != NULL && x->within.n == 0 &&
                               !is_priced(a) && a->query == NULL);
}

/* A category as it is, in an order its index has: nothing has to be counted. */
static bool is_plain_category(const struct question *x)
{
    return x->ask->category != NULL && x->ask->query == NULL && x->ngroups == 0 &&
           x->within.n == 0 && !is_priced(x->ask) && x->ask->sort <= SORT_DEAR;
}

/* A category as it is, whatever its order: its counters know what each facet has. */
static bool is_counted(const struct question *x)
{
    return x->ask->category != NULL && x->ask->query == NULL && x->ngroups == 0 &&
           x->within.n == 0 && !is_priced(x->ask);
}

static void choose_frags(struct question *x)
{
    static const unsigned of_group[SEARCH_GROUPS] = {
        SHOP_SEARCH_HITS_FRAG_G1, SHOP_SEARCH_HITS_FRAG_G2, SHOP_SEARCH_HITS_FRAG_G3,
        SHOP_SEARCH_HITS_FRAG_G4, SHOP_SEARCH_HITS_FRAG_G5, SHOP_SEARCH_HITS_FRAG_G6,
        SHOP_SEARCH_HITS_FRAG_G7, SHOP_SEARCH_HITS_FRAG_G8
    };
    const struct search_ask *a = x->ask;
    x->frags = 0;
    for (size_t i = 0; i < x->ngroups; i++)
        x->frags |= of_group[i];
    x->frags |= a->query != NULL ? SHOP_SEARCH_HITS_FRAG_WORDS : SHOP_SEARCH_HITS_FRAG_LISTS;
    x->frags |= a->category != NULL ? SHOP_SEARCH_HITS_FRAG_CATEGORY : 0;
    x->frags |= !x->of.found        ? 0
                : x->of.row.by_hand ? SHOP_SEARCH_HITS_FRAG_CHOSEN
                                    : SHOP_SEARCH_HITS_FRAG_RULED;
    x->frags |= x->within.n > 0 ? SHOP_SEARCH_HITS_FRAG_WITHIN : 0;
    x->frags |= is_index_narrowed(x) ? SHOP_SEARCH_HITS_FRAG_NARROWED : 0;
    x->frags |= is_priced(a) ? SHOP_SEARCH_HITS_FRAG_PRICE : 0;
    x->frags |= a->count && !is_counted(x) ? SHOP_SEARCH_HITS_FRAG_COUNT : 0;
    x->frags |= a->has_after ? SHOP_SEARCH_HITS_FRAG_AFTER : 0;
}

/* ---- the answer --------------------------------------------------------------------------------
 */
struct answer {
    struct shop_search_fact_list facts;
    struct shop_near_hit_list near;
    struct shop_category_facet_list whole; /* of the category, without filters */
    struct shop_category_hit_list plain;
    struct shop_category_span span;
};

/* The order of search_hits. A collection may have one of its own. */
static int32_t order_of(const struct question *x)
{
    enum { LIST_ORDER = 6 };
    static const char *const names[] = { [SORT_NEW] = "new",
                                         [SORT_CHEAP] = "cheap",
                                         [SORT_DEAR] = "dear",
                                         [SORT_RATED] = "rated",
                                         [SORT_POPULAR] = "popular" };
    const struct search_ask *a = x->ask;
    for (int32_t i = SORT_NEW; x->of.found && a->sort == SORT_BEST && i <= SORT_POPULAR; i++)
        if (str_eq(x->of.row.sort, names[i]))
            return i;
    return a->query == NULL && a->sort == SORT_BEST ? LIST_ORDER : (int32_t)a->sort;
}

static int32_t most_of(const struct search_ask *a)
{
    return a->most < 1 ? 1 : a->most < SEARCH_MOST ? a->most : SEARCH_MOST;
}

static int32_t skip_of(const struct search_ask *a)
{
    return a->has_after || a->skip < 0 ? 0 : a->skip;
}

static void send_category(struct question *x, struct db_pipe *p, struct answer *an)
{
    static const unsigned order[] = { [SORT_BEST] = 0,
                                      [SORT_NEW] = SHOP_SEARCH_CATEGORY_FRAG_NEWEST,
                                      [SORT_CHEAP] = SHOP_SEARCH_CATEGORY_FRAG_CHEAPEST,
                                      [SORT_DEAR] = SHOP_SEARCH_CATEGORY_FRAG_DEAREST };
    static const unsigned after[] = { [SORT_BEST] = SHOP_SEARCH_CATEGORY_FRAG_AFTER,
                                      [SORT_NEW] = SHOP_SEARCH_CATEGORY_FRAG_AFTER_NEWEST,
                                      [SORT_CHEAP] = SHOP_SEARCH_CATEGORY_FRAG_AFTER_CHEAPEST,
                                      [SORT_DEAR] = SHOP_SEARCH_CATEGORY_FRAG_AFTER_DEAREST };
    const struct search_ask *a = x->ask;
    shop_q_search_category_send(p, order[a->sort] | (a->has_after ? after[a->sort] : 0),
                                a->category, a->after_key, a->after_id, most_of(a) + 1, skip_of(a),
                                &an->plain);
    shop_q_search_category_span_send(p, a->category, &an->span);
    if (a->count)
        shop_q_category_facets_of_send(p, a->category, &an->whole);
}

static void send_hits(struct question *x, struct db_pipe *p, struct answer *an)
{
    const struct search_ask *a = x->ask;
    const struct query_texts *t = &x->texts;
    const struct int4s *g = x->terms;
    const struct shop_collection_scope *of = &x->of.row;
    choose_frags(x);
    shop_q_search_hits_send(
        p, x->frags, t->match, t->name, t->exact, t->near, t->code,
        a->category != NULL ? a->category : "", x->all, g[0], g[1], g[2], g[3], g[4], g[5], g[6],
        g[7], a->price_min != NULL ? *a->price_min : INT64_MIN,
        a->price_max != NULL ? *a->price_max : INT64_MAX - 1, order_of(x), a->after_key,
        a->after_id, most_of(a) + 1, skip_of(a), x->within, of->collection_id, of->narrow,
        of->others, of->has_price_min ? of->price_min : INT64_MIN,
        of->has_price_max ? of->price_max : INT64_MAX, &an->facts);
    if (a->query != NULL && !a->has_after && t->ngroups > 1) {
        const char **groups = arena_array(x->arena, const char *, t->ngroups);
        memcpy(groups, t->group, t->ngroups * sizeof *groups);
        shop_q_search_near_send(p, t->match, t->most, t->any, (struct texts){ groups, t->ngroups },
                                SEARCH_NEAR, NEAR_LOOKS, &an->near);
    }
    if (a->count && (is_counted(x) || (x->ngroups == 1 && is_index_narrowed(x))))
        shop_q_category_facets_of_send(p, a->category, &an->whole);
}

/* Bit of the filters a term belongs to; 0: no filter is set in its group. */
static int32_t bit_of(const struct question *x, int32_t term)
{
    for (size_t i = 0; i < x->ngroups; i++)
        if (x->group[i] == term_group(term))
            return 1 << i;
    return 0;
}

static int by_count_term(const void *a, const void *b)
{
    const struct search_count *x = a, *y = b;
    return (x->term > y->term) - (x->term < y->term);
}

static void add_count(struct search_result *out, int32_t term, int64_t n)
{
    out->counts[out->ncounts++] = (struct search_count){ term, n };
}

/* A term counts where all filters pass, and where only its own group's does not. */
static void take_counts(const struct question *x, const struct answer *an,
                        struct search_result *out)
{
    bool own_apart = an->whole.n > 0;
    out->counts = arena_array(x->arena, struct search_count, an->facts.n + an->whole.n);
    for (size_t i = 0; i < an->facts.n; i++) {
        const struct shop_search_fact *f = &an->facts.row[i];
        int32_t bit = f->has_term ? bit_of(x, f->term) : -1;
        if (f->has_term && (f->fails == 0 || f->fails == bit) && !(own_apart && bit != 0))
            add_count(out, f->term, f->n);
    }
    for (size_t i = 0; i < an->whole.n; i++)
        if (is_counted(x) || bit_of(x, an->whole.row[i].term) != 0)
            add_count(out, an->whole.row[i].term, an->whole.row[i].n);
    qsort(out->counts, out->ncounts, sizeof *out->counts, by_count_term);
    size_t k = 0;
    for (size_t i = 0; i < out->ncounts; i++) {
        if (k > 0 && out->counts[k - 1].term == out->counts[i].term)
            out->counts[k - 1].n += out->counts[i].n;
        else
            out->counts[k++] = out->counts[i];
    }
    out->ncounts = k;
}

static void take_price(struct search_result *out, const struct shop_search_fact *f)
{
    if (!f->has_low || !f->has_high)
        return;
    out->low = out->priced && out->low < f->low ? out->low : f->low;
    out->high = out->priced && out->high > f->high ? out->high : f->high;
    out->priced = true;
}

static void take_totals(const struct question *x, const struct answer *an,
                        struct search_result *out)
{
    for (size_t i = 0; i < x->ngroups; i++)
        out->without[out->nwithout++].group = x->group[i];
    if (is_priced(x->ask))
        out->without[out->nwithout++].group = -1;
    for (size_t i = 0; i < an->facts.n; i++) {
        const struct shop_search_fact *f = &an->facts.row[i];
        if (f->has_term || f->has_product_id)
            continue;
        if (f->fails == 0)
            out->total = f->n;
        if (f->fails == 0 || f->fails == PRICE_BIT)
            take_price(out, f);
        for (size_t k = 0; k < out->nwithout; k++)
            if (f->fails == 0 || f->fails == (out->without[k].group < 0 ? PRICE_BIT : 1 << (int)k))
                out->without[k].n += f->n;
    }
}

static void take_hits(const struct question *x, const struct answer *an, struct search_result *out)
{
    size_t most = (size_t)most_of(x->ask);
    out->hit = arena_array(x->arena, struct search_hit, most + SEARCH_NEAR);
    for (size_t i = 0; i < an->facts.n; i++) {
        const struct shop_search_fact *f = &an->facts.row[i];
        if (!f->has_product_id)
            continue;
        if (out->n == most) {
            out->more = true;
            break;
        }
        out->hit[out->n++] = (struct search_hit){ f->product_id, f->sort_key };
    }
    if (out->n > 0 || out->total > 0 || an->near.n == 0)
        return;
    out->near = true;
    for (size_t i = 0; i < an->near.n; i++)
        out->hit[out->n++] = (struct search_hit){ an->near.row[i].product_id, 0 };
}

static void take_category(const struct question *x, const struct answer *an,
                          struct search_result *out)
{
    size_t most = (size_t)most_of(x->ask);
    out->total = an->span.n;
    out->priced = an->span.has_low && an->span.has_high;
    out->low = an->span.low;
    out->high = an->span.high;
    out->more = an->plain.n > most;
    out->n = out->more ? most : an->plain.n;
    out->hit = arena_array(x->arena, struct search_hit, out->n);
    for (size_t i = 0; i < out->n; i++)
        out->hit[i] = (struct search_hit){ an->plain.row[i].product_id, an->plain.row[i].sort_key };
    out->counts = arena_array(x->arena, struct search_count, an->whole.n);
    for (size_t i = 0; i < an->whole.n; i++)
        add_count(out, an->whole.row[i].term, an->whole.row[i].n);
    qsort(out->counts, out->ncounts, sizeof *out->counts, by_count_term);
}

enum rc search_run(struct db *db, const struct search_ask *ask, struct search_result *out)
{
    struct question x = { .ask = ask, .arena = db_arena(db) };
    struct answer an = { 0 };
    *out = (struct search_result){ .text = "" };
    x.texts.match = x.texts.name = x.texts.exact = x.texts.near = x.texts.code = "";
    enum rc rc = read_names(db, &x, out);
    if (rc != RC_OK || out->redirect != NULL || out->empty || out->nowhere)
        return rc;
    struct db_pipe *p = db_pipe(db);
    bool plain = is_plain_category(&x);
    if (plain)
        send_category(&x, p, &an);
    else
        send_hits(&x, p, &an);
    rc = db_pipe_run(p);
    if (rc != RC_OK)
        return rc;
    if (plain) {
        take_category(&x, &an, out);
        return RC_OK;
    }
    take_totals(&x, &an, out);
    take_hits(&x, &an, out);
    if (ask->count)
        take_counts(&x, &an, out);
    return RC_OK;
}
