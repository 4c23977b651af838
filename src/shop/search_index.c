/* search_index.c: from products to rows of the index tables, a batch at a time: lock the shop's
 * index, read everything the batch needs in one trip, learn missing facet numbers and English
 * stems, write. Not here: when it runs (search_upkeep.c) and what a row's words are (search_doc.c).
 *
 * Invariant: what is read after the lock is at least as new as what the last writer of the index
 * read, so an older state never overwrites a newer one. The counters of category pages move in the
 * same transaction as the rows they count. */
#include "shop/search_index.h"

#include <stdlib.h>
#include <string.h>

#include "app/ctx.h"
#include "app/frag.h"
#include "base/str.h"
#include "base/time.h"
#include "gen/shop_q.h"
#include "platform/db.h"
#include "shop/search_doc.h"
#include "shop/search_index_int.h"
#include "shop/search_term.h"
#include "shop/search_text.h"

struct source {
    struct shop_index_source_list rows;
    struct shop_index_text_list texts;
    struct shop_index_ref_list refs;
    struct shop_index_code_list codes;
};

/* One batch; lives in the arena of the connection's scope, rewound when the transaction repeats. */
struct batch {
    struct index_run *run;
    struct uuids ids;
    struct arena *arena;
    struct source s;
    struct map *term; /* uuid text -> int32_t */
    struct doc_batch docs;
    size_t n; /* rows to write */
};

/* ---- reading ----------------------------------------------------------------------------------
 */
static enum rc read_source(struct db *db, struct batch *b, int64_t now)
{
    struct shop_exists locked;
    struct db_pipe *p = db_pipe(db);
    const char *key = arena_printf(b->arena, "shop.search %s", uuid_str(b->arena, b->run->tenant));
    shop_q_index_lock_send(p, key, &locked);
    shop_q_index_source_send(p, b->ids, now, &b->s.rows);
    shop_q_index_texts_send(p, b->ids, &b->s.texts);
    shop_q_index_refs_send(p, b->ids, &b->s.refs);
    shop_q_index_codes_send(p, b->ids, &b->s.codes);
    return db_pipe_run(p);
}

static void learn_term(struct batch *b, struct uuid ref, int32_t term)
{
    int32_t *v = arena_new(b->arena, int32_t);
    *v = term;
    map_put(b->term, uuid_str(b->arena, ref), v);
}

static int32_t term_of(struct batch *b, struct uuid ref)
{
    const int32_t *v = map_get(b->term, uuid_str(b->arena, ref));
    return v != NULL ? *v : 0;
}

/* Numbers for refs of one group that have none yet. */
static enum rc add_terms(struct db *db, struct batch *b, const struct uuid *refs, size_t n,
                         int32_t base)
{
    struct shop_ref_term_list list;
    if (n == 0)
        return RC_OK;
    enum rc rc = shop_q_terms_add(db, (struct uuids){ refs, n }, base, &list);
    for (size_t i = 0; rc == RC_OK && i < list.n; i++)
        learn_term(b, list.row[i].ref, list.row[i].term);
    return rc;
}

/* The unknown ones of a kind; attribute: of this attribute only. */
static size_t missing(struct batch *b, int32_t kind, const struct uuid *attribute, struct uuid *out)
{
    struct map *once = map_new();
    size_t n = 0;
    for (size_t i = 0; i < b->s.refs.n; i++) {
        const struct shop_index_ref *r = &b->s.refs.row[i];
        if (r->kind != kind || (attribute && uuid_cmp(r->attribute_id, *attribute) != 0) ||
            term_of(b, r->ref) != 0 || map_put(once, uuid_str(b->arena, r->ref), b) != NULL)
            continue;
        out[n++] = r->ref;
    }
    map_free(once, NULL);
    return n;
}

