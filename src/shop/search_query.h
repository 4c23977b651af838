/* search_query.h: what a shopper typed, taken apart, and put together again as the queries the
 * database is asked. Pure: what the shop knows about the words comes in as facts. Whatever is typed
 * gives a query, at worst one that finds nothing. Internal to src/shop. */
#ifndef SHOP_SEARCH_QUERY_H
#define SHOP_SEARCH_QUERY_H

#include "base/arena.h"
#include "base/attr.h"
#include "shop/search_text.h"

enum { QUERY_CHARS = 200, QUERY_WORDS = 12, QUERY_TEXT_MAX = 64 * 1024, QUERY_HALVES = 40 };

struct query_word {
    const char *folded, *shown, *upper; /* upper: end of its range as a prefix */
    const char *sinhala, *sinhala_upper, *tamil, *tamil_upper; /* "~" alone: no such range */
    enum search_script script;
    bool joined, quoted;
    int quote;
    /* facts */
    const char *stem;
    bool is_stop, is_known, is_stem, is_prefix, is_sound;
    const char *fixed, *fixed_shown; /* the word that was meant; NULL: this one */
};

struct search_query {
    struct arena *arena;
    const char *text; /* cleaned, for people */
    const char *norm; /* its words folded, one space between */
    const char *code; /* all of it as a SKU; NULL */
    struct query_word word[QUERY_WORDS];
    size_t n;
    bool is_cut; /* longer than QUERY_CHARS or QUERY_WORDS: the rest is ignored */
};

/* raw: clean text (utf8_clean), may be NULL. */
KADE_API void search_query_parse(struct arena *a, const char *raw, struct search_query *out)
    __attribute__((nonnull(1, 3)));
/* Words of a text folded, one space between: what synonyms and redirects are compared by. */
KADE_API const char *search_norm(struct arena *a, const char *text) ATTR_NONNULL ATTR_RETNONNULL;
/* End of the range of strings that begin with s, in byte order. */
KADE_API const char *search_upper(struct arena *a, const char *s) ATTR_NONNULL ATTR_RETNONNULL;
/* What to ask the shop's words about beside the words themselves: neighbours joined, halves. */
KADE_API size_t search_query_guesses(const struct search_query *q, const char **out,
                                     size_t most) ATTR_NONNULL;
/* Words a finger away from those typed: two letters swapped, one too many; in short words also one
 * wrong or missing. Trigrams find the others, but a short word has too few of them. */
struct query_edits {
    int64_t *place; /* from 1 */
    const char **word;
    size_t n;
};
KADE_API void search_query_edits(const struct search_query *q,
                                 struct query_edits *out) ATTR_NONNULL;
/* Phrases of up to three words, for synonyms. At most QUERY_WORDS * 3. */
KADE_API size_t search_query_phrases(const struct search_query *q, const char **out) ATTR_NONNULL;

struct query_typo {
    size_t place;
    const char *word, *shown, *locale;
    int32_t n;
};
struct query_synonym {
    const char *term, *means;
};
struct query_facts {
    const char *const *have; /* guesses that are words of the shop */
    size_t nhave;
    const struct query_typo *typo;
    size_t ntypos;
    const struct query_synonym *synonym;
    size_t nsynonyms;
    const char *locale; /* of the page: among equal corrections its words win */
    bool is_exact;      /* no corrections: the shopper insists */
};

/* tsquery texts. match: has all words. name: the same in the name. exact: the very words in the
 * name. near: in name, brand, category, options. code: is the SKU or barcode. any: has at least one
 * of the rarer words; most: lacks one of them; group[i]: has the i-th. */
struct query_texts {
    const char *match, *name, *exact, *near, *code, *any, *most;
    const char *group[QUERY_WORDS];
    size_t ngroups;
    const char *corrected; /* the query as it was understood, when a word was replaced; else NULL */
};
KADE_API void search_query_build(struct search_query *q, const struct query_facts *f,
                                 struct query_texts *out) ATTR_NONNULL;
/* For suggestions: every word may be the beginning of one. */
KADE_API void search_query_build_prefix(const struct search_query *q,
                                        struct query_texts *out) ATTR_NONNULL;

#endif
