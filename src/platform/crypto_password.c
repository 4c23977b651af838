/* crypto_password.c: argon2id password hashes by libsodium. The cost is full unless the program
 * lowered it (a development installation may, so that a thousand tests can sign in).
 * Invariant: a hash made under another cost than today's reports needs_rehash. */
#include <sodium.h>
#include <string.h>

#include "base/log.h"
#include "platform/crypto.h"

_Static_assert(crypto_pwhash_argon2id_STRBYTES <= 128, "columns and buffers hold 128");

/* ~50 ms and 64 MB on a core of ours. */
enum { FULL_OPS = 2, FULL_MEMORY = 64 * 1024 * 1024, PASSWORD_MAX = 1024 };

static struct {
    enum crypto_cost cost;
} state;

void crypto_set_password_cost(enum crypto_cost cost)
{
    state.cost = cost;
}

static unsigned long long ops(void)
{
    return state.cost == CRYPTO_COST_MIN ? crypto_pwhash_argon2id_OPSLIMIT_MIN : FULL_OPS;
}

static size_t memory(void)
{
    return state.cost == CRYPTO_COST_MIN ? crypto_pwhash_argon2id_MEMLIMIT_MIN : FULL_MEMORY;
}

enum rc crypto_password_hash(struct arena *a, const char *password, char **out)
{
    size_t n = strlen(password);
    if (n == 0 || n > PASSWORD_MAX)
        return RC_INVALID;
    char hash[crypto_pwhash_argon2id_STRBYTES];
    if (crypto_pwhash_argon2id_str(hash, password, n, ops(), memory()) != 0)
        memory_exhausted("password hash", memory());
    *out = arena_strdup(a, hash);
    return RC_OK;
}

bool crypto_password_check(const char *hash, const char *password, bool *needs_rehash)
{
    size_t n = strlen(password);
    if (needs_rehash)
        *needs_rehash = false;
    if (n > PASSWORD_MAX || strlen(hash) >= crypto_pwhash_argon2id_STRBYTES)
        return false;
    char fixed[crypto_pwhash_argon2id_STRBYTES] = { 0 }; /* the library reads a whole one */
    memcpy(fixed, hash, strlen(hash));
    if (crypto_pwhash_argon2id_str_verify(fixed, password, n) != 0)
        return false;
    if (needs_rehash)
        *needs_rehash = crypto_pwhash_argon2id_str_needs_rehash(fixed, ops(), memory()) != 0;
    return true;
}
