/* db_stmt.c: one statement's text, name, arguments and rows. Arguments and results travel in binary
 * form (a text is the same bytes either way), so no number is ever printed and parsed again.
 * Not here: sending anything.
 *
 * Invariant: what a row's members point to lives in the scope's arena and nothing refers to the
 * PGresult after db_decode. A result that is not what the statement file says is RC_BUG, never a
 * misread member. */
#include <endian.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/str.h"
#include "base/time.h"
#include "platform/db_int.h"

/* PostgreSQL counts from 2000-01-01. */
#define EPOCH_US   INT64_C(946684800000000)
#define EPOCH_DAYS 10957

static const struct {
    Oid oid, element;
    const char *name;
    size_t size; /* of one value or element in binary form, 0 = varying */
} types[] = {
    [FT_UUID] = { OID_UUID, 0, "uuid", 16 },
    [FT_TEXT] = { OID_TEXT, 0, "text", 0 },
    [FT_INT4] = { OID_INT4, 0, "int4", 4 },
    [FT_INT8] = { OID_INT8, 0, "int8", 8 },
    [FT_BOOL] = { OID_BOOL, 0, "bool", 1 },
    [FT_INSTANT] = { OID_TIMESTAMPTZ, 0, "timestamptz", 8 },
    [FT_DATE] = { OID_DATE, 0, "date", 4 },
    [FT_BYTES] = { OID_BYTEA, 0, "bytea", 0 },
    [FT_JSON] = { OID_JSONB, 0, "jsonb", 0 },
    [FT_UUIDS] = { OID_UUIDS, OID_UUID, "uuid[]", 16 },
    [FT_TEXTS] = { OID_TEXTS, OID_TEXT, "text[]", 0 },
    [FT_INT4S] = { OID_INT4S, OID_INT4, "int4[]", 4 },
    [FT_INT8S] = { OID_INT8S, OID_INT8, "int8[]", 8 },
    [FT_BOOLS] = { OID_BOOLS, OID_BOOL, "bool[]", 1 },
};

Oid db_type_oid(enum field_type t)
{
    return types[t].oid;
}

const char *db_type_name(enum field_type t)
{
    return types[t].name;
}

bool db_type_matches(enum field_type t, Oid oid)
{
    return oid == types[t].oid || (t == FT_TEXT && (oid == OID_VARCHAR || oid == OID_NAME));
}

/* ---- text and name -----------------------------------------------------------------------------
 */

char *db_stmt_text(struct arena *a, const struct db_stmt *s, unsigned frags)
{
    char *out = arena_alloc(a, strlen(s->sql) + 1);
    size_t n = 0;
    bool cut = false;
    for (const char *p = s->sql; *p != '\0'; p++) {
        if (*p == '\x01') {
            char *end = NULL;
            unsigned long index = strtoul(p + 1, &end, 10);
            check_that(index < DB_FRAGS_MAX && *end == '\x02');
            cut = (frags & (1u << index)) == 0;
            p = end;
        } else if (*p == '\x03') {
            cut = false;
        } else if (!cut) {
            out[n++] = *p;
        }
    }
    out[n] = '\0';
    return out;
}

/* The server cuts names at 63 bytes, so ours never get longer; the hash keeps them apart. */
void db_stmt_name(const struct db_stmt *s, unsigned frags, char out[DB_NAME])
{
    if (s->nfrags == 0)
        snprintf(out, DB_NAME, "%.44s.%08x", s->name, (unsigned)s->hash);
    else
        snprintf(out, DB_NAME, "%.44s.%08x.%x", s->name, (unsigned)s->hash, frags);
}

static bool tenant_first(const struct db_stmt *s)
{
    return (s->flags & DB_STMT_TENANT_FIRST) != 0;
}

size_t db_stmt_nvalues(const struct db_stmt *s)
{
    return s->nparams + (tenant_first(s) ? 1 : 0);
}

void db_stmt_oids(const struct db_stmt *s, Oid *out)
{
    if (tenant_first(s))
        *out++ = OID_UUID;
    for (size_t i = 0; i < s->nparams; i++)
        out[i] = types[s->params[i].type].oid;
}

/* ---- arguments ---------------------------------------------------------------------------------
 */

static char *put32(char *p, uint32_t v)
{
    v = htobe32(v);
    memcpy(p, &v, 4);
    return p + 4;
}

static char *put64(char *p, uint64_t v)
{
    v = htobe64(v);
    memcpy(p, &v, 8);
    return p + 8;
}

static bool shift_instant(int64_t t, int64_t by, int64_t *out)
{
    if (t == INSTANT_MIN || t == INSTANT_MAX) {
        *out = t;
        return true;
    }
    return !__builtin_add_overflow(t, by, out) && *out != INSTANT_MIN && *out != INSTANT_MAX;
}

