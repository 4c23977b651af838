/* tplexpand.c: makes the templates of one language. [[Add to cart]] in a template is a gettext
 * message; the copy for Sinhala holds the Sinhala words, so a page costs nothing extra to
 * translate. Values belong to {{NAMES}}, plurals to C (tr_n). Invariant: what is put in is escaped
 * for HTML text and for attributes in double or single quotes alike, and a translation cannot add
 * or drop a
 * {{NAME}}; files named *.txt.tpl are plain text and take the words as they are. */
#include "tplexpand.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct expand {
    const char *file; /* for messages */
    const char *module;
    bool plain;
    const struct po *po; /* all modules */
    size_t npo;
    struct po_use *use; /* extraction: every text found */
    size_t nuse;
};

/* "&amp;" "&#160;" "&#xa0;": length of the entity at s, 0 when '&' is just an ampersand. */
static size_t entity_length(const char *s)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    size_t n = 1, digits;
    if (s[n] == '#') {
        bool hex = s[2] == 'x' || s[2] == 'X';
        n = hex ? 3 : 2;
        digits = strspn(s + n, hex ? "0123456789abcdefABCDEF" : "0123456789");
        if (digits == 0 || digits > 7)
            return 0;
    } else {
        digits = strspn(s + n, letters);
        if (digits < 2 || digits > 31)
            return 0;
        digits += strspn(s + n + digits, "0123456789");
    }
    return s[n + digits] == ';' ? n + digits + 1 : 0;
}

