/* demo_bulk_words.c: reads demo/bulk/families.csv and words.csv. Everything that may be read on a
 * page is in those files; here is none of it. Not the maker of products: that is demo_bulk.c. What
 * a file gets wrong is told with its line, and nothing is made from half a file. */
#include <stdio.h>
#include <string.h>

#include "base/str.h"
#include "base/utf8.h"
#include "platform/csv.h"
#include "platform/fault.h"
#include "shop/demo_bulk_int.h"

enum { FIELD_MAX = 4096, FAMILY_FIELDS = 12, WORD_FIELDS = 4 };

struct reading {
    struct arena *a;
    struct bulk_words *w;
    const char **problem;
};

typedef enum rc bulk_row(struct reading *r, char **field);

static enum rc bad(struct reading *r, const char *what, const char *which)
{
    *r->problem = arena_printf(r->a, "demo/bulk: %s '%s'", what, which);
    return RC_INVALID;
}

static enum rc take_fields(struct reading *r, const struct csv_row *row, char **field, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (i >= row->n ||
            utf8_clean(r->a, row->field[i].p, row->field[i].n, 0, &field[i]) != RC_OK)
            return bad(r, "a row is too short or no text, line",
                       arena_printf(r->a, "%zu", row->line));
    }
    return RC_OK;
}

static enum rc read_file(struct reading *r, const char *dir, const char *name, size_t n,
                         bulk_row *take)
{
    char *field[FAMILY_FIELDS];
    struct csv_row row;
    FILE *in = fault_here(FAULT_FILE, "bulk words")
                   ? NULL
                   : fopen(arena_printf(r->a, "%s/%s", dir, name), "rbe");
    if (in == NULL)
        return bad(r, "cannot read", name);
    struct csv_reader *csv = csv_open(r->a, in, FIELD_MAX);
    enum rc rc = csv_next(csv, r->a, &row); /* the header */
    while (rc == RC_OK && (rc = csv_next(csv, r->a, &row)) == RC_OK) {
        rc = take_fields(r, &row, field, n);
        if (rc == RC_OK)
            rc = take(r, field);
    }
    csv_close(csv);
    fclose(in);
    return rc == RC_NOTFOUND ? RC_OK : rc;
}

static enum rc take_word(struct reading *r, char **f)
{
    struct bulk_words *w = r->w;
    if (w->nwords == BULK_WORDS)
        return bad(r, "too many words at", f[1]);
    struct bulk_word *x = &w->word[w->nwords++];
    *x = (struct bulk_word){ .kind = f[0], .en = f[1], .si = f[2], .ta = f[3] };
    if (str_eq(f[0], "brand"))
        w->brand[w->nbrands++] = x;
    else if (str_eq(f[0], "series"))
        w->series[w->nseries++] = x;
    else if (str_eq(f[0], "colour"))
        w->colour[w->ncolours++] = x;
    return RC_OK;
}

static struct bulk_word *find_word(struct bulk_words *w, const char *kind, const char *en)
{
    for (size_t i = 0; i < w->nwords; i++)
        if (str_eq(w->word[i].kind, kind) && str_eq(w->word[i].en, en))
            return &w->word[i];
    return NULL;
}

static size_t split(struct arena *a, const char *s, char sep, const char **out)
{
    char **part;
    size_t n = str_split(a, s, sep, &part), k = 0;
    for (size_t i = 0; i < n && k < BULK_LIST; i++)
        if (part[i][0] != '\0')
            out[k++] = part[i];
    return k;
}

/* What "24 cm", "1.5 l" or "500 W" is a value of. */
static const char *attribute_of(const char *size)
{
    static const struct {
        const char *unit, *name;
    } units[] = { { " ml", "Capacity" },   { " l", "Capacity" },  { " W", "Power" },
                  { " kg", "Weight" },     { " g", "Weight" },    { " m", "Length" },
                  { " h", "Play time" },   { " mAh", "Battery" }, { " keys", "Keys" },
                  { " dpi", "Resolution" } };
    for (size_t i = 0; i < COUNT_OF(units); i++)
        if (str_ends(size, units[i].unit))
            return units[i].name;
    return "Size";
}

static enum rc take_family(struct reading *r, char **f)
{
    struct bulk_words *w = r->w;
    const char *material[BULK_LIST], *size[BULK_LIST];
    if (w->nfamilies == BULK_FAMILIES)
        return bad(r, "too many families at", f[0]);
    struct bulk_family *x = &w->family[w->nfamilies++];
    *x = (struct bulk_family){ .noun = f[0], .si = f[1], .ta = f[2], .path = f[3], .code = f[10] };
    x->npictures = split(r->a, f[4], ' ', x->picture);
    x->nmaterials = split(r->a, f[5], '|', material);
    x->nsizes = split(r->a, f[6], '|', size);
    x->ntags = split(r->a, f[11], '|', x->tag);
    x->coloured = str_eq(f[7], "1");
    if (str_int(f[8], 1, 10000000, &x->low) != RC_OK ||
        str_int(f[9], x->low + 1, 10000000, &x->high) != RC_OK || x->nmaterials == 0 ||
        x->nsizes == 0 || x->npictures == 0)
        return bad(r, "family without prices, materials, sizes or pictures:", f[0]);
    for (size_t i = 0; i < x->nmaterials; i++)
        if ((x->material[i] = find_word(w, "material", material[i])) == NULL)
            return bad(r, "no such material", material[i]);
    for (size_t i = 0; i < x->nsizes; i++)
        x->size[i] = (struct bulk_size){ .text = size[i], .attribute = attribute_of(size[i]) };
    return RC_OK;
}

enum rc bulk_words_read(struct arena *a, const char *dir, struct bulk_words *w,
                        const char **problem)
{
    struct reading r = { a, w, problem };
    enum rc rc = read_file(&r, dir, "words.csv", WORD_FIELDS, take_word);
    if (rc == RC_OK)
        rc = read_file(&r, dir, "families.csv", FAMILY_FIELDS, take_family);
    if (rc == RC_OK &&
        (w->nfamilies == 0 || w->nbrands == 0 || w->nseries == 0 || w->ncolours < BULK_COLOURS))
        rc = bad(&r, "too few rows in", dir);
    return rc;
}
