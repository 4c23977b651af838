/* tpllint_decl.c: which names the C side sets in which template. It reads the tables themselves out
 * of the sources: arrays of strings (static const char *const x[] = { "A", NULL }) and entries
 * { "m/file.tpl", x }, also with designators or the list in place. It is no C parser: it walks
 * words, strings and brackets. Invariant: an entry it cannot follow is a fault, never an empty
 * list. */
#include "tpllint.h"

#include "csrc.h"

#include <errno.h>
#include <string.h>

struct token {
    char kind; /* 'w' word, 's' string, else the character itself; 0 at the end */
    const char *text;
    size_t at;
};
struct array {
    const char *name;
    struct names names;
};
struct unit { /* one C file */
    const char *path;
    const char *text;
    struct token *t;
    size_t n;
};

void names_add(struct names *n, const char *name)
{
    if (!names_has(n, name))
        KIT_PUSH(n->v, n->n, name);
}

bool names_has(const struct names *n, const char *name)
{
    for (size_t i = 0; i < n->n; i++)
        if (strcmp(n->v[i], name) == 0)
            return true;
    return false;
}

struct decl *decls_find(struct decls *d, const char *template)
{
    for (size_t i = 0; i < d->n; i++)
        if (strcmp(d->v[i].template, template) == 0)
            return &d->v[i];
    return NULL;
}

static struct decl *find_or_add(struct decls *d, const char *template, const char *file, int line)
{
    struct decl *old = decls_find(d, template);
    if (old != NULL)
        return old;
    struct decl fresh = { .template = template, .file = file, .line = line };
    KIT_PUSH(d->v, d->n, fresh);
    return &d->v[d->n - 1];
}

static void add_token(struct unit *u, char kind, const char *text, size_t at)
{
    struct token t = { kind, text, at };
    KIT_PUSH(u->t, u->n, t);
}

static void tokens(struct unit *u)
{
    struct csrc c = csrc_split(u->path, u->text);
    for (size_t i = 0; i < c.n;) {
        if (strchr(" \t\r\n", c.code[i]) != NULL) {
            i++;
        } else if (c.code[i] == '"') {
            size_t end = i + 1;
            while (end < c.n && c.code[end] != '"')
                end++;
            add_token(u, 's', kit_strndup(c.text + i + 1, end - i - 1), i);
            i = end + 1;
        } else if (csrc_is_word_char(c.code[i])) {
            size_t end = i;
            while (csrc_is_word_char(c.code[end]))
                end++;
            add_token(u, 'w', kit_strndup(c.code + i, end - i), i);
            i = end;
        } else {
            add_token(u, c.code[i], "", i);
            i++;
        }
    }
    add_token(u, 0, "", c.n);
}

static bool is_word(const struct token *t, const char *word)
{
    return t->kind == 'w' && strcmp(t->text, word) == 0;
}

/* At '{': a list of strings that ends with NULL. Returns the token behind '}', 0 when it is another
 * kind of list. */
static size_t string_list(const struct unit *u, size_t i, struct names *out)
{
    for (i++; u->t[i].kind != 0; i++) {
        if (u->t[i].kind == 's')
            names_add(out, u->t[i].text);
        else if (u->t[i].kind == '}')
            return i + 1;
        else if (u->t[i].kind != ',' && !is_word(&u->t[i], "NULL"))
            return 0;
    }
    return 0;
}

/* Every  NAME [ ] = { "A", ..., NULL }  of the file. */
static void find_arrays(const struct unit *u, struct array **arrays, size_t *n)
{
    for (size_t i = 0; i + 5 < u->n; i++) {
        if (u->t[i].kind != 'w' || u->t[i + 1].kind != '[')
            continue;
        size_t k = i + 2;
        while (u->t[k].kind == 'w')
            k++;
        if (u->t[k].kind != ']' || u->t[k + 1].kind != '=' || u->t[k + 2].kind != '{')
            continue;
        struct array a = { .name = u->t[i].text };
        if (string_list(u, k + 2, &a.names) != 0 && a.names.n != 0)
            KIT_PUSH(*arrays, *n, a);
    }
}

