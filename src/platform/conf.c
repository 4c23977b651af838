/* conf.c: the configuration: defaults, then the file (conf_file.c), then the environment, then the
 * checks of conf_keys.c. Values are collected as text with the place they came from, so that
 * whatever is wrong is told by file, line and key. Not for what shops change: that is in the
 * database. Invariant: a struct conf that conf_load returns is complete and checked. */
#include "platform/conf.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/str.h"
#include "base/utf8.h"
#include "platform/conf_int.h"

/* Keeps the first problem: later ones follow from it. */
void conf_say(struct conf_loader *l, const char *problem)
{
    if (!l->problem)
        l->problem = problem;
}

const char *conf_label(struct conf_loader *l, const struct conf_key *k, const char *pool)
{
    return pool ? arena_printf(l->a, "pool %s.%s", pool, k->name)
                : arena_printf(l->a, "%s.%s", k->section, k->name);
}

/* ---- collecting ------------------------------------------------------------------------------ */

static void set_default(struct conf_loader *l, struct conf_raw *raw, const struct conf_key *k)
{
    raw->v = arena_array(l->a, const char *, CONF_VALUES_MAX);
    raw->n = 0;
    raw->place = NULL;
    if (k->kind != CONF_LIST) {
        raw->v[raw->n++] = k->dflt;
        return;
    }
    if (!*k->dflt)
        return;
    char **part;
    size_t n = str_split(l->a, k->dflt, ',', &part);
    for (size_t i = 0; i < n; i++)
        raw->v[raw->n++] = part[i];
}

struct conf_pool_raw *conf_pool_named(struct conf_loader *l, const char *name)
{
    for (size_t i = 0; i < l->npools; i++) {
        if (str_eq(l->pool[i].name, name))
            return &l->pool[i];
    }
    if (l->npools == CONF_POOLS_MAX)
        return NULL;
    struct conf_pool_raw *p = &l->pool[l->npools++];
    p->name = arena_strdup(l->a, name);
    p->raw = arena_array(l->a, struct conf_raw, conf_nkeys);
    for (size_t i = 0; i < conf_nkeys; i++)
        set_default(l, &p->raw[i], &conf_keys[i]);
    return p;
}

bool conf_in_section(const struct conf_key *k, const char *section)
{
    return strcmp(k->section, section) == 0;
}

/* ---- the environment --------------------------------------------------------------------------
 */

static char *variable(struct conf_loader *l, const char *section, const char *pool, const char *key)
{
    char *name = pool ? arena_printf(l->a, "KADE_POOL_%s_%s", pool, key)
                      : arena_printf(l->a, "KADE_%s_%s", section, key);
    for (char *p = name; *p; p++) {
        if (*p >= 'a' && *p <= 'z')
            *p = (char)(*p - ('a' - 'A'));
    }
    return name;
}

static void take_variable(struct conf_loader *l, struct conf_raw *raw, const struct conf_key *k,
                          const char *value)
{
    raw->place = "environment";
    raw->n = 0;
    if (k->kind != CONF_LIST) {
        raw->v[raw->n++] = value;
        return;
    }
    char **part;
    size_t n = *value ? str_split(l->a, value, ',', &part) : 0;
    for (size_t i = 0; i < n && i < CONF_VALUES_MAX; i++)
        raw->v[raw->n++] = str_trim(l->a, part[i]);
}

/* The raw value that a variable of the environment replaces; NULL when it names no key. */
static struct conf_raw *raw_of(struct conf_loader *l, const char *name, const struct conf_key **key)
{
    for (size_t i = 0; i < conf_nkeys; i++) {
        const struct conf_key *k = *key = &conf_keys[i];
        if (!conf_in_section(k, "pool")) {
            if (str_eq(name, variable(l, k->section, NULL, k->name)))
                return &l->raw[i];
            continue;
        }
        for (size_t p = 0; p < l->npools; p++) {
            if (str_eq(name, variable(l, NULL, l->pool[p].name, k->name)))
                return &l->pool[p].raw[i];
        }
    }
    return NULL;
}

