/* conf.c: reads the configuration: defaults, then the file (libconfuse), then the environment, then
 * the checks of conf_keys.c. Values are collected as text with the place they came from, so that
 * whatever is wrong is told by file, line and key. Not for what shops change: that is in the
 * database. Invariant: a struct conf that conf_load returns is complete and checked. */
#include "platform/conf.h"

#include <confuse.h>
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/str.h"
#include "base/utf8.h"
#include "platform/conf_int.h"

enum { POOLS_MAX = 32, VALUES_MAX = 256, FILE_MAX = 1024 * 1024, SECTIONS_MAX = 8 };

/* One key's text before it is checked. */
struct raw {
    const char **v;
    size_t n;
    const char *place; /* "kade.conf:12" or "environment"; NULL = default */
};

struct loader {
    struct arena *a; /* scratch: collected texts, and the problem */
    struct conf *c;
    const char *file, *problem;
    struct raw *raw; /* conf_nkeys of them; those of section "pool" unused */
    struct pool_raw {
        const char *name;
        struct raw *raw;
    } pool[POOLS_MAX];
    size_t npools;
    const char *section[SECTIONS_MAX];
    size_t nsections;
};

/* libconfuse's callbacks get no pointer of ours. */
static struct {
    struct loader *current;
} state;

/* Keeps the first problem: later ones follow from it. */
static void say(struct loader *l, const char *problem)
{
    if (!l->problem)
        l->problem = problem;
}

static const char *label(struct loader *l, const struct conf_key *k, const char *pool)
{
    return pool ? arena_printf(l->a, "pool %s.%s", pool, k->name)
                : arena_printf(l->a, "%s.%s", k->section, k->name);
}

static const char *place_of(struct loader *l, const cfg_t *cfg)
{
    return arena_printf(l->a, "%s:%d", l->file, cfg->line);
}

/* ---- collecting ------------------------------------------------------------------------------ */