static bool shift_days(int32_t d, int32_t by, int32_t *out)
{
    if (d == INT32_MIN || d == INT32_MAX) {
        *out = d;
        return true;
    }
    return !__builtin_add_overflow(d, by, out) && *out != INT32_MIN && *out != INT32_MAX;
}

static void set_text(struct arena *a, const char *s, struct db_value *out)
{
    *out = (struct db_value){ .format = 0 };
    if (s == NULL)
        return;
    size_t n = strlen(s);
    check_that(n <= INT_MAX);
    out->p = arena_memdup(a, s, n + 1);
    out->n = (int)n;
}

static char *room(struct arena *a, size_t n, struct db_value *out)
{
    check_that(n <= INT_MAX);
    char *p = arena_alloc(a, n + 1);
    *out = (struct db_value){ .p = p, .n = (int)n, .format = 1 };
    return p;
}

/* Head of an array with n elements: dimensions, "has nulls", element type, length, lower bound. */
static char *array_head(char *p, size_t n, bool nulls, Oid element)
{
    p = put32(p, n > 0 ? 1 : 0);
    p = put32(p, nulls ? 1 : 0);
    p = put32(p, element);
    if (n > 0) {
        p = put32(p, (uint32_t)n);
        p = put32(p, 1);
    }
    return p;
}

enum { ARRAY_HEAD = 20 };

static void encode_texts(struct arena *a, struct texts t, struct db_value *out)
{
    size_t bytes = ARRAY_HEAD;
    bool nulls = false;
    for (size_t i = 0; i < t.n; i++) {
        bytes += 4 + (t.v[i] != NULL ? strlen(t.v[i]) : 0);
        nulls = nulls || t.v[i] == NULL;
    }
    char *start = room(a, bytes, out);
    char *p = array_head(start, t.n, nulls, OID_TEXT);
    for (size_t i = 0; i < t.n; i++) {
        size_t n = t.v[i] != NULL ? strlen(t.v[i]) : 0;
        p = put32(p, t.v[i] != NULL ? (uint32_t)n : UINT32_MAX);
        if (n > 0)
            memcpy(p, t.v[i], n);
        p += n;
    }
    out->n = (int)(p - start);
}

static void encode_array(struct arena *a, enum field_type t, const void *v, size_t n,
                         struct db_value *out)
{
    size_t size = types[t].size;
    check_that(n <= DB_ROWS_MAX * 10u);
    char *start = room(a, ARRAY_HEAD + n * (4 + size), out);
    char *p = array_head(start, n, false, types[t].element);
    for (size_t i = 0; i < n; i++) {
        p = put32(p, (uint32_t)size);
        if (t == FT_INT4S)
            put32(p, (uint32_t)((const int32_t *)v)[i]);
        else if (t == FT_INT8S)
            put64(p, (uint64_t)((const int64_t *)v)[i]);
        else if (t == FT_BOOLS)
            *p = ((const bool *)v)[i] ? 1 : 0;
        else
            memcpy(p, ((const struct uuid *)v)[i].b, 16);
        p += size;
    }
    out->n = (int)(p - start);
}

static bool encode_scalar(struct arena *a, enum field_type t, const void *v, struct db_value *out)
{
    if (v == NULL) {
        *out = (struct db_value){ .format = 1 };
        return true;
    }
    char *p = room(a, types[t].size, out);
    int64_t at;
    int32_t day;
    switch (t) {
    case FT_UUID:
        memcpy(p, ((const struct uuid *)v)->b, 16);
        return true;
    case FT_INT4:
        put32(p, (uint32_t) * (const int32_t *)v);
        return true;
    case FT_INT8:
        put64(p, (uint64_t) * (const int64_t *)v);
        return true;
    case FT_BOOL:
        *p = *(const bool *)v ? 1 : 0;
        return true;
    case FT_INSTANT:
        if (!shift_instant(*(const int64_t *)v, -EPOCH_US, &at))
            return false;
        put64(p, (uint64_t)at);
        return true;
    case FT_DATE:
        if (!shift_days(*(const int32_t *)v, -EPOCH_DAYS, &day))
            return false;
        put32(p, (uint32_t)day);
        return true;
    default:
        return false;
    }
}

