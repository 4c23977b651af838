/* custom.c: definitions of custom fields in the database, and the copies of values that lists are
 * narrowed by. What a value may be is custom_value.c's; which rows have which values is their
 * owner's. Invariant: a field keeps its type and its choices their ids for as long as it is there.
 */
#include "app/custom.h"

#include <string.h>

#include "app/audit.h"
#include "base/buf.h"
#include "base/str.h"
#include "gen/app_q.h"
#include "platform/crypto.h"
#include "platform/db.h"
#include "platform/json.h"

/* ---- JSON of a definition ----------------------------------------------------------------------
 */
static const char *choices_json(struct arena *a, const struct custom_field *f)
{
    struct buf b;
    struct jw w;
    buf_init(&b, a, 256 * 1024);
    jw_init(&w, &b);
    jw_array(&w);
    for (size_t i = 0; i < f->nchoices; i++) {
        jw_object(&w);
        jw_key(&w, "id");
        jw_text(&w, uuid_str(a, f->choice[i].id));
        jw_key(&w, "code");
        jw_text(&w, f->choice[i].code);
        jw_key(&w, "label");
        jw_text(&w, f->choice[i].label);
        jw_end_object(&w);
    }
    jw_end_array(&w);
    return b.p;
}

static const char *rules_json(struct arena *a, const struct custom_field *f)
{
    struct buf b;
    struct jw w;
    buf_init(&b, a, 16 * 1024);
    jw_init(&w, &b);
    jw_object(&w);
    if (f->has_min) {
        jw_key(&w, "min");
        jw_int(&w, f->min);
    }
    if (f->has_max) {
        jw_key(&w, "max");
        jw_int(&w, f->max);
    }
    if (f->max_length > 0) {
        jw_key(&w, "max_length");
        jw_int(&w, f->max_length);
    }
    if (!str_empty(f->pattern)) {
        jw_key(&w, "pattern");
        jw_text(&w, f->pattern);
    }
    if (!str_empty(f->message)) {
        jw_key(&w, "message");
        jw_text(&w, f->message);
    }
    jw_end_object(&w);
    return b.p;
}

static void read_rules(struct custom_field *f, const struct json *rules)
{
    const struct json *v = json_get(rules, "min");
    f->has_min = v != NULL;
    f->min = json_int(v, 0);
    v = json_get(rules, "max");
    f->has_max = v != NULL;
    f->max = json_int(v, 0);
    f->max_length = (int32_t)json_int(json_get(rules, "max_length"), 0);
    f->pattern = json_text(json_get(rules, "pattern"), NULL);
    f->message = json_text(json_get(rules, "message"), NULL);
}

static enum rc read_choices(struct arena *a, struct custom_field *f, const struct json *options)
{
    f->nchoices = json_size(options);
    f->choice = arena_array(a, struct custom_choice, f->nchoices);
    for (size_t i = 0; i < f->nchoices; i++) {
        const struct json *o = json_at(options, i);
        f->choice[i].code = json_text(json_get(o, "code"), "");
        f->choice[i].label = json_text(json_get(o, "label"), "");
        if (uuid_parse(json_text(json_get(o, "id"), ""), &f->choice[i].id) != RC_OK)
            return RC_BUG;
    }
    return RC_OK;
}

static enum rc read_row(struct arena *a, const struct app_custom_field *row, struct custom_field *f)
{
    struct json *options, *rules, *preset = NULL;
    *f = (struct custom_field){ .id = row->id,
                                .version = row->version,
                                .resource = row->resource,
                                .name = row->name,
                                .label = row->label,
                                .help = row->help,
                                .is_required = row->is_required,
                                .is_filterable = row->is_filterable,
                                .is_shown = row->is_shown,
                                .position = row->position };
    if (!custom_type_parse(row->type, &f->type))
        return RC_BUG;
    enum rc rc = json_parse(a, row->options, strlen(row->options), &options, NULL);
    if (rc == RC_OK)
        rc = json_parse(a, row->rules, strlen(row->rules), &rules, NULL);
    if (rc == RC_OK && row->default_value != NULL)
        rc = json_parse(a, row->default_value, strlen(row->default_value), &preset, NULL);
    if (rc != RC_OK)
        return rc;
    read_rules(f, rules);
    rc = read_choices(a, f, options);
    f->preset = preset != NULL ? custom_write(a, f, preset) : NULL;
    return rc;
}

enum rc custom_load(struct db *db, const char *resource, struct custom_fields *out)
{
    struct app_custom_field_list rows;
    struct arena *a = db_arena(db);
    enum rc rc = app_q_custom_fields(db, resource, &rows);
    struct custom_field *v = rc == RC_OK ? arena_array(a, struct custom_field, rows.n) : NULL;
    for (size_t i = 0; rc == RC_OK && i < rows.n; i++)
        rc = read_row(a, &rows.row[i], &v[i]);
    if (rc == RC_OK)
        *out = (struct custom_fields){ .v = v, .n = rows.n };
    return rc;
}

