/* home.c: reads the composition of a home page from rows and makes the database say the same. How a
 * block looks is the storefront's. Invariant: what was written once is not written again, and a
 * plan with a fault in it changes nothing. */
#include "shop/home.h"

#include <string.h>

#include "app/audit.h"
#include "app/event.h"
#include "app/translation.h"
#include "base/str.h"
#include "base/time.h"
#include "base/utf8.h"
#include "gen/shop_q.h"
#include "platform/crypto.h"
#include "platform/csv.h"
#include "platform/db.h"
#include "platform/i18n.h"
#include "shop/product.h"

enum { BLOCKS = 40, TEXTS = 400, FIELD_MOST = 16 * 1024, LEAST_FIELDS = 3 };
enum column {
    C_KEY,
    C_LOCALE,
    C_KIND,
    C_LAYOUT,
    C_TONE,
    C_PICTURE,
    C_RULE,
    C_ARGUMENT,
    C_MOST,
    C_HREF,
    C_ICONS,
    C_FROM,
    C_UNTIL,
    C_TITLE,
    C_BODY,
    C_LABEL,
    C_LINES,
    COLUMNS
};
static const char *const columns[COLUMNS] = { "key",     "locale", "kind",     "layout", "tone",
                                              "picture", "rule",   "argument", "most",   "href",
                                              "icons",   "from",   "until",    "title",  "body",
                                              "label",   "lines" };
static const size_t most_of[COLUMNS] = { [C_TITLE] = 200,  [C_BODY] = 4000,    [C_LABEL] = 80,
                                         [C_LINES] = 2000, [C_ARGUMENT] = 500, [C_HREF] = 200 };

struct text {
    size_t block;
    const char *locale, *value[COLUMNS];
};
struct block {
    const char *value[COLUMNS];
    const char **icon;
    size_t nicons;
    int32_t most;
    int64_t from, until;
    bool has_from, has_until;
};
struct home_plan {
    struct block block[BLOCKS];
    size_t nblocks;
    struct text text[TEXTS];
    size_t ntexts;
    const char *picture[BLOCKS + 1];
    size_t npictures;
};

/* ---- reading -----------------------------------------------------------------------------------
 */
struct reading {
    struct arena *a;
    struct home_plan *p;
    size_t line;
    const char **problem;
};

static enum rc wrong(struct reading *r, enum column c, const char *why)
{
    *r->problem = arena_printf(r->a, "line %zu, %s: %s", r->line, columns[c], why);
    return RC_INVALID;
}

static bool is_one(const char *text, const char *words)
{
    size_t n = strlen(text);
    for (const char *p = words; *p != '\0'; p += strcspn(p, " "), p += strspn(p, " "))
        if (strcspn(p, " ") == n && strncmp(p, text, n) == 0)
            return true;
    return false;
}

static bool only(const char *text, const char *bytes, size_t least, size_t most)
{
    size_t n = strlen(text);
    return n >= least && n <= most && strspn(text, bytes) == n;
}

#define NAME_BYTES "abcdefghijklmnopqrstuvwxyz0123456789-_"

static enum rc take_icons(struct reading *r, struct block *b)
{
    char **part;
    size_t n = str_split(r->a, b->value[C_ICONS], ' ', &part);
    b->icon = arena_array(r->a, const char *, n);
    for (size_t i = 0; i < n; i++) {
        if (*part[i] == '\0')
            continue;
        if (!only(part[i], NAME_BYTES, 1, 40))
            return wrong(r, C_ICONS, "use names of icons, separated by blanks");
        b->icon[b->nicons++] = part[i];
    }
    return RC_OK;
}