bool db_encode(struct arena *a, const struct db_param *p, const union db_arg *v,
               struct db_value *out)
{
    const void *null = NULL;
    switch (p->type) {
    case FT_TEXT:
    case FT_JSON:
        set_text(a, v->text, out);
        return true;
    case FT_BYTES:
        if (v->bytes.p == NULL && p->nullable)
            return encode_scalar(a, FT_BYTES, null, out);
        check_that(v->bytes.n <= DB_BYTES_MAX);
        if (v->bytes.n > 0)
            memcpy(room(a, v->bytes.n, out), v->bytes.p, v->bytes.n);
        else
            room(a, 0, out);
        return true;
    case FT_TEXTS:
        if (v->texts.v == NULL && p->nullable)
            return encode_scalar(a, FT_TEXTS, null, out);
        encode_texts(a, v->texts, out);
        return true;
    case FT_UUIDS:
    case FT_INT4S:
    case FT_INT8S:
    case FT_BOOLS: /* the four have one layout: pointer and count */
        if (v->uuids.v == NULL && p->nullable)
            return encode_scalar(a, p->type, null, out);
        encode_array(a, p->type, v->uuids.v, v->uuids.n, out);
        return true;
    default: /* plain value, or a pointer to one when it may be null */
        return encode_scalar(a, p->type, p->nullable ? (const void *)v->uuid_or_null : v, out);
    }
}

/* ---- rows --------------------------------------------------------------------------------------
 */

static uint32_t get32(const char *p)
{
    uint32_t v;
    memcpy(&v, p, 4);
    return be32toh(v);
}

static uint64_t get64(const char *p)
{
    uint64_t v;
    memcpy(&v, p, 8);
    return be64toh(v);
}

/* One block for all texts and bytes of a result; cursor moves along it. */
static char *take(char **cursor, const char *p, size_t n)
{
    char *at = *cursor;
    memcpy(at, p, n);
    at[n] = '\0';
    *cursor += n + 1;
    return at;
}

struct array_in {
    const char *p, *end;
    size_t n;
};

/* Reads the head; false unless it is an array of at most one dimension of the right element. */
static bool array_open(enum field_type t, const char *p, size_t len, struct array_in *out)
{
    if (len < 12)
        return false;
    uint32_t dims = get32(p);
    Oid element = get32(p + 8);
    if (dims > 1 || element != types[t].element)
        return false;
    *out = (struct array_in){ .p = p + 12, .end = p + len };
    if (dims == 0)
        return true;
    if (len < ARRAY_HEAD)
        return false;
    out->n = get32(p + 12);
    out->p = p + ARRAY_HEAD;
    return out->n <= (len - ARRAY_HEAD) / 4;
}

/* Next element; *p NULL for null; false when malformed. */
static bool array_next(struct array_in *in, const char **p, size_t *n)
{
    if (in->end - in->p < 4)
        return false;
    uint32_t len = get32(in->p);
    in->p += 4;
    *p = NULL;
    *n = 0;
    if (len == UINT32_MAX)
        return true;
    if (len > (size_t)(in->end - in->p))
        return false;
    *p = in->p;
    *n = len;
    in->p += len;
    return true;
}

static bool decode_texts(struct arena *a, struct array_in *in, struct texts *out)
{
    char **v = arena_array(a, char *, in->n);
    for (size_t i = 0; i < in->n; i++) {
        const char *p;
        size_t n;
        if (!array_next(in, &p, &n))
            return false;
        v[i] = p != NULL ? arena_strndup(a, p, n) : NULL;
    }
    *out = (struct texts){ .v = (const char *const *)v, .n = in->n };
    return true;
}

static bool decode_array(struct arena *a, enum field_type t, const char *p, size_t len, void *out)
{
    struct array_in in;
    if (!array_open(t, p, len, &in))
        return false;
    if (t == FT_TEXTS)
        return decode_texts(a, &in, out);
    size_t size = t == FT_BOOLS ? sizeof(bool) : types[t].size;
    char *v = arena_calloc(a, in.n, size);
    for (size_t i = 0; i < in.n; i++) {
        size_t n;
        if (!array_next(&in, &p, &n) || p == NULL || n != types[t].size)
            return false;
        if (t == FT_INT4S)
            ((int32_t *)(void *)v)[i] = (int32_t)get32(p);
        else if (t == FT_INT8S)
            ((int64_t *)(void *)v)[i] = (int64_t)get64(p);
        else if (t == FT_BOOLS)
            ((bool *)(void *)v)[i] = *p != 0;
        else
            memcpy(v + i * 16, p, 16);
    }
    *(struct uuids *)out = (struct uuids){ .v = (const void *)v, .n = in.n };
    return true;
}