static enum rc add_attribute(struct db *db, struct batch *b, struct uuid attribute,
                             struct uuid *room)
{
    enum rc rc = RC_OK;
    if (term_of(b, attribute) == 0)
        rc = add_terms(db, b, &attribute, 1, TERM(GROUP_NAMES, 0));
    int32_t group = GROUP_ATTRIBUTE + term_value(term_of(b, attribute));
    if (rc != RC_OK || term_of(b, attribute) == 0 || group > GROUP_LAST)
        return rc;
    size_t n = missing(b, GROUP_ATTRIBUTE, &attribute, room);
    return add_terms(db, b, room, n, TERM(group, 0));
}

static enum rc learn_terms(struct db *db, struct batch *b)
{
    struct shop_ref_term_list known;
    size_t n = 0, most = b->s.refs.n * 2;
    struct uuid *refs = arena_array(b->arena, struct uuid, most);
    for (size_t i = 0; i < b->s.refs.n; i++) {
        refs[n++] = b->s.refs.row[i].ref;
        if (b->s.refs.row[i].has_attribute_id)
            refs[n++] = b->s.refs.row[i].attribute_id;
    }
    if (n == 0)
        return RC_OK;
    enum rc rc = shop_q_terms_have(db, (struct uuids){ refs, n }, &known);
    for (size_t i = 0; rc == RC_OK && i < known.n; i++)
        learn_term(b, known.row[i].ref, known.row[i].term);
    for (int32_t kind = GROUP_CATEGORY; rc == RC_OK && kind <= GROUP_BRAND; kind++)
        rc = add_terms(db, b, refs, missing(b, kind, NULL, refs), TERM(kind, 0));
    for (size_t i = 0; rc == RC_OK && i < b->s.refs.n; i++) {
        const struct shop_index_ref *r = &b->s.refs.row[i];
        if (r->has_attribute_id && term_of(b, r->ref) == 0)
            rc = add_attribute(db, b, r->attribute_id, refs);
    }
    return rc;
}

struct wanted {
    const char **word;
    size_t n;
};

static bool want_one(const char *key, void *value, void *arg)
{
    struct wanted *w = arg;
    (void)value;
    w->word[w->n++] = key;
    return true;
}

static enum rc learn_stems(struct db *db, struct batch *b)
{
    struct map *want = map_new();
    struct shop_stem_list stems = { 0 };
    for (size_t i = 0; i < b->s.texts.n; i++)
        doc_want_stems(&b->docs, b->s.texts.row[i].value, want);
    size_t n = map_count(want);
    struct wanted w = { arena_array(b->arena, const char *, n), 0 };
    map_each(want, want_one, &w);
    enum rc rc = n > 0 ? shop_q_index_stems(db, (struct texts){ w.word, w.n }, &stems) : RC_OK;
    for (size_t i = 0; rc == RC_OK && i < stems.n; i++)
        map_put(b->docs.stems, stems.row[i].word,
                arena_strdup(b->run->home, stems.row[i].stem != NULL ? stems.row[i].stem : ""));
    map_free(want, NULL);
    return rc;
}

/* ---- making rows -------------------------------------------------------------------------------
 */
struct rows {
    struct uuid *id;
    const char **tsv, **facets;
    int64_t *price, *popularity, *listed, *edge, *rank;
    bool *stock, *lists, *search;
    int32_t *rating, *name_words, *version;
};

static void fixed_terms(struct doc *d, const struct shop_index_source *s, int32_t rating)
{
    if (s->in_stock)
        doc_term(d, TERM_IN_STOCK);
    if (s->on_sale)
        doc_term(d, TERM_ON_SALE);
    for (int32_t stars = 1; stars <= 4; stars++)
        if (rating >= stars * 100)
            doc_term(d, TERM(GROUP_RATING, stars));
}

/* How far the sorted lists have been read. */
struct at {
    size_t text, ref, code;
};