const struct custom_field *custom_find(const struct custom_fields *f, const char *name)
{
    for (size_t i = 0; i < f->n; i++)
        if (str_eq(f->v[i].name, name))
            return &f->v[i];
    return NULL;
}

/* ---- changing definitions ----------------------------------------------------------------------
 */
/* Choices that were there keep their ids. True when the set of choices is another one. */
static bool take_ids(struct custom_field *f, const struct custom_field *was)
{
    size_t kept = 0;
    for (size_t i = 0; i < f->nchoices; i++) {
        f->choice[i].id = (struct uuid){ 0 };
        for (size_t k = 0; was != NULL && k < was->nchoices; k++)
            if (str_eq(was->choice[k].code, f->choice[i].code)) {
                f->choice[i].id = was->choice[k].id;
                kept++;
            }
        if (uuid_is_nil(f->choice[i].id))
            f->choice[i].id = uuid7_new();
    }
    return was != NULL && kept < was->nchoices;
}

enum rc custom_put(struct db *db, struct custom_field *f, const char *currency, bool *reindex,
                   const char **problem)
{
    struct arena *a = db_arena(db);
    struct custom_fields all;
    struct custom_value preset = { 0 };
    enum rc rc = custom_check(a, f, currency, problem);
    if (rc == RC_OK)
        rc = custom_load(db, f->resource, &all);
    if (rc != RC_OK)
        return rc;
    const struct custom_field *was = custom_find(&all, f->name);
    if (was == NULL && all.n >= CUSTOM_FIELDS_MOST) {
        *problem = "is one field too many: a kind of row has at most 200";
        return RC_INVALID;
    }
    if (was != NULL && was->type != f->type) {
        *problem = "is there with another type, which never changes; take another name";
        return RC_CONFLICT;
    }
    bool gone = take_ids(f, was);
    *reindex = was != NULL && (gone || was->is_filterable != f->is_filterable);
    f->id = was != NULL ? was->id : uuid7_new();
    if (!str_empty(f->preset)) {
        rc = custom_read(a, f, currency, f->preset, &preset, problem);
        if (rc != RC_OK)
            return rc;
    }
    int64_t changed = 0;
    rc = app_q_custom_field_put(db, f->id, f->resource, f->name, f->label,
                                custom_type_name(f->type), choices_json(a, f), f->is_required,
                                f->is_filterable, f->is_shown, rules_json(a, f), preset.json,
                                f->help != NULL ? f->help : "", f->position, &changed);
    if (rc != RC_OK || changed == 0)
        return rc;
    struct buf b;
    struct jw w;
    buf_init(&b, a, 8192);
    jw_init(&w, &b);
    jw_object(&w);
    jw_key(&w, "name");
    jw_text(&w, f->name);
    jw_key(&w, "type");
    jw_text(&w, custom_type_name(f->type));
    jw_end_object(&w);
    return audit_write(db, was != NULL ? "update" : "create", "custom_field", f->id, NULL, b.p);
}

enum rc custom_remove(struct db *db, const char *resource, const char *name, int64_t now)
{
    struct app_custom_gone_maybe gone;
    enum rc rc = app_q_custom_field_remove(db, resource, name, now, &gone);
    if (rc != RC_OK || !gone.found)
        return rc != RC_OK ? rc : RC_NOTFOUND;
    rc = app_q_custom_copies_forget(db, gone.row.id, NULL);
    return rc == RC_OK ? audit_write(db, "remove", "custom_field", gone.row.id, NULL, NULL) : rc;
}

/* ---- copies ------------------------------------------------------------------------------------
 */
void custom_copies_send(struct db *db, struct db_pipe *p, struct uuid entity,
                        const struct custom_field *const *f, const struct custom_value *v, size_t n,
                        int64_t *affected)
{
    struct arena *a = db_arena(db);
    size_t most = 0, k = 0;
    for (size_t i = 0; i < n; i++)
        most += v[i].ncopies;
    struct uuid *all = arena_array(a, struct uuid, n), *field = arena_array(a, struct uuid, most),
                *ref = arena_array(a, struct uuid, most);
    int32_t *place = arena_array(a, int32_t, most), *kind = arena_array(a, int32_t, most);
    const char **text = arena_array(a, const char *, most);
    int64_t *number = arena_array(a, int64_t, most);
    for (size_t i = 0; i < n; i++) {
        all[i] = f[i]->id;
        for (size_t c = 0; c < v[i].ncopies; c++, k++) {
            field[k] = f[i]->id;
            place[k] = (int32_t)c;
            kind[k] = v[i].copy[c].kind;
            text[k] = v[i].copy[c].text;
            number[k] = v[i].copy[c].number;
            ref[k] = v[i].copy[c].ref;
        }
    }
    app_q_custom_copies_put_send(p, entity, (struct uuids){ all, n }, (struct uuids){ field, k },
                                 (struct int4s){ place, k }, (struct int4s){ kind, k },
                                 (struct texts){ text, k }, (struct int8s){ number, k },
                                 (struct uuids){ ref, k }, affected);
}
