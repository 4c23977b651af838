/* search_build.c: from words and what the shop knows about them to the queries of the database.
 * A query is a row of groups, all of which must be there; a group is a word (or a few that belong
 * together) with everything it may stand as in the index: itself, its stem, the beginning of a
 * word, the key of a romanised one, its parts, its synonyms, the word that was meant. What counts
 * as the very word is marked, so that a product that says it comes before one that only resembles
 * it. Invariant: text is only ever put in through search_quote. */
#include <string.h>

#include "base/str.h"
#include "shop/search_query.h"

enum { ALTS = 14, LEXEMES = 8, PREFIX_MIN = 2 };

struct alt {
    const char *lexeme[LEXEMES];
    size_t n;
    bool prefix;   /* of the last lexeme */
    bool is_exact; /* the word itself */
    bool in_order; /* a phrase */
};
struct group {
    struct alt alt[ALTS];
    size_t n;
    bool is_stop;
};
struct build {
    struct search_query *q;
    const struct query_facts *f;
    struct group group[QUERY_WORDS];
    size_t n;
};

static struct alt *add(struct group *g, bool exact)
{
    static struct alt spare; /* written and never read: a group has room for what its word can be */
    struct alt *a = g->n < ALTS ? &g->alt[g->n++] : &spare;
    *a = (struct alt){ .is_exact = exact };
    return a;
}

static void add_word(struct group *g, const char *lexeme, bool prefix, bool exact)
{
    struct alt *a = add(g, exact);
    a->lexeme[a->n++] = lexeme;
    a->prefix = prefix;
}

static void put(struct alt *a, const char *lexeme)
{
    if (a->n < LEXEMES)
        a->lexeme[a->n++] = lexeme;
}

/* ---- one word ----------------------------------------------------------------------------------
 */
static bool has(const struct query_facts *f, const char *word)
{
    for (size_t i = 0; i < f->nhave; i++)
        if (str_eq(f->have[i], word))
            return true;
    return false;
}

static bool has_digits(const char *s)
{
    return strpbrk(s, "0123456789") != NULL;
}

static void add_stemmed(struct group *g, const struct query_word *w)
{
    add_word(g, w->folded, false, true);
    if (!str_eq(w->stem, w->folded))
        add_word(g, w->stem, false, true);
}

static void add_parts(struct arena *a, struct group *g, const char *word)
{
    const char *part[SEARCH_PARTS];
    size_t n = search_parts(a, word, part);
    if (n == 0)
        return;
    struct alt *parts = add(g, true);
    for (size_t i = 0; i < n; i++)
        put(parts, part[i]);
}

static void add_halves(struct build *b, struct group *g, const struct query_word *w)
{
    size_t len = strlen(w->folded);
    for (size_t at = 3; at + 3 <= len; at++) {
        const char *x = arena_strndup(b->q->arena, w->folded, at), *y = w->folded + at;
        if (!has(b->f, x) || !has(b->f, y))
            continue;
        struct alt *halves = add(g, true);
        put(halves, x);
        put(halves, y);
        return;
    }
}

static void add_sounds(struct group *g, const struct query_word *w)
{
    add_word(g, w->sinhala, strlen(w->sinhala) >= 6, false);
    add_word(g, w->tamil, strlen(w->tamil) >= 6, false);
}

/* Edits a word of so many letters may be away from the one that was meant. */
static int edits_for(size_t letters)
{
    return letters <= 2 ? 0 : letters <= 5 ? 1 : letters <= 8 ? 2 : 3;
}

struct guess {
    const struct query_typo *typo;
    int edits;
    bool first, locale;
};

static bool is_better(const struct guess *x, const struct guess *y)
{
    if (y->typo == NULL || x->edits != y->edits)
        return y->typo == NULL || x->edits < y->edits;
    if (x->first != y->first)
        return x->first;
    if (x->locale != y->locale)
        return x->locale;
    return x->typo->n > y->typo->n;
}

static void correct(struct build *b, size_t place)
{
    struct query_word *w = &b->q->word[place];
    const struct query_facts *f = b->f;
    struct guess best = { 0 };
    int most = edits_for(utf8_length(w->folded));
    for (size_t i = 0; i < f->ntypos && most > 0; i++) {
        const struct query_typo *t = &f->typo[i];
        if (t->place != place)
            continue;
        struct guess x = { t, search_distance(w->folded, t->word, most), t->word[0] == w->folded[0],
                           str_eq(t->locale, f->locale) };
        if (x.edits <= most && is_better(&x, &best))
            best = x;
    }
    if (best.typo != NULL) {
        w->fixed = best.typo->word;
        w->fixed_shown = best.typo->shown;
    }
}

