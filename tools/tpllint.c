/* tpllint.c: what can be said of a template without running it: the escaping pragma, modifiers,
 * balanced sections, and that the names it uses are those its C side declares, both ways (an unset
 * name would be an empty spot that nobody notices). ctemplate's own checker loads each file as
 * well. Invariant: a template that no C file declares, or declared and missing, is a fault. */
#include "tpllint.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const rules[] = { "words", "inline", "quotes", "none", NULL };

/* Set for every template by src/app/page.c. */
static const char *const globals[] = { "LANG",     "DIR",      "LOCALE",     "TENANT_NAME",
                                       "BASE",     "ICONS",    "THEME",      "CSRF_FIELD",
                                       "CURRENCY", "BI_SPACE", "BI_NEWLINE", NULL };

struct lint {
    struct decls decls;
    bool load;
    const char *root;
    const char **loadable;
    size_t nloadable;
};
struct section {
    const char *name;
    int line;
};

void tpl_fault(struct tpl *t, const char *rule, int line, const char *fmt, ...)
{
    for (size_t i = 0; i < t->nanswers; i++)
        if (strcmp(t->answer[i].rule, rule) == 0 &&
            (t->answer[i].line == line || t->answer[i].line == line - 1)) {
            t->answer[i].used = true;
            return;
        }
    char text[300];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    kit_err(t->path, line, "%s [%s]", text, rule);
}

static void read_answer(struct tpl *t, const char *comment, int line)
{
    comment += strspn(comment, " ");
    if (!kit_starts(comment, "tpllint:"))
        return;
    comment += strlen("tpllint:");
    comment += strspn(comment, " ");
    size_t n = strspn(comment, "abcdefghijklmnopqrstuvwxyz");
    struct answer a = { .rule = kit_strndup(comment, n), .line = line };
    const char *why = comment + n + strspn(comment + n, ", ");
    if (!kit_word_in(a.rule, rules))
        kit_err(t->path, line, "unknown rule \"%s\" to ignore", a.rule);
    else if (!kit_starts(why, "because ") || strlen(why) < 16)
        kit_err(t->path, line, "write \"tpllint: %s, because\" and the reason", a.rule);
    else
        KIT_PUSH(t->answer, t->nanswers, a);
}

/* Text that C made safe: slots, holes, expanded content, JSON-LD, rendered Markdown. */
static bool may_be_raw(const char *name)
{
    static const char *const names[] = { "CONTENT", "JSON", "CSRF_FIELD", NULL };
    return kit_starts(name, "SLOT_") || kit_starts(name, "HOLE_") || kit_ends(name, "_HTML") ||
           kit_word_in(name, names);
}

static void check_modifier(struct tpl *t, const char *name, const char *modifier, int line)
{
    if (*modifier == '\0')
        return;
    if (strcmp(modifier, ":none") == 0 && may_be_raw(name))
        return;
    if (strcmp(modifier, ":none") == 0)
        tpl_fault(
            t, "none", line,
            "{{%s:none}} is not escaped: only SLOT_ HOLE_ _HTML CONTENT JSON CSRF_FIELD may be",
            name);
    else
        tpl_fault(t, "none", line, "{{%s%s}}: formatting is done in C, remove the modifier", name,
                  modifier);
}

static void close_section(struct tpl *t, const char *name, int line, struct section *open,
                          size_t *depth)
{
    if (*depth == 0) {
        kit_err(t->path, line, "{{/%s}} closes nothing", name);
        return;
    }
    (*depth)--;
    if (strcmp(open[*depth].name, name) != 0)
        kit_err(t->path, line, "{{/%s}} closes {{#%s}} of line %d", name, open[*depth].name,
                open[*depth].line);
}

