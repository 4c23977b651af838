/* order_number.c: numbers people see. The counter is the database's; what it looks like is a
 * pattern of the shop. Codes that do not count up are the counter through a keyed permutation, so
 * two never collide. Invariant: different numbers give different texts while the pattern holds {no}
 * or {code}. */
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/str.h"
#include "gen/app_q.h"
#include "platform/crypto.h"
#include "platform/db.h"
#include "shop/order.h"

/* No vowels and nothing that looks like something else. */
static const char letters[] = "BCDFGHJKLMNPQRSTVWXYZ23456789";
enum { LETTERS = sizeof(letters) - 1, NUMBER_MAX = 60, ROUNDS = 4 };

static uint64_t power(unsigned n)
{
    uint64_t p = 1;
    while (n-- > 0)
        p *= LETTERS;
    return p;
}

static uint64_t mix(const unsigned char *key, unsigned round, uint64_t x)
{
    unsigned char in[CRYPTO_KEY + 9], out[CRYPTO_HASH];
    uint64_t v = 0;
    memcpy(in, key, CRYPTO_KEY);
    in[CRYPTO_KEY] = (unsigned char)round;
    for (unsigned i = 0; i < 8; i++)
        in[CRYPTO_KEY + 1 + i] = (unsigned char)(x >> (8 * i));
    crypto_digest(in, sizeof(in), out);
    for (unsigned i = 0; i < 8; i++)
        v = v << 8 | out[i];
    return v;
}

/* A permutation of 0 .. n - 1: a balanced Feistel network on the next power of four, walked until
 * it lands inside. */
static uint64_t permute(const unsigned char *key, uint64_t x, uint64_t n)
{
    unsigned half = 1;
    while ((UINT64_C(1) << (2 * half)) < n)
        half++;
    uint64_t mask = (UINT64_C(1) << half) - 1;
    do {
        uint64_t left = x >> half, right = x & mask;
        for (unsigned r = 0; r < ROUNDS; r++) {
            uint64_t next = left ^ (mix(key, r, right) & mask);
            left = right;
            right = next;
        }
        x = left << half | right;
    } while (x >= n);
    return x;
}

static enum rc put_code(struct buf *b, unsigned n, int64_t no, const unsigned char *key)
{
    uint64_t all = power(n);
    if (key == NULL || (uint64_t)no > all)
        return RC_LIMIT;
    uint64_t x = permute(key, (uint64_t)no - 1, all);
    for (unsigned i = 0; i < n; i++, x /= LETTERS)
        buf_char(b, letters[x % LETTERS]);
    return RC_OK;
}

static enum rc put_field(struct buf *b, const char *word, int64_t no, int year, int month,
                         const unsigned char *key)
{
    int64_t width = 0;
    if (str_eq(word, "yyyy"))
        buf_printf(b, "%04d", year);
    else if (str_eq(word, "yy"))
        buf_printf(b, "%02d", year % 100);
    else if (str_eq(word, "mm"))
        buf_printf(b, "%02d", month);
    else if (str_eq(word, "no"))
        buf_printf(b, "%lld", (long long)no);
    else if (str_starts(word, "no:") && str_int(word + 3, 1, 18, &width) == RC_OK)
        buf_printf(b, "%0*lld", (int)width, (long long)no);
    else if (str_starts(word, "code:") && str_int(word + 5, 4, 10, &width) == RC_OK)
        return put_code(b, (unsigned)width, no, key);
    else
        return RC_INVALID;
    return RC_OK;
}

enum rc order_number_format(struct arena *a, const char *pattern, int64_t no, int year, int month,
                            const unsigned char *key, const char **out)
{
    struct buf b;
    bool counts = false;
    buf_init(&b, a, NUMBER_MAX);
    for (const char *p = pattern; *p != '\0'; p++) {
        if (*p != '{') {
            buf_char(&b, *p);
            continue;
        }
        const char *end = strchr(p, '}');
        if (end == NULL || end == p + 1)
            return RC_INVALID;
        const char *word = arena_strndup(a, p + 1, (size_t)(end - p - 1));
        counts |= *word == 'n' || *word == 'c';
        enum rc rc = put_field(&b, word, no, year, month, key);
        if (rc != RC_OK)
            return rc;
        p = end;
    }
    if (!counts || no < 1 || buf_rc(&b) != RC_OK)
        return RC_INVALID;
    *out = b.p;
    return RC_OK;
}

struct taking {
    const char *series, *zone;
    int64_t now;
    struct app_number_taken_maybe got;
};

static enum rc take_in_tx(struct db *db, void *arg)
{
    struct taking *t = arg;
    return app_q_number_next(db, t->series, t->zone, t->now, &t->got);
}

enum rc order_number_next(struct db *db, const char *series, const char *zone, int64_t now,
                          const char **out)
{
    struct taking t = { .series = series, .zone = zone, .now = now };
    unsigned char key[CRYPTO_HASH];
    /* A number lost with its commit is a gap, and gaps are allowed. */
    enum rc rc = db_tx(db, DB_TX_RETRY | DB_TX_ASYNC_COMMIT, take_in_tx, &t);
    if (rc != RC_OK)
        return rc;
    if (!t.got.found)
        return RC_NOTFOUND;
    crypto_mac("number", db_scope_tenant_id(db), sizeof(struct uuid), key);
    return order_number_format(db_arena(db), t.got.row.pattern, t.got.row.no, t.got.row.year,
                               t.got.row.month, key, out);
}
