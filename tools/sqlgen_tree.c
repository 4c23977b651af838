/* sqlgen_tree.c: asks libpg_query for the parse tree of one statement (as JSON) and walks it. What
 * the server's own grammar says is the truth here: nothing is guessed from the text. It knows no
 * catalogue, so it cannot see whether a table or column exists; the contract test does. Invariant:
 * each fault is reported once, with the line of the file it stands in. */
#include "sqlgen_tree.h"

#include <jansson.h>
#include <pg_query.h>
#include <string.h>

struct walk {
    struct sg_tree *t;
    const char **cte;
    size_t ncte;
};

static int line_at(const struct sg_tree *t, json_int_t offset)
{
    if (offset < 0 || t->nline_of == 0)
        return t->line;
    return t->line_of[(size_t)offset < t->nline_of ? (size_t)offset : t->nline_of - 1];
}

static int line_of_node(const struct sg_tree *t, const json_t *node)
{
    const json_t *at = json_object_get(node, "location");
    return at == NULL ? t->line : line_at(t, json_integer_value(at));
}

/* Text i of a list of {"String": {"sval": ..}}; NULL when it is something else. */
static const char *name_in(const json_t *list, size_t i)
{
    return json_string_value(
        json_object_get(json_object_get(json_array_get(list, i), "String"), "sval"));
}

static bool schema_known(const struct walk *w, const char *schema)
{
    return strcmp(schema, w->t->module) == 0 || strcmp(schema, "app") == 0 ||
           strcmp(schema, "shop") == 0;
}

static void see_table(struct walk *w, const json_t *node, bool written)
{
    const struct sg_tree *t = w->t;
    const char *schema = json_string_value(json_object_get(node, "schemaname"));
    const char *name = json_string_value(json_object_get(node, "relname"));
    int line = line_of_node(t, node);
    if (name == NULL)
        return;
    if (schema == NULL) {
        for (size_t i = 0; !written && i < w->ncte; i++)
            if (strcmp(w->cte[i], name) == 0)
                return;
        kit_err(t->file, line, "table \"%s\" has no schema: write %s.%s", name, t->module, name);
    } else if (written && strcmp(schema, t->module) != 0) {
        kit_err(t->file, line,
                "writes %s.%s: a module writes only its own schema; call a function of src/%s",
                schema, name, strcmp(schema, "app") == 0 ? "app" : "shop");
    } else if (!schema_known(w, schema)) {
        kit_err(t->file, line, "reads %s.%s: a module reads only %s, app and shop", schema, name,
                t->module);
    }
}

static void clock_fault(const struct walk *w, const json_t *node, const char *what)
{
    kit_err(w->t->file, line_of_node(w->t, node),
            "%s in a statement: take the instant as a timestamptz parameter", what);
}

static void see_function(struct walk *w, const json_t *node)
{
    static const char *const clocks[] = {
        "now", "clock_timestamp", "statement_timestamp", "transaction_timestamp", "timeofday", NULL
    };
    const json_t *names = json_object_get(node, "funcname");
    size_t n = json_array_size(names);
    const char *name = n == 0 ? NULL : name_in(names, n - 1);
    const char *schema = n < 2 ? NULL : name_in(names, 0);
    if (name == NULL)
        return;
    if (schema != NULL && strcmp(schema, "pg_catalog") != 0) {
        w->t->calls = true;
        if (!schema_known(w, schema))
            kit_err(w->t->file, line_of_node(w->t, node),
                    "calls %s.%s: a module calls only functions of %s, app and shop", schema, name,
                    w->t->module);
        return;
    }
    if (kit_word_in(name, clocks))
        clock_fault(w, node, kit_printf("%s()", name));
    else if (strcmp(name, "age") == 0 && json_array_size(json_object_get(node, "args")) == 1)
        clock_fault(w, node, "age() of one value");
    else if (strcmp(name, "nextval") == 0 || strcmp(name, "setval") == 0)
        w->t->writes = true;
}

static void see_clock_value(struct walk *w, const json_t *node)
{
    const char *op = json_string_value(json_object_get(node, "op"));
    if (op != NULL && (strstr(op, "CURRENT_DATE") != NULL || strstr(op, "TIME") != NULL))
        clock_fault(w, node, op + strlen("SVFOP_"));
}

static void see_cast(struct walk *w, const json_t *node)
{
    static const char *const words[] = { "now", "today", "tomorrow", "yesterday", NULL };
    const json_t *value = json_object_get(json_object_get(node, "arg"), "A_Const");
    const char *text = json_string_value(json_object_get(json_object_get(value, "sval"), "sval"));
    if (text != NULL && kit_word_in(text, words))
        clock_fault(w, value, kit_printf("'%s'", text));
    const json_t *names = json_object_get(json_object_get(node, "typeName"), "names");
    if (json_array_size(names) == 2 && name_in(names, 0) != NULL &&
        strcmp(name_in(names, 0), "pg_catalog") != 0)
        kit_err(w->t->file, line_of_node(w->t, node),
                "type %s.%s: domains and types of our own are not used; write the base type",
                name_in(names, 0), name_in(names, 1));
}

