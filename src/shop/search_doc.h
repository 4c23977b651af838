/* search_doc.h: the index row of one product being made: its tsvector, the words it adds to the
 * shop's list, its facet terms. Pure. Internal to src/shop. */
#ifndef SHOP_SEARCH_DOC_H
#define SHOP_SEARCH_DOC_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/map.h"
#include "base/utf8.h"

enum { DOC_WORDS = 600, DOC_TERMS = 400, DOC_TSV_MAX = 256 * 1024, DOC_WORD_MAX = 46 };

/* A word for shop.search_words. */
struct doc_word {
    const char *locale, *word, *shown, *stem, *sound;
};

/* What a batch of products has in common. */
struct doc_batch {
    struct arena *arena;
    struct map *stems;     /* Latin word -> English stem; "" = it is its own, or a stop word */
    struct map *seen;      /* "locale word" that the shop's list is known to have */
    struct doc_word *word; /* new ones */
    size_t nwords, cap;
};

struct doc {
    struct doc_batch *batch;
    struct buf tsv;
    size_t words, position, name_words;
    int32_t term[DOC_TERMS];
    size_t nterms;
};

/* Latin words of a text that have no stem yet are put into want (a set). */
void doc_want_stems(struct doc_batch *b, const char *text, struct map *want);
void doc_open(struct doc *d, struct doc_batch *b);
/* weight: 'A' to 'D'. Past DOC_WORDS the rest of the text is left out. */
void doc_text(struct doc *d, char weight, const char *locale, const char *text);
void doc_code(struct doc *d, const char *code);
void doc_term(struct doc *d, int32_t term);
/* "{1,2,3}", sorted, each once. */
const char *doc_facets(struct doc *d);

#endif
