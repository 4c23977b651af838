/* import_categories.c: a category tree from JSON: [{"id", "name", "parent"}, ...], parents in any
 * order, null = a root. The id is kept as the category's code, so a second run finds what the first
 * one made and changes nothing. Entries that cannot be (no name, a ring) are refused by themselves;
 * one whose parent is neither in the file nor in the shop is told and kept below a holding branch,
 * and where staff put it since, it stays. Parents are saved first, in chunks of one transaction
 * each. */
#include <string.h>

#include "app/tenant.h"
#include "base/log.h"
#include "base/map.h"
#include "base/str.h"
#include "base/time.h"
#include "base/utf8.h"
#include "gen/shop_q.h"
#include "platform/crypto.h"
#include "platform/db.h"
#include "platform/json.h"
#include "shop/category.h"
#include "shop/import.h"

enum { FILE_MOST = 64 * 1024 * 1024, CHUNK = 200, LEVELS = 12 };

static const char holding_code[] = "import:holding", holding_name[] = "To be sorted";

enum entry_state { ENTRY_NEW, ENTRY_VISITING, ENTRY_READY, ENTRY_REFUSED };
struct entry {
    const char *id, *name, *parent; /* parent "" = root */
    const char *column, *reason;
    struct entry *up;
    unsigned depth; /* 0 = root */
    bool is_orphan; /* nobody knows its parent */
    enum entry_state state;
    struct uuid category;
    enum shop_import_action action;
};

struct load {
    struct app_ctx *app;
    const struct shop_import_options *o;
    struct shop_import_report *report;
    struct arena *home;
    struct entry *entry;
    size_t n;
    struct entry **order; /* parents first */
    size_t norder;
    struct map *by_id;
    struct map *in_shop; /* code -> struct entry of a parent that only the shop has */
    struct uuid holding;
    bool has_holding;
    struct uuid tenant;
    int64_t now;
};

/* ---- reading -----------------------------------------------------------------------------------
 */
static enum rc read_file(struct load *l, struct buf *text)
{
    buf_init(text, l->home, FILE_MOST);
    for (;;) {
        char *p = buf_reserve(text, 64 * 1024);
        size_t n = p != NULL ? fread(p, 1, 64 * 1024, l->o->in) : 0;
        if (n == 0)
            break;
        buf_wrote(text, n);
    }
    if (buf_rc(text) == RC_OK && !ferror(l->o->in))
        return RC_OK;
    l->report->problem = "the file cannot be read, or is larger than 64 MB";
    return RC_INVALID;
}

static const char *member(struct load *l, const struct json *o, const char *key)
{
    const struct json *v = json_get(o, key);
    const char *s = v != NULL && !json_is_null(v) ? json_text(v, NULL) : "";
    return s != NULL ? str_trim(l->home, s) : NULL;
}

static void refuse(struct entry *e, const char *column, const char *reason)
{
    e->state = ENTRY_REFUSED;
    e->column = column;
    e->reason = reason;
}

static void read_entry(struct load *l, const struct json *o, struct entry *e)
{
    e->id = member(l, o, "id");
    e->name = member(l, o, "name");
    e->parent = member(l, o, "parent");
    if (str_empty(e->id) || utf8_length(e->id) > 100)
        refuse(e, "id", "is missing, no text or longer than 100 characters");
    else if (str_empty(e->name) || utf8_length(e->name) > 200 ||
             *utf8_fold(l->home, e->name) == '\0')
        refuse(e, "name", "is missing, no text or longer than 200 characters");
    else if (e->parent == NULL)
        refuse(e, "parent", "is neither text nor null");
    else if (map_get(l->by_id, e->id) != NULL)
        refuse(e, "id", "is there a second time");
    else
        map_put(l->by_id, e->id, e);
    if (e->id == NULL)
        e->id = "";
}

static enum rc read_entries(struct load *l)
{
    struct buf text;
    struct json *root;
    const char *problem = NULL;
    enum rc rc = read_file(l, &text);
    if (rc != RC_OK)
        return rc;
    const char *p = text.p;
    size_t n = text.n;
    if (n >= 3 && memcmp(p, "\xef\xbb\xbf", 3) == 0) {
        p += 3;
        n -= 3;
    }
    if (json_parse(l->home, p, n, &root, &problem) != RC_OK || json_at(root, 0) == NULL) {
        l->report->problem =
            arena_printf(l->app->work, "the file is no JSON array of categories%s%s",
                         problem != NULL ? ": " : "", problem != NULL ? problem : "");
        return RC_INVALID;
    }
    l->n = json_size(root);
    l->entry = arena_array(l->home, struct entry, l->n);
    l->order = arena_array(l->home, struct entry *, l->n);
    for (size_t i = 0; i < l->n; i++)
        read_entry(l, json_at(root, i), &l->entry[i]);
    l->report->rows = l->n;
    return RC_OK;
}

