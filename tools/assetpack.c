/* assetpack.c: copies static/ into the build under names that carry a hash of their bytes
 * (css/app.css becomes app.3f2a91c0.css), so that a browser may keep them for ever. References
 * between assets follow, gzip and brotli twins are made of text, manifest.txt says what became
 * what. It minifies nothing. Invariant: a file is hashed after everything it points at, so a change
 * deep down changes every name above it; files in the output folder that no asset made are removed.
 */
#include "assetpack.h"

#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool is_asset(const char *rel)
{
    static const char *const endings[] = {
        ".txt", ".md", ".json", ".am", ".list", ".license", NULL
    };
    const char *base = kit_base(rel);
    for (size_t i = 0; endings[i] != NULL; i++)
        if (kit_ends(base, endings[i]))
            return false;
    return !kit_starts(base, "LICENSE") && !kit_starts(base, "README") && strchr(base, '.') != NULL;
}

static bool is_text(const char *rel)
{
    static const char *const endings[] = { ".css",         ".js",  ".mjs", ".svg",
                                           ".webmanifest", ".xml", ".map", NULL };
    for (size_t i = 0; endings[i] != NULL; i++)
        if (kit_ends(rel, endings[i]))
            return true;
    return false;
}

/* "css/../fonts/./x.woff2" to "fonts/x.woff2"; NULL when it leaves the folder. */
static const char *normal_path(const char *dir, const char *ref)
{
    char *all = kit_printf("%s%s", dir, ref), *save = NULL;
    const char **part = NULL;
    size_t n = 0;
    for (char *w = strtok_r(all, "/", &save); w != NULL; w = strtok_r(NULL, "/", &save)) {
        if (strcmp(w, ".") == 0)
            continue;
        if (strcmp(w, "..") == 0) {
            if (n == 0)
                return NULL;
            n--;
            continue;
        }
        const char **grown = kit_alloc((n + 1) * sizeof *grown);
        if (n != 0)
            memcpy(grown, part, n * sizeof *grown);
        grown[n++] = w;
        part = grown;
    }
    struct text t = { 0 };
    for (size_t i = 0; i < n; i++)
        text_fmt(&t, "%s%s", i == 0 ? "" : "/", part[i]);
    return text_get(&t);
}

static const char *hashed_name(const struct asset *a)
{
    unsigned char sum[crypto_hash_sha256_BYTES];
    char hex[HASH_TEXT];
    crypto_hash_sha256(sum, (const unsigned char *)a->text, a->n);
    sodium_bin2hex(hex, sizeof hex, sum, 4);
    const char *base = kit_base(a->rel), *dot = strrchr(base, '.');
    return kit_printf("%.*s.%s%s", (int)(dot - base), base, hex, dot);
}

static void finish(struct pack *p, struct asset *a)
{
    if (a->name != NULL)
        return;
    a->open = true;
    if (is_text(a->rel)) {
        struct text out = { 0 };
        pack_rewrite(p, a, &out);
        a->text = text_get(&out);
        a->n = out.n;
    }
    a->open = false;
    a->name = hashed_name(a);
}

const char *pack_resolve(struct pack *p, const struct asset *a, const char *ref, int line)
{
    const char *dir = kit_strndup(a->rel, (size_t)(kit_base(a->rel) - a->rel));
    const char *rel = normal_path(dir, ref);
    for (size_t i = 0; rel != NULL && i < p->n; i++) {
        struct asset *b = &p->v[i];
        if (strcmp(b->rel, rel) != 0)
            continue;
        if (b->open) {
            kit_err(a->path, line, "\"%s\" points back at a file that points here: break the cycle",
                    ref);
            return b->rel;
        }
        finish(p, b);
        return b->name;
    }
    return NULL;
}

