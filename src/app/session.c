/* session.c: who sends this request. The cookie holds a random token, the database only its keyed
 * hash; the statement that reads it travels with the page's other statements, so a page costs no
 * trip more for a signed-in visitor. A session counts only while its epoch is its owner's, which
 * the statement checks. A token is never kept across a sign-in (fixation). Permissions are names in
 * one string; who may have which is data. */
#include "app/session.h"

#include <string.h>

#include "app/page.h"
#include "app/req_priv.h"
#include "app/tenant.h"
#include "base/log.h"
#include "base/str.h"
#include "base/time.h"
#include "gen/app_q.h"
#include "platform/crypto.h"
#include "platform/db.h"

/* Since last seen. A guest has a session only because of a cart or the like, and keeps it as long.
 */
#define GUEST_LIFE    SECONDS(90 * 86400)
#define CUSTOMER_LIFE SECONDS(30 * 86400)
#define STAFF_LIFE    SECONDS(12 * 3600) /* and customers who do not stay signed in */
#define TOUCH_AFTER   SECONDS(60)

const char *session_cookie_name(const struct req *r)
{
    return r->https ? "__Host-session" : "session";
}

static int64_t lifetime(enum principal_kind kind, bool stays)
{
    if (kind == WHO_NOBODY)
        return GUEST_LIFE;
    return kind == WHO_CUSTOMER && stays ? CUSTOMER_LIFE : STAFF_LIFE;
}

