/* crypto.h: libsodium's work under our names. Nothing here is home-made. */
#ifndef PLATFORM_CRYPTO_H
#define PLATFORM_CRYPTO_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/id.h"
#include "base/rc.h"

enum { CRYPTO_HASH = 32, CRYPTO_KEY = 32, CRYPTO_TOKEN_TEXT = 44 /* 32 bytes base64url + NUL */ };

/* Once per process, before any other call; fails only when libsodium cannot start. */
KADE_API enum rc crypto_init(void) ATTR_MUST_CHECK;
KADE_API void crypto_random(void *out, size_t n);
KADE_API struct uuid uuid7_new(void); /* instant_now() and crypto_random */
/* 256-bit random token, base64url without padding. */
KADE_API char *crypto_token(struct arena *a) ATTR_RETNONNULL;
/* SHA-256 as hex / bytes. */
KADE_API void crypto_sha256(const void *p, size_t n, unsigned char out[CRYPTO_HASH]);
KADE_API char *crypto_sha256_hex(struct arena *a, const void *p, size_t n) ATTR_RETNONNULL;
/* Unkeyed BLAKE2b-256: cache keys, fingerprints. */
KADE_API void crypto_digest(const void *p, size_t n, unsigned char out[CRYPTO_HASH]);
/* Hash under which a token is stored: keyed BLAKE2b. */
KADE_API void crypto_token_hash(const char *token, unsigned char out[CRYPTO_HASH]);
/* MAC (crypto_auth) over message with the installation's key, domain-separated by purpose. */
KADE_API void crypto_mac(const char *purpose, const void *p, size_t n,
                         unsigned char out[CRYPTO_HASH]);
/* HMAC-SHA256 (RFC 2104) with a key of somebody else's: signatures of deliveries. */
KADE_API void crypto_hmac_sha256(const void *key, size_t nkey, const void *p, size_t n,
                                 unsigned char out[CRYPTO_HASH]);
KADE_API bool crypto_equal(const void *a, const void *b, size_t n); /* constant time */
/* argon2id. The hash string lives in the arena. ~50 ms and 64 MB in production; a program lowers
 * the cost when its configuration says so (conf.password_cost_min, development only). RC_INVALID
 * for an empty password or one of more than 1024 bytes. */
enum crypto_cost { CRYPTO_COST_FULL, CRYPTO_COST_MIN };
KADE_API void crypto_set_password_cost(enum crypto_cost cost);
KADE_API enum rc crypto_password_hash(struct arena *a, const char *password,
                                      char **out) ATTR_MUST_CHECK;
KADE_API bool crypto_password_check(const char *hash, const char *password, bool *needs_rehash);
/* Seals secrets for *_sealed columns with the installation's key; aad binds them to their row. What
 * crypto_open returns is followed by a NUL; RC_INVALID when it was not sealed here for this aad. */
KADE_API enum rc crypto_seal(struct arena *a, const char *aad, const void *p, size_t n,
                             unsigned char **out, size_t *out_n) ATTR_MUST_CHECK;
KADE_API enum rc crypto_open(struct arena *a, const char *aad, const void *p, size_t n,
                             unsigned char **out, size_t *out_n) ATTR_MUST_CHECK;
/* Reads the key file; makes it (0600) when create and missing. RC_NOTFOUND, RC_UPSTREAM when it
 * cannot be read or made, RC_INVALID when it is not 32 bytes or open to others; logged. */
KADE_API enum rc crypto_load_key(const char *file, bool create) ATTR_MUST_CHECK;
/* base64url without padding (RFC 4648 section 5); decoding is strict: no padding, no white space,
 * no stray bits. */
KADE_API char *crypto_base64url(struct arena *a, const void *p, size_t n) ATTR_RETNONNULL;
KADE_API enum rc crypto_base64url_decode(struct arena *a, const char *s, unsigned char **out,
                                         size_t *n) ATTR_MUST_CHECK;

#endif
