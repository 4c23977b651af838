/* conf_file.c: the configuration file, read by libconfuse. Every value is taken as text with its
 * line; what it may be is checked later, with what the environment says. Not for meaning: only for
 * form (sections, keys, braces, what is given twice). Invariant: a file that is refused is refused
 * with its name, a line and what to do. */
#include <confuse.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/str.h"
#include "base/utf8.h"
#include "platform/conf_int.h"

enum { FILE_MAX = 1024 * 1024 };

/* libconfuse lets a file end inside a section or a comment. So this last option is added to the
 * text: where it is not understood at the top, or never seen, something is still open. */
#define LAST "end_of_file"

/* libconfuse's callbacks get no pointer of ours. */
static struct {
    struct conf_loader *current;
    bool complete;
} state;

static const char *place_of(struct conf_loader *l, const cfg_t *cfg)
{
    return arena_printf(l->a, "%s:%d", l->file, cfg->line);
}

/* The raw value that an option of the file sets; NULL when there are too many pools. */
static struct conf_raw *raw_of_option(struct conf_loader *l, const cfg_t *cfg, const char *name,
                                      size_t *key)
{
    size_t i = 0;
    while (i < conf_nkeys &&
           !(conf_in_section(&conf_keys[i], cfg->name) && str_eq(conf_keys[i].name, name)))
        i++;
    *key = i;
    if (i == conf_nkeys)
        return NULL;
    if (!str_eq(cfg->name, "pool"))
        return &l->raw[i];
    struct conf_pool_raw *pool = conf_pool_named(l, cfg->title ? cfg->title : "");
    return pool ? &pool->raw[i] : NULL;
}

/* A value of the file: called by libconfuse for each value, lists element by element. */
static int take_value(cfg_t *cfg, cfg_opt_t *opt, const char *value, void *result)
{
    struct conf_loader *l = state.current;
    *(const char **)result = value;
    const char *title = str_eq(cfg->name, "pool") && cfg->title ? cfg->title : NULL;
    size_t i;
    struct conf_raw *raw = raw_of_option(l, cfg, opt->name, &i);
    if (!raw) {
        conf_say(l, arena_printf(l->a, "%s: more than %d pools; remove some", place_of(l, cfg),
                                 CONF_POOLS_MAX));
        return -1;
    }
    const char *key = conf_label(l, &conf_keys[i], title);
    if (str_eq(value, LAST)) {
        conf_say(l,
                 arena_printf(l->a, "%s: %s: not closed; add } at its end", place_of(l, cfg), key));
        return -1;
    }
    bool list = conf_keys[i].kind == CONF_LIST;
    if (raw->place && !list) {
        conf_say(l, arena_printf(l->a, "%s: %s: given twice, here and at %s; keep one",
                                 place_of(l, cfg), key, raw->place));
        return -1;
    }
    if (!list || opt->nvalues <= 1)
        raw->n = 0; /* the first value takes the default's place */
    if (raw->n == CONF_VALUES_MAX) {
        conf_say(l, arena_printf(l->a, "%s: %s: more than %d values; shorten the list",
                                 place_of(l, cfg), key, CONF_VALUES_MAX));
        return -1;
    }
    raw->v[raw->n++] = arena_strdup(l->a, value);
    raw->place = place_of(l, cfg);
    return 0;
}

/* An empty list gave take_value nothing to take. */
static void take_empty_lists(struct conf_loader *l, cfg_t *section)
{
    for (size_t i = 0; i < conf_nkeys; i++) {
        const struct conf_key *k = &conf_keys[i];
        if (k->kind != CONF_LIST || !conf_in_section(k, section->name))
            continue;
        const cfg_opt_t *opt = cfg_getopt(section, k->name);
        size_t key;
        struct conf_raw *raw = raw_of_option(l, section, k->name, &key);
        if (raw && opt->nvalues == 0 && (opt->flags & CFGF_MODIFIED)) {
            raw->n = 0;
            raw->place = place_of(l, section);
        }
    }
}

static int end_section(cfg_t *cfg, cfg_opt_t *opt)
{
    struct conf_loader *l = state.current;
    cfg_t *section = cfg_opt_getnsec(opt, cfg_opt_size(opt) - 1);
    if (str_eq(opt->name, "pool")) {
        const char *title = section->title ? section->title : "";
        size_t n = strspn(title, "abcdefghijklmnopqrstuvwxyz0123456789_");
        if (n == 0 || title[n] || n > 40 || !conf_pool_named(l, title)) {
            conf_say(l,
                     arena_printf(l->a,
                                  "%s: pool \"%s\": name at most %d pools, in lower-case letters, "
                                  "digits and _",
                                  place_of(l, cfg), title, CONF_POOLS_MAX));
            return -1;
        }
        take_empty_lists(l, section);
        return 0;
    }
    take_empty_lists(l, section);
    for (size_t i = 0; i < l->nsections; i++) {
        if (str_eq(l->section[i], opt->name)) {
            conf_say(l, arena_printf(l->a, "%s: section %s: given twice; make them one",
                                     place_of(l, cfg), opt->name));
            return -1;
        }
    }
    l->section[l->nsections++] = opt->name;
    return 0;
}