/* Between the braces of one marker. */
static void marker(struct tpl *t, const char *inside, int line, struct names *used,
                   struct section **open, size_t *depth)
{
    char kind = *inside;
    if (kind == '!') {
        read_answer(t, inside + 1, line);
        return;
    }
    if (kind == '%') {
        if (line != 1)
            kit_err(t->path, line, "{{%s}}: a pragma stands on line 1", inside);
        return;
    }
    bool sign = kind == '#' || kind == '/' || kind == '>';
    const char *p = inside + sign;
    size_t n = strspn(p, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");
    const char *name = kit_strndup(p, n);
    if (n == 0 || (p[n] != '\0' && (p[n] != ':' || sign))) {
        kit_err(t->path, line, "{{%s}}: names are UPPER_CASE; only # / > ! may stand before one",
                inside);
        return;
    }
    check_modifier(t, name, p + n, line);
    if (kind == '/') {
        close_section(t, name, line, *open, depth);
        return;
    }
    names_add(used, name);
    if (kind == '#') {
        struct section s = { name, line };
        struct section *grown = kit_alloc((*depth + 1) * sizeof *grown);
        if (*depth != 0)
            memcpy(grown, *open, *depth * sizeof *grown);
        grown[(*depth)++] = s;
        *open = grown;
    }
}

static void check_markers(struct tpl *t, struct names *used)
{
    struct section *open = NULL;
    size_t depth = 0;
    int line = 1;
    for (const char *p = t->text; *p != '\0'; p++) {
        if (*p == '\n')
            line++;
        if (!kit_starts(p, "{{"))
            continue;
        const char *end = strstr(p, "}}");
        if (end == NULL) {
            kit_err(t->path, line, "{{ is never closed");
            break;
        }
        const char *inside = kit_strndup(p + 2, (size_t)(end - p) - 2);
        marker(t, inside, line, used, &open, &depth);
        for (; p < end + 1; p++)
            line += *p == '\n';
    }
    while (depth > 0) {
        depth--;
        kit_err(t->path, open[depth].line, "{{#%s}} is never closed", open[depth].name);
    }
}

static void check_pragma(const struct tpl *t)
{
    static const char pragma[] = "{{%AUTOESCAPE context=\"HTML\"}}\n";
    bool plain = kit_ends(t->rel, ".txt.tpl");
    if (!plain && !kit_starts(t->text, pragma))
        kit_err(t->path, 1,
                "line 1 must be {{%%AUTOESCAPE context=\"HTML\"}}: nothing is escaped "
                "without it");
    if (plain && kit_starts(t->text, "{{%AUTOESCAPE"))
        kit_err(t->path, 1, "plain text is not escaped: remove the pragma");
}

static void check_names(struct lint *l, const struct tpl *t, const struct names *used)
{
    struct decl *d = decls_find(&l->decls, t->rel);
    if (d == NULL) {
        kit_err(t->path, 0, "declared by no app_template: list its names in the module's table");
        return;
    }
    d->seen = true;
    for (size_t i = 0; i < used->n; i++)
        if (!names_has(&d->names, used->v[i]) && !kit_word_in(used->v[i], globals))
            kit_err(t->path, 0, "uses %s, which %s:%d does not declare", used->v[i], d->file,
                    d->line);
    for (size_t i = 0; i < d->names.n; i++)
        if (!names_has(used, d->names.v[i]))
            kit_err(d->file, d->line, "declares %s for %s, which does not use it", d->names.v[i],
                    t->rel);
}

static void check_template(struct lint *l, const char *rel)
{
    struct tpl t = { .path = kit_printf("templates/%s", rel), .rel = rel };
    struct names used = { 0 };
    const char *path = kit_printf("%s/%s", l->root, t.path);
    t.text = kit_read(path, NULL);
    if (t.text == NULL)
        kit_die("cannot read %s: %s", path, strerror(errno));
    unsigned before = kit_problems;
    check_pragma(&t);
    check_markers(&t, &used);
    if (!kit_ends(rel, ".txt.tpl"))
        tpl_check_html(&t);
    for (size_t i = 0; i < t.nanswers; i++)
        if (!t.answer[i].used)
            kit_err(t.path, t.answer[i].line,
                    "ignores rule \"%s\", which finds nothing here: remove it", t.answer[i].rule);
    if (before == kit_problems)
        KIT_PUSH(l->loadable, l->nloadable, path);
    check_names(l, &t, &used);
}

/* ctemplate's own opinion on the files that passed. */
static void load_all(struct lint *l)
{
    const char **argv = kit_alloc((l->nloadable + 4) * sizeof *argv);
    size_t n = 0;
    argv[n++] = "ctemplate-make_tpl_varnames_h";
    argv[n++] = "-n";
    argv[n++] = "-q";
    for (size_t i = 0; i < l->nloadable; i++)
        argv[n++] = l->loadable[i];
    int rc = l->nloadable == 0 ? 0 : kit_run(argv, "/dev/null");
    if (rc == 127)
        kit_die("ctemplate-make_tpl_varnames_h is not installed: install libctemplate-dev");
    if (rc != 0)
        kit_err("templates", 0, "ctemplate does not load a file named above");
}

static int usage(void)
{
    fputs("usage: tpllint [--declared FILE] [--no-load] [--list] ROOT\n"
          "Checks ROOT/templates against the tables in ROOT/src and ROOT/modules and in FILE\n"
          "(lines \"file NAME NAME ...\"). --no-load leaves ctemplate's check out, --list prints\n"
          "what is declared.\n",
          stderr);
    return 2;
}

static void list_all(const struct decls *d)
{
    for (size_t i = 0; i < d->n; i++) {
        fputs(d->v[i].template, stdout);
        for (size_t k = 0; k < d->v[i].names.n; k++)
            printf(" %s", d->v[i].names.v[k]);
        putchar('\n');
    }
}

int main(int argc, char **argv)
{
    struct lint l = { .load = true };
    const char *v;
    bool list = false;
    kit_tool = "tpllint";
    for (int i = 1; i < argc; i++) {
        if ((v = kit_option(argc, argv, &i, "--declared")) != NULL)
            decls_from_file(&l.decls, v);
        else if (strcmp(argv[i], "--no-load") == 0)
            l.load = false;
        else if (strcmp(argv[i], "--list") == 0)
            list = true;
        else if (argv[i][0] != '-' && l.root == NULL)
            l.root = argv[i];
        else
            return usage();
    }
    if (l.root == NULL)
        return usage();
    decls_from_c(&l.decls, l.root);
    if (list) {
        list_all(&l.decls);
        kit_end();
        return 0;
    }
    struct files files = kit_walk(kit_printf("%s/templates", l.root), ".tpl");
    for (size_t i = 0; i < files.n; i++)
        check_template(&l, files.v[i]);
    for (size_t i = 0; i < l.decls.n; i++)
        if (!l.decls.v[i].seen)
            kit_err(l.decls.v[i].file, l.decls.v[i].line, "declares %s, which is not in templates/",
                    l.decls.v[i].template);
    if (l.load)
        load_all(&l);
    unsigned problems = kit_problems;
    if (problems != 0)
        fprintf(stderr, "tpllint: %u faults in %zu templates\n", problems, files.n);
    kit_end();
    return problems != 0;
}
