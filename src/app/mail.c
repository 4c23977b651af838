/* mail.c: mail from a transaction to the wire. Queueing writes one row under a unique key and a
 * job; the job opens what was sealed, fills the two templates in the recipient's language and hands
 * the letter to platform/mail. It never decides that somebody gets mail and knows no template by
 * name. Invariant: a row is ended once (its state is compared), and what was sent is forgotten. */
#include "app/mail.h"

#include <string.h>

#include "app/ctx.h"
#include "app/event.h"
#include "app/job.h"
#include "app/mail_int.h"
#include "app/tenant.h"
#include "base/log.h"
#include "base/str.h"
#include "base/time.h"
#include "base/utf8.h"
#include "gen/app_q.h"
#include "platform/crypto.h"
#include "platform/db.h"
#include "platform/i18n.h"
#include "platform/json.h"
#include "platform/mail.h"

enum { PAYLOAD_MOST = 256 * 1024, ERROR_MOST = 300 };
static const int64_t keep_ended = SECONDS(90 * 86400);

void mail_recipient_hash(const char *to, unsigned char out[CRYPTO_HASH])
{
    crypto_mac("mail.recipient", to, strlen(to), out);
}

static const char *seal_name(struct arena *a, struct uuid tenant, struct uuid id)
{
    return arena_printf(a, "mail:%s:%s", uuid_str(a, tenant), uuid_str(a, id));
}

static enum rc make_payload(struct arena *a, const struct mail *m, const char **out)
{
    struct json *v;
    struct buf b;
    struct jw w;
    const char *values = m->values ? m->values : "{}", *problem;
    if (*values != '{' || json_parse(a, values, strlen(values), &v, &problem) != RC_OK)
        return RC_INVALID;
    buf_init(&b, a, PAYLOAD_MOST);
    jw_init(&w, &b);
    jw_object(&w);
    jw_key(&w, "to");
    jw_text(&w, m->to);
    jw_key(&w, "name");
    jw_text(&w, m->name ? m->name : "");
    jw_key(&w, "values");
    jw_raw(&w, values);
    jw_end_object(&w);
    *out = b.p;
    return buf_rc(&b);
}

static enum rc locale_of(struct db *db, const struct mail *m, const char **out)
{
    const struct tenant *t;
    if (m->locale) {
        *out = m->locale->tag;
        return RC_OK;
    }
    enum rc rc = tenant_by_id(db_app(db), *db_scope_tenant_id(db), &t);
    if (rc == RC_OK)
        *out = t->locale->tag;
    return rc;
}

enum rc mail_queue(struct db *db, const struct mail *m)
{
    const struct uuid *tenant = db_scope_tenant_id(db);
    check_that(db_in_tx(db) && tenant != NULL);
    struct arena *a = db_arena(db);
    struct uuid id = uuid7_new();
    unsigned char hash[CRYPTO_HASH], *sealed;
    const char *payload, *locale;
    size_t n;
    if (!mail_address_ok(m->to))
        return RC_INVALID;
    enum rc rc = make_payload(a, m, &payload);
    if (rc == RC_OK)
        rc = locale_of(db, m, &locale);
    if (rc == RC_OK)
        rc = crypto_seal(a, seal_name(a, *tenant, id), payload, strlen(payload), &sealed, &n);
    if (rc != RC_OK)
        return rc;
    int64_t added, until = m->not_after ? m->not_after : INSTANT_MAX;
    mail_recipient_hash(m->to, hash);
    rc = app_q_message_add(db, id, m->event, (struct bytes){ hash, sizeof hash }, m->template,
                           locale, m->marketing, (struct bytes){ sealed, n }, until, &added);
    if (rc != RC_OK || added == 0) /* it was queued before */
        return rc;
    const char *key = uuid_str(a, id);
    return job_enqueue(db, "mail.send", JOB_HIGH, 0, key,
                       arena_printf(a, "{\"message\":\"%s\"}", key));
}

/* ---- links without a session ------------------------------------------------------------------
 */

static const char *unsubscribe_name(struct arena *a, struct uuid tenant)
{
    return arena_printf(a, "unsubscribe:%s", uuid_str(a, tenant));
}

const char *mail_unsubscribe_token(struct arena *a, struct uuid tenant, const char *to)
{
    unsigned char *sealed;
    size_t n;
    if (crypto_seal(a, unsubscribe_name(a, tenant), to, strlen(to), &sealed, &n) != RC_OK)
        return "";
    return crypto_base64url(a, sealed, n);
}

enum rc mail_unsubscribe_open(struct arena *a, struct uuid tenant, const char *token,
                              const char **to)
{
    unsigned char *sealed, *plain;
    size_t n, nplain;
    enum rc rc = crypto_base64url_decode(a, token, &sealed, &n);
    if (rc == RC_OK)
        rc = crypto_open(a, unsubscribe_name(a, tenant), sealed, n, &plain, &nplain);
    if (rc != RC_OK || !mail_address_ok((const char *)plain))
        return RC_INVALID;
    *to = (const char *)plain;
    return RC_OK;
}

/* ---- the job ----------------------------------------------------------------------------------
 */