static bool decode_value(struct arena *a, char **cursor, enum field_type t, const char *p,
                         size_t len, void *out)
{
    if (types[t].element != 0)
        return decode_array(a, t, p, len, out);
    if (types[t].size != 0 && len != types[t].size)
        return false;
    switch (t) {
    case FT_UUID:
        memcpy(out, p, 16);
        return true;
    case FT_TEXT:
        *(const char **)out = take(cursor, p, len);
        return true;
    case FT_JSON: /* a version byte, then text */
        if (len < 1 || *p != 1)
            return false;
        *(const char **)out = take(cursor, p + 1, len - 1);
        return true;
    case FT_BYTES:
        *(struct bytes *)out = (struct bytes){ (unsigned char *)take(cursor, p, len), len };
        return true;
    case FT_INT4:
        *(int32_t *)out = (int32_t)get32(p);
        return true;
    case FT_INT8:
        *(int64_t *)out = (int64_t)get64(p);
        return true;
    case FT_BOOL:
        *(bool *)out = *p != 0;
        return true;
    case FT_INSTANT:
        return shift_instant((int64_t)get64(p), EPOCH_US, out);
    case FT_DATE:
        return shift_days((int32_t)get32(p), EPOCH_DAYS, out);
    default:
        return false;
    }
}

static enum rc check_shape(struct db *db, const struct db_stmt *s, const PGresult *res)
{
    if ((size_t)PQnfields(res) != s->ncols)
        return db_fail(db, RC_BUG, s, "%d columns came, %zu are described", PQnfields(res),
                       s->ncols);
    for (size_t c = 0; c < s->ncols; c++)
        if (!db_type_matches(s->cols[c].type, PQftype(res, (int)c)))
            return db_fail(db, RC_BUG, s, "column %s is not %s (type %u came)", s->cols[c].name,
                           db_type_name(s->cols[c].type), PQftype(res, (int)c));
    return RC_OK;
}

/* Bytes of all values; blob: those of texts, JSON and bytes with a NUL each. */
static size_t measure(const struct db_stmt *s, const PGresult *res, size_t n, size_t *blob)
{
    size_t all = 0;
    *blob = 0;
    for (size_t r = 0; r < n; r++) {
        for (size_t c = 0; c < s->ncols; c++) {
            size_t len = (size_t)PQgetlength(res, (int)r, (int)c);
            all += len;
            if (types[s->cols[c].type].size == 0 && types[s->cols[c].type].element == 0)
                *blob += len + 1;
        }
    }
    return all + n * s->row_size;
}

static enum rc decode_row(struct db *db, const struct db_stmt *s, const PGresult *res, int r,
                          char *row, char **cursor)
{
    for (size_t c = 0; c < s->ncols; c++) {
        const struct field *f = &s->cols[c];
        if (PQgetisnull(res, r, (int)c)) {
            if (!f->nullable)
                return db_fail(db, RC_BUG, s, "column %s is null but not described as nullable",
                               f->name);
            continue; /* the row is zeroed: NULL pointer, has_x false */
        }
        if (f->null_offset != FIELD_NOT_NULL)
            *(bool *)(row + f->null_offset) = true;
        if (!decode_value(db->arena, cursor, f->type, PQgetvalue(res, r, (int)c),
                          (size_t)PQgetlength(res, r, (int)c), row + f->offset))
            return db_fail(db, RC_BUG, s, "column %s does not read as %s", f->name,
                           db_type_name(f->type));
    }
    return RC_OK;
}

static int64_t affected_rows(const PGresult *res)
{
    int64_t n;
    PGresult *r = NULL;
    memcpy(&r, &res, sizeof r); /* PQcmdTuples only reads, its prototype forgot to say so */
    return str_int(PQcmdTuples(r), 0, INT64_MAX, &n) == RC_OK ? n : 0;
}

enum rc db_decode(struct db *db, const struct db_stmt *s, const PGresult *res,
                  struct db_result *out)
{
    struct db_result r = { .affected = affected_rows(res) };
    if (s->card == DB_EXEC) {
        *out = r;
        return RC_OK;
    }
    if (PQresultStatus(res) != PGRES_TUPLES_OK)
        return db_fail(db, RC_BUG, s, "described as giving rows, but it gives none");
    enum rc rc = check_shape(db, s, res);
    if (rc != RC_OK)
        return rc;
    r.n = (size_t)PQntuples(res);
    r.found = r.n > 0;
    if (s->card == DB_ONE && r.n == 0)
        return db_fail(db, RC_NOTFOUND, s, "no row");
    if (s->card != DB_MANY && r.n > 1)
        return db_fail(db, RC_BUG, s, "%zu rows came where one is described", r.n);
    size_t blob;
    if (r.n > DB_ROWS_MAX || measure(s, res, r.n, &blob) > DB_BYTES_MAX)
        return db_fail(db, RC_LIMIT, s, "result too big: %zu rows", r.n);
    char *rows = arena_calloc(db->arena, r.n, s->row_size);
    char *cursor = arena_alloc(db->arena, blob);
    for (size_t i = 0; i < r.n; i++) {
        rc = decode_row(db, s, res, (int)i, rows + i * s->row_size, &cursor);
        if (rc != RC_OK)
            return rc;
    }
    r.rows = rows;
    *out = r;
    return RC_OK;
}
