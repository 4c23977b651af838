/* fuzz_search.c: any text as a search: its words, what is asked about them and the queries made of
 * them are bounded, and every text that reaches the database is well formed. */
#include <string.h>

#include "base/log.h"
#include "base/str.h"
#include "base/utf8.h"
#include "fuzz.h"
#include "shop/search_query.h"

/* Quotes are closed and brackets match, so that it reads as a tsquery. */
static void well_formed(const char *s)
{
    int depth = 0;
    bool quoted = false;
    for (; *s != '\0'; s++) {
        if (quoted && *s == '\\' && s[1] != '\0') {
            s++;
        } else if (*s == '\'') {
            if (quoted && s[1] == '\'')
                s++;
            else
                quoted = !quoted;
        } else if (!quoted && *s == '(') {
            depth++;
        } else if (!quoted && *s == ')') {
            depth--;
            check_that(depth >= 0);
        }
    }
    check_that(depth == 0 && !quoted);
}

static void all_well_formed(const struct query_texts *t)
{
    well_formed(t->match);
    well_formed(t->name);
    well_formed(t->exact);
    well_formed(t->near);
    well_formed(t->code);
    if (t->any != NULL)
        well_formed(t->any);
    if (t->most != NULL)
        well_formed(t->most);
    check_that(t->ngroups <= QUERY_WORDS);
    for (size_t i = 0; i < t->ngroups; i++)
        well_formed(t->group[i]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *a = arena_new_sized(0);
    char *text;
    if (size < 12000 && utf8_clean(a, (const char *)data, size, 0, &text) == RC_OK) {
        struct search_query q;
        struct query_texts t;
        struct query_edits edits;
        const char **guess = arena_array(a, const char *, 60);
        const char **phrase = arena_array(a, const char *, QUERY_WORDS * 3);
        search_query_parse(a, text, &q);
        check_that(q.n <= QUERY_WORDS && utf8_length(q.text) <= QUERY_CHARS);
        size_t nguesses = search_query_guesses(&q, guess, 60);
        size_t nphrases = search_query_phrases(&q, phrase);
        check_that(nguesses <= 60 && nphrases <= QUERY_WORDS * 3);
        search_query_edits(&q, &edits);
        for (size_t i = 0; i < edits.n; i++)
            check_that(edits.place[i] >= 1 && (size_t)edits.place[i] <= q.n);
        struct query_synonym synonym = { nphrases > 0 ? phrase[0] : "x", "other words" };
        struct query_facts f = {
            .have = guess, .nhave = nguesses, .synonym = &synonym, .nsynonyms = 1, .locale = "en"
        };
        if (q.n > 0) {
            search_query_build(&q, &f, &t);
            all_well_formed(&t);
            search_query_build_prefix(&q, &t);
            well_formed(t.match);
        }
    }
    arena_free(a);
    return 0;
}
