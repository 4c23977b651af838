/* credential.h: how people prove who they are, the same for customers and staff: counted attempts
 * with a lock that says how long, passwords whose check costs the same whether the account exists,
 * one-time links, one-time codes by time, recovery codes. Who the people are is the caller's table
 * (shop.customers, app.users); a raised epoch there ends sessions and links (T31). */
#ifndef APP_CREDENTIAL_H
#define APP_CREDENTIAL_H

#include "app/req.h"
#include "app/types.h"
#include "base/field.h"
#include "base/id.h"

enum {
    PASSWORD_LEAST = 8, /* characters */
    PASSWORD_MOST = 200,
    RECOVERY_CODES = 10,
    CREDENTIAL_FREE = 5,          /* attempts at one account before the lock */
    CREDENTIAL_FREE_ADDRESS = 30, /* from one address */
    CREDENTIAL_LOCK_S = 60,       /* first lock; doubles */
    CREDENTIAL_LOCK_MOST_S = 900
};

struct owner { /* exactly one is not nil */
    struct uuid user, customer;
};

/* ---- attempts ----------------------------------------------------------------------------------
 */
/* Counts an attempt at account ("customer:nimal@example.lk") and from the request's address, in a
 * transaction of its own, before anything is checked. *wait_s: 0 go on, else the seconds to wait
 * (not a code of its own: a statement that timed out is RC_LIMIT as well). */
KADE_API enum rc credential_attempt(struct req *r, const char *account,
                                    unsigned *wait_s) ATTR_MUST_CHECK;
/* The attempt was good. Inside db_tx. */
KADE_API enum rc credential_proved(struct req *r, struct db *db,
                                   const char *account) ATTR_MUST_CHECK;
/* "Too many attempts. Try again in 2 minutes." */
KADE_API const char *credential_wait_text(struct req *r, unsigned wait_s);

/* ---- passwords ---------------------------------------------------------------------------------
 */
/* hash NULL: nobody; it takes as long. *rehash (may be NULL): the hash to store instead, NULL when
 * today's is good. */
KADE_API bool credential_password_ok(struct arena *a, const char *hash, const char *password,
                                     const char **rehash);
/* What is wrong with a new password, translated; NULL nothing. about: the person's own words (name,
 * e-mail), which make no password; ends with NULL. */
KADE_API const char *credential_password_weak(struct arena *a, const char *password,
                                              const char *const *about);

/* ---- one-time links ----------------------------------------------------------------------------
 */
struct app_token_maybe;
/* Inside db_tx. owner NULL only for purpose "register". sealed: what the link will do, NULL
 * nothing; it is sealed for this token. Token for the address in *out. */
KADE_API enum rc credential_token_add(struct db *db, const char *purpose, const struct owner *owner,
                                      int32_t epoch, const char *content, int64_t expires_at,
                                      const char **out) ATTR_MUST_CHECK;
struct credential_token {
    bool found;
    struct owner owner;
    int32_t epoch;
    const char *content; /* "" when none */
    int64_t expires_at;
};
/* Looks; found is false for one that is unknown, used, run out or overtaken by its owner's epoch.
 */
KADE_API enum rc credential_token_look(struct db *db, const char *purpose, const char *token,
                                       int64_t now, struct credential_token *out) ATTR_MUST_CHECK;
/* Inside db_tx: looks and uses it up; of several at once one finds it. */
KADE_API enum rc credential_token_use(struct db *db, const char *purpose, const char *token,
                                      int64_t now, struct credential_token *out) ATTR_MUST_CHECK;
/* Inside db_tx: older links of this kind. */
KADE_API enum rc credential_tokens_drop(struct db *db, const char *purpose,
                                        const struct owner *owner) ATTR_MUST_CHECK;

/* ---- second factor -----------------------------------------------------------------------------
 */
struct credential_factor {
    bool on;
    int64_t codes_left; /* recovery codes */
};
KADE_API enum rc credential_factor_look(struct db *db, const struct owner *owner,
                                        struct credential_factor *out) ATTR_MUST_CHECK;
/* Inside db_tx. A code of the app, once, or a recovery code, once. *out says whether it was good.
 */
KADE_API enum rc credential_factor_use(struct db *db, const struct owner *owner, const char *code,
                                       int64_t now, bool *out) ATTR_MUST_CHECK;
/* Inside db_tx: switches it on with the secret the app has shown to know; *codes are the recovery
 * codes, shown once. */
KADE_API enum rc credential_factor_set(struct db *db, const struct owner *owner,
                                       const unsigned char *secret, int64_t step,
                                       struct texts *codes) ATTR_MUST_CHECK;
KADE_API enum rc credential_codes_renew(struct db *db, const struct owner *owner,
                                        struct texts *codes) ATTR_MUST_CHECK;
KADE_API enum rc credential_factor_drop(struct db *db, const struct owner *owner) ATTR_MUST_CHECK;

/* ---- of the built-in module --------------------------------------------------------------------
 */
enum rc credential_expire_job(struct app_ctx *app, const struct job *j) ATTR_MUST_CHECK;

#endif
