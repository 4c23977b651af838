/* import.c: runs an import: reads rows, refuses what is wrong in words, saves what is good in
 * chunks of one transaction each, then what had to wait (variations before their product,
 * relations). A chunk that the database refuses is run again row by row, so one bad row never stops
 * the good ones. A dry run is one transaction that is rolled back; its report is told afterwards.
 */
#include "shop/import.h"

#include <string.h>

#include "app/statistics.h"
#include "app/tenant.h"
#include "base/log.h"
#include "base/map.h"
#include "base/str.h"
#include "base/time.h"
#include "platform/crypto.h"
#include "platform/db.h"
#include "shop/import_save.h"
#include "shop/import_shopify.h"

enum {
    CHUNK = 50,
    ANALYZE_FIRST = 200,           /* rows; then five times as many, and so on */
    WAITING_MOST = 100 * 1024,     /* rows that may wait for their product */
    STATISTICS_AFTER = 500,        /* changed rows that make the planner's idea of sizes wrong */
    DRY_AGAIN_MOST = 200,          /* rows a dry run may find refused by the database */
    HOME_MOST = 1024 * 1024 * 1024 /* bytes kept for the whole import: keys, waiting rows */
};

struct told { /* a line of a dry run's report, told at its end */
    struct shop_import_row row;
    struct told *next;
};

struct run {
    struct app_ctx *app;
    const struct shop_import_options *o;
    struct shop_import_report *report;
    struct saver saver;
    const struct currency *currency;
    struct arena *home, *rows, *scope; /* the import; a chunk's items; its database rows */
    struct woo_header *header;
    struct shopify *shopify; /* NULL: the file's rows are taken as they are */
    const char *unused;
    struct map *lines;   /* sku_norm -> line it was first seen in */
    struct map *refused; /* dry run: line -> reason the database gave */
    struct csv_row *waiting;
    size_t nwaiting, waiting_cap;
    struct csv_row *linked;
    size_t nlinked, linked_cap;
    struct import_item *item;
    struct save_result *res;
    size_t n, chunk, written, analyze_at;
    bool in_tx, last;
    enum rc dry_rc; /* what ended the body of a dry run */
    struct told *first, **end;
};

/* ---- words -------------------------------------------------------------------------------------
 */
const char *shop_import_action_name(enum shop_import_action a)
{
    static const char *const names[] = { "created", "updated", "unchanged", "refused", "note" };
    return (size_t)a < COUNT_OF(names) ? names[a] : "unknown";
}

bool shop_import_format_parse(const char *word, enum shop_import_format *out)
{
    static const struct {
        const char *word;
        enum shop_import_format format;
    } formats[] = { { "woocommerce", SHOP_IMPORT_WOOCOMMERCE },
                    { "kade", SHOP_IMPORT_KADE },
                    { "shopify", SHOP_IMPORT_SHOPIFY } };
    for (size_t i = 0; i < COUNT_OF(formats); i++)
        if (str_eq(word, formats[i].word)) {
            *out = formats[i].format;
            return true;
        }
    return false;
}

/* What a constraint of ours means to the person with the file. */
static const char *database_reason(struct run *r, enum rc rc)
{
    static const struct {
        const char *constraint, *words;
    } known[] = {
        { "product_variants_options", "has the same options as another variation of its product" },
        { "product_variants_sku", "has a SKU that another product took meanwhile" },
        { "products_code", "has a SKU that another product took meanwhile" },
        { "stock_not_sold_twice", "says fewer pieces than are promised to orders already" },
        { "prices_check", "has a sale that ends before it starts" },
        { "products_check", "has a publish window that ends before it starts" },
        { "product_variants_check", "has a minimum quantity above the maximum" },
        { "attribute_cannot_pick", "is picked by an attribute of text or numbers" },
        { "type_does_not_pick",
          "is picked by an attribute that the type of its product does not let pick" },
    };
    const struct db_error *e = db_error(r->app->db);
    for (size_t i = 0; e->constraint != NULL && i < COUNT_OF(known); i++)
        if (str_eq(e->constraint, known[i].constraint))
            return known[i].words;
    return arena_printf(r->home, "was refused by the database (%s%s%s)", rc_name(rc),
                        str_empty(e->constraint) ? "" : ", rule ",
                        str_empty(e->constraint) ? "" : e->constraint);
}

