/* sqlgen_emit.c: writes the C of a module: row structs and their field tables, one struct db_stmt a
 * statement, and for each statement a direct function and one for pipelines. It decides nothing:
 * what it gets has passed sqlgen_check.c. Invariant: same statements in, same bytes out. */
#include "sqlgen.h"

#include <stdio.h>
#include <string.h>

static const char *upper(const char *s)
{
    char *u = kit_strdup(s);
    for (char *p = u; *p != '\0'; p++)
        if (*p >= 'a' && *p <= 'z')
            *p = (char)(*p - 'a' + 'A');
    return u;
}

/* Nullable members that cannot say null themselves have a bool beside them. */
static bool has_mark(const struct sg_var *v)
{
    return v->nullable && (v->type->arg_null != NULL || v->type->array);
}

static uint32_t fnv1a(const char *p, size_t n)
{
    uint32_t h = 2166136261u;
    for (size_t i = 0; i < n; i++)
        h = (h ^ (unsigned char)p[i]) * 16777619u;
    return h;
}

/* The SQL as C literals, one a line. */
static void emit_sql(struct text *c, const char *p, size_t n)
{
    text_str(c, "    .sql = \"");
    for (size_t i = 0; i < n; i++) {
        unsigned char ch = (unsigned char)p[i];
        if (ch == '\n')
            text_str(c, i + 1 < n ? "\\n\"\n           \"" : "\\n");
        else if (ch == '"' || ch == '\\' || (ch == '?' && i != 0 && p[i - 1] == '?'))
            text_fmt(c, "\\%c", ch);
        else if (ch < 0x20 || ch >= 0x7f)
            text_fmt(c, "\\%03o", ch);
        else
            text_char(c, (char)ch);
    }
    text_str(c, "\",\n");
}

static void emit_row_struct(struct text *h, const char *m, const struct sg_row *r)
{
    text_fmt(h, "\nstruct %s_%s {\n", m, r->name);
    for (size_t i = 0; i < r->n; i++) {
        const struct sg_var *v = &r->col[i];
        text_fmt(h, "    %s%s;%s\n", v->type->ctype, v->name,
                 v->nullable && !has_mark(v) ? " /* may be null */" : "");
        if (has_mark(v))
            text_fmt(h, "    bool has_%s;\n", v->name);
    }
    text_fmt(
        h,
        "};\nextern KADE_API const struct field %s_%s_fields[];\nenum { %s_%s_nfields = %zu };\n",
        m, r->name, m, r->name, r->n);
    text_fmt(h, "struct %s_%s_list {\n    struct %s_%s *row;\n    size_t n;\n};\n", m, r->name, m,
             r->name);
    text_fmt(h, "struct %s_%s_maybe {\n    bool found;\n    struct %s_%s row;\n};\n", m, r->name, m,
             r->name);
}

static const char *out_type(const char *m, const struct sg_stmt *s)
{
    switch (s->card) {
    case SG_EXEC:
        return "int64_t *";
    case SG_ONE:
        return kit_printf("struct %s_%s *", m, s->row_name);
    case SG_MAYBE:
        return kit_printf("struct %s_%s_maybe *", m, s->row_name);
    case SG_MANY:
        break;
    }
    return kit_printf("struct %s_%s_list *", m, s->row_name);
}

static const char *prototype(const char *m, const struct sg_stmt *s, bool send)
{
    struct text t = { 0 };
    text_fmt(&t, send ? "void %s_q_%s_send(struct db_pipe *pipe" : "enum rc %s_q_%s(struct db *db",
             m, s->name);
    if (s->nfrags != 0)
        text_str(&t, ", unsigned frags");
    for (size_t i = 0; i < s->nparams; i++) {
        const struct sg_var *v = &s->param[i];
        if (v->nullable && v->type->arg_null != NULL)
            text_fmt(&t, ", const %s*%s", v->type->ctype, v->name);
        else
            text_fmt(&t, ", %s%s", v->type->ctype, v->name);
    }
    text_fmt(&t, ", %s%s)", out_type(m, s), s->card == SG_EXEC ? "affected" : "out");
    return text_get(&t);
}

