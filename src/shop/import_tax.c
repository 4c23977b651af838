/* import_tax.c: a table of tax rates into zones and rates. A row is a rate of a class at a priority
 * in a place; the place, written in one line, is the code of its zone, so a second run finds what
 * the first one made and changes nothing. Rates that are not in the file stay. Rows are saved in
 * chunks of one transaction each, a bad row stops nobody else. */
#include <string.h>

#include "app/audit.h"
#include "app/event.h"
#include "app/tenant.h"
#include "base/log.h"
#include "base/map.h"
#include "base/str.h"
#include "base/time.h"
#include "gen/shop_q.h"
#include "platform/crypto.h"
#include "platform/db.h"
#include "shop/import.h"
#include "shop/import_tax_int.h"

enum { CHUNK = 200, ROWS_MOST = 200000 };

struct entry {
    struct tax_row row;
    size_t line;
    enum shop_import_action action;
};
struct load {
    struct app_ctx *app;
    const struct shop_import_options *o;
    struct shop_import_report *report;
    struct arena *home;
    struct entry **entry;
    size_t n, room;
    struct map *seen; /* key of a rate -> its entry: once a file */
    struct uuid tenant;
    int64_t now;
};
struct part {
    struct load *l;
    size_t first, n;
};

/* ---- reading -----------------------------------------------------------------------------------
 */
static struct entry *new_entry(struct load *l)
{
    if (l->n == l->room) {
        size_t room = l->room > 0 ? l->room * 2 : 256;
        struct entry **more = arena_array(l->home, struct entry *, room);
        if (l->n > 0)
            memcpy(more, l->entry, l->n * sizeof(struct entry *));
        l->entry = more;
        l->room = room;
    }
    l->entry[l->n] = arena_new(l->home, struct entry);
    return l->entry[l->n++];
}

static const char *key_of(struct load *l, const struct tax_row *r)
{
    return arena_printf(l->home, "%s\n%s\n%d\n%s", r->zone_code, r->tax_class, (int)r->priority,
                        r->name);
}

static void take_row(struct load *l, const struct tax_header *h, const struct csv_row *row)
{
    struct entry *e = new_entry(l);
    e->line = row->line;
    tax_row_read(h, l->home, row, &e->row);
    if (e->row.bad_reason != NULL)
        return;
    const char *key = key_of(l, &e->row);
    if (map_get(l->seen, key) != NULL) {
        e->row.bad_column = "Tax name";
        e->row.bad_reason = "this place, class, priority and name are there a second time";
    } else {
        map_put(l->seen, key, e);
    }
}

static void remark(struct load *l, size_t line, const char *key, const char *column,
                   const char *reason)
{
    struct shop_import_row row = { SHOP_IMPORT_NOTE, line, key, column, reason };
    l->report->notes++;
    if (l->o->row != NULL)
        l->o->row(l->o->arg, &row);
}

static enum rc read_rows(struct load *l)
{
    struct csv_reader *in = csv_open(l->home, l->o->in, TAX_FIELD_MAX);
    struct csv_row row;
    struct tax_header h;
    const char *unused = NULL, *problem = "the file is empty";
    enum rc rc = csv_next(in, l->home, &row);
    if (rc == RC_OK)
        rc = tax_header_read(l->home, &row, &h, &unused, &problem);
    else
        rc = RC_INVALID;
    if (rc == RC_OK && unused != NULL)
        remark(l, row.line, "", arena_strdup(l->home, unused), "this column has no meaning here");
    while (rc == RC_OK && (rc = csv_next(in, l->home, &row)) == RC_OK) {
        problem = "the file has more than 200,000 rows";
        if (l->n == ROWS_MOST)
            rc = RC_INVALID;
        else
            take_row(l, &h, &row);
    }
    if (rc == RC_INVALID)
        l->report->problem =
            arena_strdup(l->app->work, csv_problem(in) != NULL ? csv_problem(in) : problem);
    csv_close(in);
    l->report->rows = l->n;
    return rc == RC_NOTFOUND ? RC_OK : rc;
}

/* ---- saving ------------------------------------------------------------------------------------
 */
static enum rc zone_of(struct db *db, const struct tax_row *r, struct uuid *out)
{
    struct shop_tax_zone_code_list there;
    const char *code = r->zone_code;
    enum rc rc = shop_q_import_tax_zones(db, (struct texts){ &code, 1 }, &there);
    if (rc != RC_OK)
        return rc;
    if (there.n > 0) {
        *out = there.row[0].id;
        return RC_OK;
    }
    struct uuid id = uuid7_new();
    rc = shop_q_import_tax_zone_add(db, id, r->zone_code, r->zone_name, NULL);
    if (rc == RC_OK)
        rc = shop_q_import_tax_areas_add(db, id, r->country, r->region, r->city, r->from, r->to,
                                         NULL);
    if (rc == RC_OK)
        *out = id;
    return rc;
}

