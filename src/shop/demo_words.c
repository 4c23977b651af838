/* demo_words.c: what a demo shop says beside its products: fields of its own (fields.csv: name,
 * type, label, choices, filterable), what products have besides the columns of products.csv
 * (more.csv, in our own format) and words people search by (synonyms.csv: word, means, both).
 * Invariant: a second run changes nothing. */
#include <errno.h>
#include <stdio.h>

#include "app/ctx.h"
#include "app/custom.h"
#include "base/str.h"
#include "platform/db.h"
#include "shop/demo_int.h"
#include "shop/import.h"
#include "shop/import_save_int.h"
#include "shop/search_index.h"

enum { ROWS_MOST = 100 };
struct words {
    struct demo_run *d;
    const char *currency, *problem;
    struct {
        const char *field[5];
    } row[ROWS_MOST];
    size_t n, nfields;
};

static enum rc take_row(struct demo_run *d, char **field, void *arg)
{
    struct words *w = arg;
    if (w->n == ROWS_MOST)
        return RC_LIMIT;
    for (size_t i = 0; i < w->nfields; i++)
        w->row[w->n].field[i] = arena_strdup(d->arena, field[i]);
    w->n++;
    return RC_OK;
}

static enum rc put_fields(struct db *db, void *arg)
{
    struct words *w = arg;
    struct arena *a = db_arena(db);
    enum rc rc = RC_OK;
    for (size_t i = 0; rc == RC_OK && i < w->n; i++) {
        const char *const *v = w->row[i].field;
        struct custom_field f = { .resource = "product",
                                  .name = v[0],
                                  .label = v[2],
                                  .is_shown = true,
                                  .is_filterable = str_eq(v[4], "yes"),
                                  .position = (int32_t)i };
        char **label;
        size_t n = *v[3] == '\0' ? 0 : str_split(a, v[3], '|', &label);
        bool reindex; /* products come after the fields */
        f.choice = arena_array(a, struct custom_choice, n);
        for (size_t k = 0; k < n; k++)
            f.choice[f.nchoices++] = (struct custom_choice){ .label = str_trim(a, label[k]) };
        if (!custom_type_parse(v[1], &f.type))
            return RC_INVALID;
        rc = custom_put(db, &f, w->currency, &reindex, &w->problem);
    }
    return rc;
}

static enum rc put_synonyms(struct db *db, void *arg)
{
    struct words *w = arg;
    enum rc rc = RC_OK;
    int64_t changed;
    for (size_t i = 0; rc == RC_OK && i < w->n; i++)
        rc = search_synonym_put(db, w->row[i].field[0], w->row[i].field[1],
                                str_eq(w->row[i].field[2], "yes"), &changed);
    return rc;
}

static enum rc load(struct demo_run *d, const char *file, size_t fields, const char *currency,
                    enum rc (*put)(struct db *, void *))
{
    struct words *w = arena_new(d->arena, struct words);
    *w = (struct words){ .d = d, .currency = currency, .nfields = fields };
    enum rc rc = demo_file(d, file, fields, take_row, w);
    if (rc != RC_OK)
        return rc;
    db_scope_begin(d->app->db, d->arena, &d->tenant, 0);
    rc = db_tx(d->app->db, DB_TX_RETRY, put, w);
    db_scope_end(d->app->db);
    return rc == RC_OK ? rc
                       : demo_problem(d, rc, "%s: %s", file,
                                      w->problem != NULL ? w->problem : "not written");
}

static void tell_row(void *arg, const struct shop_import_row *row)
{
    struct demo_run *d = arg;
    if (row->action == SHOP_IMPORT_REFUSED && d->o->say != NULL)
        d->o->say(d->o->arg, arena_printf(d->arena, "%s/more.csv line %zu, %s: %s", d->slug,
                                          row->line, row->column != NULL ? row->column : "row",
                                          row->reason != NULL ? row->reason : "refused"));
}

static enum rc load_more(struct demo_run *d)
{
    struct shop_import_report done;
    FILE *in = fopen(arena_printf(d->arena, "%s/more.csv", d->dir), "rbe");
    if (in == NULL)
        return errno == ENOENT ? RC_OK : demo_problem(d, RC_UPSTREAM, "cannot read more.csv");
    struct shop_import_options o = {
        .tenant = d->slug, .format = SHOP_IMPORT_KADE, .in = in, .row = tell_row, .arg = d
    };
    enum rc rc = shop_import_products(d->app, &o, &done);
    fclose(in);
    d->report->refused += rc == RC_OK ? done.refused : 0;
    return rc == RC_OK
               ? rc
               : demo_problem(d, rc, "%s", done.problem != NULL ? done.problem : "more.csv");
}

enum rc demo_words(struct demo_run *d, struct saver *saver)
{
    enum rc rc = load(d, "fields.csv", 5, saver->currency, put_fields);
    if (rc == RC_OK)
        rc = load(d, "synonyms.csv", 3, saver->currency, put_synonyms);
    return rc == RC_OK ? load_more(d) : rc;
}