static enum rc read_environment(struct conf_loader *l)
{
    static const char *const ours[] = { "KADE_APP_",  "KADE_DB_",      "KADE_CACHE_", "KADE_HTTP_",
                                        "KADE_MAIL_", "KADE_STORAGE_", "KADE_POOL_" };
    for (char **e = environ; e && *e; e++) {
        bool mine = false;
        for (size_t i = 0; i < COUNT_OF(ours); i++)
            mine = mine || str_starts(*e, ours[i]);
        const char *equals = strchr(*e, '=');
        if (!mine || !equals)
            continue;
        const char *name = arena_strndup(l->a, *e, (size_t)(equals - *e));
        const struct conf_key *k;
        struct conf_raw *raw = raw_of(l, name, &k);
        if (!raw) {
            conf_say(l, arena_printf(l->a,
                                     "environment: %s: unknown key; unset it or correct its name",
                                     name));
            return RC_INVALID;
        }
        take_variable(l, raw, k, equals + 1);
    }
    return RC_OK;
}

/* ---- checking and converting ------------------------------------------------------------------
 */

static enum rc refuse(struct conf_loader *l, const struct conf_key *k, const char *pool,
                      const struct conf_raw *raw, const char *value, const char *how)
{
    bool env = str_eq(raw->place, "environment");
    const char *key = env ? variable(l, k->section, pool, k->name) : conf_label(l, k, pool);
    conf_say(l, arena_printf(l->a, "%s: %s: \"%s\": %s", raw->place ? raw->place : "built-in", key,
                             value, how));
    return RC_INVALID;
}

/* value is clean text and passes the key's own check. */
static const char *wrong_with(struct conf_loader *l, const struct conf_key *k, const char *value)
{
    return k->check ? k->check(l->a, value) : NULL;
}

static enum rc convert(struct conf_loader *l, const struct conf_key *k, const char *pool,
                       const struct conf_raw *raw, char *at)
{
    struct arena *owner = l->c->arena;
    const char **list = arena_array(owner, const char *, raw->n + 1);
    for (size_t i = 0; i < raw->n; i++) {
        char *clean;
        if (utf8_clean(owner, raw->v[i], strlen(raw->v[i]), 0, &clean) != RC_OK)
            return refuse(l, k, pool, raw, "?", "use UTF-8 text without control characters");
        const char *wrong = wrong_with(l, k, clean);
        if (wrong)
            return refuse(l, k, pool, raw, clean, wrong);
        list[i] = clean;
    }
    int64_t number;
    switch (k->kind) {
    case CONF_LIST:
        *(const char *const **)(void *)at = list;
        return RC_OK;
    case CONF_TEXT:
        *(const char **)(void *)at = list[0];
        return RC_OK;
    case CONF_FLAG:
        if (conf_flag(list[0], (bool *)(void *)at) != RC_OK)
            return refuse(l, k, pool, raw, list[0], "use true or false");
        return RC_OK;
    case CONF_NUMBER:
        if (str_int(list[0], k->min, k->max, &number) != RC_OK)
            return refuse(l, k, pool, raw, list[0],
                          arena_printf(l->a, "use a whole number from %lld to %lld",
                                       (long long)k->min, (long long)k->max));
        *(int *)(void *)at = (int)number;
        return RC_OK;
    }
    return RC_BUG;
}

static enum rc convert_all(struct conf_loader *l)
{
    struct conf *c = l->c;
    c->npools = l->npools;
    c->pools = arena_array(c->arena, struct conf_pool, l->npools);
    for (size_t i = 0; i < conf_nkeys; i++) {
        const struct conf_key *k = &conf_keys[i];
        if (!conf_in_section(k, "pool")) {
            if (convert(l, k, NULL, &l->raw[i], (char *)c + k->offset) != RC_OK)
                return RC_INVALID;
            continue;
        }
        for (size_t p = 0; p < l->npools; p++) {
            c->pools[p].name = arena_strdup(c->arena, l->pool[p].name);
            if (convert(l, k, l->pool[p].name, &l->pool[p].raw[i],
                        (char *)&c->pools[p] + k->offset) != RC_OK)
                return RC_INVALID;
        }
    }
    return RC_OK;
}

/* ---- what depends on other values --------------------------------------------------------------
 */

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Every <name>.so in the module folder, by name. */
static const char *const *installed_modules(struct conf *c)
{
    const char **name = arena_array(c->arena, const char *, CONF_VALUES_MAX + 1);
    size_t n = 0;
    DIR *dir = opendir(c->module_dir);
    for (struct dirent *e; dir && (e = readdir(dir)) && n < CONF_VALUES_MAX;) {
        size_t len = strlen(e->d_name);
        if (len > 3 && *e->d_name != '.' && str_ends(e->d_name, ".so"))
            name[n++] = arena_strndup(c->arena, e->d_name, len - 3);
    }
    if (dir)
        closedir(dir);
    qsort(name, n, sizeof(*name), by_name);
    return name;
}