static enum rc take_times(struct reading *r, struct block *b)
{
    b->has_from = *b->value[C_FROM] != '\0';
    b->has_until = *b->value[C_UNTIL] != '\0';
    if (b->has_from && instant_parse(b->value[C_FROM], &b->from) != RC_OK)
        return wrong(r, C_FROM, "use a time like 2026-12-01T00:00:00Z");
    if (b->has_until && instant_parse(b->value[C_UNTIL], &b->until) != RC_OK)
        return wrong(r, C_UNTIL, "use a time like 2026-12-01T00:00:00Z");
    if (b->has_from && b->has_until && b->from >= b->until)
        return wrong(r, C_UNTIL, "it ends before it begins");
    return RC_OK;
}

static enum rc take_rule(struct reading *r, struct block *b)
{
    const char *rule = b->value[C_RULE];
    int64_t most = 8;
    if (*b->value[C_MOST] != '\0' && str_int(b->value[C_MOST], 1, 24, &most) != RC_OK)
        return wrong(r, C_MOST, "use a number from 1 to 24");
    b->most = (int32_t)most;
    if (!str_eq(b->value[C_KIND], "products"))
        return *rule == '\0' ? RC_OK : wrong(r, C_RULE, "only products have a rule");
    if (!is_one(rule, "featured newest deals category chosen collection"))
        return wrong(r, C_RULE, "use featured, newest, deals, category, chosen or collection");
    if (is_one(rule, "category chosen collection") && *b->value[C_ARGUMENT] == '\0')
        return wrong(r, C_ARGUMENT, "name the category, the SKUs or the collection");
    if (str_eq(rule, "chosen")) {
        char **sku;
        struct buf out;
        size_t n = str_split(r->a, b->value[C_ARGUMENT], ' ', &sku);
        buf_init(&out, r->a, FIELD_MOST);
        for (size_t i = 0; i < n; i++)
            buf_printf(&out, "%s%s", i > 0 ? " " : "", product_sku_norm(r->a, sku[i]));
        b->value[C_ARGUMENT] = out.p;
    }
    return RC_OK;
}

static enum rc take_block(struct reading *r, const char *const *value)
{
    struct home_plan *p = r->p;
    if (p->nblocks == BLOCKS)
        return wrong(r, C_KEY, "a home page has at most 40 blocks");
    for (size_t i = 0; i < p->nblocks; i++)
        if (str_eq(p->block[i].value[C_KEY], value[C_KEY]))
            return wrong(r, C_KEY, "there is a block of this name above");
    struct block *b = &p->block[p->nblocks];
    *b = (struct block){ .most = 8 };
    memcpy(b->value, value, sizeof b->value);
    if (*b->value[C_TONE] == '\0')
        b->value[C_TONE] = "plain";
    if (!is_one(value[C_KIND], "hero promises categories products banner brands text slot"))
        return wrong(r, C_KIND,
                     "use hero, promises, categories, products, banner, brands, text or slot");
    if (!is_one(b->value[C_TONE], "plain soft accent band deep"))
        return wrong(r, C_TONE, "use plain, soft, accent, band or deep");
    if (*value[C_LAYOUT] != '\0' && !is_one(value[C_LAYOUT], "split wide centre shelf grid row"))
        return wrong(r, C_LAYOUT, "use split, wide, centre, shelf, grid or row");
    const char *href = value[C_HREF];
    if (*href != '\0' && (href[0] != '/' || href[1] == '/' || href[1] == '\\'))
        return wrong(r, C_HREF, "use an address of this shop, like /c/lamps");
    enum rc rc = take_rule(r, b);
    if (rc == RC_OK)
        rc = take_icons(r, b);
    if (rc == RC_OK)
        rc = take_times(r, b);
    if (rc == RC_OK && *value[C_PICTURE] != '\0')
        p->picture[p->npictures++] = value[C_PICTURE];
    p->nblocks += rc == RC_OK;
    return rc;
}