static void fill_doc(struct batch *b, struct doc *d, const struct shop_index_source *s,
                     struct at *at)
{
    const struct source *from = &b->s;
    for (; at->text < from->texts.n; at->text++) {
        const struct shop_index_text *t = &from->texts.row[at->text];
        int side = uuid_cmp(t->product_id, s->product_id);
        if (side > 0)
            break;
        if (side == 0)
            doc_text(d, t->weight[0], t->locale, t->value);
    }
    for (; at->code < from->codes.n; at->code++) {
        const struct shop_index_code *c = &from->codes.row[at->code];
        int side = uuid_cmp(c->product_id, s->product_id);
        if (side > 0)
            break;
        if (side == 0)
            doc_code(d, c->sku);
        if (side == 0 && !str_empty(c->barcode))
            doc_code(d, c->barcode);
    }
    for (; at->ref < from->refs.n; at->ref++) {
        const struct shop_index_ref *r = &from->refs.row[at->ref];
        int side = uuid_cmp(r->product_id, s->product_id);
        if (side > 0)
            break;
        if (side == 0 && term_of(b, r->ref) != 0)
            doc_term(d, term_of(b, r->ref));
    }
}

static void make_rows(struct batch *b, struct rows *r)
{
    struct arena *a = b->arena;
    size_t n = b->s.rows.n;
    struct at at = { 0 };
    struct doc *d = arena_new(a, struct doc);
    *r = (struct rows){ .id = arena_array(a, struct uuid, n),
                        .tsv = arena_array(a, const char *, n),
                        .facets = arena_array(a, const char *, n),
                        .price = arena_array(a, int64_t, n),
                        .popularity = arena_array(a, int64_t, n),
                        .listed = arena_array(a, int64_t, n),
                        .edge = arena_array(a, int64_t, n),
                        .rank = arena_array(a, int64_t, n),
                        .stock = arena_array(a, bool, n),
                        .lists = arena_array(a, bool, n),
                        .search = arena_array(a, bool, n),
                        .rating = arena_array(a, int32_t, n),
                        .name_words = arena_array(a, int32_t, n),
                        .version = arena_array(a, int32_t, n) };
    for (size_t i = 0; i < n; i++) {
        const struct shop_index_source *s = &b->s.rows.row[i];
        int32_t rating = s->rating_count > 0 ? (int32_t)(s->rating_sum * 100 / s->rating_count) : 0;
        doc_open(d, &b->docs);
        fixed_terms(d, s, rating);
        fill_doc(b, d, s, &at);
        r->id[i] = s->product_id;
        r->tsv[i] = d->tsv.p;
        r->facets[i] = doc_facets(d);
        r->price[i] = s->price;
        r->popularity[i] = s->popularity;
        r->listed[i] = s->listed_us;
        r->edge[i] = s->next_edge;
        r->rank[i] = s->list_rank;
        r->stock[i] = s->in_stock;
        r->lists[i] = s->in_lists;
        r->search[i] = s->in_search;
        r->rating[i] = rating;
        r->name_words[i] = (int32_t)d->name_words;
        r->version[i] = s->version;
    }
}

/* ---- writing -----------------------------------------------------------------------------------
 */
static void send_words(struct batch *b, struct db_pipe *p)
{
    struct arena *a = b->arena;
    size_t n = b->docs.nwords;
    const char **v[5];
    if (n == 0)
        return;
    for (size_t k = 0; k < COUNT_OF(v); k++)
        v[k] = arena_array(a, const char *, n);
    for (size_t i = 0; i < n; i++) {
        const struct doc_word *w = &b->docs.word[i];
        v[0][i] = w->locale;
        v[1][i] = w->word;
        v[2][i] = w->shown;
        v[3][i] = w->stem;
        v[4][i] = w->sound;
    }
    shop_q_index_words_send(p, (struct texts){ v[0], n }, (struct texts){ v[1], n },
                            (struct texts){ v[2], n }, (struct texts){ v[3], n },
                            (struct texts){ v[4], n }, NULL);
}

