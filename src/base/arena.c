/* arena.c: memory that dies together. A chain of blocks with a bump pointer in the newest; the
 * first block, and one larger spare, stay between requests. Debug builds give every object its own
 * malloc instead, so that the address sanitizer knows its exact end.
 * Not a general allocator: nothing is freed alone.
 * Invariants: cur and end are multiples of ALIGN, so an n that fits the rest of a block also fits
 * after rounding; the bytes handed out never pass limit; calls deferred after a mark run when the
 * arena is rewound to it. */
#include "base/arena.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"

enum { ALIGN = 16, BLOCK_MAX = 1024 * 1024, SPARE_MAX = 256 * 1024, EXIT_SOFTWARE = 70 };

struct defer {
    struct defer *next;
    void (*fn)(void *);
    void *ptr;
};

#ifdef KADE_ARENA_DEBUG
struct object {
    void *p;
    size_t n;
};
#else
struct block {
    struct block *prev;
    size_t before; /* bytes handed out of older blocks */
    size_t size;   /* of the payload, a multiple of ALIGN */
    char *payload;
};
#endif

struct arena {
    size_t limit, objects;
    struct defer *defers;
#ifdef KADE_ARENA_DEBUG
    struct object *object;
    size_t cap, total;
#else
    char *cur, *end;
    struct block *block, *spare;
#endif
};

void memory_exhausted(const char *what, size_t n)
{
    log_error("memory exhausted", "what=%s bytes=%zu", what, n);
    _exit(EXIT_SOFTWARE);
}

static size_t round_up(size_t n)
{
    return (n + ALIGN - 1) & ~(size_t)(ALIGN - 1);
}

static void run_defers(struct arena *a, const struct defer *until)
{
    while (a->defers != until) {
        struct defer *d = a->defers;
        a->defers = d->next; /* before the call: fn may defer again */
        d->fn(d->ptr);
    }
}

#ifdef KADE_ARENA_DEBUG

static void drop_objects(struct arena *a, size_t keep)
{
    while (a->objects > keep) {
        struct object *o = &a->object[--a->objects];
        a->total -= round_up(o->n);
        memset(o->p, 0x55, o->n);
        free(o->p);
    }
}

static void *take(struct arena *a, size_t n)
{
    if (n > a->limit || round_up(n) > a->limit - a->total)
        memory_exhausted("arena limit", n);
    if (a->objects == a->cap) {
        size_t cap = a->cap ? a->cap * 2 : 64;
        struct object *grown = realloc(a->object, cap * sizeof(*grown));
        if (!grown)
            memory_exhausted("arena", n);
        a->object = grown;
        a->cap = cap;
    }
    void *p = malloc(n ? n : 1);
    if (!p)
        memory_exhausted("arena", n);
    a->object[a->objects++] = (struct object){ p, n ? n : 1 };
    a->total += round_up(n ? n : 1);
    return p;
}

static void arena_open(struct arena *a)
{
    (void)a;
}

static void drop_all(struct arena *a)
{
    drop_objects(a, 0);
}

static void arena_close(struct arena *a)
{
    free(a->object);
}

struct arena_mark_at arena_mark(struct arena *a)
{
    return (struct arena_mark_at){ NULL, 0, a->total, a->defers, a->objects };
}

void arena_rewind(struct arena *a, struct arena_mark_at m)
{
    run_defers(a, m.defers);
    drop_objects(a, m.objects);
}

size_t arena_used(const struct arena *a)
{
    return a->total;
}

void *arena_grow(struct arena *a, void *p, size_t old_n, size_t n)
{
    void *grown = take(a, n);
    memcpy(grown, p, old_n < n ? old_n : n);
    return grown;
}

#else

static size_t block_used(const struct arena *a)
{
    return (size_t)(a->cur - a->block->payload);
}

static void use_block(struct arena *a, struct block *b, size_t used)
{
    a->block = b;
    a->cur = b->payload + used;
    a->end = b->payload + b->size;
}

static struct block *new_block(size_t size)
{
    size_t head = round_up(sizeof(struct block));
    struct block *b = size < SIZE_MAX - head ? malloc(head + size) : NULL;
    if (!b)
        memory_exhausted("arena", size);
    *b = (struct block){ .size = size, .payload = (char *)b + head };
    return b;
}

/* Frees the newest block; one that is handy for the next request stays as the spare. */
static void drop_block(struct arena *a)
{
    struct block *b = a->block;
    a->block = b->prev;
    if (b->size <= SPARE_MAX && (!a->spare || a->spare->size < b->size)) {
        struct block *smaller = a->spare;
        a->spare = b;
        b = smaller;
    }
    free(b);
}

/* The newest block is full (or n is 0 or too large): opens the next one, twice the size of the last
 * and never more than the limit still allows. */
