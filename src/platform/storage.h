/* storage.h: where bytes that are no rows live: pictures, their sizes, files. What a key names
 * never changes (keys carry a hash of the content, or of everything the content follows from), so
 * keys may be kept by browsers for ever and writing twice is harmless. The back end is the
 * installation's choice (conf section storage): files below state_dir, or an S3-compatible store.
 *
 * Keys: "media/<tenant>/<aa>/<rest>" is public, served by nginx or the store under /media/;
 * "private/media/<tenant>/<aa>/<rest>" is not. A shop's bytes stay below its own tenant. */
#ifndef PLATFORM_STORAGE_H
#define PLATFORM_STORAGE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/id.h"
#include "base/rc.h"
#include "platform/conf.h"

enum storage_area { STORAGE_PUBLIC, STORAGE_PRIVATE };
enum { STORAGE_MOST = 32 * 1024 * 1024 }; /* bytes of one object */

/* hash: lower-case hex, its first two digits are <aa>; rest: what follows it, "", ".svg" or
 * "/400.webp". Letters, digits, '-', '_', '.', '/' only. */
KADE_API char *storage_key(struct arena *a, enum storage_area area, struct uuid tenant,
                           const char *hash, const char *rest) ATTR_NONNULL ATTR_RETNONNULL;
/* Whether a text has the form of a key; everything below asks it and says RC_INVALID otherwise. */
KADE_API bool storage_key_ok(const char *key) ATTR_NONNULL;

/* Whole or not at all: after RC_OK the bytes survive a crash, after anything else a reader finds
 * nothing under a new key. RC_UPSTREAM the store is away or full, RC_LIMIT more than
 * STORAGE_MOST. */
KADE_API enum rc storage_put(const struct conf *c, struct arena *a, const char *key,
                             const char *mime, const void *p,
                             size_t n) ATTR_NONNULL ATTR_MUST_CHECK;
/* In the arena, followed by a NUL. RC_NOTFOUND; RC_LIMIT bigger than most. */
KADE_API enum rc storage_get(const struct conf *c, struct arena *a, const char *key, size_t most,
                             char **out, size_t *n) ATTR_NONNULL ATTR_MUST_CHECK;
KADE_API enum rc storage_exists(const struct conf *c, struct arena *a, const char *key,
                                bool *out) ATTR_NONNULL ATTR_MUST_CHECK;
/* RC_OK when it was not there. */
KADE_API enum rc storage_delete(const struct conf *c, struct arena *a,
                                const char *key) ATTR_NONNULL ATTR_MUST_CHECK;
/* Address for browsers of a public key: "/media/..." or below storage.public_url. NULL for others.
 */
KADE_API const char *storage_url(const struct conf *c, struct arena *a,
                                 const char *key) ATTR_NONNULL;

#endif