static void derive(struct conf_loader *l)
{
    struct conf *c = l->c;
    c->password_cost_min = str_eq(c->password_cost, "min");
    if (!*c->secret_file)
        c->secret_file = arena_printf(c->arena, "%s/secret.key", c->state_dir);
    for (size_t i = 0; i < c->npools; i++) {
        struct conf_pool *p = &c->pools[i];
        if (!*p->listen)
            p->listen = arena_printf(c->arena, "unix:%s/%s.sock", c->state_dir, p->name);
    }
    for (size_t i = 0; i < conf_nkeys; i++) {
        if (str_eq(conf_keys[i].name, "modules") && !l->raw[i].place)
            c->modules = installed_modules(c);
    }
}

/* The pools of an installation whose file names none: staff never wait behind shoppers. */
static void builtin_pools(struct conf_loader *l)
{
    conf_pool_named(l, "shop");
    struct conf_pool_raw *admin = conf_pool_named(l, "admin");
    for (size_t i = 0; i < conf_nkeys; i++) {
        struct conf_raw *raw = &admin->raw[i];
        if (!conf_in_section(&conf_keys[i], "pool"))
            continue;
        if (str_eq(conf_keys[i].name, "role")) {
            raw->v[0] = "kade_admin";
        } else if (str_eq(conf_keys[i].name, "prefixes")) {
            static const char *const paths[] = { "/admin", "/api", "/seller", "/platform" };
            for (raw->n = 0; raw->n < COUNT_OF(paths); raw->n++)
                raw->v[raw->n] = paths[raw->n];
        }
    }
}

static enum rc load(struct conf_loader *l)
{
    l->raw = arena_array(l->a, struct conf_raw, conf_nkeys);
    for (size_t i = 0; i < conf_nkeys; i++)
        set_default(l, &l->raw[i], &conf_keys[i]);
    if (l->file && conf_read_file(l) != RC_OK)
        return RC_INVALID;
    if (l->npools == 0)
        builtin_pools(l);
    if (read_environment(l) != RC_OK || convert_all(l) != RC_OK)
        return RC_INVALID;
    derive(l);
    return conf_check_whole(l->c, l->a, &l->problem);
}

/* One line that may be printed: it quotes what a file or the environment holds. */
static const char *printable(struct arena *a, const char *problem)
{
    char *out;
    if (utf8_clean(a, problem, strlen(problem), 0, &out) == RC_OK)
        return out;
    out = arena_strdup(a, problem);
    for (char *p = out; *p; p++) {
        if (*p < ' ' || *p > '~')
            *p = '?';
    }
    return out;
}

enum rc conf_load(const char *file, struct arena *a, struct conf **out, const char **problem)
{
    struct arena *scratch = arena_new_sized(0), *owner = arena_new_sized(0);
    struct conf_loader *l = arena_new(scratch, struct conf_loader);
    *l = (struct conf_loader){ .a = scratch, .c = arena_new(owner, struct conf), .file = file };
    l->c->arena = owner;
    l->c->file = arena_strdup(owner, file);
    enum rc rc = load(l);
    if (rc == RC_OK) {
        *out = l->c;
    } else {
        *problem = printable(a, l->problem);
        arena_free(owner);
    }
    arena_free(scratch);
    return rc;
}

void conf_free(struct conf *c)
{
    if (c)
        arena_free(c->arena);
}

/* Bytes of the pool's longest prefix that the path is below; "/" alone is below everything. */
static size_t prefix_of(const struct conf_pool *p, const char *path)
{
    size_t longest = 0;
    for (size_t i = 0; p->prefixes[i]; i++) {
        size_t n = strlen(p->prefixes[i]);
        bool below =
            strncmp(path, p->prefixes[i], n) == 0 && (n == 1 || path[n] == '\0' || path[n] == '/');
        if (below && n > longest)
            longest = n;
    }
    return longest;
}

bool conf_pool_serves(const struct conf *c, const char *pool, const char *path)
{
    const struct conf_pool *own = NULL;
    size_t best = 0;
    for (size_t i = 0; i < c->npools; i++) {
        size_t n = prefix_of(&c->pools[i], path);
        best = n > best ? n : best;
        if (str_eq(c->pools[i].name, pool))
            own = &c->pools[i];
    }
    if (!own)
        return true;
    return best == 0 ? !*own->prefixes : prefix_of(own, path) == best;
}
