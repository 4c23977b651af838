/* map.c: string-keyed map over uthash, for registries that outlive requests (routes, modules,
 * templates). Keys are copied, values belong to the caller. Not for request data: that lives in
 * arenas. Invariant: iteration is in the order of first insertion. */
#include "base/map.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

#define uthash_fatal(msg) memory_exhausted("map", 0)
#include <uthash.h>

struct entry {
    UT_hash_handle hh;
    void *value;
    char key[]; /* copied, NUL-terminated */
};

struct map {
    struct entry *head;
};

struct map *map_new(void)
{
    struct map *m = calloc(1, sizeof(*m));
    if (!m)
        memory_exhausted("map", sizeof(*m));
    return m;
}

void map_free(struct map *m, void (*free_value)(void *))
{
    if (!m)
        return;
    struct entry *e, *next;
    HASH_ITER(hh, m->head, e, next)
    {
        HASH_DEL(m->head, e);
        if (free_value)
            free_value(e->value);
        free(e);
    }
    free(m);
}

static struct entry *find(const struct map *m, const char *key, size_t n)
{
    struct entry *e;
    HASH_FIND(hh, m->head, key, n, e);
    return e;
}

void *map_put(struct map *m, const char *key, void *value)
{
    size_t n = strlen(key);
    struct entry *e = find(m, key, n);
    if (e) {
        void *was = e->value;
        e->value = value;
        return was;
    }
    e = calloc(1, sizeof(*e) + n + 1);
    if (!e)
        memory_exhausted("map", n);
    memcpy(e->key, key, n + 1);
    e->value = value;
    HASH_ADD_KEYPTR(hh, m->head, e->key, n, e);
    return NULL;
}

void *map_get(const struct map *m, const char *key)
{
    const struct entry *e = find(m, key, strlen(key));
    return e ? e->value : NULL;
}

void *map_remove(struct map *m, const char *key)
{
    struct entry *e = find(m, key, strlen(key));
    if (!e)
        return NULL;
    void *value = e->value;
    HASH_DEL(m->head, e);
    free(e);
    return value;
}

size_t map_count(const struct map *m)
{
    return HASH_COUNT(m->head);
}

void map_each(const struct map *m, bool (*fn)(const char *key, void *value, void *arg), void *arg)
{
    struct entry *e, *next;
    HASH_ITER(hh, m->head, e, next)
    {
        if (!fn(e->key, e->value, arg))
            return;
    }
}