/* ---- report ------------------------------------------------------------------------------------
 */
static void count(struct run *r, enum shop_import_action a)
{
    size_t *const n[] = { &r->report->created, &r->report->updated, &r->report->unchanged,
                          &r->report->refused, &r->report->notes };
    (*n[a])++;
}

static void tell(struct run *r, enum shop_import_action a, size_t line, const char *key,
                 const char *column, const char *reason)
{
    struct shop_import_row row = { a, line, key, column, reason };
    if (!r->o->dry_run) {
        count(r, a);
        if (r->o->row != NULL)
            r->o->row(r->o->arg, &row);
        return;
    }
    struct told *t = arena_new(r->home, struct told);
    row.key = arena_strdup(r->home, key);
    row.column = arena_strdup(r->home, column);
    row.reason = arena_strdup(r->home, reason);
    t->row = row;
    *r->end = t;
    r->end = &t->next;
}

static void tell_images(struct run *r, const struct import_item *it)
{
    size_t away = 0, bad = 0;
    for (size_t i = 0; i < it->images.n; i++) {
        const char *v = it->images.v[i];
        bool url = str_starts(v, "https://") || str_starts(v, "http://");
        bool have = (str_starts(v, "file:") && map_get(r->saver.pictures, v + 5) != NULL) ||
                    (str_starts(v, "media:") && map_get(r->saver.media, v) != NULL);
        away += url;
        bad += !url && !have;
    }
    if (away > 0)
        tell(r, SHOP_IMPORT_NOTE, it->line, it->sku, "Images",
             arena_printf(r->rows,
                          "%zu noted but not fetched: imports take no pictures from other hosts",
                          away));
    if (bad > 0)
        tell(r, SHOP_IMPORT_NOTE, it->line, it->sku, "Images",
             arena_printf(r->rows, "%zu left out: neither an http address nor a picture we have",
                          bad));
}

static void tell_item(struct run *r, const struct import_item *it, const struct save_result *res)
{
    tell(r, res->action, it->line, it->sku, res->column, res->reason);
    if (res->action == SHOP_IMPORT_REFUSED)
        return;
    for (size_t i = 0; i < it->nnotes; i++)
        tell(r, SHOP_IMPORT_NOTE, it->line, it->sku, it->note[i].column, it->note[i].reason);
    tell_images(r, it);
}

/* ---- rows kept for later -----------------------------------------------------------------------
 */
static struct csv_row keep_row(struct run *r, const struct csv_row *row)
{
    struct csv_row k = *row;
    k.field = arena_array(r->home, struct csv_field, row->n);
    for (size_t i = 0; i < row->n; i++) {
        k.field[i] = row->field[i];
        /* Rows that wait have been read once: none of their fields holds a NUL or is too long. */
        k.field[i].p = arena_strdup(r->home, row->field[i].p);
        k.field[i].n = strlen(row->field[i].p);
    }
    return k;
}

static bool push(struct run *r, struct csv_row **v, size_t *n, size_t *cap,
                 const struct csv_row *row)
{
    if (*n == WAITING_MOST)
        return false;
    if (*n == *cap) {
        size_t more = *cap == 0 ? 64 : *cap * 2;
        struct csv_row *grown = arena_array(r->home, struct csv_row, more);
        if (*n > 0)
            memcpy(grown, *v, *n * sizeof(**v));
        *v = grown;
        *cap = more;
    }
    (*v)[(*n)++] = keep_row(r, row);
    return true;
}