static bool is_star(const json_t *target)
{
    const json_t *fields =
        json_object_get(json_object_get(json_object_get(target, "val"), "ColumnRef"), "fields");
    size_t n = json_array_size(fields);
    return n != 0 && json_object_get(json_array_get(fields, n - 1), "A_Star") != NULL;
}

static void see_param(struct walk *w, const json_t *node)
{
    json_int_t n = json_integer_value(json_object_get(node, "number"));
    if (n < 1 || n > SG_MAX_PARAMS) {
        kit_err(w->t->file, line_of_node(w->t, node), "parameter $%lld: 1 to %d exist",
                (long long)n, SG_MAX_PARAMS);
        return;
    }
    w->t->params[n] = true;
    if (n > w->t->max_param)
        w->t->max_param = (int)n;
}

static void walk(struct walk *w, const json_t *node);

/* INSERT, UPDATE, DELETE, MERGE: their target is written, all else is read. */
static void walk_write(struct walk *w, const json_t *node, const char *kind)
{
    w->t->writes = true;
    const char *key;
    const json_t *value;
    if (strcmp(kind, "InsertStmt") == 0 && json_object_get(node, "cols") == NULL &&
        json_object_get(node, "selectStmt") != NULL)
        kit_err(w->t->file, line_of_node(w->t, json_object_get(node, "relation")),
                "INSERT without a column list: name the columns");
    json_object_foreach((json_t *)(uintptr_t)node, key, value) if (strcmp(key, "relation") == 0)
        see_table(w, value, true);
    else walk(w, value);
}

static void walk_child(struct walk *w, const char *key, const json_t *node)
{
    static const char *const writes[] = { "InsertStmt", "UpdateStmt", "DeleteStmt", "MergeStmt",
                                          NULL };
    if (kit_word_in(key, writes)) {
        walk_write(w, node, key);
        return;
    }
    if (strcmp(key, "lockedRels") == 0)
        return; /* aliases, not tables */
    if (strcmp(key, "RangeVar") == 0)
        see_table(w, node, false);
    else if (strcmp(key, "intoClause") == 0)
        kit_err(w->t->file, w->t->line, "SELECT INTO makes a table: not in a statement");
    else if (strcmp(key, "lockingClause") == 0)
        w->t->writes = true; /* refused in a read-only transaction */
    else if (strcmp(key, "FuncCall") == 0)
        see_function(w, node);
    else if (strcmp(key, "SQLValueFunction") == 0)
        see_clock_value(w, node);
    else if (strcmp(key, "TypeCast") == 0)
        see_cast(w, node);
    else if (strcmp(key, "ParamRef") == 0)
        see_param(w, node);
    else if (strcmp(key, "ResTarget") == 0 && is_star(node))
        kit_err(w->t->file, line_of_node(w->t, node),
                "* as a column: name the columns (a prepared * fails after ALTER TABLE)");
    walk(w, node);
}

static void walk(struct walk *w, const json_t *node)
{
    const char *key;
    const json_t *value;
    size_t i;
    if (json_is_array(node))
        json_array_foreach(node, i, value) walk(w, value);
    else if (json_is_object(node))
        json_object_foreach((json_t *)(uintptr_t)node, key, value) walk_child(w, key, value);
}

static void collect_ctes(struct walk *w, const json_t *node)
{
    const char *key;
    const json_t *value;
    size_t i;
    if (json_is_array(node))
        json_array_foreach(node, i, value) collect_ctes(w, value);
    else if (json_is_object(node))
        json_object_foreach((json_t *)(uintptr_t)node, key, value)
        {
            const char *name = strcmp(key, "ctename") == 0 ? json_string_value(value) : NULL;
            if (name != NULL)
                KIT_PUSH(w->cte, w->ncte, kit_strdup(name));
            collect_ctes(w, value);
        }
}

/* The name the server gives a result column without AS; NULL when not known here. */
static const char *natural_name(const json_t *val)
{
    static const char *const nameless[] = { "A_Expr",   "BoolExpr",    "A_Const", "ParamRef",
                                            "NullTest", "BooleanTest", NULL };
    const char *kind = json_object_iter_key(json_object_iter((json_t *)(uintptr_t)val));
    if (kind == NULL)
        return NULL;
    const json_t *node = json_object_get(val, kind);
    const json_t *names = NULL;
    if (strcmp(kind, "ColumnRef") == 0)
        names = json_object_get(node, "fields");
    else if (strcmp(kind, "FuncCall") == 0)
        names = json_object_get(node, "funcname");
    else if (strcmp(kind, "TypeCast") == 0 && natural_name(json_object_get(node, "arg")) != NULL &&
             strcmp(natural_name(json_object_get(node, "arg")), "?column?") != 0)
        return natural_name(json_object_get(node, "arg"));
    else if (strcmp(kind, "CoalesceExpr") == 0)
        return "coalesce";
    else if (kit_word_in(kind, nameless))
        return "?column?";
    return names == NULL ? NULL : name_in(names, json_array_size(names) - 1);
}