static void read_all(struct pack *p, const char *dir)
{
    struct files files = kit_walk(dir, NULL);
    for (size_t i = 0; i < files.n; i++) {
        if (!is_asset(files.v[i]))
            continue;
        struct asset a = { .rel = files.v[i], .path = kit_printf("%s/%s", dir, files.v[i]) };
        a.text = kit_read(a.path, &a.n);
        if (a.text == NULL)
            kit_die("cannot read %s: %s", a.path, strerror(errno));
        for (size_t k = 0; k < p->n; k++)
            if (strcmp(kit_base(p->v[k].rel), kit_base(a.rel)) == 0)
                kit_err(a.path, 0, "has the name of %s: names are flat, rename one", p->v[k].path);
        KIT_PUSH(p->v, p->n, a);
    }
}

/* Makes OUT.gz or OUT.br beside an asset unless it is there (the name says the content). */
static void twin(const char *path, const char *suffix, const char *const *argv)
{
    const char *to = kit_printf("%s%s", path, suffix);
    if (kit_exists(to))
        return;
    const char *tmp = kit_printf("%s.tmp", to);
    int rc = kit_run(argv, tmp);
    if (rc != 0) {
        unlink(tmp);
        kit_die("%s ended with %d on %s: is it installed?", argv[0], rc, path);
    }
    if (rename(tmp, to) != 0)
        kit_die("cannot write %s: %s", to, strerror(errno));
}

static void write_asset(const struct asset *a, const char *out)
{
    const char *path = kit_printf("%s/%s", out, a->name);
    kit_write(path, a->text, a->n);
    if (!is_text(a->rel))
        return;
    const char *const gzip[] = { "gzip", "-9", "-n", "-c", path, NULL };
    const char *const brotli[] = { "brotli", "-q", "11", "-c", path, NULL };
    twin(path, ".gz", gzip);
    twin(path, ".br", brotli);
}

static void remove_stale(const struct pack *p, const char *out)
{
    struct files old = kit_walk(out, NULL);
    for (size_t i = 0; i < old.n; i++) {
        bool known = strcmp(old.v[i], "manifest.txt") == 0;
        for (size_t k = 0; k < p->n && !known; k++) {
            const char *name = p->v[k].name;
            size_t n = strlen(name);
            known = strncmp(old.v[i], name, n) == 0 &&
                    (old.v[i][n] == '\0' ||
                     (is_text(p->v[k].rel) &&
                      (strcmp(old.v[i] + n, ".gz") == 0 || strcmp(old.v[i] + n, ".br") == 0)));
        }
        if (!known)
            unlink(kit_printf("%s/%s", out, old.v[i]));
    }
}

static bool same_folder(const char *a, const char *b)
{
    char *x = realpath(a, NULL), *y = realpath(b, NULL);
    bool same = x != NULL && y != NULL && strcmp(x, y) == 0;
    free(x);
    free(y);
    return same;
}

static int usage(void)
{
    fputs("usage: assetpack --static DIR --out DIR\n", stderr);
    return 2;
}

int main(int argc, char **argv)
{
    const char *dir = NULL, *out = NULL, *v;
    kit_tool = "assetpack";
    for (int i = 1; i < argc; i++) {
        if ((v = kit_option(argc, argv, &i, "--static")) != NULL)
            dir = v;
        else if ((v = kit_option(argc, argv, &i, "--out")) != NULL)
            out = v;
        else
            return usage();
    }
    if (dir == NULL || out == NULL)
        return usage();
    if (!kit_is_dir(dir))
        kit_die("%s is not a folder", dir);
    kit_mkdirs(out);
    if (same_folder(dir, out))
        kit_die("%s is both source and output: build in a folder of its own", dir);

    struct pack p = { 0 };
    struct text manifest = { 0 };
    read_all(&p, dir);
    for (size_t i = 0; i < p.n && kit_problems == 0; i++) {
        finish(&p, &p.v[i]);
        text_fmt(&manifest, "%s %s\n", p.v[i].rel, p.v[i].name);
    }
    unsigned problems = kit_problems;
    if (problems == 0) {
        for (size_t i = 0; i < p.n; i++)
            write_asset(&p.v[i], out);
        kit_write(kit_printf("%s/manifest.txt", out), text_get(&manifest), manifest.n);
        remove_stale(&p, out);
    }
    kit_end();
    return problems != 0;
}