static bool has_relations(const struct import_item *it)
{
    return it->upsells.n > 0 || it->cross.n > 0 || it->grouped.n > 0 || it->related.n > 0;
}

/* ---- saving a chunk ----------------------------------------------------------------------------
 */
struct part {
    struct run *r;
    size_t first, n;
    bool again;
};

static enum rc save_part(struct db *db, void *arg)
{
    struct part *p = arg;
    struct run *r = p->r;
    if (p->again)
        save_forget(&r->saver);
    p->again = true;
    return save_items(&r->saver, db, r->item + p->first, p->n, r->last, r->res + p->first);
}

static bool is_of_the_row(enum rc rc)
{
    return rc == RC_INVALID || rc == RC_CONFLICT || rc == RC_BUG || rc == RC_NOTFOUND ||
           rc == RC_DENIED;
}

static enum rc save_in_own_tx(struct run *r, size_t first, size_t n)
{
    struct part p = { .r = r, .first = first, .n = n };
    db_scope_begin(r->app->db, r->scope, &r->saver.tenant, r->saver.now);
    enum rc rc = db_tx(r->app->db, DB_TX_RETRY, save_part, &p);
    if (rc != RC_OK) {
        save_forget(&r->saver);
        if (n == 1 && is_of_the_row(rc)) {
            r->res[first] = (struct save_result){ .action = SHOP_IMPORT_REFUSED,
                                                  .reason = database_reason(r, rc) };
            log_warn("import row refused by the database", "line=%zu state=%s message=%s",
                     r->item[first].line, db_error(r->app->db)->sqlstate,
                     db_error(r->app->db)->message);
        }
    }
    db_scope_end(r->app->db);
    arena_reset(r->scope);
    return rc;
}

static enum rc save_chunk(struct run *r)
{
    if (r->in_tx) {
        struct arena_mark_at mark = arena_mark(r->scope);
        struct part p = { .r = r, .first = 0, .n = r->n };
        enum rc rc = save_part(r->app->db, &p);
        if (rc == RC_OK)
            arena_rewind(r->scope, mark);
        return rc;
    }
    enum rc rc = save_in_own_tx(r, 0, r->n);
    if (!is_of_the_row(rc))
        return rc;
    for (size_t i = 0; i < r->n; i++) {
        rc = save_in_own_tx(r, i, 1);
        if (rc != RC_OK && !is_of_the_row(rc))
            return rc;
    }
    return RC_OK;
}

/* When what was written has grown fivefold, plans made before are no good any more: each row of a
 * first import would be slower than the one before. */
static void refresh_plans(struct run *r)
{
    r->written += r->n;
    if (r->in_tx || r->written < r->analyze_at)
        return;
    r->analyze_at *= 5;
    statistics_refresh(r->app);
}

static enum rc flush(struct run *r, const struct csv_row *row)
{
    if (r->n == 0)
        return RC_OK;
    enum rc rc = save_pictures(&r->saver, r->item, r->n);
    if (rc == RC_OK)
        rc = save_chunk(r);
    if (rc != RC_OK)
        return rc;
    refresh_plans(r);
    for (size_t i = 0; i < r->n; i++) {
        const struct import_item *it = &r->item[i];
        struct save_result *res = &r->res[i];
        if (res->deferred && push(r, &r->waiting, &r->nwaiting, &r->waiting_cap, &row[i]))
            continue;
        if (res->deferred)
            *res = (struct save_result){ .action = SHOP_IMPORT_REFUSED,
                                         .column = "Parent",
                                         .reason = "comes too long before its product" };
        tell_item(r, it, res);
        if (res->action != SHOP_IMPORT_REFUSED && has_relations(it) &&
            !push(r, &r->linked, &r->nlinked, &r->linked_cap, &row[i]))
            tell(r, SHOP_IMPORT_NOTE, it->line, it->sku, NULL,
                 "names other products, but too many rows do: import this one again by itself");
    }
    r->n = 0;
    arena_reset(r->rows);
    if (r->o->progress != NULL)
        r->o->progress(r->o->arg, r->report->rows);
    return RC_OK;
}