static void read_result(struct sg_tree *t, const json_t *kind_node, const char *kind)
{
    const json_t *list;
    if (strcmp(kind, "SelectStmt") == 0) {
        t->select = true;
        while (json_object_get(kind_node, "larg") != NULL)
            kind_node = json_object_get(kind_node, "larg");
        list = json_object_get(kind_node, "targetList");
        const json_t *values = json_array_get(json_object_get(kind_node, "valuesLists"), 0);
        if (values != NULL) {
            t->ncols = json_array_size(json_object_get(json_object_get(values, "List"), "items"));
            t->col = kit_alloc((t->ncols + 1) * sizeof *t->col);
            return;
        }
    } else {
        list = json_object_get(kind_node, "returningList");
        t->returning = list != NULL;
    }
    t->ncols = json_array_size(list);
    t->col = kit_alloc((t->ncols + 1) * sizeof *t->col);
    for (size_t i = 0; i < t->ncols; i++) {
        const json_t *target = json_object_get(json_array_get(list, i), "ResTarget");
        const char *name = json_string_value(json_object_get(target, "name"));
        if (name == NULL)
            name = natural_name(json_object_get(target, "val"));
        t->col[i] = name == NULL ? NULL : kit_strdup(name);
    }
}

static bool read_stmts(struct sg_tree *t, const json_t *root)
{
    static const char *const allowed[] = { "SelectStmt", "InsertStmt", "UpdateStmt",
                                           "DeleteStmt", "MergeStmt",  NULL };
    const json_t *stmts = json_object_get(root, "stmts");
    if (json_array_size(stmts) != 1) {
        kit_err(t->file, t->line, "%zu statements in one text: one is wanted",
                json_array_size(stmts));
        return false;
    }
    const json_t *stmt = json_object_get(json_array_get(stmts, 0), "stmt");
    const char *kind = json_object_iter_key(json_object_iter((json_t *)(uintptr_t)stmt));
    if (kind == NULL || !kit_word_in(kind, allowed)) {
        kit_err(t->file, t->line,
                "%s: only SELECT, VALUES, INSERT, UPDATE, DELETE and MERGE are statements",
                kind == NULL ? "nothing" : kind);
        return false;
    }
    struct walk w = { .t = t };
    collect_ctes(&w, stmt);
    walk(&w, stmt);
    read_result(t, json_object_get(stmt, kind), kind);
    return true;
}

bool sg_tree_read(struct sg_tree *t, const char *sql)
{
    PgQueryParseResult r = pg_query_parse(sql);
    bool good = false;
    if (r.error != NULL) {
        kit_err(t->file, line_at(t, r.error->cursorpos - 1), "does not parse: %s",
                r.error->message);
    } else {
        json_t *root = json_loads(r.parse_tree, 0, NULL);
        if (root == NULL)
            kit_err(t->file, t->line, "too deep or too big to check: make it simpler");
        else
            good = read_stmts(t, root);
        json_decref(root);
    }
    pg_query_free_parse_result(r);
    return good;
}

static void find_domains(const char *file, const char *text, const json_t *node)
{
    const char *key;
    const json_t *value;
    size_t i;
    if (json_is_array(node))
        json_array_foreach(node, i, value) find_domains(file, text, value);
    else if (json_is_object(node))
        json_object_foreach((json_t *)(uintptr_t)node, key, value)
        {
            if (strcmp(key, "CreateDomainStmt") == 0)
                kit_err(file, 0,
                        "CREATE DOMAIN %s: parameters would report the domain's type; "
                        "write the base type and a CHECK",
                        name_in(json_object_get(value, "domainname"),
                                json_array_size(json_object_get(value, "domainname")) - 1));
            find_domains(file, text, value);
        }
}

void sg_check_migration(const char *file, const char *text)
{
    PgQueryParseResult r = pg_query_parse(text);
    if (r.error != NULL) {
        int line = 1;
        for (int i = 0; i < r.error->cursorpos - 1 && text[i] != '\0'; i++)
            line += text[i] == '\n';
        kit_err(file, line, "does not parse: %s", r.error->message);
    } else {
        json_t *root = json_loads(r.parse_tree, 0, NULL);
        find_domains(file, text, root);
        json_decref(root);
    }
    pg_query_free_parse_result(r);
}
