/* map.h: string-keyed map over uthash. Keys are copied; values are the caller's. Owned by malloc
 * (it outlives requests); free with map_free. */
#ifndef BASE_MAP_H
#define BASE_MAP_H

#include <stdbool.h>
#include <stddef.h>

#include "base/attr.h"

struct map;
KADE_API struct map *map_new(void) ATTR_RETNONNULL;
KADE_API void map_free(struct map *m, void (*free_value)(void *)); /* free_value may be NULL */
/* Replaces; returns the value that was there, or NULL. */
KADE_API void *map_put(struct map *m, const char *key, void *value) __attribute__((nonnull(1, 2)));
KADE_API void *map_get(const struct map *m, const char *key) ATTR_NONNULL;
KADE_API void *map_remove(struct map *m, const char *key) ATTR_NONNULL;
KADE_API size_t map_count(const struct map *m) ATTR_NONNULL;
/* Insertion order; stops when fn returns false. */
KADE_API void map_each(const struct map *m, bool (*fn)(const char *key, void *value, void *arg),
                       void *arg) __attribute__((nonnull(1, 2)));

#endif