/* ---- reading -----------------------------------------------------------------------------------
 */
/* True when the row goes into the chunk. */
static bool take_row(struct run *r, const struct csv_row *row, struct import_item *it)
{
    woo_row_read(r->header, r->rows, row, r->currency, it);
    char line[24];
    snprintf(line, sizeof(line), "%zu", it->line);
    const char *seen = *it->sku_norm != '\0' ? map_get(r->lines, it->sku_norm) : NULL;
    const char *known_bad = map_get(r->refused, line);
    if (it->bad_reason == NULL && known_bad != NULL)
        it->bad_reason = known_bad;
    if (it->bad_reason == NULL && seen != NULL && !r->last) {
        it->bad_column = "SKU";
        it->bad_reason = arena_printf(r->rows, "is the same as in line %s", seen);
    }
    if (it->bad_reason != NULL) {
        tell(r, SHOP_IMPORT_REFUSED, it->line, it->sku, it->bad_column, it->bad_reason);
        return false;
    }
    map_put(r->lines, it->sku_norm, arena_strdup(r->home, line));
    if (*it->ref != '\0' && map_get(r->saver.refs, it->ref) == NULL)
        map_put(r->saver.refs, it->ref, arena_strdup(r->home, it->sku_norm));
    return true;
}

static enum rc next_row(struct run *r, struct csv_reader *csv, struct csv_row *out)
{
    return r->shopify != NULL ? shopify_next(r->shopify, csv, r->rows, out)
                              : csv_next(csv, r->rows, out);
}

static enum rc read_rows(struct run *r, struct csv_reader *csv)
{
    struct csv_row *row = arena_array(r->home, struct csv_row, CHUNK);
    enum rc rc;
    while ((rc = next_row(r, csv, &row[r->n])) == RC_OK) {
        r->report->rows++;
        if (take_row(r, &row[r->n], &r->item[r->n]))
            r->n++;
        else if (r->n == 0)
            arena_reset(r->rows);
        if (r->n == r->chunk && (rc = flush(r, row)) != RC_OK)
            return rc;
    }
    if (rc == RC_INVALID) /* what stands before the fault is good */
        tell(r, SHOP_IMPORT_REFUSED, 0, "", NULL, csv_problem(csv));
    return rc == RC_NOTFOUND || rc == RC_INVALID ? flush(r, row) : rc;
}

static enum rc read_waiting(struct run *r)
{
    struct csv_row *row = arena_array(r->home, struct csv_row, CHUNK);
    r->last = true;
    for (size_t i = 0; i < r->nwaiting; i++) {
        row[r->n] = r->waiting[i];
        if (take_row(r, &row[r->n], &r->item[r->n]))
            r->n++;
        enum rc rc = r->n == r->chunk ? flush(r, row) : RC_OK;
        if (rc != RC_OK)
            return rc;
    }
    return flush(r, row);
}

/* ---- relations, when every product is there ----------------------------------------------------
 */
struct link {
    struct run *r;
    const struct import_item *it;
    const char *missing;
    bool changed, again;
};

static enum rc link_in_tx(struct db *db, void *arg)
{
    struct link *l = arg;
    struct save_result of = { 0 };
    if (l->again)
        save_forget(&l->r->saver);
    l->again = true;
    /* The row is saved; saving it again changes nothing and says which product it is. */
    enum rc rc = save_items(&l->r->saver, db, l->it, 1, true, &of);
    if (rc == RC_OK && of.has_product)
        rc = save_relations(&l->r->saver, db, l->it, &of, &l->changed, &l->missing);
    return rc;
}