static void unknown_word(struct build *b, struct group *g, size_t place)
{
    struct query_word *w = &b->q->word[place];
    size_t before = g->n;
    add_halves(b, g, w);
    if (w->is_sound)
        add_sounds(g, w);
    if (g->n == before && !b->f->is_exact)
        correct(b, place);
    if (w->fixed != NULL)
        add_word(g, w->fixed, false, true);
}

static void word_group(struct build *b, size_t place)
{
    struct query_word *w = &b->q->word[place];
    struct group *g = &b->group[b->n++];
    g->is_stop = w->is_stop;
    add_stemmed(g, w);
    add_parts(b->q->arena, g, w->folded);
    const char *code = search_code(b->q->arena, w->folded);
    if (code != NULL)
        add_word(g, code, has_digits(code) && strlen(code) > 4, false);
    bool known = w->is_known || w->is_stem;
    bool ours =
        w->script == SCRIPT_SINHALA || w->script == SCRIPT_TAMIL || w->script == SCRIPT_ARABIC;
    if ((ours || !known) && (w->is_prefix || ours) && utf8_length(w->folded) >= PREFIX_MIN)
        add_word(g, w->folded, true, false);
    if (w->script == SCRIPT_LATIN && !known && w->is_prefix && w->is_sound)
        add_sounds(g, w);
    if (!known && !w->is_prefix && w->script != SCRIPT_NUMBER && !has_digits(w->folded))
        unknown_word(b, g, place);
}

/* ---- words that belong together ----------------------------------------------------------------
 */
static size_t quoted_run(const struct search_query *q, size_t i)
{
    size_t n = 0;
    while (i + n < q->n && q->word[i + n].quoted && q->word[i + n].quote == q->word[i].quote)
        n++;
    return n;
}

static size_t joined_run(const struct search_query *q, size_t i)
{
    size_t n = 1;
    while (i + n < q->n && n < SEARCH_CHAIN && q->word[i + n].joined && !q->word[i + n].quoted)
        n++;
    return n;
}

static const char *glue(const struct search_query *q, size_t i, size_t n, const char *between)
{
    const char *s = q->word[i].folded;
    for (size_t k = 1; k < n; k++)
        s = arena_printf(q->arena, "%s%s%s", s, between, q->word[i + k].folded);
    return s;
}

static void phrase_group(struct build *b, size_t i, size_t n)
{
    struct alt *a = add(&b->group[b->n++], true);
    a->in_order = true;
    for (size_t k = 0; k < n; k++)
        put(a, b->q->word[i + k].folded);
}

/* "t-shirt": its words, or one word, or a code. */
static void chain_group(struct build *b, size_t i, size_t n)
{
    struct group *g = &b->group[b->n++];
    struct alt *words = add(g, true);
    for (size_t k = 0; k < n; k++)
        put(words, b->q->word[i + k].folded);
    bool stemmed = false;
    for (size_t k = 0; k < n; k++)
        stemmed |= !str_eq(b->q->word[i + k].stem, b->q->word[i + k].folded);
    if (stemmed) {
        struct alt *stems = add(g, true);
        for (size_t k = 0; k < n; k++)
            put(stems, b->q->word[i + k].stem);
    }
    const char *joined = glue(b->q, i, n, "");
    add_word(g, joined, false, true);
    const char *code = search_code(b->q->arena, joined);
    if (code != NULL)
        add_word(g, code, has_digits(code) && strlen(code) > 4, false);
}

static bool is_chain(const struct search_query *q, size_t i, size_t n)
{
    bool known = true, digits = false;
    for (size_t k = 0; k < n; k++) {
        known &= q->word[i + k].is_known || q->word[i + k].is_stem;
        digits |= has_digits(q->word[i + k].folded);
    }
    return n > 1 && (known || digits);
}

/* "tea pot" where the shop says teapot. */
static bool is_one_word(const struct build *b, size_t i)
{
    const struct search_query *q = b->q;
    return i + 1 < q->n && !q->word[i + 1].quoted && has(b->f, glue(q, i, 2, ""));
}