/* Walks up until something known, then down again: parents get their place first. */
static void place(struct load *l, struct entry *e)
{
    struct entry *chain[LEVELS + 1];
    size_t n = 0;
    for (struct entry *at = e; at->state == ENTRY_NEW;) {
        at->state = ENTRY_VISITING;
        chain[n++] = at;
        if (*at->parent == '\0')
            break;
        at->up = map_get(l->by_id, at->parent);
        if (at->up == NULL)
            at->up = map_get(l->in_shop, at->parent);
        if (at->up == NULL || n > LEVELS)
            break;
        at = at->up;
    }
    for (size_t i = n; i-- > 0;) {
        struct entry *at = chain[i];
        at->is_orphan = *at->parent != '\0' && at->up == NULL;
        if (at->up != NULL && at->up->state == ENTRY_VISITING)
            refuse(at, "parent", "leads back to the category itself, or too deep");
        else if (at->up != NULL && at->up->state == ENTRY_REFUSED)
            refuse(at, "parent", "was refused");
        else if (at->up != NULL && at->up->depth + 1 > LEVELS - 1)
            refuse(at, "parent", "is too deep: at most 12 levels");
        if (at->state == ENTRY_REFUSED)
            continue;
        at->depth = at->up != NULL ? at->up->depth + 1 : at->is_orphan;
        at->state = ENTRY_READY;
        l->order[l->norder++] = at;
    }
}

/* ---- saving ------------------------------------------------------------------------------------
 */
struct part {
    struct load *l;
    size_t first, n;
};

/* The branch for those whose parent nobody knows: made when the first needs it. */
static enum rc hold(struct load *l, struct db *db)
{
    struct shop_category_code_list there;
    struct shop_slug slug;
    const char *code = holding_code;
    if (l->has_holding)
        return RC_OK;
    enum rc rc = shop_q_import_category_code(db, (struct texts){ &code, 1 }, &there);
    l->holding = rc == RC_OK && there.n > 0 ? there.row[0].category_id : uuid7_new();
    if (rc == RC_OK && there.n == 0) {
        rc = shop_q_slug_new(db, "category", "to-be-sorted", l->holding, &slug);
        if (rc == RC_OK)
            rc = shop_q_import_category_add(db, l->holding, NULL, code, slug.slug, holding_name,
                                            utf8_fold(db_arena(db), holding_name), NULL);
        if (rc == RC_OK && !l->o->dry_run)
            rc = category_changed(db, l->holding, 1);
    }
    l->has_holding = rc == RC_OK;
    return rc;
}

static enum rc add(struct load *l, struct db *db, struct entry *e)
{
    struct shop_slug slug;
    const char *base = utf8_slug(db_arena(db), e->name);
    enum rc rc = e->is_orphan ? hold(l, db) : RC_OK;
    e->category = uuid7_new();
    if (rc == RC_OK)
        rc = shop_q_slug_new(db, "category", *base != '\0' ? base : "category", e->category, &slug);
    if (rc == RC_OK)
        rc = shop_q_import_category_add(db, e->category,
                                        e->is_orphan    ? &l->holding
                                        : e->up != NULL ? &e->up->category
                                                        : NULL,
                                        e->id, slug.slug, e->name, utf8_fold(db_arena(db), e->name),
                                        NULL);
    e->action = SHOP_IMPORT_CREATED;
    return rc == RC_OK && !l->o->dry_run ? category_changed(db, e->category, 1) : rc;
}

static enum rc update(struct load *l, struct db *db, struct entry *e,
                      const struct shop_category_code *was)
{
    bool moved =
        !e->is_orphan && (was->has_parent_id != (e->up != NULL) ||
                          (e->up != NULL && uuid_cmp(was->parent_id, e->up->category) != 0));
    int32_t version = was->version;
    enum rc rc = RC_OK;
    e->category = was->category_id;
    e->action = SHOP_IMPORT_UNCHANGED;
    if (!str_eq(was->name, e->name)) {
        rc = shop_q_import_category_rename(db, e->category, e->name,
                                           utf8_fold(db_arena(db), e->name), NULL);
        version++;
        e->action = SHOP_IMPORT_UPDATED;
        if (rc == RC_OK && !l->o->dry_run)
            rc = category_changed(db, e->category, version);
    }
    if (rc == RC_OK && moved) {
        rc = category_move(db, e->category, version, e->up != NULL ? &e->up->category : NULL,
                           l->now);
        e->action = SHOP_IMPORT_UPDATED;
    }
    return rc;
}