static size_t skip_designator(const struct unit *u, size_t i)
{
    return u->t[i].kind == '.' && u->t[i + 1].kind == 'w' && u->t[i + 2].kind == '=' ? i + 3 : i;
}

/* The entry  { "m/x.tpl", LIST }  whose string is token i. */
static void read_entry(const struct unit *u, size_t i, const struct array *arrays, size_t n,
                       struct decls *d)
{
    int line = csrc_line(u->text, u->t[i].at);
    struct decl *decl = find_or_add(d, u->t[i].text, u->path, line);
    size_t k = skip_designator(u, i + 2);
    if (u->t[k].kind == '(') { /* a list in place: (const char *const[]){ ... } */
        while (u->t[k].kind != 0 && u->t[k].kind != '{')
            k++;
        if (u->t[k].kind == '{' && string_list(u, k, &decl->names) != 0)
            return;
    } else if (is_word(&u->t[k], "NULL")) {
        return;
    } else if (u->t[k].kind == 'w') {
        for (size_t a = 0; a < n; a++)
            if (strcmp(arrays[a].name, u->t[k].text) == 0) {
                for (size_t j = 0; j < arrays[a].names.n; j++)
                    names_add(&decl->names, arrays[a].names.v[j]);
                return;
            }
    }
    kit_err(u->path, line,
            "names of \"%s\" not found: declare them as "
            "static const char *const x[] = { \"NAME\", NULL }",
            u->t[i].text);
}

static void find_entries(const struct unit *u, const struct array *arrays, size_t n,
                         struct decls *d)
{
    for (size_t i = 1; i + 2 < u->n; i++) {
        size_t before = i - 1;
        if (u->t[i].kind != 's' || !kit_ends(u->t[i].text, ".tpl") || u->t[i + 1].kind != ',')
            continue;
        if (u->t[before].kind == '=' && before >= 3 && u->t[before - 2].kind == '.')
            before -= 3; /* .file = */
        if (u->t[before].kind == '{')
            read_entry(u, i, arrays, n, d);
    }
}

static void folder(struct decls *d, const char *root, const char *dir)
{
    struct files files = kit_walk(kit_printf("%s/%s", root, dir), ".c");
    struct unit *units = NULL;
    struct array *arrays = NULL;
    size_t nunits = 0, narrays = 0;
    for (size_t i = 0; i < files.n; i++) {
        struct unit u = { .path = kit_printf("%s/%s", dir, files.v[i]) };
        u.text = kit_read(kit_printf("%s/%s", root, u.path), NULL);
        if (u.text == NULL)
            kit_die("cannot read %s: %s", u.path, strerror(errno));
        if (strstr(u.text, ".tpl\"") == NULL && strstr(u.text, "*const ") == NULL)
            continue;
        tokens(&u);
        find_arrays(&u, &arrays, &narrays);
        KIT_PUSH(units, nunits, u);
    }
    for (size_t i = 0; i < nunits; i++)
        find_entries(&units[i], arrays, narrays, d);
}

void decls_from_c(struct decls *d, const char *root)
{
    folder(d, root, "src/app");
    folder(d, root, "src/shop");
    struct files modules = kit_subdirs(kit_printf("%s/modules", root));
    for (size_t i = 0; i < modules.n; i++)
        folder(d, root, kit_printf("modules/%s", modules.v[i]));
}

void decls_from_file(struct decls *d, const char *path)
{
    char *text = kit_read(path, NULL), *save = NULL;
    if (text == NULL)
        kit_die("cannot read %s: %s", path, strerror(errno));
    int line = 0;
    for (char *next = text; next != NULL;) {
        char *this = next;
        next = strchr(this, '\n');
        if (next != NULL)
            *next++ = '\0';
        line++;
        this[strcspn(this, "#")] = '\0';
        const char *word = strtok_r(this, " \t\r", &save);
        if (word == NULL)
            continue;
        struct decl *decl = find_or_add(d, word, path, line);
        while ((word = strtok_r(NULL, " \t\r", &save)) != NULL)
            names_add(&decl->names, word);
    }
}
