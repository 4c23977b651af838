/* arena.h: memory that dies together. One arena per request; what a function returns lives in the
 * arena it was given. Allocation never returns NULL: past the arena's limit, or when the system has
 * none left, the process logs and exits with 70 (EX_SOFTWARE) and the master starts a new one.
 * Debug builds (KADE_ARENA_DEBUG) give every object its own malloc and fill freed ones with 0x55,
 * so that the address sanitizer sees overruns and stale pointers. Not thread-safe. */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stdarg.h>
#include <stddef.h>

#include "base/attr.h"

struct arena;
struct arena_mark_at {
    void *block;
    size_t used, total;
    void *defers;
    size_t objects; /* debug builds */
};

enum { ARENA_FIRST_BLOCK = 32 * 1024, ARENA_LIMIT_REQUEST = 64 * 1024 * 1024 };

/* limit: bytes in all, 0 = ARENA_LIMIT_REQUEST. Free with arena_free. */
KADE_API struct arena *arena_new_sized(size_t limit) ATTR_RETNONNULL;
/* Runs the deferred calls, newest first, and frees everything. NULL is allowed. */
KADE_API void arena_free(struct arena *a);
/* Runs the deferred calls and empties it; the first block (and one spare of at most 256 KB) is kept
 * for the next request. */
KADE_API void arena_reset(struct arena *a) ATTR_NONNULL;

/* Zeroed memory, aligned for any type. n = 0 gives a valid unique pointer. */
KADE_API void *arena_alloc(struct arena *a, size_t n) ATTR_NONNULL ATTR_RETNONNULL;
/* n objects of size; an overflowing product counts as exhaustion. */
KADE_API void *arena_calloc(struct arena *a, size_t n, size_t size) ATTR_NONNULL ATTR_RETNONNULL;
#define arena_new(a, T)      ((T *)arena_alloc((a), sizeof(T)))
#define arena_array(a, T, n) ((T *)arena_calloc((a), (n), sizeof(T)))

/* Copies; s may be NULL, then NULL is returned. */
KADE_API char *arena_strdup(struct arena *a, const char *s) __attribute__((nonnull(1)));
KADE_API char *arena_strndup(struct arena *a, const char *s, size_t n) ATTR_NONNULL ATTR_RETNONNULL;
KADE_API void *arena_memdup(struct arena *a, const void *p, size_t n) __attribute__((nonnull(1)));
KADE_API char *arena_printf(struct arena *a, const char *fmt, ...)
    ATTR_FORMAT(2, 3) ATTR_RETNONNULL;
KADE_API char *arena_vprintf(struct arena *a, const char *fmt, va_list ap) ATTR_RETNONNULL
    __attribute__((format(printf, 2, 0)));

/* p, of old_n bytes and from this arena, with room for n; its bytes are kept, new ones are not
 * zeroed. Grows in place where p is the newest object. The old pointer is not to be used again. */
KADE_API void *arena_grow(struct arena *a, void *p, size_t old_n,
                          size_t n) ATTR_NONNULL ATTR_RETNONNULL;

/* fn(ptr) is called when the arena is reset, freed or rewound past this point, newest first. For
 * what has no arena of its own: PGresult, FILE, CURL. */
KADE_API void arena_defer(struct arena *a, void (*fn)(void *), void *ptr)
    __attribute__((nonnull(1, 2)));

/* Snapshot and return to it (transaction retries). Marks nest. */
KADE_API struct arena_mark_at arena_mark(struct arena *a) ATTR_NONNULL;
KADE_API void arena_rewind(struct arena *a, struct arena_mark_at m) ATTR_NONNULL;

/* Bytes handed out since the last reset, and objects; tests hold pages to a ceiling. */
KADE_API size_t arena_used(const struct arena *a) ATTR_NONNULL;
KADE_API size_t arena_objects(const struct arena *a) ATTR_NONNULL;

/* The end of a process that has no memory left: logs what was asked for and leaves with 70. */
KADE_API void memory_exhausted(const char *what, size_t n) ATTR_NORETURN ATTR_COLD;

#endif