static void emit_header(const struct sg_module *m, struct text *h)
{
    const char *guard = upper(m->name);
    text_fmt(h, "/* %s_q.h: made by sqlgen from sql/%s/q; do not edit. */\n", m->name, m->name);
    text_fmt(h, "#ifndef GEN_%s_Q_H\n#define GEN_%s_Q_H\n\n", guard, guard);
    text_str(h, "#include <stdbool.h>\n#include <stddef.h>\n#include <stdint.h>\n\n"
                "#include \"base/attr.h\"\n#include \"base/field.h\"\n#include \"base/id.h\"\n"
                "#include \"base/rc.h\"\n\nstruct db;\nstruct db_pipe;\nstruct db_stmt;\n");
    for (size_t i = 0; i < m->nrows; i++)
        emit_row_struct(h, m->name, m->row[i]);
    for (size_t i = 0; i < m->n; i++) {
        const struct sg_stmt *s = m->stmt[i];
        text_fmt(h, "\n/* %s:%d%s */\n", s->place, s->line, s->writes ? ", writes" : "");
        if (s->nfrags != 0) {
            text_str(h, "enum {\n");
            for (size_t k = 0; k < s->nfrags; k++)
                text_fmt(h, "    %s_%s_FRAG_%s = %uu,\n", guard, upper(s->name), upper(s->frag[k]),
                         1u << k);
            text_str(h, "};\n");
        }
        text_fmt(h, "KADE_API %s ATTR_MUST_CHECK;\n", prototype(m->name, s, false));
        text_fmt(h, "KADE_API %s;\n", prototype(m->name, s, true));
    }
    text_fmt(h, "\nextern KADE_API const struct db_stmt *const %s_stmts[];\n\n#endif\n", m->name);
}

static void emit_fields(struct text *c, const char *m, const struct sg_row *r)
{
    text_fmt(c, "\nconst struct field %s_%s_fields[] = {\n", m, r->name);
    for (size_t i = 0; i < r->n; i++) {
        const struct sg_var *v = &r->col[i];
        text_fmt(c, "    { \"%s\", %s, %s, offsetof(struct %s_%s, %s), ", v->name, v->type->ft,
                 v->nullable ? "true" : "false", m, r->name, v->name);
        if (has_mark(v))
            text_fmt(c, "offsetof(struct %s_%s, has_%s) },\n", m, r->name, v->name);
        else
            text_str(c, "FIELD_NOT_NULL },\n");
    }
    text_str(c, "};\n");
}

static void emit_put(struct text *c, const char *m, const struct sg_row *r)
{
    if (r->used_one)
        text_fmt(c,
                 "\nstatic void %s_put_%s_one(void *target, const struct db_result *r)\n{\n"
                 "    *(struct %s_%s *)target = *(const struct %s_%s *)r->rows;\n}\n",
                 m, r->name, m, r->name, m, r->name);
    if (r->used_maybe)
        text_fmt(c,
                 "\nstatic void %s_put_%s_maybe(void *target, const struct db_result *r)\n{\n"
                 "    struct %s_%s_maybe *out = target;\n"
                 "    *out = (struct %s_%s_maybe){ .found = r->found };\n"
                 "    if (r->found)\n"
                 "        out->row = *(const struct %s_%s *)r->rows;\n}\n",
                 m, r->name, m, r->name, m, r->name, m, r->name);
    if (r->used_many)
        text_fmt(c,
                 "\nstatic void %s_put_%s_list(void *target, const struct db_result *r)\n{\n"
                 "    struct %s_%s_list *out = target;\n"
                 "    out->row = r->rows;\n"
                 "    out->n = r->n;\n}\n",
                 m, r->name, m, r->name);
}

/* Names of a module's own: the contract test takes all modules into one file. */
static const char *put_name(const char *m, const struct sg_stmt *s)
{
    static const char *const endings[] = { "", "_one", "_maybe", "_list" };
    return s->card == SG_EXEC ? kit_printf("%s_put_affected", m)
                              : kit_printf("%s_put_%s%s", m, s->row_name, endings[s->card]);
}