static enum rc take_text(struct reading *r, const char *const *value)
{
    struct home_plan *p = r->p;
    size_t at = 0;
    while (at < p->nblocks && !str_eq(p->block[at].value[C_KEY], value[C_KEY]))
        at++;
    if (at == p->nblocks)
        return wrong(r, C_KEY, "there is no block of this name above");
    if (i18n_find(value[C_LOCALE]) == NULL)
        return wrong(r, C_LOCALE, "use an interface language: en, si, ta, ar");
    if (p->ntexts == TEXTS)
        return wrong(r, C_KEY, "these are too many texts");
    struct text *t = &p->text[p->ntexts++];
    t->block = at;
    t->locale = value[C_LOCALE];
    memcpy(t->value, value, sizeof t->value);
    return RC_OK;
}

static enum rc take_row(struct reading *r, const struct csv_row *row)
{
    const char *value[COLUMNS];
    for (size_t i = 0; i < COLUMNS; i++) {
        char *text = arena_strdup(r->a, "");
        if (i < row->n &&
            (row->field[i].too_long ||
             utf8_clean(r->a, row->field[i].p, row->field[i].n, UTF8_MULTILINE, &text) != RC_OK))
            return wrong(r, (enum column)i, "this is not usable text");
        if (most_of[i] > 0 && utf8_length(text) > most_of[i])
            return wrong(r, (enum column)i, "this text is too long");
        value[i] = text;
    }
    if (!only(value[C_KEY], NAME_BYTES, 1, 40))
        return wrong(r, C_KEY, "use small letters, digits and dashes");
    return *value[C_LOCALE] == '\0' ? take_block(r, value) : take_text(r, value);
}

enum rc home_read(struct arena *a, FILE *in, struct home_plan **out, const char **problem)
{
    struct csv_reader *csv = csv_open(a, in, FIELD_MOST);
    struct reading r = { .a = a, .p = arena_new(a, struct home_plan), .problem = problem };
    struct csv_row row;
    bool header = true;
    enum rc rc;
    *r.p = (struct home_plan){ .nblocks = 0 };
    while ((rc = csv_next(csv, a, &row)) == RC_OK) {
        r.line = row.line;
        if (header && (row.n < LEAST_FIELDS || strncmp(row.field[0].p, "key", 3) != 0))
            rc = wrong(&r, C_KEY, "the first line names the columns, as in 'kade home --help'");
        else if (!header)
            rc = take_row(&r, &row);
        header = false;
        if (rc != RC_OK)
            break;
    }
    if (rc == RC_NOTFOUND)
        rc = RC_OK;
    if (csv_problem(csv) != NULL) {
        *problem = arena_strdup(a, csv_problem(csv));
        rc = RC_INVALID;
    }
    csv_close(csv);
    if (rc == RC_OK)
        *out = r.p;
    return rc;
}

const char **home_pictures(struct home_plan *p)
{
    return p->picture;
}

/* ---- writing -----------------------------------------------------------------------------------
 */
static enum rc find_id(void *arg, struct db *db, const char *name, bool *ok, struct uuid *out)
{
    struct shop_media_maybe m = { .found = false };
    (void)arg;
    enum rc rc = RC_OK;
    if (uuid_parse(name, out) == RC_OK)
        rc = shop_q_media_get(db, *out, &m);
    *ok = rc == RC_OK && m.found;
    return rc;
}

static const char *lines_of(struct arena *a, const char *text)
{
    struct buf b;
    buf_init(&b, a, FIELD_MOST);
    for (const char *p = text; *p != '\0';) {
        bool cut = str_starts(p, " | ");
        buf_char(&b, cut ? '\n' : *p);
        p += cut ? 3 : 1;
    }
    return b.p;
}

struct writing {
    struct db *db;
    const struct home_plan *p;
    home_picture *find;
    void *arg;
    const char **problem;
    struct uuid *id; /* of the blocks */
    bool changed;
};