static void take_error(cfg_t *cfg, const char *fmt, va_list ap)
{
    struct conf_loader *l = state.current;
    static const char unknown[] = "no such option '";
    char *text = arena_vprintf(l->a, fmt, ap);
    if (!utf8_valid(text, strlen(text)))
        text = arena_strdup(l->a, "not UTF-8 text");
    if (!str_starts(text, unknown)) {
        conf_say(l, arena_printf(l->a, "%s: %s; correct this line", place_of(l, cfg), text));
        return;
    }
    char *name = text + strlen(unknown);
    name[strcspn(name, "'")] = '\0';
    if (str_eq(name, LAST)) {
        conf_say(l, arena_printf(l->a, "%s: section %s%s%s: not closed; add } at its end",
                                 place_of(l, cfg), cfg->name, cfg->title ? " " : "",
                                 cfg->title ? cfg->title : ""));
        return;
    }
    bool top = str_eq(cfg->name, "root");
    const char *in = top ? ""
                         : arena_printf(l->a, "%s%s%s.", cfg->name, cfg->title ? " " : "",
                                        cfg->title ? cfg->title : "");
    conf_say(l, arena_printf(l->a, "%s: %s%s: unknown %s; remove it or correct its name",
                             place_of(l, cfg), in, name, top ? "section" : "key"));
}

static void section_options(struct conf_loader *l, const char *section, cfg_opt_t **out)
{
    cfg_opt_t *opt = arena_array(l->a, cfg_opt_t, conf_nkeys + 1);
    size_t n = 0;
    for (size_t i = 0; i < conf_nkeys; i++) {
        const struct conf_key *k = &conf_keys[i];
        if (!conf_in_section(k, section))
            continue;
        cfg_opt_t text = CFG_STR_CB(k->name, NULL, CFGF_NODEFAULT, take_value);
        cfg_opt_t list = CFG_STR_LIST_CB(k->name, NULL, CFGF_NODEFAULT, take_value);
        opt[n++] = k->kind == CONF_LIST ? list : text;
    }
    cfg_opt_t end = CFG_END();
    opt[n] = end;
    *out = opt;
}

static enum rc unreadable(struct conf_loader *l, const char *why)
{
    conf_say(l, arena_printf(l->a, "%s: cannot be read: %s; give the right file with --config",
                             l->file, why));
    return RC_INVALID;
}

/* The file's text with LAST behind it. */
static enum rc read_text(struct conf_loader *l, char **out)
{
    static const char last[] = LAST " = 1\n";
    int fd = open(l->file, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (fd < 0)
        return unreadable(l, strerror(errno));
    struct buf b;
    buf_init(&b, l->a, FILE_MAX + 4096 + sizeof(last));
    char *at = buf_reserve(&b, 4096);
    ssize_t n = 0;
    while (at && (n = read(fd, at, 4096)) > 0) {
        buf_wrote(&b, (size_t)n);
        at = b.n <= FILE_MAX ? buf_reserve(&b, 4096) : NULL;
    }
    int error = errno;
    close(fd);
    if (n < 0)
        return unreadable(l, strerror(error));
    if (!at || buf_rc(&b) != RC_OK)
        return unreadable(l, strerror(EFBIG));
    if (memchr(b.p, '\0', b.n))
        return unreadable(l, "it is no text file");
    if (b.n > 0 && b.p[b.n - 1] != '\n')
        buf_char(&b, '\n');
    buf_str(&b, last);
    *out = b.p;
    return RC_OK;
}

static int take_last(cfg_t *cfg, cfg_opt_t *opt, const char *value, void *result)
{
    (void)cfg;
    (void)opt;
    *(const char **)result = value;
    state.complete = true;
    return 0;
}

enum rc conf_read_file(struct conf_loader *l)
{
    static const char *const plain[] = { "app", "db", "cache", "http", "mail", "storage" };
    char *text;
    if (read_text(l, &text) != RC_OK)
        return RC_INVALID;
    cfg_opt_t root[COUNT_OF(plain) + 3], *sub;
    for (size_t i = 0; i < COUNT_OF(plain); i++) {
        section_options(l, plain[i], &sub);
        cfg_opt_t section = CFG_SEC(plain[i], sub, CFGF_NODEFAULT);
        root[i] = section;
    }
    section_options(l, "pool", &sub);
    cfg_opt_t pool = CFG_SEC("pool", sub, CFGF_MULTI | CFGF_TITLE | CFGF_NO_TITLE_DUPES);
    cfg_opt_t last = CFG_STR_CB(LAST, NULL, CFGF_NODEFAULT, take_last), end = CFG_END();
    root[COUNT_OF(plain)] = pool;
    root[COUNT_OF(plain) + 1] = last;
    root[COUNT_OF(plain) + 2] = end;
    cfg_t *cfg = cfg_init(root, CFGF_NONE);
    if (!cfg)
        memory_exhausted("configuration", sizeof(root));
    cfg_set_error_function(cfg, take_error);
    for (size_t i = 0; i < COUNT_OF(plain); i++)
        cfg_set_validate_func(cfg, plain[i], end_section);
    cfg_set_validate_func(cfg, "pool", end_section);
    state.current = l;
    state.complete = false;
    int parsed = cfg_parse_buf(cfg, text);
    state.current = NULL;
    cfg_free(cfg);
    if (parsed == CFG_SUCCESS && !state.complete)
        conf_say(l, arena_printf(l->a, "%s: a comment is not closed; add */ at its end", l->file));
    if (parsed == CFG_SUCCESS && !l->problem)
        return RC_OK;
    conf_say(l, arena_printf(l->a, "%s: cannot be read; compare it with the example in the manual",
                             l->file));
    return RC_INVALID;
}