struct send {
    const struct job *job;
    struct uuid id;
    struct app_message row;
    const char *state, *problem;
};

static enum rc end_in_tx(struct db *db, void *arg)
{
    const struct send *s = arg;
    const char *error =
        *s->problem ? utf8_cut(db_arena(db), s->problem, ERROR_MOST) : (const char *)NULL;
    if (!s->state)
        return app_q_message_tried(db, s->id, error ? error : "", NULL);
    return app_q_message_end(db, s->id, s->state, error, s->job->now, NULL);
}

static enum rc end(struct send *s, const char *state)
{
    s->state = state;
    return db_tx(s->job->db, DB_TX_RETRY, end_in_tx, s);
}

static enum rc open_payload(struct send *s, struct mail_letter *l, const struct json **values)
{
    struct arena *a = s->job->arena;
    struct json *o;
    unsigned char *plain;
    size_t n;
    enum rc rc = crypto_open(a, seal_name(a, s->job->tenant, s->id), s->row.payload_sealed.p,
                             s->row.payload_sealed.n, &plain, &n);
    if (rc == RC_OK)
        rc = json_parse(a, (const char *)plain, n, &o, &s->problem);
    if (rc != RC_OK) {
        s->problem = "the key it was sealed with is not the installation's any more";
        return RC_INVALID;
    }
    l->to = json_text(json_get(o, "to"), "");
    l->to_name = json_text(json_get(o, "name"), "");
    *values = json_get(o, "values");
    return RC_OK;
}

static enum rc deliver(struct app_ctx *app, struct send *s, const struct tenant *t)
{
    struct arena *a = s->job->arena;
    const struct json *values;
    const char *bytes;
    size_t n;
    struct mail_letter l = { .id = uuid_str(a, s->id),
                             .from = app->conf->mail_from,
                             .from_name = t->name,
                             .date = s->row.created_at };
    const char *reply = tenant_setting(app, t, "mail.reply_to");
    l.reply_to = *reply ? reply : NULL;
    enum rc rc = open_payload(s, &l, &values);
    if (rc == RC_OK)
        rc = mail_render(app, s->job, t, &s->row, values, &l);
    if (rc == RC_OK)
        rc = mail_compose(a, &l, &bytes, &n);
    if (rc == RC_OK)
        rc = mail_deliver(app->conf, a, l.id, l.to, bytes, n, &s->problem);
    return rc;
}

enum rc mail_send_job(struct app_ctx *app, const struct job *j)
{
    struct send s = { .job = j, .problem = "" };
    struct app_message_maybe m;
    const struct tenant *t;
    const char *id = job_get(j, "message");
    if (!id || uuid_parse(id, &s.id) != RC_OK)
        return RC_OK;
    enum rc rc = app_q_message_get(j->db, s.id, &m);
    if (rc != RC_OK || !m.found || !str_eq(m.row.state, "waiting"))
        return rc;
    s.row = m.row;
    rc = tenant_by_id(app, j->tenant, &t);
    if (rc != RC_OK)
        return rc;
    if (m.row.not_after <= j->now || t->status == TENANT_CLOSED)
        return end(&s, "dropped");
    rc = deliver(app, &s, t);
    if (rc == RC_OK)
        return end(&s, "sent");
    bool last = rc == RC_INVALID || j->attempt >= MAIL_TRIES;
    log_warn("mail not sent", "message=%s template=%s for_good=%d why=%s", id, m.row.template, last,
             *s.problem ? s.problem : rc_name(rc));
    if (!*s.problem)
        s.problem = rc_name(rc);
    enum rc noted = end(&s, last ? "failed" : NULL);
    if (rc == RC_INVALID)
        return noted;
    return rc;
}

static enum rc expire_in_tx(struct db *db, void *arg)
{
    const struct job *j = arg;
    return app_q_messages_expire(db, j->now - keep_ended, NULL);
}

enum rc mail_expire_job(struct app_ctx *app, const struct job *j)
{
    (void)app;
    struct job copy = *j;
    return db_tx(j->db, DB_TX_RETRY, expire_in_tx, &copy);
}

/* customer.erased: nothing waits for them, and nothing tells that mail went to them. */
struct forgetting {
    const struct event *e;
    struct bytes hash;
};

static enum rc forget_in_tx(struct db *db, void *arg)
{
    const struct forgetting *f = arg;
    return app_q_messages_forget(db, f->hash, instant_now(), NULL);
}

static int digit(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

enum rc mail_forget(struct app_ctx *app, const struct event *e)
{
    const char *hex = event_get(e, "mail");
    unsigned char hash[CRYPTO_HASH];
    (void)app;
    if (!hex || strlen(hex) != 2 * sizeof hash)
        return RC_OK;
    for (size_t i = 0; i < sizeof hash; i++) {
        int high = digit(hex[2 * i]), low = digit(hex[2 * i + 1]);
        if (high < 0 || low < 0)
            return RC_OK;
        hash[i] = (unsigned char)(high << 4 | low);
    }
    struct forgetting f = { e, { hash, sizeof hash } };
    return db_tx(e->db, DB_TX_RETRY, forget_in_tx, &f);
}