static void put_escaped(struct text *out, const char *s)
{
    while (*s != '\0') {
        size_t n = *s == '&' ? entity_length(s) : 0;
        if (n != 0) {
            text_add(out, s, n);
            s += n;
            continue;
        }
        switch (*s) {
        case '&':
            text_str(out, "&amp;");
            break;
        case '<':
            text_str(out, "&lt;");
            break;
        case '>':
            text_str(out, "&gt;");
            break;
        case '"':
            text_str(out, "&quot;");
            break;
        case '\'':
            text_str(out, "&#39;");
            break;
        default:
            text_char(out, *s);
            break;
        }
        s++;
    }
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The {{NAMES}} of s, sorted and joined: two texts with the same set give the same string. NULL
 * when something else stands between the braces. */
static const char *names_of(const char *s)
{
    const char **v = NULL;
    size_t n = 0;
    struct text all = { 0 };
    while ((s = strstr(s, "{{")) != NULL) {
        s += 2;
        size_t len = strspn(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");
        if (len == 0 || strncmp(s + len, "}}", 2) != 0)
            return NULL;
        KIT_PUSH(v, n, kit_strndup(s, len));
        s += len + 2;
    }
    if (n > 1)
        qsort(v, n, sizeof *v, by_text);
    for (size_t i = 0; i < n; i++)
        text_fmt(&all, "%s ", v[i]);
    return text_get(&all);
}

static const char *translate(const struct expand *x, const char *id, int line)
{
    const char *names = names_of(id);
    if (names == NULL) {
        kit_err(x->file, line, "[[%s]]: only plain {{NAMES}} may stand in a text", id);
        return id;
    }
    const struct po_entry *e = NULL;
    for (size_t i = 0; i < x->npo && e == NULL; i++)
        if (strcmp(x->po[i].module, x->module) == 0)
            e = po_find(&x->po[i], id);
    for (size_t i = 0; i < x->npo && e == NULL; i++)
        e = po_find(&x->po[i], id);
    if (e == NULL)
        return id;
    const char *got = names_of(e->str);
    if (got == NULL || strcmp(got, names) != 0) {
        kit_err(e->file, 0, "translation of \"%s\" must hold the same {{NAMES}}", id);
        return id;
    }
    return e->str;
}

/* White space in a message is one space, whatever the template's line breaks. */
static const char *message_of(const char *p, size_t n)
{
    struct text t = { 0 };
    bool gap = false;
    for (size_t i = 0; i < n; i++) {
        if (strchr(" \t\r\n", p[i]) != NULL) {
            gap = t.n != 0;
            continue;
        }
        if (gap)
            text_char(&t, ' ');
        gap = false;
        text_char(&t, p[i]);
    }
    return text_get(&t);
}

static int lines_in(const char *p, size_t n)
{
    int lines = 0;
    for (size_t i = 0; i < n; i++)
        lines += p[i] == '\n';
    return lines;
}

static void drop_indent(struct text *out)
{
    size_t n = out->n;
    while (n != 0 && (out->p[n - 1] == ' ' || out->p[n - 1] == '\t'))
        n--;
    if (out->p != NULL && (n == 0 || out->p[n - 1] == '\n')) {
        out->n = n;
        out->p[n] = '\0';
    }
}

/* Copies text to out with its [[messages]] replaced. */
static void expand(struct expand *x, const char *text, struct text *out)
{
    int line = 1;
    while (*text != '\0') {
        size_t n = 1;
        if (strncmp(text, "{{!", 3) == 0) { /* a comment is copied as it is */
            const char *end = strstr(text, "}}");
            n = end == NULL ? strlen(text) : (size_t)(end - text) + 2;
            text_add(out, text, n);
        } else if (strncmp(text, "{{>", 3) == 0) {
            /* ctemplate would indent the whole include like this line, at every expansion */
            drop_indent(out);
            text_add(out, text, n);
        } else if (strncmp(text, "[[", 2) == 0) {
            const char *end = strstr(text, "]]");
            if (end == NULL) {
                kit_err(x->file, line, "[[ is never closed");
                return;
            }
            const char *id = message_of(text + 2, (size_t)(end - text) - 2);
            n = (size_t)(end - text) + 2;
            if (*id == '\0')
                kit_err(x->file, line, "[[]] holds no text");
            struct po_use use = { id, x->file, line };
            KIT_PUSH(x->use, x->nuse, use);
            const char *words = translate(x, id, line);
            if (x->plain)
                text_str(out, words);
            else
                put_escaped(out, words);
        } else {
            text_add(out, text, n);
        }
        line += lines_in(text, n);
        text += n;
    }
}

static const char *module_of(const char *path)
{
    const char *slash = strchr(path, '/');
    return slash == NULL ? "" : kit_strndup(path, (size_t)(slash - path));
}

static void remove_stale(const char *out, const struct files *keep)
{
    struct files old = kit_walk(out, ".tpl");
    for (size_t i = 0; i < old.n; i++) {
        bool known = false;
        for (size_t k = 0; k < keep->n && !known; k++)
            known = strcmp(old.v[i], keep->v[k]) == 0;
        if (!known)
            unlink(kit_printf("%s/%s", out, old.v[i]));
    }
}

static void write_copy(const char *out, const char *rel, const struct text *t)
{
    const char *path = kit_printf("%s/%s", out, rel);
    kit_mkdirs(kit_strndup(path, (size_t)(kit_base(path) - path)));
    kit_write(path, text_get(t), t->n);
}

static int usage(void)
{
    fputs("usage: tplexpand --templates DIR --locale-dir DIR --lang TAG --out DIR\n"
          "       tplexpand --extract --templates DIR --out FILE.pot [--only MODULE]\n",
          stderr);
    return 2;
}

struct options {
    const char *templates, *locale_dir, *lang, *out, *only;
    bool extract;
};

static bool options(int argc, char **argv, struct options *o)
{
    const char *v;
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--extract") == 0)
            o->extract = true;
        else if ((v = kit_option(argc, argv, &i, "--templates")) != NULL)
            o->templates = v;
        else if ((v = kit_option(argc, argv, &i, "--locale-dir")) != NULL)
            o->locale_dir = v;
        else if ((v = kit_option(argc, argv, &i, "--lang")) != NULL)
            o->lang = v;
        else if ((v = kit_option(argc, argv, &i, "--out")) != NULL)
            o->out = v;
        else if ((v = kit_option(argc, argv, &i, "--only")) != NULL)
            o->only = v;
        else
            return false;
    }
    return o->templates != NULL && o->out != NULL &&
           (o->extract || (o->locale_dir != NULL && o->lang != NULL));
}

/* A line with nothing but one section, include or comment: it makes no line of its own. */
static bool is_lone_marker(const char *p, size_t n)
{
    if (n < 5 || p[0] != '{' || p[1] != '{' || strchr("#/>!%", p[2]) == NULL)
        return false;
    const char *end = strstr(p, "}}");
    return end != NULL && (size_t)(end - p) + 2 == n;
}

/* Plain text keeps its lines: ctemplate drops empty ones, so they are written as what it prints. */
static struct text keep_lines(const char *p)
{
    struct text out = { 0 };
    while (*p != '\0') {
        size_t n = strcspn(p, "\n");
        if (n == 0)
            text_str(&out, "{{BI_NEWLINE}}");
        else if (is_lone_marker(p, n))
            text_fmt(&out, "%.*s", (int)n, p);
        else
            text_fmt(&out, "%.*s\n", (int)n, p);
        p += n + (p[n] == '\n');
    }
    return out;
}

int main(int argc, char **argv)
{
    struct options o = { 0 };
    kit_tool = "tplexpand";
    if (!options(argc, argv, &o))
        return usage();
    if (!kit_is_dir(o.templates))
        kit_die("%s is not a folder", o.templates);

    struct expand x = { 0 };
    if (!o.extract) {
        struct files modules = kit_subdirs(o.locale_dir);
        struct po *po = kit_alloc((modules.n + 1) * sizeof *po);
        for (size_t i = 0; i < modules.n; i++)
            po[x.npo++] = po_load(o.locale_dir, modules.v[i], o.lang);
        x.po = po;
    }
    struct files files = kit_walk(o.templates, ".tpl");
    for (size_t i = 0; i < files.n; i++) {
        x.module = module_of(files.v[i]);
        if (o.only != NULL && strcmp(o.only, x.module) != 0)
            continue;
        const char *path = kit_printf("%s/%s", o.templates, files.v[i]);
        x.file = o.extract ? kit_printf("templates/%s", files.v[i]) : path;
        x.plain = kit_ends(files.v[i], ".txt.tpl");
        const char *text = kit_read(path, NULL);
        if (text == NULL)
            kit_die("cannot read %s: %s", path, strerror(errno));
        struct text out = { 0 };
        expand(&x, text, &out);
        if (x.plain)
            out = keep_lines(text_get(&out));
        if (!o.extract)
            write_copy(o.out, files.v[i], &out);
    }
    if (o.extract)
        po_write_template(o.out, x.use, x.nuse);
    else
        remove_stale(o.out, &files);
    unsigned problems = kit_problems;
    kit_end();
    return problems != 0;
}