static enum rc read_linked(struct run *r)
{
    for (size_t i = 0; i < r->nlinked; i++) {
        struct import_item *it = &r->item[0];
        woo_row_read(r->header, r->rows, &r->linked[i], r->currency, it);
        struct link l = { .r = r, .it = it };
        enum rc rc;
        if (r->in_tx) {
            rc = link_in_tx(r->app->db, &l);
        } else {
            db_scope_begin(r->app->db, r->scope, &r->saver.tenant, r->saver.now);
            rc = db_tx(r->app->db, DB_TX_RETRY, link_in_tx, &l);
            db_scope_end(r->app->db);
        }
        if (rc != RC_OK)
            return rc;
        if (l.missing != NULL)
            tell(r, SHOP_IMPORT_NOTE, it->line, it->sku, NULL,
                 arena_printf(r->rows,
                              "names \"%s\", which is neither in this file nor in the shop",
                              l.missing));
        if (!r->in_tx)
            arena_reset(r->scope);
        arena_reset(r->rows);
    }
    return RC_OK;
}

/* ---- the whole ---------------------------------------------------------------------------------
 */
static enum rc read_header(struct run *r, struct csv_reader *csv)
{
    struct csv_row row;
    enum rc rc = csv_next(csv, r->home, &row);
    const char *problem = NULL;
    if (rc == RC_NOTFOUND)
        problem = "the file is empty";
    else if (rc == RC_INVALID)
        problem = csv_problem(csv);
    else if (rc == RC_OK && r->o->format == SHOP_IMPORT_SHOPIFY)
        rc = shopify_open(r->home, &row, &r->shopify, &r->header, &r->unused, &problem);
    else if (rc == RC_OK)
        rc = woo_header_read(r->home, &row, r->o->format == SHOP_IMPORT_KADE, &r->header,
                             &r->unused, &problem);
    if (problem != NULL)
        r->report->problem = arena_strdup(r->app->work, problem);
    return rc == RC_NOTFOUND ? RC_INVALID : rc;
}

static enum rc read_all(struct run *r)
{
    struct csv_reader *csv = csv_open(r->home, r->o->in, SHOP_IMPORT_FIELD_MAX);
    enum rc rc = read_header(r, csv);
    if (rc == RC_OK && *r->unused != '\0')
        tell(r, SHOP_IMPORT_NOTE, 1, "", NULL,
             arena_printf(r->home, "columns not used: %s", r->unused));
    if (rc == RC_OK)
        rc = read_rows(r, csv);
    if (rc == RC_OK)
        rc = read_waiting(r);
    if (rc == RC_OK)
        rc = read_linked(r);
    shopify_close(r->shopify);
    r->shopify = NULL;
    csv_close(csv);
    return rc;
}

static enum rc dry_in_tx(struct db *db, void *arg)
{
    (void)db;
    struct run *r = arg;
    r->dry_rc = read_all(r);
    return r->dry_rc == RC_OK ? RC_DECLINED : r->dry_rc; /* never commits */
}

static void start_over(struct run *r)
{
    save_forget(&r->saver);
    map_free(r->lines, NULL);
    r->lines = map_new();
    r->first = NULL;
    r->end = &r->first;
    r->n = r->nwaiting = r->nlinked = r->report->rows = 0;
    r->last = false;
    arena_reset(r->rows);
}

/* One transaction, rolled back. A row that the database refuses spoils it: then the row is found by
 * going row by row, remembered as refused, and the whole is done again without it. */