static bool token_ok(const char *s)
{
    static const char base64url[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";
    return s && strlen(s) == CRYPTO_TOKEN_TEXT - 1 && strspn(s, base64url) == CRYPTO_TOKEN_TEXT - 1;
}

struct asked {
    const char *token;
    unsigned char hash[CRYPTO_HASH];
    struct app_session_row_maybe row;
};

void session_queue(struct req_live *l)
{
    struct req *r = &l->r;
    const char *token = req_cookie(r, session_cookie_name(r));
    if (l->stage != SESSION_UNASKED)
        return;
    l->stage = SESSION_KNOWN;
    if (l->cookies_ignored || !r->tenant || !token_ok(token) ||
        (r->route && (r->route->flags & R_NO_SESSION)))
        return;
    struct asked *q = arena_new(r->arena, struct asked);
    q->token = token;
    crypto_token_hash(token, q->hash);
    l->session_row = q;
    app_q_session_get_send(page_pipe(r), (struct bytes){ q->hash, sizeof q->hash }, &q->row);
    l->stage = SESSION_QUEUED;
}

void session_settle(struct req_live *l)
{
    struct asked *q = l->session_row;
    if (l->stage != SESSION_QUEUED)
        return;
    l->stage = SESSION_KNOWN;
    if (!q->row.found)
        return;
    const struct app_session_row *row = &q->row.row;
    struct session *s = arena_new(l->r.arena, struct session);
    s->token = q->token;
    memcpy(s->hash, q->hash, sizeof s->hash);
    s->seen_at = row->seen_at;
    s->expires_at = row->expires_at;
    s->epoch = row->epoch;
    s->stays = row->stays;
    s->who.name = row->name;
    s->who.email = row->email;
    if (row->has_user_id)
        s->who = (struct principal){ WHO_USER, row->user_id, row->name, row->email };
    else if (row->has_customer_id)
        s->who = (struct principal){ WHO_CUSTOMER, row->customer_id, row->name, row->email };
    if (row->has_group_id)
        s->group = row->group_id;
    s->perms = arena_printf(l->r.arena, " %s ", row->perms ? row->perms : "");
    if (l->building) { /* page_cache.c shows it when the page is made */
        l->settled = s;
        return;
    }
    l->r.session = s;
    l->r.who = s->who;
}

void session_requeue(struct req_live *l)
{
    if (l->stage != SESSION_QUEUED)
        return;
    l->stage = SESSION_UNASKED;
    session_queue(l);
}

enum rc session_resolve(struct req_live *l)
{
    session_queue(l);
    return l->stage == SESSION_QUEUED ? page_run(&l->r) : RC_OK;
}

bool session_may(const struct req *r, const char *perm)
{
    if (!perm)
        return true;
    if (str_eq(perm, "shop.customer"))
        return r->who.kind == WHO_CUSTOMER;
    if (r->who.kind != WHO_USER && r->who.kind != WHO_OPERATOR)
        return false;
    const char *perms = r->session && r->session->perms ? r->session->perms : "";
    size_t n = strlen(perm);
    for (const char *p = perms; (p = strstr(p, perm)); p++)
        if (p > perms && p[-1] == ' ' && p[n] == ' ')
            return true;
    return false;
}

/* ---- making, replacing, ending ----------------------------------------------------------------
 */

struct change {
    struct req_live *l;
    struct session next; /* to be; token "" = none */
    unsigned char old[CRYPTO_HASH];
    bool has_old;
};

/* Only after the commit does the answer learn of it: a transaction that is run again or rolled back
 * leaves no trace in the response. */
static void apply(struct db *db, void *arg)
{
    struct change *c = arg;
    struct req *r = &c->l->r;
    (void)db;
    r->out.no_store = true;
    c->l->stage = SESSION_KNOWN;
    if (!c->next.token) {
        c->l->session_dropped = true;
        r->session = NULL;
        r->who = (struct principal){ 0 };
        req_set_cookie(r, session_cookie_name(r), "", 0, COOKIE_HTTP_ONLY);
        return;
    }
    r->session = arena_memdup(r->arena, &c->next, sizeof c->next);
    r->who = c->next.who;
    int64_t life = lifetime(r->who.kind, c->next.stays) / SECONDS(1);
    req_set_cookie(r, session_cookie_name(r), c->next.token, c->next.stays ? life : -1,
                   COOKIE_HTTP_ONLY);
}

static enum rc change_in_tx(struct db *db, void *arg)
{
    struct change *c = arg;
    const struct session *s = &c->next;
    enum rc rc = RC_OK;
    if (c->has_old)
        rc = app_q_session_remove(db, (struct bytes){ c->old, sizeof c->old }, NULL);
    if (rc == RC_OK && s->token)
        rc = app_q_session_add(db, (struct bytes){ s->hash, sizeof s->hash },
                               s->who.kind == WHO_USER ? &s->who.id : NULL,
                               s->who.kind == WHO_CUSTOMER ? &s->who.id : NULL, s->epoch,
                               c->l->r.ip, c->l->r.agent, s->stays, s->expires_at, NULL);
    if (rc == RC_OK)
        db_after_commit(db, apply, c);
    return rc;
}

static enum rc change_run(struct req *r, struct change *c)
{
    if (r->session) {
        memcpy(c->old, r->session->hash, sizeof c->old);
        c->has_old = true;
    }
    if (db_in_tx(r->db))
        return change_in_tx(r->db, c);
    return db_tx(r->db, DB_TX_RETRY, change_in_tx, c);
}

static void change_token(struct req *r, struct change *c, struct principal who, int32_t epoch,
                         bool stays)
{
    c->next = (struct session){
        .token = crypto_token(r->arena),
        .is_new = true,
        .who = who,
        .perms = " ",
        .seen_at = r->now,
        .expires_at = r->now + lifetime(who.kind, stays),
        .epoch = epoch,
        .stays = stays,
    };
    crypto_token_hash(c->next.token, c->next.hash);
}

enum rc session_need(struct req *r, struct session **out)
{
    enum rc rc = db_in_tx(r->db) ? RC_OK : session_resolve(req_live(r));
    if (rc != RC_OK)
        return rc;
    if (!r->session) {
        struct change *c = arena_new(r->arena, struct change);
        c->l = req_live(r);
        change_token(r, c, (struct principal){ 0 }, 0, true);
        if ((rc = change_run(r, c)) != RC_OK)
            return rc;
        *out = r->session ? r->session : &c->next; /* inside a transaction: known at its commit */
        return RC_OK;
    }
    *out = r->session;
    return RC_OK;
}

enum rc session_login_for(struct req *r, struct principal who, int32_t epoch, bool stays)
{
    struct change *c = arena_new(r->arena, struct change);
    c->l = req_live(r);
    change_token(r, c, who, epoch, stays);
    return change_run(r, c);
}

enum rc session_login(struct req *r, struct principal who, int32_t epoch)
{
    return session_login_for(r, who, epoch, true);
}

enum rc session_logout(struct req *r)
{
    struct change *c = arena_new(r->arena, struct change);
    c->l = req_live(r);
    return change_run(r, c);
}

/* ---- after the response -----------------------------------------------------------------------
 */

static enum rc touch_in_tx(struct db *db, void *arg)
{
    const struct req *r = arg;
    return app_q_session_touch(db, (struct bytes){ r->session->hash, sizeof r->session->hash },
                               r->now, r->now + lifetime(r->who.kind, r->session->stays), NULL);
}

void session_touch(struct req_live *l)
{
    struct req *r = &l->r;
    if (!r->session || r->session->is_new || l->session_dropped ||
        r->now - r->session->seen_at < TOUCH_AFTER)
        return;
    enum rc rc = db_tx(r->db, DB_TX_ASYNC_COMMIT, touch_in_tx, r);
    if (rc != RC_OK) /* it will be tried again at the next request */
        log_warn("session not touched", "rc=%s", rc_name(rc));
}
