/* credential.c: attempts, passwords and one-time links. An attempt is counted, and committed,
 * before anything is looked at: a hundred guesses at once are a hundred, and a lock holds although
 * the request that met it fails. Nothing here tells an account that exists from one that does not,
 * by answer or by time. The second factor is credential_factor.c's. */
#include "app/credential.h"

#include <stdio.h>
#include <string.h>

#include "app/credential_int.h"
#include "app/job.h"
#include "base/log.h"
#include "base/str.h"
#include "base/time.h"
#include "base/utf8.h"
#include "gen/app_q.h"
#include "platform/crypto.h"
#include "platform/db.h"
#include "platform/i18n.h"

/* ---- attempts ---------------------------------------------------------------------------------
 */

struct attempt {
    struct req *r;
    unsigned char account[CRYPTO_HASH], address[CRYPTO_HASH];
    struct app_attempt by_account, by_address;
};

static void names(struct req *r, const char *account, struct attempt *t)
{
    const char *address = arena_printf(r->arena, "address:%s", r->ip ? r->ip : "");
    t->r = r;
    crypto_mac("login.attempt", account, strlen(account), t->account);
    crypto_mac("login.attempt", address, strlen(address), t->address);
}

/* Always the account first: two people from one address wait for each other, never in a circle. */
static enum rc attempt_in_tx(struct db *db, void *arg)
{
    struct attempt *t = arg;
    struct db_pipe *p = db_pipe(db);
    app_q_attempt_take_send(p, (struct bytes){ t->account, CRYPTO_HASH }, t->r->now,
                            CREDENTIAL_FREE, CREDENTIAL_LOCK_S, CREDENTIAL_LOCK_MOST_S,
                            &t->by_account);
    app_q_attempt_take_send(p, (struct bytes){ t->address, CRYPTO_HASH }, t->r->now,
                            CREDENTIAL_FREE_ADDRESS, CREDENTIAL_LOCK_S, CREDENTIAL_LOCK_MOST_S,
                            &t->by_address);
    return db_pipe_run(p);
}

enum rc credential_attempt(struct req *r, const char *account, unsigned *wait_s)
{
    struct attempt *t = arena_new(r->arena, struct attempt);
    names(r, account, t);
    enum rc rc = db_tx(r->db, DB_TX_RETRY, attempt_in_tx, t);
    if (rc != RC_OK)
        return rc;
    int64_t until = t->by_account.was_refused ? t->by_account.locked_until : 0;
    if (t->by_address.was_refused && t->by_address.locked_until > until)
        until = t->by_address.locked_until;
    *wait_s = until <= r->now ? 0 : (unsigned)((until - r->now) / SECONDS(1)) + 1;
    return RC_OK;
}

enum rc credential_proved(struct req *r, struct db *db, const char *account)
{
    struct attempt *t = arena_new(r->arena, struct attempt);
    names(r, account, t);
    enum rc rc = app_q_attempts_clear(db, (struct bytes){ t->account, CRYPTO_HASH }, NULL);
    if (rc == RC_OK)
        rc = app_q_attempt_undo(db, (struct bytes){ t->address, CRYPTO_HASH }, NULL);
    return rc;
}

const char *credential_wait_text(struct req *r, unsigned wait_s)
{
    unsigned minutes = (wait_s + 59) / 60;
    if (wait_s < 60)
        return arena_printf(r->arena,
                            tr_n("Too many attempts. Try again in %u second.",
                                 "Too many attempts. Try again in %u seconds.", wait_s),
                            wait_s);
    return arena_printf(r->arena,
                        tr_n("Too many attempts. Try again in %u minute.",
                             "Too many attempts. Try again in %u minutes.", minutes),
                        minutes);
}

/* ---- passwords --------------------------------------------------------------------------------
 */

/* A hash of nobody's password under today's cost, made once a process. */
static const char *nobody(struct arena *a)
{
    static struct {
        char hash[160];
    } self;
    char *made;
    if (!*self.hash && crypto_password_hash(a, crypto_token(a), &made) == RC_OK)
        (void)str_copy(self.hash, sizeof self.hash, made);
    return self.hash;
}

bool credential_password_ok(struct arena *a, const char *hash, const char *password,
                            const char **rehash)
{
    bool old = false, ok = crypto_password_check(hash ? hash : nobody(a), password, &old);
    char *made;
    if (rehash)
        *rehash = NULL;
    ok = ok && hash;
    if (ok && old && rehash && crypto_password_hash(a, password, &made) == RC_OK)
        *rehash = made;
    return ok;
}

static bool one_character(const char *s)
{
    for (const char *p = s; *p; p++)
        if (*p != *s)
            return false;
    return true;
}

/* "12345678", "abcdefgh", "87654321": each the neighbour of the one before. */
static bool is_run(const char *s)
{
    size_t n = strlen(s), up = 0, down = 0;
    for (size_t i = 1; i < n; i++) {
        up += s[i] == s[i - 1] + 1;
        down += s[i] == s[i - 1] - 1;
    }
    return n > 2 && (up + 2 >= n || down + 2 >= n);
}

