/* sqlgen.c: turns the statement files of every module (sql/<m>/q/<file>.sql) into typed C
 * (gen/<m>_q.h and .c). This file walks the folders; the work is in sqlgen_parse, _lex, _tree,
 * _check and _emit. It opens no database: what only the catalogue knows is the contract test's.
 * Invariant: nothing is written while any statement has a fault. */
#include "sqlgen.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void read_module(struct sg_module *m, const char *sql_dir)
{
    const char *dir = kit_printf("%s/%s/q", sql_dir, m->name);
    struct files files = kit_walk(dir, ".sql");
    for (size_t i = 0; i < files.n; i++) {
        const char *path = kit_printf("%s/%s", dir, files.v[i]);
        size_t n;
        const char *text = kit_read(path, &n);
        if (text == NULL)
            kit_die("cannot read %s: %s", path, strerror(errno));
        sg_parse(m, path, kit_printf("sql/%s/q/%s", m->name, files.v[i]), text, n);
    }
    struct files migrations = kit_walk(kit_printf("%s/%s", sql_dir, m->name), ".sql");
    for (size_t i = 0; i < migrations.n; i++) {
        if (strchr(migrations.v[i], '/') != NULL)
            continue; /* statements */
        const char *path = kit_printf("%s/%s/%s", sql_dir, m->name, migrations.v[i]);
        const char *text = kit_read(path, NULL);
        if (text == NULL)
            kit_die("cannot read %s: %s", path, strerror(errno));
        sg_check_migration(path, text);
    }
    sg_check(m);
}

/* Files of modules that have no statements any more. */
static void remove_stale(const char *out, struct sg_module *const *modules, size_t n)
{
    struct files files = kit_walk(out, NULL);
    for (size_t i = 0; i < files.n; i++) {
        size_t len = strlen(files.v[i]);
        if (strchr(files.v[i], '/') != NULL ||
            !(kit_ends(files.v[i], "_q.c") || kit_ends(files.v[i], "_q.h")))
            continue;
        bool known = false;
        for (size_t k = 0; k < n; k++)
            known |= modules[k]->n != 0 && strlen(modules[k]->name) == len - 4 &&
                     strncmp(modules[k]->name, files.v[i], len - 4) == 0;
        if (!known)
            unlink(kit_printf("%s/%s", out, files.v[i]));
    }
}

static int usage(void)
{
    fputs("usage: sqlgen --sql DIR --out DIR\n"
          "Reads DIR/<module>/q/*.sql, writes <module>_q.h and <module>_q.c.\n",
          stderr);
    return 2;
}

int main(int argc, char **argv)
{
    const char *sql = NULL, *out = NULL, *v;
    kit_tool = "sqlgen";
    for (int i = 1; i < argc; i++) {
        if ((v = kit_option(argc, argv, &i, "--sql")) != NULL)
            sql = v;
        else if ((v = kit_option(argc, argv, &i, "--out")) != NULL)
            out = v;
        else
            return usage();
    }
    if (sql == NULL || out == NULL)
        return usage();
    if (!kit_is_dir(sql))
        kit_die("%s is not a folder", sql);

    struct files dirs = kit_subdirs(sql);
    struct sg_module **modules = NULL;
    size_t n = 0;
    for (size_t i = 0; i < dirs.n; i++) {
        if (!kit_is_name(dirs.v[i])) {
            kit_err(kit_printf("%s/%s", sql, dirs.v[i]), 0,
                    "module name is not lower-case snake_case");
            continue;
        }
        struct sg_module *m = kit_alloc(sizeof *m);
        m->name = dirs.v[i];
        read_module(m, sql);
        KIT_PUSH(modules, n, m);
    }
    if (kit_problems != 0) {
        fprintf(stderr, "sqlgen: %u faults, nothing written\n", kit_problems);
        kit_end();
        return 1;
    }
    kit_mkdirs(out);
    for (size_t i = 0; i < n; i++) {
        if (modules[i]->n == 0)
            continue;
        struct text h = { 0 }, c = { 0 };
        sg_emit(modules[i], &h, &c);
        kit_write(kit_printf("%s/%s_q.h", out, modules[i]->name), h.p, h.n);
        kit_write(kit_printf("%s/%s_q.c", out, modules[i]->name), c.p, c.n);
    }
    remove_stale(out, modules, n);
    kit_end();
    return 0;
}
