/* sqlgen_check.c: joins the rows and statements of a module and holds each statement against its
 * annotations: parameters, columns, writes, one parse for every choice of pieces that the contract
 * test prepares as well (none, each alone, all). It emits nothing. Invariant: a module without a
 * message here generates C that compiles. */
#include "sqlgen.h"
#include "sqlgen_tree.h"

#include <string.h>

static struct sg_row *find_row(const struct sg_module *m, const char *name)
{
    for (size_t i = 0; i < m->nrows; i++)
        if (strcmp(m->row[i]->name, name) == 0)
            return m->row[i];
    return NULL;
}

static void add_row(struct sg_module *m, const struct sg_stmt *s)
{
    static const char *const endings[] = { "_list", "_maybe", "_fields", "_nfields", NULL };
    const struct sg_row *old = find_row(m, s->row_name);
    if (old != NULL) {
        kit_err(s->file, s->row_line, "row \"%s\" is already described at %s:%d: name it only",
                s->row_name, old->file, old->line);
        return;
    }
    for (size_t i = 0; endings[i] != NULL; i++)
        if (kit_ends(s->row_name, endings[i]))
            kit_err(s->file, s->line, "row name \"%s\" ends in %s, which generated names use",
                    s->row_name, endings[i]);
    if (strcmp(s->row_name, "stmts") == 0 || kit_starts(s->row_name, "q_"))
        kit_err(s->file, s->line, "row name \"%s\" is taken in generated C: choose another",
                s->row_name);
    if (s->ncols == 0) {
        kit_err(s->file, s->row_line, "row \"%s\" has no columns", s->row_name);
        return;
    }
    for (size_t i = 0; i < s->ncols; i++)
        for (size_t k = 0; k < s->ncols; k++)
            if (kit_starts(s->col[k].name, "has_") &&
                strcmp(s->col[k].name + 4, s->col[i].name) == 0 && s->col[i].nullable)
                kit_err(s->file, s->col[k].line,
                        "column \"%s\" clashes with the null mark of \"%s\": rename it",
                        s->col[k].name, s->col[i].name);
    struct sg_row *row = kit_alloc(sizeof *row);
    *row = (struct sg_row){
        .name = s->row_name, .col = s->col, .n = s->ncols, .file = s->file, .line = s->row_line
    };
    KIT_PUSH(m->row, m->nrows, row);
}

/* "wishlist_item" in module wishlist is its row "item": struct wishlist_item either way. */
static void shorten_row_names(const struct sg_module *m)
{
    const char *prefix = kit_printf("%s_", m->name);
    size_t n = strlen(prefix);
    for (size_t i = 0; i < m->n; i++) {
        const char *name = m->stmt[i]->row_name;
        if (name != NULL && kit_starts(name, prefix) && kit_is_name(name + n))
            m->stmt[i]->row_name = name + n;
    }
}

static void join_rows(struct sg_module *m)
{
    shorten_row_names(m);
    for (size_t i = 0; i < m->n; i++)
        if (m->stmt[i]->row_line != 0)
            add_row(m, m->stmt[i]);
    for (size_t i = 0; i < m->n; i++) {
        struct sg_stmt *s = m->stmt[i];
        if (s->row_name == NULL)
            continue;
        s->row = find_row(m, s->row_name);
        if (s->row == NULL) {
            kit_err(s->file, s->line,
                    "row \"%s\" is described nowhere: add \"-- row: column type, "
                    "...\"",
                    s->row_name);
            continue;
        }
        s->row->used_one |= s->card == SG_ONE;
        s->row->used_maybe |= s->card == SG_MAYBE;
        s->row->used_many |= s->card == SG_MANY;
    }
}

static void check_names(const struct sg_module *m)
{
    for (size_t i = 0; i < m->n; i++)
        for (size_t k = 0; k < m->n; k++) {
            const struct sg_stmt *a = m->stmt[i], *b = m->stmt[k];
            if (k < i && strcmp(a->name, b->name) == 0)
                kit_err(a->file, a->line, "statement \"%s\" is already at %s:%d: rename one",
                        a->name, b->file, b->line);
            if (strcmp(a->name, kit_printf("%s_send", b->name)) == 0)
                kit_err(a->file, a->line, "name \"%s\" is the pipeline form of \"%s\": rename it",
                        a->name, b->name);
        }
    for (size_t i = 0; i < m->n; i++)
        for (size_t p = 0; p < m->stmt[i]->nparams; p++)
            if (m->stmt[i]->param[p].nullable && m->stmt[i]->param[p].type->array)
                kit_err(m->stmt[i]->file, m->stmt[i]->line,
                        "parameter \"%s\": an array cannot be null, pass an empty one",
                        m->stmt[i]->param[p].name);
}