static void set_default(struct loader *l, struct raw *raw, const struct conf_key *k)
{
    raw->v = arena_array(l->a, const char *, VALUES_MAX);
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

static struct pool_raw *pool_named(struct loader *l, const char *name)
{
    for (size_t i = 0; i < l->npools; i++) {
        if (str_eq(l->pool[i].name, name))
            return &l->pool[i];
    }
    if (l->npools == POOLS_MAX)
        return NULL;
    struct pool_raw *p = &l->pool[l->npools++];
    p->name = arena_strdup(l->a, name);
    p->raw = arena_array(l->a, struct raw, conf_nkeys);
    for (size_t i = 0; i < conf_nkeys; i++)
        set_default(l, &p->raw[i], &conf_keys[i]);
    return p;
}

static bool in_section(const struct conf_key *k, const char *section)
{
    return strcmp(k->section, section) == 0;
}

/* The raw value that an option of the file sets; NULL when there are too many pools. */
static struct raw *raw_of_option(struct loader *l, const cfg_t *cfg, const char *name, size_t *key)
{
    size_t i = 0;
    while (i < conf_nkeys &&
           !(in_section(&conf_keys[i], cfg->name) && str_eq(conf_keys[i].name, name)))
        i++;
    *key = i;
    if (i == conf_nkeys)
        return NULL;
    if (!str_eq(cfg->name, "pool"))
        return &l->raw[i];
    struct pool_raw *pool = pool_named(l, cfg->title ? cfg->title : "");
    return pool ? &pool->raw[i] : NULL;
}

/* The end of a list; an empty one gave take_value nothing to take. */
static int end_list(cfg_t *cfg, cfg_opt_t *opt)
{
    size_t key;
    struct raw *raw = raw_of_option(state.current, cfg, opt->name, &key);
    if (raw && cfg_opt_size(opt) == 0) {
        raw->n = 0;
        raw->place = place_of(state.current, cfg);
    }
    return 0;
}

/* A value of the file: called by libconfuse for each value, lists element by element. */
static int take_value(cfg_t *cfg, cfg_opt_t *opt, const char *value, void *result)
{
    struct loader *l = state.current;
    *(const char **)result = value;
    const char *title = str_eq(cfg->name, "pool") && cfg->title ? cfg->title : NULL;
    size_t i;
    struct raw *raw = raw_of_option(l, cfg, opt->name, &i);
    if (!raw) {
        say(l,
            arena_printf(l->a, "%s: more than %d pools; remove some", place_of(l, cfg), POOLS_MAX));
        return -1;
    }
    const char *key = label(l, &conf_keys[i], title);
    bool list = conf_keys[i].kind == CONF_LIST;
    if (raw->place && !list) {
        say(l, arena_printf(l->a, "%s: %s: given twice, here and at %s; keep one", place_of(l, cfg),
                            key, raw->place));
        return -1;
    }
    if (!list || opt->nvalues <= 1)
        raw->n = 0; /* the first value takes the default's place */
    if (raw->n == VALUES_MAX) {
        say(l, arena_printf(l->a, "%s: %s: more than %d values; shorten the list", place_of(l, cfg),
                            key, VALUES_MAX));
        return -1;
    }
    raw->v[raw->n++] = arena_strdup(l->a, value);
    raw->place = place_of(l, cfg);
    return 0;
}

static int end_section(cfg_t *cfg, cfg_opt_t *opt)
{
    struct loader *l = state.current;
    if (str_eq(opt->name, "pool")) {
        cfg_t *section = cfg_opt_getnsec(opt, cfg_opt_size(opt) - 1);
        const char *title = section->title ? section->title : "";
        size_t n = strspn(title, "abcdefghijklmnopqrstuvwxyz0123456789_");
        if (n == 0 || title[n] || n > 40 || !pool_named(l, title)) {
            say(l, arena_printf(l->a,
                                "%s: pool \"%s\": name at most %d pools, in lower-case letters, "
                                "digits and _",
                                place_of(l, cfg), title, POOLS_MAX));
            return -1;
        }
        return 0;
    }
    for (size_t i = 0; i < l->nsections; i++) {
        if (str_eq(l->section[i], opt->name)) {
            say(l, arena_printf(l->a, "%s: section %s: given twice; make them one",
                                place_of(l, cfg), opt->name));
            return -1;
        }
    }
    l->section[l->nsections++] = opt->name;
    return 0;
}

static void take_error(cfg_t *cfg, const char *fmt, va_list ap)
{
    struct loader *l = state.current;
    static const char unknown[] = "no such option '";
    char *text = arena_vprintf(l->a, fmt, ap);
    if (!utf8_valid(text, strlen(text)))
        text = arena_strdup(l->a, "not UTF-8 text");
    if (!str_starts(text, unknown)) {
        say(l, arena_printf(l->a, "%s: %s; correct this line", place_of(l, cfg), text));
        return;
    }
    char *name = text + strlen(unknown);
    name[strcspn(name, "'")] = '\0';
    bool top = str_eq(cfg->name, "root");
    const char *in = top ? ""
                         : arena_printf(l->a, "%s%s%s.", cfg->name, cfg->title ? " " : "",
                                        cfg->title ? cfg->title : "");
    say(l, arena_printf(l->a, "%s: %s%s: unknown %s; remove it or correct its name",
                        place_of(l, cfg), in, name, top ? "section" : "key"));
}

static void section_options(struct loader *l, const char *section, cfg_opt_t **out)
{
    cfg_opt_t *opt = arena_array(l->a, cfg_opt_t, conf_nkeys + 1);
    size_t n = 0;
    for (size_t i = 0; i < conf_nkeys; i++) {
        const struct conf_key *k = &conf_keys[i];
        if (!in_section(k, section))
            continue;
        cfg_opt_t text = CFG_STR_CB(k->name, NULL, CFGF_NODEFAULT, take_value);
        cfg_opt_t list = CFG_STR_LIST_CB(k->name, NULL, CFGF_NODEFAULT, take_value);
        list.validcb = end_list;
        opt[n++] = k->kind == CONF_LIST ? list : text;
    }
    cfg_opt_t end = CFG_END();
    opt[n] = end;
    *out = opt;
}

static enum rc check_file(struct loader *l)
{
    struct stat st;
    int error = stat(l->file, &st) != 0      ? errno
                : S_ISDIR(st.st_mode)        ? EISDIR
                : st.st_size > FILE_MAX      ? EFBIG
                : access(l->file, R_OK) != 0 ? errno
                                             : 0;
    if (error == 0)
        return RC_OK;
    say(l, arena_printf(l->a, "%s: cannot be read: %s; give the right file with --config", l->file,
                        strerror(error)));
    return RC_INVALID;
}

static enum rc read_file(struct loader *l)
{
    static const char *const plain[] = { "app", "db", "cache", "http", "mail" };
    if (check_file(l) != RC_OK)
        return RC_INVALID;
    cfg_opt_t root[COUNT_OF(plain) + 2], *sub;
    for (size_t i = 0; i < COUNT_OF(plain); i++) {
        section_options(l, plain[i], &sub);
        cfg_opt_t section = CFG_SEC(plain[i], sub, CFGF_NODEFAULT);
        root[i] = section;
    }
    section_options(l, "pool", &sub);
    cfg_opt_t pool = CFG_SEC("pool", sub, CFGF_MULTI | CFGF_TITLE | CFGF_NO_TITLE_DUPES);
    cfg_opt_t end = CFG_END();
    root[COUNT_OF(plain)] = pool;
    root[COUNT_OF(plain) + 1] = end;
    cfg_t *cfg = cfg_init(root, CFGF_NONE);
    if (!cfg)
        memory_exhausted("configuration", sizeof(root));
    cfg_set_error_function(cfg, take_error);
    for (size_t i = 0; i < COUNT_OF(plain); i++)
        cfg_set_validate_func(cfg, plain[i], end_section);
    cfg_set_validate_func(cfg, "pool", end_section);
    state.current = l;
    int parsed = cfg_parse(cfg, l->file);
    state.current = NULL;
    cfg_free(cfg);
    if (parsed == CFG_SUCCESS && !l->problem)
        return RC_OK;
    say(l, arena_printf(l->a, "%s: cannot be read; compare it with the example in the manual",
                        l->file));
    return RC_INVALID;
}

/* ---- the environment --------------------------------------------------------------------------
 */

static char *variable(struct loader *l, const char *section, const char *pool, const char *key)
{
    char *name = pool ? arena_printf(l->a, "KADE_POOL_%s_%s", pool, key)
                      : arena_printf(l->a, "KADE_%s_%s", section, key);
    for (char *p = name; *p; p++) {
        if (*p >= 'a' && *p <= 'z')
            *p = (char)(*p - ('a' - 'A'));
    }
    return name;
}

static void take_variable(struct loader *l, struct raw *raw, const struct conf_key *k,
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
    for (size_t i = 0; i < n && i < VALUES_MAX; i++)
        raw->v[raw->n++] = str_trim(l->a, part[i]);
}

/* The raw value that a variable of the environment replaces; NULL when it names no key. */
static struct raw *raw_of(struct loader *l, const char *name, const struct conf_key **key)
{
    for (size_t i = 0; i < conf_nkeys; i++) {
        const struct conf_key *k = *key = &conf_keys[i];
        if (!in_section(k, "pool")) {
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

static enum rc read_environment(struct loader *l)
{
    static const char *const ours[] = { "KADE_APP_",  "KADE_DB_",   "KADE_CACHE_",
                                        "KADE_HTTP_", "KADE_MAIL_", "KADE_POOL_" };
    for (char **e = environ; e && *e; e++) {
        bool mine = false;
        for (size_t i = 0; i < COUNT_OF(ours); i++)
            mine = mine || str_starts(*e, ours[i]);
        const char *equals = strchr(*e, '=');
        if (!mine || !equals)
            continue;
        const char *name = arena_strndup(l->a, *e, (size_t)(equals - *e));
        const struct conf_key *k;
        struct raw *raw = raw_of(l, name, &k);
        if (!raw) {
            say(l, arena_printf(l->a, "environment: %s: unknown key; unset it or correct its name",
                                name));
            return RC_INVALID;
        }
        take_variable(l, raw, k, equals + 1);
    }
    return RC_OK;
}

/* ---- checking and converting ------------------------------------------------------------------
 */

static enum rc refuse(struct loader *l, const struct conf_key *k, const char *pool,
                      const struct raw *raw, const char *value, const char *how)
{
    bool env = str_eq(raw->place, "environment");
    const char *key = env ? variable(l, k->section, pool, k->name) : label(l, k, pool);
    say(l, arena_printf(l->a, "%s: %s: \"%s\": %s", raw->place ? raw->place : "built-in", key,
                        value, how));
    return RC_INVALID;
}

/* value is clean text and passes the key's own check. */
static const char *wrong_with(struct loader *l, const struct conf_key *k, const char *value)
{
    return k->check ? k->check(l->a, value) : NULL;
}

static enum rc convert(struct loader *l, const struct conf_key *k, const char *pool,
                       const struct raw *raw, char *at)
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

static enum rc convert_all(struct loader *l)
{
    struct conf *c = l->c;
    c->npools = l->npools;
    c->pools = arena_array(c->arena, struct conf_pool, l->npools);
    for (size_t i = 0; i < conf_nkeys; i++) {
        const struct conf_key *k = &conf_keys[i];
        if (!in_section(k, "pool")) {
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
    const char **name = arena_array(c->arena, const char *, VALUES_MAX + 1);
    size_t n = 0;
    DIR *dir = opendir(c->module_dir);
    for (struct dirent *e; dir && (e = readdir(dir)) && n < VALUES_MAX;) {
        size_t len = strlen(e->d_name);
        if (len > 3 && *e->d_name != '.' && str_ends(e->d_name, ".so"))
            name[n++] = arena_strndup(c->arena, e->d_name, len - 3);
    }
    if (dir)
        closedir(dir);
    qsort(name, n, sizeof(*name), by_name);
    return name;
}

static void derive(struct loader *l)
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
static void builtin_pools(struct loader *l)
{
    pool_named(l, "shop");
    struct pool_raw *admin = pool_named(l, "admin");
    for (size_t i = 0; i < conf_nkeys; i++) {
        struct raw *raw = &admin->raw[i];
        if (!in_section(&conf_keys[i], "pool"))
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

static enum rc load(struct loader *l)
{
    l->raw = arena_array(l->a, struct raw, conf_nkeys);
    for (size_t i = 0; i < conf_nkeys; i++)
        set_default(l, &l->raw[i], &conf_keys[i]);
    if (l->file && read_file(l) != RC_OK)
        return RC_INVALID;
    if (l->npools == 0)
        builtin_pools(l);
    if (read_environment(l) != RC_OK || convert_all(l) != RC_OK)
        return RC_INVALID;
    derive(l);
    return conf_check_whole(l->c, l->a, &l->problem);
}

enum rc conf_load(const char *file, struct arena *a, struct conf **out, const char **problem)
{
    struct arena *scratch = arena_new_sized(0), *owner = arena_new_sized(0);
    struct loader *l = arena_new(scratch, struct loader);
    *l = (struct loader){ .a = scratch, .c = arena_new(owner, struct conf), .file = file };
    l->c->arena = owner;
    l->c->file = arena_strdup(owner, file);
    enum rc rc = load(l);
    if (rc == RC_OK) {
        *out = l->c;
    } else {
        *problem = arena_strdup(a, l->problem);
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