static enum rc save_in_tx(struct db *db, void *arg)
{
    struct part *p = arg;
    struct load *l = p->l;
    const char **codes = arena_array(db_arena(db), const char *, p->n);
    struct shop_category_code_list there;
    l->has_holding = false; /* what a transaction that is run again had made is not there */
    for (size_t i = 0; i < p->n; i++)
        codes[i] = l->order[p->first + i]->id;
    enum rc rc = shop_q_import_category_code(db, (struct texts){ codes, p->n }, &there);
    for (size_t i = 0; rc == RC_OK && i < p->n; i++) {
        struct entry *e = l->order[p->first + i];
        const struct shop_category_code *was = NULL;
        for (size_t k = 0; k < there.n && was == NULL; k++)
            if (str_eq(there.row[k].code, e->id))
                was = &there.row[k];
        rc = was == NULL ? add(l, db, e) : update(l, db, e, was);
    }
    return rc;
}

static enum rc save_dry(struct db *db, void *arg)
{
    struct load *l = arg;
    enum rc rc = RC_OK;
    for (size_t at = 0; rc == RC_OK && at < l->norder; at += CHUNK) {
        size_t n = l->norder - at < CHUNK ? l->norder - at : CHUNK;
        rc = save_in_tx(db, &(struct part){ l, at, n });
    }
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
    for (size_t at = 0; rc == RC_OK && !l->o->dry_run && at < l->norder; at += CHUNK) {
        struct part p = { l, at, l->norder - at < CHUNK ? l->norder - at : CHUNK };
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

static void tell(struct load *l)
{
    size_t *const n[] = { &l->report->created, &l->report->updated, &l->report->unchanged,
                          &l->report->refused };
    for (size_t i = 0; i < l->n; i++) {
        struct entry *e = &l->entry[i];
        struct shop_import_row row = { e->state == ENTRY_READY ? e->action : SHOP_IMPORT_REFUSED,
                                       i + 1, e->id, e->column, e->reason };
        (*n[row.action])++;
        if (l->o->row != NULL)
            l->o->row(l->o->arg, &row);
        if (e->state != ENTRY_READY || !e->is_orphan)
            continue;
        l->report->notes++;
        row.action = SHOP_IMPORT_NOTE;
        row.column = "parent";
        row.reason = arena_printf(l->home,
                                  "names %s, which is neither in this file nor in the shop: new "
                                  "ones are kept below \"%s\"",
                                  e->parent, holding_name);
        if (l->o->row != NULL)
            l->o->row(l->o->arg, &row);
    }
}

/* Parents that are not in the file but in the shop: a part of a tree may come alone. */
static enum rc find_in_shop(struct load *l)
{
    struct arena *a = l->home;
    const char **codes = arena_array(a, const char *, l->n);
    struct shop_category_code_list there;
    size_t n = 0;
    for (size_t i = 0; i < l->n; i++)
        if (l->entry[i].state == ENTRY_NEW && *l->entry[i].parent != '\0' &&
            map_get(l->by_id, l->entry[i].parent) == NULL)
            codes[n++] = l->entry[i].parent;
    if (n == 0)
        return RC_OK;
    db_scope_begin(l->app->db, a, &l->tenant, l->now);
    enum rc rc = shop_q_import_category_code(l->app->db, (struct texts){ codes, n }, &there);
    for (size_t i = 0; rc == RC_OK && i < there.n; i++) {
        struct entry *e = arena_new(a, struct entry);
        *e = (struct entry){ .id = there.row[i].code,
                             .parent = "",
                             .state = ENTRY_READY,
                             .category = there.row[i].category_id };
        map_put(l->in_shop, e->id, e);
    }
    db_scope_end(l->app->db);
    return rc;
}

enum rc shop_import_categories(struct app_ctx *app, const struct shop_import_options *options,
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
    l.by_id = map_new();
    l.in_shop = map_new();
    rc = read_entries(&l);
    if (rc == RC_OK)
        rc = find_in_shop(&l);
    for (size_t i = 0; rc == RC_OK && i < l.n; i++)
        if (l.entry[i].state == ENTRY_NEW)
            place(&l, &l.entry[i]);
    if (rc == RC_OK)
        rc = save_all(&l);
    if (rc == RC_OK)
        tell(&l);
    map_free(l.by_id, NULL);
    map_free(l.in_shop, NULL);
    arena_free(l.home);
    return rc;
}