static void pair_group(struct build *b, size_t i)
{
    struct group *g = &b->group[b->n++];
    struct alt *both = add(g, true);
    put(both, b->q->word[i].folded);
    put(both, b->q->word[i + 1].folded);
    both = add(g, true);
    put(both, b->q->word[i].stem);
    put(both, b->q->word[i + 1].stem);
    add_word(g, glue(b->q, i, 2, ""), false, true);
}

static void add_means(struct build *b, struct group *g, const char *means)
{
    char **part;
    struct alt *a = add(g, true);
    size_t n = str_split(b->q->arena, means, ' ', &part);
    for (size_t i = 0; i < n; i++)
        put(a, part[i]);
}

static size_t synonyms_of(struct build *b, struct group *g, const char *term)
{
    size_t found = 0;
    for (size_t i = 0; i < b->f->nsynonyms; i++) {
        if (!str_eq(b->f->synonym[i].term, term))
            continue;
        found++;
        if (g != NULL)
            add_means(b, g, b->f->synonym[i].means);
    }
    return found;
}

/* The longest run from i that a synonym is kept for; 0 = none. */
static size_t synonym_run(struct build *b, size_t i)
{
    for (size_t n = 3; n > 1; n--)
        if (i + n <= b->q->n && synonyms_of(b, NULL, glue(b->q, i, n, " ")) > 0)
            return n;
    return 0;
}

static size_t take_group(struct build *b, size_t i)
{
    struct search_query *q = b->q;
    if (q->word[i].quoted) {
        size_t n = quoted_run(q, i);
        phrase_group(b, i, n < LEXEMES ? n : LEXEMES);
        return n;
    }
    size_t same = synonym_run(b, i), chain = joined_run(q, i);
    if (same > 0) {
        struct group *g = &b->group[b->n++];
        struct alt *own = add(g, true);
        for (size_t k = 0; k < same; k++)
            put(own, q->word[i + k].stem);
        synonyms_of(b, g, glue(q, i, same, " "));
        return same;
    }
    if (is_chain(q, i, chain)) {
        chain_group(b, i, chain);
        return chain;
    }
    if (is_one_word(b, i)) {
        pair_group(b, i);
        return 2;
    }
    word_group(b, i);
    synonyms_of(b, &b->group[b->n - 1], q->word[i].folded);
    if (!str_eq(q->word[i].stem, q->word[i].folded))
        synonyms_of(b, &b->group[b->n - 1], q->word[i].stem);
    return 1;
}

/* ---- writing -----------------------------------------------------------------------------------
 */
static void write_alt(struct buf *out, const struct alt *a, const char *label)
{
    if (a->n > 1)
        buf_char(out, '(');
    for (size_t i = 0; i < a->n; i++) {
        bool prefix = a->prefix && i + 1 == a->n;
        if (i > 0)
            buf_str(out, a->in_order ? " <-> " : " & ");
        search_quote(out, a->lexeme[i]);
        if (prefix || *label != '\0')
            buf_printf(out, ":%s%s", prefix ? "*" : "", label);
    }
    if (a->n > 1)
        buf_char(out, ')');
}

/* False: no alternative of the wanted kind. */
static bool write_group(struct buf *out, const struct group *g, const char *label, bool exact)
{
    size_t written = 0;
    buf_char(out, '(');
    for (size_t i = 0; i < g->n; i++) {
        if ((exact && !g->alt[i].is_exact) || g->alt[i].n == 0)
            continue;
        if (written++ > 0)
            buf_str(out, " | ");
        write_alt(out, &g->alt[i], label);
    }
    buf_char(out, ')');
    return written > 0;
}

static const char nothing[] = "'='"; /* no product has an empty code */

static const char *write_all(const struct build *b, const char *label, bool exact, const char *code)
{
    struct buf out;
    size_t written = 0;
    bool whole = true;
    buf_init(&out, b->q->arena, QUERY_TEXT_MAX);
    for (size_t i = 0; i < b->n && whole; i++) {
        if (b->group[i].is_stop)
            continue;
        if (written++ > 0)
            buf_str(&out, " & ");
        whole = write_group(&out, &b->group[i], label, exact);
    }
    if (!whole || written == 0 || buf_rc(&out) != RC_OK)
        buf_clear(&out);
    if (code != NULL) {
        if (out.n > 0)
            buf_str(&out, " | ");
        search_quote(&out, code);
    }
    return out.n > 0 && buf_rc(&out) == RC_OK ? out.p : nothing;
}