/* The few that guessers try first, folded; length alone stops most of the others. */
static bool is_common(const char *folded)
{
    static const char *const list[] = { "password", "password1",  "password12", "password123",
                                        "passw0rd", "qwertyuiop", "qwerty123",  "qwertyui",
                                        "1q2w3e4r", "1qaz2wsx",   "iloveyou",   "iloveyou1",
                                        "abc12345", "abcd1234",   "welcome1",   "welcome123",
                                        "admin123", "letmein1",   "football",   "baseball",
                                        "sunshine", "princess",   "superman",   "trustno1",
                                        "srilanka", "srilanka1",  "changeme",   "computer",
                                        "internet", "whatever",   "1234qwer",   "asdfghjkl" };
    for (size_t i = 0; i < COUNT_OF(list); i++)
        if (str_eq(list[i], folded))
            return true;
    return false;
}

const char *credential_password_weak(struct arena *a, const char *password,
                                     const char *const *about)
{
    size_t n = utf8_length(password);
    const char *folded = utf8_fold(a, password);
    if (n < PASSWORD_LEAST)
        return arena_printf(a, _("Use at least %d characters. A few words are easy to remember."),
                            (int)PASSWORD_LEAST);
    if (n > PASSWORD_MOST)
        return arena_printf(a, _("Use at most %d characters."), (int)PASSWORD_MOST);
    if (one_character(folded) || is_run(folded) || is_common(folded))
        return _("This password is one of the first that are guessed. Choose another.");
    for (; about && *about; about++) {
        const char *own = utf8_fold(a, *about);
        if (strlen(own) > 3 &&
            (str_eq(own, folded) || (strstr(folded, own) && strlen(folded) < strlen(own) + 4)))
            return _("This password is too close to your name or e-mail address.");
    }
    return NULL;
}

/* ---- one-time links ---------------------------------------------------------------------------
 */

static const char *seal_name(struct arena *a, struct db *db, const char *purpose,
                             const unsigned char hash[CRYPTO_HASH])
{
    const struct uuid *tenant = db_scope_tenant_id(db);
    return arena_printf(a, "token:%s:%s:%s", purpose, tenant ? uuid_str(a, *tenant) : "",
                        crypto_base64url(a, hash, CRYPTO_HASH));
}

enum rc credential_token_add(struct db *db, const char *purpose, const struct owner *owner,
                             int32_t epoch, const char *content, int64_t expires_at,
                             const char **out)
{
    struct arena *a = db_arena(db);
    const char *token = crypto_token(a);
    unsigned char hash[CRYPTO_HASH], *sealed = NULL;
    size_t n = 0;
    crypto_token_hash(token, hash);
    if (content) {
        enum rc rc =
            crypto_seal(a, seal_name(a, db, purpose, hash), content, strlen(content), &sealed, &n);
        if (rc != RC_OK)
            return rc;
    }
    *out = token;
    return app_q_token_add(db, (struct bytes){ hash, sizeof hash }, purpose, credential_user(owner),
                           credential_customer(owner), epoch, (struct bytes){ sealed, n },
                           expires_at, NULL);
}

enum rc credential_token_look(struct db *db, const char *purpose, const char *token, int64_t now,
                              struct credential_token *out)
{
    struct arena *a = db_arena(db);
    struct app_token_maybe m;
    unsigned char hash[CRYPTO_HASH], *plain;
    size_t n;
    crypto_token_hash(token, hash);
    enum rc rc = app_q_token_get(db, (struct bytes){ hash, sizeof hash }, purpose, now, &m);
    if (rc != RC_OK)
        return rc;
    struct credential_token t = { .found = m.found, .content = "" };
    if (m.found) {
        t.owner = (struct owner){ m.row.user_id, m.row.customer_id };
        t.epoch = m.row.epoch;
        t.expires_at = m.row.expires_at;
    }
    if (m.found && m.row.sealed.p) {
        rc = crypto_open(a, seal_name(a, db, purpose, hash), m.row.sealed.p, m.row.sealed.n, &plain,
                         &n);
        if (rc != RC_OK) /* another installation's key */
            t.found = false;
        else
            t.content = (const char *)plain;
    }
    *out = t;
    return RC_OK;
}

enum rc credential_token_use(struct db *db, const char *purpose, const char *token, int64_t now,
                             struct credential_token *out)
{
    unsigned char hash[CRYPTO_HASH];
    int64_t used = 0;
    check_that(db_in_tx(db));
    crypto_token_hash(token, hash);
    enum rc rc = credential_token_look(db, purpose, token, now, out);
    if (rc == RC_OK && out->found)
        rc = app_q_token_use(db, (struct bytes){ hash, sizeof hash }, purpose, now, &used);
    if (rc == RC_OK)
        out->found = out->found && used == 1;
    return rc;
}

enum rc credential_tokens_drop(struct db *db, const char *purpose, const struct owner *owner)
{
    return app_q_tokens_drop(db, purpose, credential_user(owner), credential_customer(owner), NULL);
}

/* ---- upkeep -----------------------------------------------------------------------------------
 */

static enum rc expire_in_tx(struct db *db, void *arg)
{
    const struct job *j = arg;
    const int64_t day = SECONDS(86400);
    enum rc rc = app_q_tokens_expire(db, j->now - 7 * day, NULL);
    if (rc == RC_OK)
        rc = app_q_attempts_expire(db, j->now - 2 * day, NULL);
    if (rc == RC_OK)
        rc = app_q_sessions_expire(db, j->now - day, NULL);
    return rc;
}

enum rc credential_expire_job(struct app_ctx *app, const struct job *j)
{
    (void)app;
    struct job copy = *j;
    return db_tx(j->db, DB_TX_RETRY, expire_in_tx, &copy);
}