/* The text with the pieces of mask in, and the line of each of its bytes. */
static const char *variant(const struct sg_stmt *s, unsigned mask, int **line_of, size_t *n)
{
    struct text t = { 0 };
    bool in = true;
    *line_of = NULL;
    *n = 0;
    for (size_t i = 0; i < s->sql.n; i++) {
        char c = s->sql.p[i];
        if (c == '\x01') {
            unsigned index = 0;
            for (i++; s->sql.p[i] != '\x02'; i++)
                index = index * 10 + (unsigned)(s->sql.p[i] - '0');
            in = (mask >> index & 1) != 0;
        } else if (c == '\x03') {
            in = true;
        } else if (in) {
            KIT_PUSH(*line_of, *n, s->line_of[i]);
            text_char(&t, c);
        }
    }
    return text_get(&t);
}

static void check_columns(const struct sg_stmt *s, const struct sg_tree *t)
{
    if (s->card == SG_EXEC) {
        if (t->returning)
            kit_err(s->file, s->line, "\"%s\" is exec and has RETURNING: write one, maybe or many",
                    s->name);
        return;
    }
    if (s->row == NULL)
        return;
    if (!t->select && !t->returning) {
        kit_err(s->file, s->line, "\"%s\" gives no rows: add RETURNING or write exec", s->name);
        return;
    }
    if (t->ncols != s->row->n) {
        kit_err(s->file, s->line, "\"%s\" gives %zu columns, row \"%s\" has %zu", s->name, t->ncols,
                s->row->name, s->row->n);
        return;
    }
    for (size_t i = 0; i < t->ncols; i++)
        if (t->col[i] != NULL && strcmp(t->col[i], s->row->col[i].name) != 0)
            kit_err(s->file, s->line,
                    "column %zu of \"%s\" is called \"%s\", row \"%s\" says \"%s\": write AS %s",
                    i + 1, s->name, t->col[i], s->row->name, s->row->col[i].name,
                    s->row->col[i].name);
}

static void check_params(const struct sg_stmt *s, const struct sg_tree *t)
{
    int declared = (int)s->nparams + (s->tenant ? 1 : 0);
    for (int i = 1; i <= declared; i++)
        if (!t->params[i]) {
            const char *name =
                s->tenant ? (i == 1 ? "the tenant" : s->param[i - 2].name) : s->param[i - 1].name;
            kit_err(s->file, s->line, "\"%s\" never uses $%d (%s)", s->name, i, name);
        }
    for (int i = declared + 1; i <= t->max_param; i++)
        if (t->params[i])
            kit_err(s->file, s->line, "\"%s\" uses $%d, but %d parameters are declared%s", s->name,
                    i, declared, s->tenant ? " with the tenant" : "");
}

static void check_writes(const struct sg_stmt *s, const struct sg_tree *t)
{
    if (t->writes && !s->writes)
        kit_err(s->file, s->line, "\"%s\" writes or locks rows: add \"-- writes\"", s->name);
    if (!t->writes && !t->calls && s->writes)
        kit_err(s->file, s->line, "\"%s\" only reads: remove \"-- writes\"", s->name);
}

static void check_stmt(const struct sg_module *m, const struct sg_stmt *s)
{
    unsigned all = s->nfrags == 0 ? 0 : (1u << s->nfrags) - 1;
    struct sg_tree whole = { .file = s->file, .module = m->name, .line = s->line };
    int *line_of;
    size_t n;
    const char *sql = variant(s, all, &line_of, &n);
    whole.line_of = line_of;
    whole.nline_of = n;
    unsigned before = kit_problems;
    if (!sg_tree_read(&whole, sql))
        return;
    check_params(s, &whole);
    check_writes(s, &whole);
    check_columns(s, &whole);
    if (kit_problems != before)
        return; /* the other choices would repeat it */
    for (size_t i = 0; i <= s->nfrags && s->nfrags != 0; i++) {
        struct sg_tree t = { .file = s->file, .module = m->name, .line = s->line };
        sql = variant(s, i == s->nfrags ? 0 : 1u << i, &line_of, &n);
        t.line_of = line_of;
        t.nline_of = n;
        if (!sg_tree_read(&t, sql)) {
            kit_err(s->file, s->line, "\"%s\" with %s%s must be a statement of its own", s->name,
                    i == s->nfrags ? "no piece" : "only piece ", i == s->nfrags ? "" : s->frag[i]);
            return;
        }
        check_columns(s, &t);
    }
}

void sg_check(struct sg_module *m)
{
    join_rows(m);
    check_names(m);
    for (size_t i = 0; i < m->n; i++)
        check_stmt(m, m->stmt[i]);
}