static const char *write_any(const struct build *b, struct query_texts *t)
{
    struct buf any;
    buf_init(&any, b->q->arena, QUERY_TEXT_MAX);
    for (size_t i = 0; i < b->n; i++) {
        if (b->group[i].is_stop)
            continue;
        struct buf one;
        buf_init(&one, b->q->arena, QUERY_TEXT_MAX);
        if (!write_group(&one, &b->group[i], "", false) || buf_rc(&one) != RC_OK)
            continue;
        t->group[t->ngroups++] = one.p;
        if (any.n > 0)
            buf_str(&any, " | ");
        buf_str(&any, one.p);
    }
    return any.n > 0 && buf_rc(&any) == RC_OK ? any.p : nothing;
}

/* All words but one; of two words that is any of them, and of many it would be long. */
static const char *write_most(struct arena *a, const struct query_texts *t)
{
    enum { MOST_GROUPS = 6 };
    struct buf out;
    buf_init(&out, a, (size_t)QUERY_TEXT_MAX * MOST_GROUPS);
    if (t->ngroups < 3 || t->ngroups > MOST_GROUPS)
        return nothing;
    for (size_t without = 0; without < t->ngroups; without++) {
        bool first = true;
        buf_str(&out, without > 0 ? " | (" : "(");
        for (size_t i = 0; i < t->ngroups; i++) {
            if (i == without)
                continue;
            if (!first)
                buf_str(&out, " & ");
            first = false;
            buf_str(&out, t->group[i]);
        }
        buf_char(&out, ')');
    }
    return buf_rc(&out) == RC_OK ? out.p : nothing;
}

static const char *as_understood(const struct search_query *q)
{
    struct buf b;
    bool replaced = false;
    buf_init(&b, q->arena, QUERY_TEXT_MAX);
    for (size_t i = 0; i < q->n; i++) {
        const struct query_word *w = &q->word[i];
        if (i > 0)
            buf_char(&b, w->joined ? '-' : ' ');
        buf_str(&b, w->fixed != NULL ? w->fixed_shown : w->shown);
        replaced |= w->fixed != NULL;
    }
    return replaced ? b.p : NULL;
}

/* Words that say nothing ("the") are left out when others say something. */
static void drop_stops(struct build *b)
{
    size_t telling = 0;
    for (size_t i = 0; i < b->n; i++)
        telling += !b->group[i].is_stop;
    for (size_t i = 0; i < b->n && telling == 0; i++)
        b->group[i].is_stop = false;
}

void search_query_build(struct search_query *q, const struct query_facts *f,
                        struct query_texts *out)
{
    struct build *b = arena_new(q->arena, struct build);
    *b = (struct build){ .q = q, .f = f };
    for (size_t i = 0; i < q->n; i++)
        q->word[i].fixed = NULL;
    for (size_t i = 0; i < q->n;)
        i += take_group(b, i);
    drop_stops(b);
    *out = (struct query_texts){ .corrected = as_understood(q) };
    out->match = write_all(b, "", false, q->code);
    out->name = write_all(b, "A", false, NULL);
    out->exact = write_all(b, "A", true, NULL);
    out->near = write_all(b, "AB", false, NULL);
    out->code = nothing;
    if (q->code != NULL) {
        struct buf code;
        buf_init(&code, q->arena, 1024);
        search_quote(&code, q->code);
        out->code = code.p;
    }
    out->any = write_any(b, out);
    out->most = write_most(q->arena, out);
}

void search_query_build_prefix(const struct search_query *q, struct query_texts *out)
{
    struct search_query copy = *q;
    static const struct query_facts none = { .locale = "" };
    struct build *b = arena_new(q->arena, struct build);
    *b = (struct build){ .q = &copy, .f = &none };
    for (size_t i = 0; i < q->n; i++) {
        const struct query_word *w = &copy.word[i];
        struct group *g = &b->group[b->n++];
        add_word(g, w->folded, utf8_length(w->folded) >= PREFIX_MIN, true);
        add_parts(q->arena, g, w->folded);
        const char *code = search_code(q->arena, w->folded);
        if (code != NULL)
            add_word(g, code, true, false);
        if (w->script == SCRIPT_LATIN && strlen(w->folded) >= 4)
            add_sounds(g, w);
    }
    *out = (struct query_texts){ 0 };
    out->match = write_all(b, "", false, q->code);
    out->name = write_all(b, "A", false, NULL);
    out->exact = write_all(b, "A", true, NULL);
    out->near = out->code = out->any = out->most = nothing;
}