static enum rc write_rows(struct db *db, struct batch *b)
{
    struct rows r;
    struct db_pipe *p = db_pipe(db);
    size_t n = b->s.rows.n;
    make_rows(b, &r);
    struct uuids ids = { r.id, n };
    shop_q_index_count_send(p, b->ids, ids, (struct texts){ r.facets, n },
                            (struct bools){ r.lists, n }, TERM(GROUP_CATEGORY, 0),
                            TERM(GROUP_CATEGORY + 1, 0), NULL);
    shop_q_index_forget_send(p, b->ids, ids, NULL);
    shop_q_index_put_send(p, ids, (struct texts){ r.tsv, n }, (struct texts){ r.facets, n },
                          (struct int8s){ r.price, n }, (struct bools){ r.stock, n },
                          (struct bools){ r.lists, n }, (struct bools){ r.search, n },
                          (struct int4s){ r.rating, n }, (struct int8s){ r.popularity, n },
                          (struct int8s){ r.listed, n }, (struct int4s){ r.name_words, n },
                          (struct int8s){ r.edge, n }, (struct int8s){ r.rank, n },
                          (struct int4s){ r.version, n }, NULL);
    send_words(b, p);
    return db_pipe_run(p);
}

static enum rc batch_in_tx(struct db *db, void *arg)
{
    struct batch *b = arg;
    b->arena = db_arena(db);
    if (b->run->dirty) { /* what the last attempt had noted is not in the table */
        map_free(b->run->seen, NULL);
        b->run->seen = map_new();
    }
    b->run->dirty = true;
    b->docs = (struct doc_batch){ .arena = b->arena, .stems = b->run->stems, .seen = b->run->seen };
    if (b->term != NULL)
        map_free(b->term, NULL);
    b->term = map_new();
    enum rc rc = read_source(db, b, b->run->now);
    if (rc == RC_OK)
        rc = learn_terms(db, b);
    if (rc == RC_OK)
        rc = learn_stems(db, b);
    return rc == RC_OK ? write_rows(db, b) : rc;
}

void index_run_open(struct index_run *r, struct app_ctx *app, struct uuid tenant)
{
    *r = (struct index_run){ .app = app, .tenant = tenant, .now = instant_now() };
    r->outer = db_arena(app->db);
    r->home = arena_new_sized(INDEX_MEMORY);
    r->work = arena_new_sized(INDEX_MEMORY);
    r->stems = map_new();
    r->seen = map_new();
    db_scope_end(app->db);
    db_scope_begin(app->db, r->work, &r->tenant, r->now);
}

enum rc index_run_batch(struct index_run *r, const struct uuid *ids, size_t n)
{
    struct batch b = { .run = r, .ids = { ids, n } };
    if (n == 0)
        return RC_OK;
    enum rc rc = db_tx(r->app->db, DB_TX_RETRY, batch_in_tx, &b);
    r->dirty = rc != RC_OK;
    map_free(b.term, NULL);
    return rc;
}

void index_run_next(struct index_run *r)
{
    db_scope_end(r->app->db);
    arena_reset(r->work);
    r->now = instant_now();
    db_scope_begin(r->app->db, r->work, &r->tenant, r->now);
}

void index_run_close(struct index_run *r, bool wrote)
{
    db_scope_end(r->app->db);
    db_scope_begin(r->app->db, r->outer, &r->tenant, instant_now());
    map_free(r->stems, NULL);
    map_free(r->seen, NULL);
    arena_free(r->work);
    arena_free(r->home);
    if (wrote)
        (void)frag_bump(r->app, r->tenant, LISTING_TAG_SPACE, LISTING_TAG_ID);
}

enum rc search_index(struct app_ctx *app, struct uuid tenant, const struct uuid *ids, size_t n)
{
    struct index_run r;
    enum rc rc = RC_OK;
    index_run_open(&r, app, tenant);
    for (size_t at = 0; rc == RC_OK && at < n; at += INDEX_BATCH) {
        if (at > 0)
            index_run_next(&r);
        rc = index_run_batch(&r, ids + at, n - at < INDEX_BATCH ? n - at : INDEX_BATCH);
    }
    index_run_close(&r, true);
    return rc;
}
