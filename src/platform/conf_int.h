/* conf_int.h: what conf.c (reading) and conf_keys.c (the keys, their defaults and their checks)
 * share. Private to the two. */
#ifndef PLATFORM_CONF_INT_H
#define PLATFORM_CONF_INT_H

#include "platform/conf.h"

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

#endif
