/* credential_factor.c: the second proof: codes by time from a device, and recovery codes on paper.
 * The secret is sealed for its owner; a step and a code are used up by the statement that accepts
 * them, so the same six digits never open twice. Attempts are counted by the caller. */
#include <string.h>

#include "app/credential_int.h"
#include "base/log.h"
#include "base/str.h"
#include "base/time.h"
#include "gen/app_q.h"
#include "platform/crypto.h"
#include "platform/db.h"
#include "platform/totp.h"

enum { CODE_LETTERS = 10 };

static const char *seal_name(struct arena *a, struct db *db, const struct owner *o)
{
    const struct uuid *tenant = db_scope_tenant_id(db);
    return arena_printf(a, "totp:%s:%s", tenant ? uuid_str(a, *tenant) : "",
                        uuid_str(a, credential_owner(o)));
}

enum rc credential_factor_look(struct db *db, const struct owner *owner,
                               struct credential_factor *out)
{
    struct app_factor_maybe m;
    enum rc rc = app_q_factor_get(db, credential_owner(owner), &m);
    if (rc == RC_OK)
        *out = (struct credential_factor){ m.found, m.found ? m.row.codes_left : 0 };
    return rc;
}

/* Lower case, without what people put between groups; look-alikes are one letter. */
static const char *code_plain(struct arena *a, const char *code)
{
    char *out = arena_alloc(a, strlen(code) + 1), *o = out;
    for (; *code; code++) {
        char c = *code >= 'A' && *code <= 'Z' ? (char)(*code - 'A' + 'a') : *code;
        if (c == ' ' || c == '-')
            continue;
        *o++ = c == 'o' ? '0' : c == 'l' || c == 'i' ? '1' : c;
    }
    *o = '\0';
    return out;
}

static void code_hash(struct arena *a, struct uuid owner, const char *plain,
                      unsigned char out[CRYPTO_HASH])
{
    const char *text = arena_printf(a, "%s:%s", uuid_str(a, owner), plain);
    crypto_mac("recovery.code", text, strlen(text), out);
}

static enum rc use_step(struct db *db, const struct owner *owner, const struct app_factor *f,
                        const char *code, int64_t now, bool *out)
{
    struct arena *a = db_arena(db);
    unsigned char *secret;
    size_t n;
    int64_t step, used = 0;
    enum rc rc = crypto_open(a, seal_name(a, db, owner), f->secret_sealed.p, f->secret_sealed.n,
                             &secret, &n);
    if (rc != RC_OK || n != TOTP_SECRET || !totp_check(secret, code, now, &step))
        return RC_OK;
    rc = app_q_factor_use(db, credential_owner(owner), step, &used);
    *out = rc == RC_OK && used == 1;
    return rc;
}

enum rc credential_factor_use(struct db *db, const struct owner *owner, const char *code,
                              int64_t now, bool *out)
{
    struct arena *a = db_arena(db);
    struct app_factor_maybe m;
    const char *plain = code_plain(a, code);
    check_that(db_in_tx(db));
    bool good = false;
    enum rc rc = app_q_factor_get(db, credential_owner(owner), &m);
    if (rc == RC_OK && m.found && strlen(plain) == TOTP_DIGITS) {
        rc = use_step(db, owner, &m.row, plain, now, &good);
    } else if (rc == RC_OK && m.found && strlen(plain) == CODE_LETTERS) {
        unsigned char hash[CRYPTO_HASH];
        int64_t used = 0;
        code_hash(a, credential_owner(owner), plain, hash);
        rc = app_q_code_use(db, credential_owner(owner), (struct bytes){ hash, sizeof hash }, now,
                            &used);
        good = used == 1;
    }
    if (rc == RC_OK)
        *out = good;
    return rc;
}

/* 50 bits each, in letters and digits that are not mistaken for one another. */
static const char *make_code(struct arena *a)
{
    static const char set[] = "abcdefghjkmnpqrstuvwxyz023456789"; /* 32: no i, l, o, 1 */
    unsigned char r[CODE_LETTERS];
    char text[CODE_LETTERS + 2];
    crypto_random(r, sizeof r);
    for (size_t i = 0, o = 0; i < CODE_LETTERS; i++) {
        if (i == CODE_LETTERS / 2)
            text[o++] = '-';
        text[o++] = set[r[i] & 31];
    }
    text[CODE_LETTERS + 1] = '\0';
    return arena_strdup(a, text);
}

static const char *hex(struct arena *a, const unsigned char *p, size_t n)
{
    static const char digits[] = "0123456789abcdef";
    char *out = arena_alloc(a, 2 * n + 1);
    for (size_t i = 0; i < n; i++) {
        out[2 * i] = digits[p[i] >> 4];
        out[2 * i + 1] = digits[p[i] & 15];
    }
    out[2 * n] = '\0';
    return out;
}

enum rc credential_codes_renew(struct db *db, const struct owner *owner, struct texts *codes)
{
    struct arena *a = db_arena(db);
    const char **shown = arena_array(a, const char *, RECOVERY_CODES);
    const char **digest = arena_array(a, const char *, RECOVERY_CODES);
    struct uuid id = credential_owner(owner);
    check_that(db_in_tx(db));
    for (size_t i = 0; i < RECOVERY_CODES; i++) {
        unsigned char hash[CRYPTO_HASH];
        shown[i] = make_code(a);
        code_hash(a, id, code_plain(a, shown[i]), hash);
        digest[i] = hex(a, hash, sizeof hash);
    }
    enum rc rc = app_q_codes_drop(db, id, NULL);
    if (rc == RC_OK)
        rc = app_q_codes_put(db, id, credential_user(owner), credential_customer(owner),
                             (struct texts){ digest, RECOVERY_CODES }, NULL);
    if (rc == RC_OK)
        *codes = (struct texts){ shown, RECOVERY_CODES };
    return rc;
}

enum rc credential_factor_set(struct db *db, const struct owner *owner, const unsigned char *secret,
                              int64_t step, struct texts *codes)
{
    struct arena *a = db_arena(db);
    unsigned char *sealed;
    size_t n;
    check_that(db_in_tx(db));
    enum rc rc = crypto_seal(a, seal_name(a, db, owner), secret, TOTP_SECRET, &sealed, &n);
    if (rc == RC_OK)
        rc = app_q_factor_put(db, credential_owner(owner), credential_user(owner),
                              credential_customer(owner), (struct bytes){ sealed, n }, step, NULL);
    return rc == RC_OK ? credential_codes_renew(db, owner, codes) : rc;
}

enum rc credential_factor_drop(struct db *db, const struct owner *owner)
{
    check_that(db_in_tx(db));
    enum rc rc = app_q_factor_drop(db, credential_owner(owner), NULL);
    return rc == RC_OK ? app_q_codes_drop(db, credential_owner(owner), NULL) : rc;
}
