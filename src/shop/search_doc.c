/* search_doc.c: texts of a product to lexemes. Each word is indexed as it is, as its stem, as the
 * key of its romanised form, and mixed or hyphenated words in parts and joined as well, all at the
 * same position, so that quoted phrases still count words. What is written here is what
 * search_query.c asks for; change both or neither.
 * Invariant: every lexeme went through utf8_words, so nothing in it needs more than quotes. */
#include "shop/search_doc.h"

#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "shop/search_text.h"

enum { PHRASE_GAP = 10, POSITION_MAX = 16000 };

void doc_want_stems(struct doc_batch *b, const char *text, struct map *want)
{
    struct utf8_word *w;
    size_t n = utf8_words(b->arena, text, DOC_WORDS, &w);
    for (size_t i = 0; i < n; i++)
        if (search_script(w[i].folded) == SCRIPT_LATIN && strlen(w[i].folded) <= DOC_WORD_MAX &&
            map_get(b->stems, w[i].folded) == NULL)
            map_put(want, w[i].folded, b);
}

void doc_open(struct doc *d, struct doc_batch *b)
{
    d->batch = b;
    d->words = d->position = d->name_words = d->nterms = 0;
    buf_init(&d->tsv, b->arena, DOC_TSV_MAX);
}

static void lexeme(struct doc *d, const char *word, char weight)
{
    if (strlen(word) > 200)
        return;
    search_quote(&d->tsv, word);
    buf_printf(&d->tsv, ":%zu%c ", d->position < POSITION_MAX ? d->position : POSITION_MAX, weight);
}

static const char *stem_of(struct doc *d, const char *word)
{
    if (search_script(word) != SCRIPT_LATIN)
        return search_stem(d->batch->arena, word);
    const char *stem = map_get(d->batch->stems, word);
    return str_empty(stem) ? word : stem;
}

static bool is_kept(const char *word)
{
    return search_script(word) != SCRIPT_NUMBER && strlen(word) >= 2;
}

static void remember(struct doc *d, const char *locale, const struct utf8_word *w, const char *stem,
                     const char *sound)
{
    struct doc_batch *b = d->batch;
    const char *key = arena_printf(b->arena, "%s %s", locale, w->folded);
    if (!is_kept(w->folded) || map_put(b->seen, key, b) != NULL)
        return;
    if (b->nwords == b->cap) {
        size_t cap = b->cap ? b->cap * 2 : 256;
        struct doc_word *grown = arena_array(b->arena, struct doc_word, cap);
        if (b->nwords > 0)
            memcpy(grown, b->word, b->nwords * sizeof *grown);
        b->word = grown;
        b->cap = cap;
    }
    b->word[b->nwords++] =
        (struct doc_word){ locale, w->folded, w->shown, stem, sound != NULL ? sound : "" };
}

static void put_word(struct doc *d, char weight, const char *locale, const struct utf8_word *w)
{
    const char *part[SEARCH_PARTS];
    const char *stem = stem_of(d, w->folded), *sound = search_sound(d->batch->arena, w->folded);
    lexeme(d, w->folded, weight);
    if (!str_eq(stem, w->folded))
        lexeme(d, stem, weight);
    if (sound != NULL)
        lexeme(d, sound, weight);
    size_t n = search_parts(d->batch->arena, w->folded, part);
    for (size_t i = 0; i < n; i++)
        lexeme(d, part[i], weight);
    remember(d, locale, w, stem, sound);
}

void doc_text(struct doc *d, char weight, const char *locale, const char *text)
{
    struct utf8_word *w;
    size_t n = utf8_words(d->batch->arena, text, DOC_WORDS, &w);
    if (weight == 'A' && d->name_words == 0)
        d->name_words = n;
    for (size_t i = 0; i < n && d->words < DOC_WORDS; i++) {
        if (strlen(w[i].folded) > DOC_WORD_MAX)
            continue;
        d->words++;
        d->position++;
        put_word(d, weight, locale, &w[i]);
        size_t chain = w[i].joined ? 1 : search_chain(w + i, n - i);
        if (chain > 1)
            lexeme(d, search_join(d->batch->arena, w + i, chain), weight);
    }
    d->position += PHRASE_GAP;
}

void doc_code(struct doc *d, const char *code)
{
    struct arena *a = d->batch->arena;
    struct utf8_word *w;
    const char *key = search_code(a, code);
    if (key != NULL)
        lexeme(d, key, 'A');
    size_t n = utf8_words(a, code, SEARCH_CHAIN, &w);
    for (size_t i = 0; i < n && n > 1; i++) { /* "NH POT 24" */
        d->position++;
        lexeme(d, w[i].folded, 'C');
    }
}

void doc_term(struct doc *d, int32_t term)
{
    if (d->nterms < DOC_TERMS)
        d->term[d->nterms++] = term;
}

static int by_value(const void *a, const void *b)
{
    const int32_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

const char *doc_facets(struct doc *d)
{
    struct buf b;
    buf_init(&b, d->batch->arena, DOC_TERMS * 13);
    qsort(d->term, d->nterms, sizeof *d->term, by_value);
    buf_char(&b, '{');
    for (size_t i = 0; i < d->nterms; i++)
        if (i == 0 || d->term[i] != d->term[i - 1])
            buf_printf(&b, "%s%d", i == 0 ? "" : ",", (int)d->term[i]);
    buf_char(&b, '}');
    return b.p;
}
