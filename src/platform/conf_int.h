/* conf_int.h: what conf.c (sources and checks), conf_file.c (libconfuse) and conf_keys.c (the keys,
 * their defaults, what they may be) share. Private to the three. */
#ifndef PLATFORM_CONF_INT_H
#define PLATFORM_CONF_INT_H

#include "platform/conf.h"

enum { CONF_POOLS_MAX = 32, CONF_VALUES_MAX = 256, CONF_SECTIONS_MAX = 8 };
enum conf_kind { CONF_TEXT, CONF_NUMBER, CONF_FLAG, CONF_LIST };

/* NULL when value is good, else how it should be ("use ..."), in the arena or constant. */
typedef const char *conf_check_fn(struct arena *a, const char *value);

struct conf_key {
    const char *section, *name;
    enum conf_kind kind;
    size_t offset;    /* in struct conf, or in struct conf_pool for section "pool" */
    const char *dflt; /* lists: "" = empty, else elements with commas between */
    int64_t min, max; /* CONF_NUMBER */
    conf_check_fn *check;
};

extern const struct conf_key conf_keys[];
extern const size_t conf_nkeys;

/* "true" "yes" "on" "1" and their opposites; RC_INVALID otherwise. */
enum rc conf_flag(const char *value, bool *out);
/* What no single key can know: RC_INVALID with *problem. */
enum rc conf_check_whole(const struct conf *c, struct arena *a, const char **problem);

/* One key's text before it is checked. */
struct conf_raw {
    const char **v;
    size_t n;
    const char *place; /* "kade.conf:12" or "environment"; NULL = default */
};

struct conf_loader {
    struct arena *a; /* scratch: collected texts, and the problem */
    struct conf *c;
    const char *file, *problem;
    struct conf_raw *raw; /* conf_nkeys of them; those of section "pool" unused */
    struct conf_pool_raw {
        const char *name;
        struct conf_raw *raw;
    } pool[CONF_POOLS_MAX];
    size_t npools;
    const char *section[CONF_SECTIONS_MAX]; /* seen; of conf_file.c */
    size_t nsections;
};

/* Keeps the first problem: later ones follow from it. */
void conf_say(struct conf_loader *l, const char *problem);
/* "db.port", "pool shop.workers". */
const char *conf_label(struct conf_loader *l, const struct conf_key *k, const char *pool);
bool conf_in_section(const struct conf_key *k, const char *section);
/* That pool's values, made with their defaults when new; NULL when there are too many. */
struct conf_pool_raw *conf_pool_named(struct conf_loader *l, const char *name);
/* Fills raw values from l->file; RC_INVALID with l->problem. */
enum rc conf_read_file(struct conf_loader *l);

#endif