static enum rc put_block(struct writing *w, size_t i)
{
    struct arena *a = db_arena(w->db);
    const struct block *b = &w->p->block[i];
    const char *const *v = b->value;
    struct uuid media;
    struct shop_home_block_id got;
    bool pictured = *v[C_PICTURE] != '\0', ok = true;
    enum rc rc = pictured ? w->find(w->arg, w->db, v[C_PICTURE], &ok, &media) : RC_OK;
    if (rc == RC_OK && !ok) {
        *w->problem = arena_printf(a, "block %s: there is no picture '%s'", v[C_KEY], v[C_PICTURE]);
        return RC_INVALID;
    }
    if (rc == RC_OK)
        rc = shop_q_home_block_put(
            w->db, uuid7_new(), v[C_KEY], (int32_t)i, v[C_KIND], v[C_LAYOUT], v[C_TONE],
            pictured ? &media : NULL, *v[C_RULE] != '\0' ? v[C_RULE] : NULL, v[C_ARGUMENT], b->most,
            v[C_HREF], (struct texts){ b->icon, b->nicons }, v[C_TITLE], v[C_BODY], v[C_LABEL],
            lines_of(a, v[C_LINES]), b->has_from ? &b->from : NULL, b->has_until ? &b->until : NULL,
            &got);
    if (rc != RC_OK)
        return rc;
    w->id[i] = got.block_id;
    w->changed |= got.changed;
    return RC_OK;
}

static enum rc put_text(struct writing *w, const struct text *t)
{
    static const enum column fields[] = { C_TITLE, C_BODY, C_LABEL, C_LINES };
    enum rc rc = RC_OK;
    for (size_t i = 0; rc == RC_OK && i < COUNT_OF(fields); i++) {
        const char *name = columns[fields[i]], *text = t->value[fields[i]];
        int64_t n = 0;
        if (fields[i] == C_LINES)
            text = lines_of(db_arena(w->db), text);
        rc = *text == '\0'
                 ? translation_remove(w->db, "home_block", w->id[t->block], t->locale, name, &n)
                 : translation_put(w->db, "home_block", w->id[t->block], t->locale, name, text, &n);
        w->changed |= n > 0;
    }
    return rc;
}

static enum rc tell(struct db *db, size_t blocks)
{
    struct uuid shop = *db_scope_tenant_id(db);
    enum rc rc = audit_write(db, "update", "home", shop, NULL, NULL);
    return rc == RC_OK ? event_emit(db, "home.changed", shop, 0, "blocks=%zu", blocks) : rc;
}

enum rc home_put(struct db *db, const struct home_plan *p, home_picture *find, void *arg,
                 int64_t now, bool *changed, const char **problem)
{
    struct arena *a = db_arena(db);
    struct writing w = { .db = db,
                         .p = p,
                         .find = find != NULL ? find : find_id,
                         .arg = arg,
                         .problem = problem,
                         .id = arena_array(a, struct uuid, p->nblocks + 1) };
    const char **key = arena_array(a, const char *, p->nblocks + 1);
    int64_t gone = 0;
    enum rc rc = RC_OK;
    for (size_t i = 0; rc == RC_OK && i < p->nblocks; i++) {
        key[i] = p->block[i].value[C_KEY];
        rc = put_block(&w, i);
    }
    for (size_t i = 0; rc == RC_OK && i < p->ntexts; i++)
        rc = put_text(&w, &p->text[i]);
    if (rc == RC_OK)
        rc = shop_q_home_blocks_keep(db, (struct texts){ key, p->nblocks }, now, &gone);
    *changed = w.changed || gone > 0;
    return rc == RC_OK && *changed ? tell(db, p->nblocks) : rc;
}

enum rc home_show(struct db *db, const char *key, bool on)
{
    struct shop_home_line_list all;
    int64_t n = 0;
    bool there = false;
    enum rc rc = shop_q_home_list(db, &all);
    for (size_t i = 0; rc == RC_OK && i < all.n; i++)
        there |= str_eq(all.row[i].key, key);
    if (rc == RC_OK && !there)
        return RC_NOTFOUND;
    if (rc == RC_OK)
        rc = shop_q_home_show(db, key, on, &n);
    return rc == RC_OK && n > 0 ? tell(db, all.n) : rc;
}
