/* crypto.c: libsodium under our names. Every use of the installation's key has a key of its own,
 * derived from it, so that no MAC can pass for a token hash. Nothing here is home-made: this file
 * only chooses constructions and sizes. Passwords are in crypto_password.c.
 * Invariant: what needs the key aborts when crypto_load_key has not succeeded. */
#include "platform/crypto.h"

#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fcntl.h>

#include "base/log.h"
#include "base/time.h"
#include "platform/fault.h"

enum { SEAL_VERSION = 1, NONCE = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES };
enum { SEAL_OVERHEAD = 1 + NONCE + crypto_aead_xchacha20poly1305_ietf_ABYTES, TOKEN_BYTES = 32 };
enum { USE_MAC = 1, USE_TOKEN, USE_SEAL };

static struct {
    bool loaded;
    unsigned char mac[CRYPTO_KEY], token[CRYPTO_KEY], seal[CRYPTO_KEY];
} state;

enum rc crypto_init(void)
{
    if (sodium_init() < 0) {
        log_error("libsodium cannot start", "errno=%d", errno);
        return RC_BUG;
    }
    return RC_OK;
}

void crypto_random(void *out, size_t n)
{
    randombytes_buf(out, n);
}

struct uuid uuid7_new(void)
{
    unsigned char random[10];
    randombytes_buf(random, sizeof(random));
    int64_t now = instant_now();
    return uuid7_make(now > 0 ? (uint64_t)now / 1000 : 0, random);
}

