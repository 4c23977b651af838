/* checksrc.c: the rules of the code that a program can judge, over the whole tree or the files
 * named. This file finds files, reads the answers to rules ("checksrc: RULE, because REASON" in a
 * comment) and runs clang-format; the rules are in checksrc_c.c, checksrc_func.c, checksrc_text.c.
 * Invariant: an answer that no rule asked for is itself a fault, so they do not pile up. */
#include "checksrc.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const rules[] = { "banned",   "alloc", "cleanup",    "maintenance", "long",
                                     "lines",    "sql",   "html",       "opening",     "money",
                                     "physical", "clock", "unfinished", "typedef",     NULL };

static bool show_warnings = true;

bool ignored(struct source *s, const char *rule, int from, int to)
{
    for (size_t i = 0; i < s->nignores; i++) {
        struct ignore *g = &s->ignore[i];
        if (strcmp(g->rule, rule) == 0 && g->line >= from - 1 && g->line <= to) {
            g->used = true;
            return true;
        }
    }
    return false;
}

void fault(struct source *s, const char *rule, int from, int to, const char *fmt, ...)
{
    if (ignored(s, rule, from, to))
        return;
    char text[400];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    kit_err(s->path, from, "%s [%s]", text, rule);
}

/* An answer to a rule stands in a comment: "checksrc:" right behind its opening mark. */
static bool opens_comment(const char *text, size_t at)
{
    while (at > 0 && text[at - 1] == ' ')
        at--;
    return at >= 2 &&
           (strncmp(text + at - 2, "/*", 2) == 0 || strncmp(text + at - 2, "//", 2) == 0 ||
            strncmp(text + at - 2, "--", 2) == 0 || strncmp(text + at - 2, " *", 2) == 0 ||
            strncmp(text + at - 2, "{!", 2) == 0 || text[at - 1] == '#');
}

static void read_ignores(struct source *s)
{
    static const char mark[] = "checksrc:";
    for (const char *p = s->text; (p = strstr(p, mark)) != NULL; p += sizeof mark - 1) {
        size_t at = (size_t)(p - s->text);
        if (!opens_comment(s->text, at))
            continue;
        int line = csrc_line(s->text, at);
        const char *rule = p + sizeof mark - 1;
        rule += strspn(rule, " ");
        size_t n = strspn(rule, "abcdefghijklmnopqrstuvwxyz");
        const char *why = rule + n + strspn(rule + n, ", ");
        struct ignore g = { .rule = kit_strndup(rule, n), .line = line };
        if (!kit_word_in(g.rule, rules)) {
            kit_err(s->path, line, "unknown rule \"%s\" to ignore", g.rule);
            continue;
        }
        if (!kit_starts(why, "because ") || strcspn(why + 8, "\n*") < 8) {
            kit_err(s->path, line, "write \"checksrc: %s, because\" and the reason", g.rule);
            continue;
        }
        KIT_PUSH(s->ignore, s->nignores, g);
    }
}

static bool is_c(const char *path)
{
    return kit_ends(path, ".c") || kit_ends(path, ".h") || kit_ends(path, ".cc");
}

static bool is_checked(const char *path)
{
    static const char *const endings[] = { ".c",   ".h",  ".cc", ".css", ".js", ".sql",
                                           ".tpl", ".sh", ".am", ".ac",  NULL };
    if (strstr(path, "/vendor/") != NULL || strstr(path, "/corpus/") != NULL)
        return false;
    for (size_t i = 0; endings[i] != NULL; i++)
        if (kit_ends(path, endings[i]))
            return true;
    return false;
}

static void check_file(const char *root, const char *rel)
{
    const char *path = *root == '\0' ? rel : kit_printf("%s/%s", root, rel);
    struct source s = { .path = rel };
    s.text = kit_read(path, &s.n);
    if (s.text == NULL)
        kit_die("cannot read %s: %s", path, strerror(errno));
    if (strlen(s.text) != s.n) {
        kit_err(rel, 0, "holds a NUL byte");
        return;
    }
    read_ignores(&s);
    if (is_c(rel))
        check_c(&s, show_warnings);
    else if (kit_ends(rel, ".css"))
        check_css(&s);
    else if (kit_ends(rel, ".sql") && kit_starts(rel, "sql/") && strstr(rel, "/q/") == NULL)
        check_sql(&s);
    check_marks(&s);
    for (size_t i = 0; i < s.nignores; i++)
        if (!s.ignore[i].used)
            kit_err(rel, s.ignore[i].line,
                    "ignores rule \"%s\", which finds nothing here: remove it", s.ignore[i].rule);
}

static struct files tree(const char *root)
{
    static const char *const dirs[] = { "src",    "modules", "tools",    "tests",
                                        "static", "sql",     "templates" };
    struct files all = { 0 };
    for (size_t d = 0; d < sizeof dirs / sizeof *dirs; d++) {
        struct files here = kit_walk(kit_printf("%s/%s", root, dirs[d]), NULL);
        for (size_t i = 0; i < here.n; i++) {
            char *rel = kit_printf("%s/%s", dirs[d], here.v[i]);
            if (is_checked(rel))
                KIT_PUSH(all.v, all.n, rel);
        }
    }
    return all;
}

/* One clang-format for all C files; it prints what differs. */
static void check_format(const char *root, const struct files *files)
{
    const char **argv = kit_alloc((files->n + 8) * sizeof *argv);
    size_t n = 0, c = 0;
    argv[n++] = "clang-format-14";
    argv[n++] = "--dry-run";
    argv[n++] = "--Werror";
    argv[n++] = "--ferror-limit=3";
    argv[n++] = "--style=file";
    for (size_t i = 0; i < files->n; i++)
        if (is_c(files->v[i])) {
            argv[n++] = kit_printf("%s/%s", root, files->v[i]);
            c++;
        }
    if (c == 0)
        return;
    int rc = kit_run(argv, NULL);
    if (rc == 127) {
        argv[0] = "clang-format";
        rc = kit_run(argv, NULL);
    }
    if (rc == 127)
        kit_die("clang-format-14 is not installed");
    if (rc != 0)
        kit_err(root, 0, "not formatted: run clang-format-14 -i on the files above");
}

static int usage(void)
{
    fputs(
        "usage: checksrc [--quiet] [--format] ROOT [FILE...]\n"
        "FILE is relative to ROOT; none = all sources. --format asks clang-format instead of the\n"
        "rules, --quiet leaves warnings out.\n",
        stderr);
    return 2;
}

int main(int argc, char **argv)
{
    bool format = false;
    int i = 1;
    kit_tool = "checksrc";
    for (; i < argc && argv[i][0] == '-'; i++) {
        if (strcmp(argv[i], "--format") == 0)
            format = true;
        else if (strcmp(argv[i], "--quiet") == 0)
            show_warnings = false;
        else
            return usage();
    }
    if (i >= argc)
        return usage();
    const char *root = argv[i++];
    struct files files = { 0 };
    if (i == argc)
        files = tree(root);
    for (; i < argc; i++)
        KIT_PUSH(files.v, files.n, argv[i]);
    for (size_t k = 0; k < files.n && !format; k++)
        check_file(root, files.v[k]);
    if (format)
        check_format(root, &files);
    unsigned problems = kit_problems;
    if (problems != 0)
        fprintf(stderr, "checksrc: %u faults in %zu files\n", problems, files.n);
    kit_end();
    return problems != 0;
}