static enum rc run_dry(struct run *r)
{
    for (unsigned i = 0; i < DRY_AGAIN_MOST; i++) {
        db_scope_begin(r->app->db, r->scope, &r->saver.tenant, r->saver.now);
        r->in_tx = true;
        enum rc rc = db_tx(r->app->db, 0, dry_in_tx, r);
        if (r->dry_rc != RC_OK && is_of_the_row(r->dry_rc) && r->report->problem == NULL &&
            r->n == 1) {
            char line[24];
            snprintf(line, sizeof(line), "%zu", r->item[0].line);
            map_put(r->refused, line, arena_strdup(r->home, database_reason(r, r->dry_rc)));
        }
        db_scope_end(r->app->db);
        arena_reset(r->scope);
        if (r->dry_rc == RC_OK)
            return rc == RC_DECLINED ? RC_OK : rc;
        if (!is_of_the_row(r->dry_rc) || r->report->problem != NULL)
            return r->dry_rc;
        r->chunk = 1;
        start_over(r);
        rewind(r->o->in);
    }
    r->report->problem = "the database refuses too many rows; import a smaller part to see why";
    return RC_INVALID;
}

/* A dry run may have to read twice: what cannot be rewound is copied first. */
static enum rc make_seekable(struct run *r, struct shop_import_options *o)
{
    char buf[16 * 1024];
    size_t n;
    if (fseek(o->in, 0, SEEK_CUR) == 0)
        return RC_OK;
    FILE *copy = tmpfile();
    if (copy == NULL)
        return RC_UPSTREAM;
    while ((n = fread(buf, 1, sizeof(buf), o->in)) > 0)
        if (fwrite(buf, 1, n, copy) != n) {
            fclose(copy);
            return RC_UPSTREAM;
        }
    rewind(copy);
    o->in = copy;
    (void)r;
    return RC_OK;
}

static void prepare(struct run *r, const struct tenant *t)
{
    r->home = arena_new_sized(HOME_MOST);
    r->rows = arena_new_sized(512 * 1024 * 1024);
    r->scope = arena_new_sized(512 * 1024 * 1024);
    r->lines = map_new();
    r->refused = map_new();
    r->end = &r->first;
    r->chunk = CHUNK;
    r->analyze_at = ANALYZE_FIRST;
    r->item = arena_array(r->home, struct import_item, CHUNK);
    r->res = arena_array(r->home, struct save_result, CHUNK);
    r->saver = (struct saver){ .app = r->app,
                               .home = r->home,
                               .tenant = t->id,
                               .tenant_text = uuid_str(r->home, t->id),
                               .zone = arena_strdup(r->home, t->zone),
                               .currency = r->currency->code,
                               .pictures_dir = r->o->pictures_dir,
                               .draws = r->o->draws,
                               .dry = r->o->dry_run,
                               .now = instant_now() };
    save_open(&r->saver);
}

static void clear(struct run *r)
{
    save_close(&r->saver);
    map_free(r->lines, NULL);
    map_free(r->refused, NULL);
    arena_free(r->scope);
    arena_free(r->rows);
    arena_free(r->home);
}

enum rc shop_import_products(struct app_ctx *app, const struct shop_import_options *options,
                             struct shop_import_report *report)
{
    const struct tenant *t;
    struct shop_import_options o = *options;
    struct run r = { .app = app, .o = &o, .report = report };
    *report = (struct shop_import_report){ 0 };
    db_scope_begin(app->db, app->work, NULL, instant_now());
    enum rc rc = tenant_by_slug(app, options->tenant, &t);
    db_scope_end(app->db);
    if (rc != RC_OK)
        return rc;
    r.currency = currency_find(t->currency);
    if (r.currency == NULL)
        return RC_BUG;
    prepare(&r, t);
    if (!o.dry_run) {
        rc = read_all(&r);
        if (report->created + report->updated >= STATISTICS_AFTER)
            statistics_refresh(app);
    } else {
        rc = make_seekable(&r, &o);
        rc = rc == RC_OK ? run_dry(&r) : rc;
        for (struct told *l = r.first; rc == RC_OK && l != NULL; l = l->next) {
            count(&r, l->row.action);
            if (o.row != NULL)
                o.row(o.arg, &l->row);
        }
    }
    if (o.in != options->in)
        fclose(o.in);
    clear(&r);
    return rc;
}
