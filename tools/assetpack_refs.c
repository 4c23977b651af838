/* assetpack_refs.c: finds references to other assets and replaces them by hashed names: url() and
 * @import in CSS, the quoted path after from/import in ES modules, any quoted path in a web
 * manifest. It is no parser of these languages; it skips comments in CSS and looks at nothing but
 * relative paths. Invariant: a reference that points at no file is a fault, never left as it is. */
#include "assetpack.h"

#include <string.h>

struct scan {
    struct pack *p;
    const struct asset *a;
    struct text *out;
    size_t at;
    int line;
};

static const char *here(const struct scan *s)
{
    return s->a->text + s->at;
}

static void copy(struct scan *s, size_t n)
{
    for (size_t i = 0; i < n; i++)
        s->line += here(s)[i] == '\n';
    text_add(s->out, here(s), n);
    s->at += n;
}

static bool is_relative(const char *ref)
{
    return *ref != '\0' && *ref != '/' && *ref != '#' && *ref != '?' &&
           strcspn(ref, ":") >= strcspn(ref, "/") && !kit_starts(ref, "data:");
}

/* Writes what ref becomes: the hashed name with ref's own "#part"; prefix is "./" for modules. */
static bool put_ref(struct scan *s, const char *ref, const char *prefix)
{
    size_t n = strcspn(ref, "?#");
    const char *name = pack_resolve(s->p, s->a, kit_strndup(ref, n), s->line);
    if (name == NULL)
        return false;
    text_fmt(s->out, "%s%s%s", prefix, name, ref + n);
    return true;
}

static void missing(const struct scan *s, const char *ref)
{
    kit_err(s->a->path, s->line, "\"%s\": no such asset", ref);
}

/* At the first byte of a CSS reference: quoted, or bare up to ')'. */
static void css_ref(struct scan *s)
{
    char quote = *here(s) == '"' || *here(s) == '\'' ? *here(s) : '\0';
    size_t from = quote != '\0';
    size_t n = quote != '\0' ? strcspn(here(s) + 1, quote == '"' ? "\"" : "'")
                             : strcspn(here(s), ") \t\r\n");
    const char *ref = kit_strndup(here(s) + from, n);
    if (!is_relative(ref)) {
        copy(s, n + from);
        return;
    }
    copy(s, from);
    if (!put_ref(s, ref, "")) {
        missing(s, ref);
        text_str(s->out, ref);
    }
    s->at += n;
}

static void rewrite_css(struct scan *s)
{
    while (*here(s) != '\0') {
        if (kit_starts(here(s), "/*")) {
            const char *end = strstr(here(s) + 2, "*/");
            copy(s, end == NULL ? strlen(here(s)) : (size_t)(end - here(s)) + 2);
        } else if (kit_starts(here(s), "url(")) {
            copy(s, 4);
            copy(s, strspn(here(s), " \t\r\n"));
            css_ref(s);
        } else if (kit_starts(here(s), "@import")) {
            copy(s, strlen("@import"));
            copy(s, strspn(here(s), " \t\r\n"));
            if (*here(s) == '"' || *here(s) == '\'')
                css_ref(s);
        } else {
            copy(s, 1);
        }
    }
}

/* True when the text before a quote ends in from, import or import( . */
static bool after_import(const struct scan *s)
{
    static const char *const words[] = { "from", "import", NULL };
    size_t n = s->at;
    const char *t = s->a->text;
    while (n != 0 && strchr(" \t(", t[n - 1]) != NULL)
        n--;
    for (size_t i = 0; words[i] != NULL; i++) {
        size_t len = strlen(words[i]);
        if (n >= len && strncmp(t + n - len, words[i], len) == 0)
            return true;
    }
    return false;
}

/* A quoted path: replaced when it names an asset; must = it has to. */
static void quoted(struct scan *s, const char *prefix, bool must)
{
    const char *end = strchr(here(s) + 1, *here(s));
    size_t n = end == NULL ? 0 : (size_t)(end - here(s)) - 1;
    const char *ref = kit_strndup(here(s) + 1, n);
    copy(s, 1);
    if (n == 0 || !is_relative(ref) || strpbrk(ref, " \n") != NULL)
        return;
    if (put_ref(s, ref, prefix))
        s->at += n;
    else if (must)
        missing(s, ref);
}

static void rewrite_js(struct scan *s)
{
    while (*here(s) != '\0') {
        const char *p = here(s);
        bool is_path =
            (*p == '"' || *p == '\'') && (kit_starts(p + 1, "./") || kit_starts(p + 1, "../"));
        if (is_path)
            quoted(s, "./", after_import(s));
        else
            copy(s, 1);
    }
}

static void rewrite_manifest(struct scan *s)
{
    while (*here(s) != '\0') {
        if (*here(s) == '"')
            quoted(s, "", false);
        else
            copy(s, 1);
    }
}

void pack_rewrite(struct pack *p, const struct asset *a, struct text *out)
{
    struct scan s = { .p = p, .a = a, .out = out, .at = 0, .line = 1 };
    if (kit_ends(a->rel, ".css"))
        rewrite_css(&s);
    else if (kit_ends(a->rel, ".js") || kit_ends(a->rel, ".mjs"))
        rewrite_js(&s);
    else if (kit_ends(a->rel, ".webmanifest"))
        rewrite_manifest(&s);
    else
        text_add(out, a->text, a->n);
}