static enum rc save_row(struct db *db, struct entry *e)
{
    const struct tax_row *r = &e->row;
    struct shop_tax_rate_there_maybe was;
    struct uuid zone;
    enum rc rc = zone_of(db, r, &zone);
    if (rc == RC_OK)
        rc = shop_q_import_tax_class_add(db, r->tax_class, r->tax_class, NULL);
    if (rc == RC_OK)
        rc = shop_q_import_tax_rate(db, zone, r->tax_class, r->priority, r->name, &was);
    if (rc != RC_OK)
        return rc;
    e->action = SHOP_IMPORT_UNCHANGED;
    if (!was.found) {
        e->action = SHOP_IMPORT_CREATED;
        return shop_q_import_tax_rate_add(db, uuid7_new(), zone, r->tax_class, r->priority, r->name,
                                          r->ppm, r->compound, r->on_shipping, (int32_t)e->line,
                                          NULL);
    }
    if (was.row.rate_ppm == r->ppm && was.row.is_compound == r->compound &&
        was.row.on_shipping == r->on_shipping)
        return RC_OK;
    e->action = SHOP_IMPORT_UPDATED;
    return shop_q_import_tax_rate_set(db, was.row.id, r->ppm, r->compound, r->on_shipping, NULL);
}

/* What a chunk changed is told once: who reads rates reads them anew at every cart. */
static enum rc tell_changes(struct load *l, struct db *db, size_t created, size_t updated)
{
    if (created + updated == 0)
        return RC_OK;
    enum rc rc = audit_write(
        db, "tax.imported", "tax_rate", l->tenant, NULL,
        arena_printf(db_arena(db), "{\"created\":%zu,\"updated\":%zu}", created, updated));
    return rc == RC_OK ? event_emit(db, "tax.changed", l->tenant, 0, "created=%zu updated=%zu",
                                    created, updated)
                       : rc;
}

static enum rc save_in_tx(struct db *db, void *arg)
{
    struct part *p = arg;
    enum rc rc = RC_OK;
    size_t created = 0, updated = 0;
    for (size_t i = p->first; rc == RC_OK && i < p->first + p->n; i++) {
        struct entry *e = p->l->entry[i];
        if (e->row.bad_reason != NULL)
            continue;
        rc = save_row(db, e);
        created += e->action == SHOP_IMPORT_CREATED;
        updated += e->action == SHOP_IMPORT_UPDATED;
    }
    return rc == RC_OK ? tell_changes(p->l, db, created, updated) : rc;
}

static enum rc save_dry(struct db *db, void *arg)
{
    struct load *l = arg;
    enum rc rc = save_in_tx(db, &(struct part){ l, 0, l->n });
    return rc == RC_OK ? RC_DECLINED : rc; /* never commits */
}

static enum rc save_all(struct load *l)
{
    struct arena *a = arena_new_sized(512 * 1024 * 1024);
    enum rc rc = RC_OK;
    if (l->o->dry_run) {
        db_scope_begin(l->app->db, a, &l->tenant, l->now);
        rc = db_tx(l->app->db, 0, save_dry, l);
        db_scope_end(l->app->db);
        rc = rc == RC_DECLINED ? RC_OK : rc;
    }
    for (size_t at = 0; rc == RC_OK && !l->o->dry_run && at < l->n; at += CHUNK) {
        struct part p = { l, at, l->n - at < CHUNK ? l->n - at : CHUNK };
        db_scope_begin(l->app->db, a, &l->tenant, l->now);
        rc = db_tx(l->app->db, DB_TX_RETRY, save_in_tx, &p);
        db_scope_end(l->app->db);
        arena_reset(a);
        if (rc == RC_OK && l->o->progress != NULL)
            l->o->progress(l->o->arg, at + p.n);
    }
    arena_free(a);
    return rc;
}

static void tell_rows(struct load *l)
{
    size_t *const n[] = { &l->report->created, &l->report->updated, &l->report->unchanged,
                          &l->report->refused };
    for (size_t i = 0; i < l->n; i++) {
        const struct entry *e = l->entry[i];
        const struct tax_row *r = &e->row;
        bool bad = r->bad_reason != NULL;
        struct shop_import_row row = { bad ? SHOP_IMPORT_REFUSED : e->action, e->line, r->zone_code,
                                       bad ? r->bad_column : NULL, r->bad_reason };
        (*n[row.action])++;
        if (l->o->row != NULL)
            l->o->row(l->o->arg, &row);
        if (!bad && r->note != NULL)
            remark(l, e->line, r->zone_code, r->note_column, r->note);
    }
}

enum rc shop_import_tax_rates(struct app_ctx *app, const struct shop_import_options *options,
                              struct shop_import_report *report)
{
    const struct tenant *t;
    struct load l = { .app = app, .o = options, .report = report, .now = instant_now() };
    *report = (struct shop_import_report){ 0 };
    db_scope_begin(app->db, app->work, NULL, l.now);
    enum rc rc = tenant_by_slug(app, options->tenant, &t);
    db_scope_end(app->db);
    if (rc != RC_OK)
        return rc;
    l.tenant = t->id;
    l.home = arena_new_sized(1024 * 1024 * 1024);
    l.seen = map_new();
    rc = read_rows(&l);
    if (rc == RC_OK)
        rc = save_all(&l);
    if (rc == RC_OK)
        tell_rows(&l);
    map_free(l.seen, NULL);
    arena_free(l.home);
    return rc;
}
