/* words.c: the words of a person for staff's search. Folding is base's, so that what is typed and
 * what is stored meet; the digits of a phone are kept forwards and backwards. It finds nobody
 * itself: lists do, under the policy. Invariant: one statement replaces all words of one row. */
#include "app/words.h"

#include <string.h>

#include "base/arena.h"
#include "base/field.h"
#include "base/log.h"
#include "base/str.h"
#include "base/utf8.h"
#include "gen/app_q.h"
#include "platform/db.h"

enum { WORDS_MOST = 64, WORD_MOST = 120 };

struct list {
    struct arena *a;
    const char *v[WORDS_MOST];
    size_t n;
};

static void add(struct list *l, const char *word)
{
    if (*word && l->n < WORDS_MOST)
        l->v[l->n++] = utf8_cut(l->a, word, WORD_MOST);
}

static void add_words(struct list *l, const char *text)
{
    struct utf8_word *word;
    size_t n = utf8_words(l->a, text, WORDS_MOST, &word);
    for (size_t i = 0; i < n; i++)
        add(l, word[i].folded);
}

static void add_phone(struct list *l, const char *phone)
{
    char *forth = arena_alloc(l->a, strlen(phone) + 1),
         *back = arena_alloc(l->a, strlen(phone) + 1);
    size_t n = 0;
    for (const char *p = phone; *p; p++)
        if (*p >= '0' && *p <= '9')
            forth[n++] = *p;
    forth[n] = back[n] = '\0';
    for (size_t i = 0; i < n; i++)
        back[i] = forth[n - 1 - i];
    add(l, forth);
    add(l, back);
}

enum rc words_put(struct db *db, const char *resource, struct uuid id, const struct words_of *w)
{
    check_that(db_in_tx(db));
    struct list l = { .a = db_arena(db) };
    if (w->email) {
        add(&l, w->email);
        add(&l, strchr(w->email, '@') ? strchr(w->email, '@') + 1 : "");
    }
    if (w->phone)
        add_phone(&l, w->phone);
    for (size_t i = 0; i < w->ntexts; i++)
        if (w->texts[i])
            add_words(&l, w->texts[i]);
    return app_q_words_put(db, resource, id, (struct texts){ l.v, l.n }, NULL);
}
