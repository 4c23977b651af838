/* cache.h: memcached, as a helper that may fail. Every call answers at once when the circuit of its
 * server is open (5 s after a failure), and a failure is a miss, never an error. Keys at most 250
 * bytes of [!-~], values at most 1 MB less 1 KB: others are not stored. Values are copied into the
 * arena given. */
#ifndef PLATFORM_CACHE_H
#define PLATFORM_CACHE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"

struct cache;

struct cache_value {
    const char *p;
    size_t n;
    bool hit;
};
struct cache_counters {
    unsigned hits, misses, trips, failures;
};

/* servers: see conf.cache_servers; "" gives a cache that always misses. Open after fork. */
KADE_API struct cache *cache_new(const char *servers, int timeout_ms);
KADE_API void cache_free(struct cache *c);
/* False when there are no servers to talk to at all. */
KADE_API bool cache_is_configured(const struct cache *c);
/* Some server may be asked now. */
KADE_API bool cache_is_up(const struct cache *c);
/* keys[i] into out[i]; one round trip for all. */
KADE_API void cache_mget(struct cache *c, struct arena *a, const char *const *keys, size_t n,
                         struct cache_value *out);
KADE_API bool cache_get(struct cache *c, struct arena *a, const char *key, struct cache_value *out);
KADE_API bool cache_set(struct cache *c, const char *key, const void *p, size_t n, unsigned ttl_s);
/* True only when this call stored it (the lock is ours). */
KADE_API bool cache_add(struct cache *c, const char *key, const void *p, size_t n, unsigned ttl_s);
KADE_API bool cache_delete(struct cache *c, const char *key);
/* Adds by to a counter, creating it with initial (ttl_s) when missing; false when memcached is
 * away. */
KADE_API bool cache_count(struct cache *c, const char *key, uint64_t by, uint64_t initial,
                          unsigned ttl_s, uint64_t *out);
/* Increments an existing counter; false when it is not there or memcached is away: *away says
 * which. */
KADE_API bool cache_incr(struct cache *c, const char *key, bool *away);
KADE_API struct cache_counters
cache_counters(const struct cache *c); /* since cache_counters_reset */
KADE_API void cache_counters_reset(struct cache *c);

#endif
