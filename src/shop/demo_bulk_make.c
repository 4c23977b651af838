/* demo_bulk_make.c: one made-up product from the seed and its number, and nothing else: no clock,
 * no database, no order of calls. Not believable in every detail, but as wide as a real catalogue:
 * names that share words, long tails of prices, a few bestsellers, some things sold out. */
#include <string.h>

#include "base/str.h"
#include "base/time.h"
#include "base/utf8.h"
#include "shop/demo_bulk_int.h"

enum { NEWEST_DAYS = 700, ROUND_TO = 10 };
/* The youngest product came before 2026-01-01. */
static const int64_t made_before = SECONDS(1767225600);

/* splitmix64: small, well mixed, and the same everywhere. */
static uint64_t next(uint64_t *state)
{
    uint64_t z = (*state += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

static uint64_t below(uint64_t *state, uint64_t n)
{
    return next(state) % n;
}

static struct uuid make_id(uint64_t *state, int64_t created)
{
    unsigned char random[10];
    uint64_t a = next(state), b = next(state);
    memcpy(random, &a, 8);
    memcpy(random + 8, &b, 2);
    return uuid7_make((uint64_t)(created / 1000), random);
}

static const char *lower_first(struct arena *a, const char *s)
{
    return str_lower(a, s);
}

/* EAN-13 of the country of the demo shop. */
static const char *make_barcode(struct arena *a, uint64_t *state)
{
    uint64_t n = 479000000000u + below(state, 1000000000u), left = n;
    unsigned sum = 0;
    for (int i = 0; i < 12; i++, left /= 10)
        sum += (unsigned)(left % 10) * (i % 2 == 0 ? 3 : 1);
    return arena_printf(a, "%llu%u", (unsigned long long)n, (10 - sum % 10) % 10);
}

static void make_names(struct arena *a, struct bulk_product *p)
{
    static const char *const said[] = { "Made to be used every day, and to last.",
                                        "Chosen with care, checked by hand.",
                                        "From a small workshop, in small numbers.",
                                        "Simple, honest and easy to look after." };
    const struct bulk_family *f = p->family;
    const char *material = lower_first(a, p->material->en);
    bool said_already = str_starts(f->noun, material);
    p->name =
        arena_printf(a, "%s %s %s%s%s, %s", p->brand->en, p->series->en,
                     said_already ? "" : material, said_already ? "" : " ", f->noun, p->size->text);
    p->name_si = arena_printf(a, "%s %s %s %s, %s", p->brand->si, p->series->si, p->material->si,
                              f->si, p->size->text);
    p->name_ta = arena_printf(a, "%s %s %s %s, %s", p->brand->ta, p->series->ta, p->material->ta,
                              f->ta, p->size->text);
    p->summary = arena_printf(a, "%s in %s by %s. %s", f->noun, material, p->brand->en,
                              said[p->id.b[15] % COUNT_OF(said)]);
    p->description = arena_printf(
        a,
        "The %s series by %s: a %s in %s, %s.\n\nGood for %s. Wipe it clean after use and keep it "
        "dry. If it is not what you expected, send it back within 14 days.",
        p->series->en, p->brand->en, f->noun, material, p->size->text,
        f->ntags > 0 ? f->tag[0] : "everyday use");
    p->slug = arena_printf(a, "%s-%s", utf8_slug(a, p->name), str_lower(a, p->code + 5));
}

static void make_prices(uint64_t *state, const struct currency *c, struct bulk_product *p)
{
    int64_t unit = 1;
    for (unsigned i = 0; i < c->exponent; i++)
        unit *= 10;
    /* The square of a share: most things are cheap. */
    int64_t share = (int64_t)below(state, 1001), span = p->family->high - p->family->low;
    int64_t whole = p->family->low + span * share / 1000 * share / 1000;
    whole = whole / ROUND_TO * ROUND_TO + (whole < ROUND_TO ? ROUND_TO : 0);
    int64_t percent = below(state, 100) < 12 ? 60 + (int64_t)below(state, 31) : 0;
    for (size_t i = 0; i < p->nvariants; i++) {
        p->variant[i].amount = whole * unit;
        p->variant[i].sale = percent > 0 ? whole * percent / 100 / ROUND_TO * ROUND_TO * unit : -1;
        if (p->variant[i].sale == 0)
            p->variant[i].sale = -1;
    }
}

static void make_stats(uint64_t *state, struct bulk_product *p)
{
    uint64_t share = below(state, 1000);
    p->viewed = (int64_t)(share * share * share / 100000 + below(state, 40));
    p->sold = p->viewed / (int64_t)(8 + below(state, 30));
    p->popularity = p->sold * 20 + p->viewed;
    if (below(state, 100) >= 60)
        return;
    p->rating_count = (int32_t)(1 + below(state, 1 + (uint64_t)p->sold / 4 + 3));
    int64_t tenths = 34 + (int64_t)below(state, 17);
    p->rating_sum = (p->rating_count * tenths + 5) / 10;
    if (p->rating_sum > p->rating_count * 5)
        p->rating_sum = p->rating_count * 5;
    if (p->rating_sum < p->rating_count)
        p->rating_sum = p->rating_count;
}

static void make_variants(struct arena *a, const struct bulk_words *w, uint64_t *state,
                          uint64_t number, struct bulk_product *p)
{
    bool variable = p->family->coloured && below(state, 100) < 12;
    size_t first = (size_t)below(state, w->ncolours);
    p->nvariants = variable ? 2 + (size_t)below(state, BULK_COLOURS - 1) : 1;
    bool gone = below(state, 100) < 7;
    for (size_t i = 0; i < p->nvariants; i++) {
        struct bulk_variant *v = &p->variant[i];
        const struct bulk_word *colour = w->colour[(first + i) % w->ncolours];
        *v = (struct bulk_variant){ .id = make_id(state, p->created),
                                    .colour = variable ? colour : NULL,
                                    .weight = (int32_t)(50 + below(state, 4000)),
                                    .on_hand = gone ? 0 : (int32_t)below(state, 90),
                                    .reorder = 5 };
        const char *base = arena_printf(a, "%.3s-%s-%06llu", p->code + 5, p->family->code,
                                        (unsigned long long)number);
        v->sku = variable ? arena_printf(a, "%s-%zu", base, i + 1) : base;
        v->barcode = below(state, 10) < 7 ? make_barcode(a, state) : "";
        v->options_key = variable ? str_lower(a, colour->en) : "";
    }
}

void bulk_make(struct arena *a, const struct bulk_words *w, uint64_t seed, uint64_t number,
               const struct currency *c, struct bulk_product *out)
{
    uint64_t state = seed * 0x2545f4914f6cdd1du + number;
    (void)next(&state);
    struct bulk_product *p = out;
    *p = (struct bulk_product){ .family = &w->family[below(&state, w->nfamilies)] };
    const struct bulk_family *f = p->family;
    p->brand = w->brand[below(&state, w->nbrands)];
    p->series = w->series[below(&state, w->nseries)];
    p->material = f->material[below(&state, f->nmaterials)];
    p->size = &f->size[below(&state, f->nsizes)];
    p->featured = below(&state, 1000) < 3;
    p->created = made_before - SECONDS((int64_t)below(&state, NEWEST_DAYS * 86400) + 1);
    p->id = make_id(&state, p->created);
    p->code = arena_printf(a, "BULK-%c%c%c%06llu", p->brand->en[0] & ~32, p->brand->en[1] & ~32,
                           p->brand->en[2] & ~32, (unsigned long long)number);
    make_names(a, p);
    make_variants(a, w, &state, number, p);
    make_prices(&state, c, p);
    make_stats(&state, p);
}