char *crypto_base64url(struct arena *a, const void *p, size_t n)
{
    size_t size = sodium_base64_encoded_len(n, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    char *out = arena_alloc(a, size);
    return sodium_bin2base64(out, size, p, n, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

enum rc crypto_base64url_decode(struct arena *a, const char *s, unsigned char **out, size_t *n)
{
    size_t len = strlen(s), size = len / 4 * 3 + 3, made;
    const char *end;
    /* libsodium 1.0.18 takes some bytes past 127 for letters of the alphabet. */
    if (s[strspn(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")])
        return RC_INVALID;
    unsigned char *bytes = arena_alloc(a, size);
    if (sodium_base642bin(bytes, size, s, len, NULL, &made, &end,
                          sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0 ||
        end != s + len)
        return RC_INVALID;
    *out = bytes;
    *n = made;
    return RC_OK;
}

char *crypto_token(struct arena *a)
{
    unsigned char random[TOKEN_BYTES];
    randombytes_buf(random, sizeof(random));
    char *text = crypto_base64url(a, random, sizeof(random));
    sodium_memzero(random, sizeof(random));
    return text;
}

void crypto_sha256(const void *p, size_t n, unsigned char out[CRYPTO_HASH])
{
    crypto_hash_sha256(out, p, n);
}

void crypto_digest(const void *p, size_t n, unsigned char out[CRYPTO_HASH])
{
    crypto_generichash(out, CRYPTO_HASH, p, n, NULL, 0);
}

char *crypto_sha256_hex(struct arena *a, const void *p, size_t n)
{
    unsigned char hash[CRYPTO_HASH];
    crypto_hash_sha256(hash, p, n);
    char *out = arena_alloc(a, sizeof(hash) * 2 + 1);
    return sodium_bin2hex(out, sizeof(hash) * 2 + 1, hash, sizeof(hash));
}

void crypto_token_hash(const char *token, unsigned char out[CRYPTO_HASH])
{
    check_that(state.loaded);
    crypto_generichash(out, CRYPTO_HASH, (const unsigned char *)token, strlen(token), state.token,
                       sizeof(state.token));
}

void crypto_mac(const char *purpose, const void *p, size_t n, unsigned char out[CRYPTO_HASH])
{
    check_that(state.loaded);
    unsigned char key[crypto_auth_KEYBYTES]; /* one key a purpose */
    crypto_generichash(key, sizeof(key), (const unsigned char *)purpose, strlen(purpose), state.mac,
                       sizeof(state.mac));
    crypto_auth(out, p, n, key);
    sodium_memzero(key, sizeof(key));
}

void crypto_hmac_sha256(const void *key, size_t nkey, const void *p, size_t n,
                        unsigned char out[CRYPTO_HASH])
{
    crypto_auth_hmacsha256_state s;
    crypto_auth_hmacsha256_init(&s, key, nkey);
    crypto_auth_hmacsha256_update(&s, p, n);
    crypto_auth_hmacsha256_final(&s, out);
    sodium_memzero(&s, sizeof(s));
}

bool crypto_equal(const void *a, const void *b, size_t n)
{
    return sodium_memcmp(a, b, n) == 0;
}

/* version, nonce, ciphertext with its tag; aad is authenticated with the version. */
enum rc crypto_seal(struct arena *a, const char *aad, const void *p, size_t n, unsigned char **out,
                    size_t *out_n)
{
    check_that(state.loaded);
    if (n > SIZE_MAX / 2)
        return RC_LIMIT;
    unsigned char *box = arena_alloc(a, n + SEAL_OVERHEAD);
    box[0] = SEAL_VERSION;
    randombytes_buf(box + 1, NONCE);
    if (crypto_aead_xchacha20poly1305_ietf_encrypt(box + 1 + NONCE, NULL, p, n,
                                                   (const unsigned char *)aad, strlen(aad), NULL,
                                                   box + 1, state.seal) != 0)
        return RC_BUG;
    *out = box;
    *out_n = n + SEAL_OVERHEAD;
    return RC_OK;
}

enum rc crypto_open(struct arena *a, const char *aad, const void *p, size_t n, unsigned char **out,
                    size_t *out_n)
{
    check_that(state.loaded);
    const unsigned char *box = p;
    if (n < SEAL_OVERHEAD || box[0] != SEAL_VERSION)
        return RC_INVALID;
    size_t len = n - SEAL_OVERHEAD;
    unsigned char *text = arena_alloc(a, len + 1); /* + NUL: sealed texts are used as strings */
    if (crypto_aead_xchacha20poly1305_ietf_decrypt(text, NULL, NULL, box + 1 + NONCE, n - 1 - NONCE,
                                                   (const unsigned char *)aad, strlen(aad), box + 1,
                                                   state.seal) != 0)
        return RC_INVALID;
    *out = text;
    *out_n = len;
    return RC_OK;
}

/* ---- the key file ---------------------------------------------------------------------------- */

static enum rc refuse(const char *file, const char *why, int error)
{
    log_error("key file", "file=%s why=%s error=%s", file, why, error ? strerror(error) : "-");
    return error == ENOENT ? RC_NOTFOUND : RC_UPSTREAM;
}

static enum rc read_key(const char *file, unsigned char key[CRYPTO_KEY])
{
    struct stat st;
    int fd = fault_here(FAULT_FILE, "open key") ? -1 : open(file, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (fd < 0)
        return refuse(file, "cannot be read", errno);
    unsigned char extra[CRYPTO_KEY + 1];
    ssize_t n = fstat(fd, &st) == 0 && S_ISREG(st.st_mode) ? read(fd, extra, sizeof(extra)) : -1;
    int error = errno;
    close(fd);
    if (n < 0)
        return refuse(file, "is no readable file", error);
    if (n != CRYPTO_KEY) {
        log_error("key file", "file=%s why=\"must hold 32 bytes; restore it from the backup\"",
                  file);
        return RC_INVALID;
    }
    if (st.st_mode & 077) {
        log_error("key file", "file=%s why=\"others may read it; chmod 600\"", file);
        return RC_INVALID;
    }
    memcpy(key, extra, CRYPTO_KEY);
    sodium_memzero(extra, sizeof(extra));
    return RC_OK;
}

static bool write_all(int fd, const unsigned char *p, size_t n)
{
    bool ok = !fault_here(FAULT_FILE, "write key") && write(fd, p, n) == (ssize_t)n;
    return ok && fsync(fd) == 0;
}

/* Written aside and linked into place, so that two programs that start together share one key and
 * none ever reads half of it. */
static enum rc make_key(const char *file)
{
    char part[4096];
    int len = snprintf(part, sizeof(part), "%s.%ld", file, (long)getpid());
    if (len < 0 || (size_t)len >= sizeof(part))
        return refuse(file, "path is too long", 0);
    unlink(part); /* left by a crash of a process with our number */
    int fd = fault_here(FAULT_FILE, "create key")
                 ? -1
                 : open(part, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0) {
        int error = errno;
        refuse(file, "cannot be made", error);
        return RC_UPSTREAM;
    }
    unsigned char key[CRYPTO_KEY];
    randombytes_buf(key, sizeof(key));
    bool ok = write_all(fd, key, sizeof(key));
    sodium_memzero(key, sizeof(key));
    ok = close(fd) == 0 && ok;
    bool linked = ok && (link(part, file) == 0 || errno == EEXIST);
    int error = errno;
    unlink(part);
    return linked ? RC_OK : refuse(file, "cannot be written", error);
}

enum rc crypto_load_key(const char *file, bool create)
{
    static const char context[crypto_kdf_CONTEXTBYTES] = { 'k', 'a', 'd', 'e', '-', 'k', 'e', 'y' };
    if (create && access(file, F_OK) != 0 && errno == ENOENT) {
        enum rc rc = make_key(file);
        if (rc != RC_OK)
            return rc;
    }
    unsigned char key[CRYPTO_KEY];
    enum rc rc = read_key(file, key);
    if (rc != RC_OK)
        return rc;
    crypto_kdf_derive_from_key(state.mac, sizeof(state.mac), USE_MAC, context, key);
    crypto_kdf_derive_from_key(state.token, sizeof(state.token), USE_TOKEN, context, key);
    crypto_kdf_derive_from_key(state.seal, sizeof(state.seal), USE_SEAL, context, key);
    sodium_memzero(key, sizeof(key));
    state.loaded = true;
    return RC_OK;
}