static void emit_stmt(struct text *c, const char *m, const struct sg_stmt *s)
{
    static const char *const cards[] = { "DB_EXEC", "DB_ONE", "DB_MAYBE", "DB_MANY" };
    if (s->nparams != 0) {
        text_fmt(c, "\nstatic const struct db_param %s_params_%s[] = {\n", m, s->name);
        for (size_t i = 0; i < s->nparams; i++)
            text_fmt(c, "    { \"%s\", %s, %s },\n", s->param[i].name, s->param[i].type->ft,
                     s->param[i].nullable ? "true" : "false");
        text_str(c, "};\n");
    }
    if (s->nfrags != 0) {
        text_fmt(c, "\nstatic const struct db_frag frags_%s[] = {", s->name);
        for (size_t i = 0; i < s->nfrags; i++)
            text_fmt(c, "%s{ \"%s\" }", i == 0 ? " " : ", ", s->frag[i]);
        text_str(c, " };\n");
    }
    text_fmt(c, "\nstatic const struct db_stmt %s_stmt_%s = {\n    .name = \"%s.%s\",\n", m,
             s->name, m, s->name);
    emit_sql(c, s->sql.p, s->sql.n);
    text_fmt(c, "    .file = \"%s\",\n    .line = %d,\n    .card = %s,\n", s->place, s->line,
             cards[s->card]);
    text_fmt(c, "    .flags = 0%s%s%s,\n", s->writes ? " | DB_STMT_WRITES" : "",
             s->plan_index ? " | DB_STMT_PLAN_INDEX" : "",
             s->tenant ? " | DB_STMT_TENANT_FIRST" : "");
    if (s->nparams != 0)
        text_fmt(c, "    .params = %s_params_%s,\n    .nparams = %zu,\n", m, s->name, s->nparams);
    if (s->row != NULL)
        text_fmt(
            c,
            "    .cols = %s_%s_fields,\n    .ncols = %s_%s_nfields,\n"
            "    .row_size = sizeof(struct %s_%s),\n    .row_align = _Alignof(struct %s_%s),\n",
            m, s->row_name, m, s->row_name, m, s->row_name, m, s->row_name);
    if (s->nfrags != 0)
        text_fmt(c, "    .frags = frags_%s,\n    .nfrags = %zu,\n", s->name, s->nfrags);
    text_fmt(c, "    .hash = 0x%08xu,\n", fnv1a(s->sql.p, s->sql.n));
    if (s->desk)
        text_str(c, "    .role = \"desk\",\n");
    text_str(c, "};\n");
}

static void emit_args(struct text *c, const struct sg_stmt *s)
{
    if (s->nparams == 0)
        return;
    text_str(c, "    const union db_arg args_[] = {\n");
    for (size_t i = 0; i < s->nparams; i++) {
        const struct sg_var *v = &s->param[i];
        bool pointer = v->nullable && v->type->arg_null != NULL;
        text_fmt(c, "        { .%s = %s },\n", pointer ? v->type->arg_null : v->type->arg, v->name);
    }
    text_str(c, "    };\n");
}

static void emit_functions(struct text *c, const char *m, const struct sg_stmt *s)
{
    const char *frags = s->nfrags != 0 ? "frags" : "0", *args = s->nparams != 0 ? "args_" : "NULL";
    const char *out = s->card == SG_EXEC ? "affected" : "out";
    text_fmt(c, "\n%s\n{\n", prototype(m, s, false));
    emit_args(c, s);
    text_fmt(c,
             "    struct db_result r_ = { 0 };\n"
             "    enum rc rc_ = db_run(db, &%s_stmt_%s, %s, %s, &r_);\n"
             "    if (rc_ == RC_OK)\n        %s(%s, &r_);\n    return rc_;\n}\n",
             m, s->name, frags, args, put_name(m, s), out);
    text_fmt(c, "\n%s\n{\n", prototype(m, s, true));
    emit_args(c, s);
    text_fmt(c, "    db_send(pipe, &%s_stmt_%s, %s, %s, NULL, %s, %s);\n}\n", m, s->name, frags,
             args, put_name(m, s), out);
}

void sg_emit(const struct sg_module *m, struct text *h, struct text *c)
{
    emit_header(m, h);
    text_fmt(c,
             "/* %s_q.c: made by sqlgen from sql/%s/q; do not edit. */\n"
             "#include \"gen/%s_q.h\"\n\n#include \"platform/db.h\"\n\n"
             "#pragma GCC diagnostic ignored \"-Woverlength-strings\"\n",
             m->name, m->name, m->name);
    bool exec = false;
    for (size_t i = 0; i < m->n; i++)
        exec |= m->stmt[i]->card == SG_EXEC;
    if (exec)
        text_fmt(c,
                 "\nstatic void %s_put_affected(void *target, const struct db_result *r)\n{\n"
                 "    if (target != NULL)\n"
                 "        *(int64_t *)target = r->affected;\n}\n",
                 m->name);
    for (size_t i = 0; i < m->nrows; i++) {
        emit_fields(c, m->name, m->row[i]);
        emit_put(c, m->name, m->row[i]);
    }
    for (size_t i = 0; i < m->n; i++) {
        emit_stmt(c, m->name, m->stmt[i]);
        emit_functions(c, m->name, m->stmt[i]);
    }
    text_fmt(c, "\nconst struct db_stmt *const %s_stmts[] = {\n", m->name);
    for (size_t i = 0; i < m->n; i++)
        text_fmt(c, "    &%s_stmt_%s,\n", m->name, m->stmt[i]->name);
    text_str(c, "    NULL\n};\n");
}