static __attribute__((noinline)) void *take_slow(struct arena *a, size_t n)
{
    size_t handed = a->block->before + block_used(a);
    if (n > a->limit || round_up(n ? n : 1) > a->limit - handed)
        memory_exhausted("arena limit", n);
    size_t r = round_up(n ? n : 1);
    if (r > (size_t)(a->end - a->cur)) {
        struct block *b = a->spare;
        if (b && b->size >= r && b->size <= a->limit - handed) {
            a->spare = NULL;
        } else {
            size_t size = a->block->size < BLOCK_MAX / 2 ? a->block->size * 2 : BLOCK_MAX;
            if (r > size / 2)
                size += r;
            if (size > a->limit - handed)
                size = a->limit - handed; /* a multiple of ALIGN, at least r: checked above */
            b = new_block(size);
        }
        b->prev = a->block;
        b->before = handed;
        use_block(a, b, 0);
    }
    char *p = a->cur;
    a->cur += r;
    a->objects++;
    return p;
}

static inline void *take(struct arena *a, size_t n)
{
    if (__builtin_expect(n - 1 < (size_t)(a->end - a->cur), 1)) { /* n = 0 wraps: slow */
        char *p = a->cur;
        a->cur += round_up(n);
        a->objects++;
        return p;
    }
    return take_slow(a, n);
}

static void arena_open(struct arena *a)
{
    use_block(a, new_block(a->limit < ARENA_FIRST_BLOCK ? a->limit : ARENA_FIRST_BLOCK), 0);
}

static void drop_all(struct arena *a)
{
    while (a->block->prev)
        drop_block(a);
    use_block(a, a->block, 0);
    a->objects = 0;
}

static void arena_close(struct arena *a)
{
    free(a->spare);
    free(a->block);
}

struct arena_mark_at arena_mark(struct arena *a)
{
    return (struct arena_mark_at){ a->block, block_used(a), a->block->before + block_used(a),
                                   a->defers, a->objects };
}

void arena_rewind(struct arena *a, struct arena_mark_at m)
{
    run_defers(a, m.defers);
    while (a->block != m.block)
        drop_block(a);
    use_block(a, a->block, m.used);
    a->objects = m.objects;
}

size_t arena_used(const struct arena *a)
{
    return a->block->before + block_used(a);
}

void *arena_grow(struct arena *a, void *p, size_t old_n, size_t n)
{
    size_t had = round_up(old_n ? old_n : 1);
    if (n <= had)
        return p;
    if ((char *)p + had == a->cur && n - had <= (size_t)(a->end - a->cur)) {
        a->cur += round_up(n - had); /* the newest object: it grows where it is */
        return p;
    }
    void *grown = take(a, n);
    memcpy(grown, p, old_n);
    return grown;
}

#endif

struct arena *arena_new_sized(size_t limit)
{
    struct arena *a = calloc(1, sizeof(*a));
    if (!a)
        memory_exhausted("arena", sizeof(*a));
    a->limit = round_up(limit && limit < SIZE_MAX - ALIGN ? limit : ARENA_LIMIT_REQUEST);
    arena_open(a);
    return a;
}

void arena_reset(struct arena *a)
{
    run_defers(a, NULL);
    drop_all(a);
}

void arena_free(struct arena *a)
{
    if (!a)
        return;
    arena_reset(a);
    arena_close(a);
    free(a);
}

void *arena_alloc(struct arena *a, size_t n)
{
    char *p = take(a, n);
#ifndef KADE_ARENA_DEBUG
    if (n <= 8 * ALIGN) { /* the common sizes: whole 16 byte stores, no call */
        for (size_t i = 0; i < n; i += ALIGN)
            memset(p + i, 0, ALIGN);
        return p;
    }
#endif
    return memset(p, 0, n);
}

void *arena_calloc(struct arena *a, size_t n, size_t size)
{
    size_t bytes;
    if (__builtin_mul_overflow(n, size, &bytes))
        memory_exhausted("arena array", SIZE_MAX);
    return arena_alloc(a, bytes);
}

char *arena_strndup(struct arena *a, const char *s, size_t n)
{
    size_t len = strnlen(s, n);
    char *p = take(a, len + 1);
    memcpy(p, s, len);
    p[len] = '\0';
    return p;
}

char *arena_strdup(struct arena *a, const char *s)
{
    if (!s)
        return NULL;
    size_t n = strlen(s) + 1;
    return memcpy(take(a, n), s, n);
}

void *arena_memdup(struct arena *a, const void *p, size_t n)
{
    if (!p)
        return NULL;
    void *copy = take(a, n);
    if (n)
        memcpy(copy, p, n);
    return copy;
}

char *arena_vprintf(struct arena *a, const char *fmt, va_list ap)
{
    char local[256]; /* most texts fit, so they are formatted once */
    va_list again;
    va_copy(again, ap);
    int n = vsnprintf(local, sizeof(local), fmt, again);
    va_end(again);
    check_that(n >= 0);
    char *p = take(a, (size_t)n + 1);
    if ((size_t)n < sizeof(local))
        memcpy(p, local, (size_t)n + 1);
    else
        vsnprintf(p, (size_t)n + 1, fmt, ap);
    return p;
}

char *arena_printf(struct arena *a, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    char *p = arena_vprintf(a, fmt, ap);
    va_end(ap);
    return p;
}

void arena_defer(struct arena *a, void (*fn)(void *), void *ptr)
{
    struct defer *d = take(a, sizeof(*d));
    *d = (struct defer){ a->defers, fn, ptr };
    a->defers = d;
}

size_t arena_objects(const struct arena *a)
{
    return a->objects;
}
