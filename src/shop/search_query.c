/* search_query.c: a query taken apart. The parts are words as utf8_words cuts them; quotes and
 * hyphens are remembered, everything else between words is air. Not here: what becomes of them
 * (search_build.c). Invariant: no more than QUERY_WORDS words of at most 46 bytes leave here. */
#include "shop/search_query.h"

#include <string.h>

#include "base/str.h"

enum { WORD_BYTES = 46, HALF_MIN = 3, SPLIT_MIN = 6, SPLIT_MAX = 24 };
enum { EDIT_WORDS = 6, EDIT_MIN = 3, EDIT_SHORT = 6, EDIT_MAX = 14, EDITS_MOST = 2200 };

const char *search_upper(struct arena *a, const char *s)
{
    return arena_printf(a, "%s\xf4\x8f\xbf\xbf", s);
}

const char *search_norm(struct arena *a, const char *text)
{
    struct utf8_word *w;
    struct buf b;
    size_t n = utf8_words(a, text, 64, &w);
    buf_init(&b, a, 4096);
    for (size_t i = 0; i < n; i++) {
        if (i > 0)
            buf_char(&b, ' ');
        buf_str(&b, w[i].folded);
    }
    return buf_rc(&b) == RC_OK ? b.p : "";
}

static void fill_word(struct arena *a, const struct utf8_word *w, struct query_word *out)
{
    *out = (struct query_word){ .folded = w->folded,
                                .shown = w->shown,
                                .upper = search_upper(a, w->folded),
                                .sinhala = "~",
                                .sinhala_upper = "~",
                                .tamil = "~",
                                .tamil_upper = "~",
                                .script = search_script(w->folded),
                                .joined = w->joined,
                                .quoted = w->quoted,
                                .quote = w->quote,
                                .stem = w->folded };
    if (out->script != SCRIPT_LATIN)
        return;
    search_sounds_of_latin(a, w->folded, &out->sinhala, &out->tamil);
    /* A short key is only taken as a whole; a longer one may be the beginning. */
    out->sinhala_upper = strlen(out->sinhala) >= 6 ? search_upper(a, out->sinhala)
                                                   : arena_printf(a, "%s\x01", out->sinhala);
    out->tamil_upper = strlen(out->tamil) >= 6 ? search_upper(a, out->tamil)
                                               : arena_printf(a, "%s\x01", out->tamil);
}

void search_query_parse(struct arena *a, const char *raw, struct search_query *out)
{
    struct utf8_word *w;
    const char *text = str_trim(a, raw != NULL ? raw : "");
    *out = (struct search_query){ .arena = a, .text = utf8_cut(a, text, QUERY_CHARS) };
    out->is_cut = !str_eq(out->text, text);
    size_t n = utf8_words(a, out->text, QUERY_WORDS + 1, &w);
    for (size_t i = 0; i < n; i++) {
        if (out->n == QUERY_WORDS || strlen(w[i].folded) > WORD_BYTES) {
            out->is_cut = true;
            continue;
        }
        fill_word(a, &w[i], &out->word[out->n++]);
    }
    out->norm = search_norm(a, out->text);
    out->code = out->n <= 6 ? search_code(a, out->text) : NULL;
}

static bool is_plain(const struct query_word *w)
{
    return w->script == SCRIPT_LATIN && !w->quoted && strpbrk(w->folded, "0123456789.") == NULL;
}

size_t search_query_guesses(const struct search_query *q, const char **out, size_t most)
{
    size_t n = 0;
    for (size_t i = 0; i + 1 < q->n && n < most; i++)
        if (!q->word[i].quoted && !q->word[i + 1].quoted)
            out[n++] = arena_printf(q->arena, "%s%s", q->word[i].folded, q->word[i + 1].folded);
    for (size_t i = 0; i < q->n; i++) {
        const char *s = q->word[i].folded;
        size_t len = strlen(s);
        if (!is_plain(&q->word[i]) || len < SPLIT_MIN || len > SPLIT_MAX)
            continue;
        for (size_t at = HALF_MIN; at + HALF_MIN <= len && n + 2 <= most; at++) {
            if (((unsigned char)s[at] & 0xc0) == 0x80)
                continue;
            out[n++] = arena_strndup(q->arena, s, at);
            out[n++] = arena_strdup(q->arena, s + at);
        }
    }
    return n;
}

static void add_edit(const struct search_query *q, struct query_edits *e, size_t place,
                     const char *word)
{
    if (e->n == EDITS_MOST)
        return;
    e->place[e->n] = (int64_t)place + 1;
    e->word[e->n++] = arena_strdup(q->arena, word);
}

static void edit_letters(const struct search_query *q, struct query_edits *e, size_t place)
{
    const char *s = q->word[place].folded;
    char t[WORD_BYTES + 2];
    size_t n = strlen(s);
    for (size_t i = 0; i < n; i++) { /* one too many, two swapped */
        memcpy(t, s, i);
        memcpy(t + i, s + i + 1, n - i);
        add_edit(q, e, place, t);
        if (i + 1 == n || s[i] == s[i + 1])
            continue;
        memcpy(t, s, n + 1);
        t[i] = s[i + 1];
        t[i + 1] = s[i];
        add_edit(q, e, place, t);
    }
    for (size_t i = 0; i <= n && n <= EDIT_SHORT; i++)
        for (char c = 'a'; c <= 'z'; c++) {
            memcpy(t, s, i); /* one missing, one wrong */
            t[i] = c;
            memcpy(t + i + 1, s + i, n - i + 1);
            add_edit(q, e, place, t);
            if (i == n || c == s[i])
                continue;
            memcpy(t, s, n + 1);
            t[i] = c;
            add_edit(q, e, place, t);
        }
}

static bool is_ascii(const char *s)
{
    while (*s >= 'a' && *s <= 'z')
        s++;
    return *s == '\0';
}

void search_query_edits(const struct search_query *q, struct query_edits *out)
{
    *out = (struct query_edits){ .place = arena_array(q->arena, int64_t, EDITS_MOST),
                                 .word = arena_array(q->arena, const char *, EDITS_MOST) };
    for (size_t i = 0; i < q->n && i < EDIT_WORDS; i++) {
        size_t n = strlen(q->word[i].folded);
        if (!q->word[i].quoted && n >= EDIT_MIN && n <= EDIT_MAX && is_ascii(q->word[i].folded))
            edit_letters(q, out, i);
    }
}

size_t search_query_phrases(const struct search_query *q, const char **out)
{
    size_t n = 0;
    for (size_t i = 0; i < q->n; i++) {
        const char *phrase = "";
        for (size_t k = i; k < q->n && k < i + 3; k++) {
            phrase = arena_printf(q->arena, "%s%s%s", phrase, k > i ? " " : "", q->word[k].folded);
            out[n++] = phrase;
        }
    }
    return n;
}
