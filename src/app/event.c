/* event.c: what happened, told where it happened. event_emit writes the outbox row in the caller's
 * transaction, runs the subscribers that may veto it, and remembers those that follow the commit.
 * Reading the outbox is outbox.c's. Nothing here touches the world outside the database: a
 * rolled-back transaction leaves no trace of its events, and a repeated one tells them once. */
#include "app/event.h"

#include <stdarg.h>
#include <string.h>

#include "app/event_internal.h"
#include "app/loader.h"
#include "base/log.h"
#include "base/str.h"
#include "gen/app_q.h"
#include "platform/crypto.h"
#include "platform/db.h"
#include "platform/json.h"

enum { PAYLOAD_MOST = 64 * 1024 };

void event_each(const struct app_registry *g, const char *topic, unsigned when, event_each_fn *fn,
                void *arg)
{
    for (size_t i = 0; i < g->nmodules; i++) {
        const struct app_event_sub *s = g->modules[i]->events;
        for (; s != NULL && s->event != NULL; s++)
            if ((s->when & when) != 0 && str_eq(s->event, topic))
                fn(g->modules[i], s, arg);
    }
}

/* ---- payload: the format string is read pair by pair, so a value may hold spaces ---- */

struct pairs {
    struct jw w;
    struct arena *arena;
    const char *fmt;
};

/* One conversion of a value, appended as text. Returns what follows it. */
static const char *take_conversion(const char *p, va_list *ap, struct buf *out, bool *number)
{
    int longs = 0;
    bool size = false;
    for (p++; *p == 'l' || *p == 'z'; p++) {
        longs += *p == 'l';
        size |= *p == 'z';
    }
    switch (*p) {
    case 's': {
        const char *s = va_arg(*ap, const char *);
        buf_str(out, s == NULL ? "" : s);
        break;
    }
    case 'd':
    case 'i':
        *number = true;
        buf_printf(out, "%lld",
                   longs == 0   ? (long long)va_arg(*ap, int)
                   : longs == 1 ? (long long)va_arg(*ap, long)
                                : va_arg(*ap, long long));
        break;
    case 'u':
        *number = true;
        buf_printf(out, "%llu",
                   size         ? (unsigned long long)va_arg(*ap, size_t)
                   : longs == 0 ? (unsigned long long)va_arg(*ap, unsigned)
                   : longs == 1 ? (unsigned long long)va_arg(*ap, unsigned long)
                                : va_arg(*ap, unsigned long long));
        break;
    case '%':
        buf_char(out, '%');
        break;
    default:
        check_failed("event pairs know only %s %d %u with l, ll, z", __FILE__, __LINE__);
    }
    return p + 1;
}

static void take_pair(struct pairs *x, va_list *ap)
{
    const char *eq = x->fmt + strcspn(x->fmt, "= ");
    check_that(*eq == '=');
    jw_key(&x->w, arena_strndup(x->arena, x->fmt, (size_t)(eq - x->fmt)));
    struct buf value;
    buf_init(&value, x->arena, PAYLOAD_MOST);
    bool number = false, other = false;
    unsigned conversions = 0;
    const char *p = eq + 1;
    while (*p != '\0' && *p != ' ') {
        if (*p == '%') {
            p = take_conversion(p, ap, &value, &number);
            conversions++;
        } else {
            other = true;
            buf_char(&value, *p++);
        }
    }
    if (number && !other && conversions == 1)
        jw_raw(&x->w, value.p);
    else
        jw_text(&x->w, value.p);
    x->fmt = p;
}

static enum rc make_payload(struct arena *a, const char *fmt, va_list *ap, const char **out)
{
    struct buf json;
    struct pairs x = { .arena = a, .fmt = fmt == NULL ? "" : fmt };
    buf_init(&json, a, PAYLOAD_MOST);
    jw_init(&x.w, &json);
    jw_object(&x.w);
    while (*(x.fmt += strspn(x.fmt, " ")) != '\0')
        take_pair(&x, ap);
    jw_end_object(&x.w);
    *out = json.p;
    return buf_rc(&json);
}

/* ---- emitting ---- */

struct emit {
    struct app_ctx *app;
    struct event *e;
    const struct app_event_sub *sub; /* after commit: one each */
    enum rc rc;
    bool wake;
};

static void note_job(const struct app_module *m, const struct app_event_sub *s, void *arg)
{
    struct emit *x = arg;
    (void)m;
    (void)s;
    x->wake = true;
}

static void run_in_tx(const struct app_module *m, const struct app_event_sub *s, void *arg)
{
    struct emit *x = arg;
    if (x->rc != RC_OK)
        return;
    x->rc = s->fn(x->app, x->e);
    if (x->rc == RC_DECLINED)
        x->rc = RC_OK; /* not for me */
    if (x->rc != RC_OK)
        log_info("event vetoed", "topic=%s module=%s rc=%s", x->e->topic, m->name, rc_name(x->rc));
}

static void run_after_commit(struct db *db, void *arg)
{
    const struct emit *x = arg;
    (void)db;
    enum rc rc = x->sub->fn(x->app, x->e);
    /* The deed is done: a failure here is only told. What must not be lost subscribes EV_JOB too.
     */
    if (rc != RC_OK && rc != RC_DECLINED)
        log_warn("after-commit handler failed", "topic=%s rc=%s", x->e->topic, rc_name(rc));
}

static void remember(const struct app_module *m, const struct app_event_sub *s, void *arg)
{
    const struct emit *x = arg;
    (void)m;
    struct emit *later = arena_new(x->e->arena, struct emit);
    *later = *x;
    later->sub = s;
    db_after_commit(x->e->db, run_after_commit, later);
}

struct event_queued {
    struct emit x;
    struct app_event_added added;
};

static enum rc make_event(struct db *db, const char *topic, struct uuid object_id,
                          int64_t object_version, const char *pairs, va_list *ap, struct emit *x)
{
    struct app_ctx *app = db_app(db);
    const struct uuid *tenant = db_scope_tenant_id(db);
    check_that(db_in_tx(db) && app != NULL && tenant != NULL);
    struct event *e = arena_new(db_arena(db), struct event);
    *e = (struct event){ .topic = arena_strdup(db_arena(db), topic),
                         .tenant = *tenant,
                         .object_id = object_id,
                         .object_version = object_version,
                         .db = db,
                         .arena = db_arena(db) };
    enum rc rc = make_payload(e->arena, pairs, ap, &e->payload);
    *x = (struct emit){ .app = app, .e = e };
    if (rc == RC_OK)
        event_each(app->registry, topic, EV_JOB, note_job, x);
    return rc;
}

static enum rc tell(struct emit *x)
{
    event_each(x->app->registry, x->e->topic, EV_IN_TX, run_in_tx, x);
    if (x->rc == RC_OK)
        event_each(x->app->registry, x->e->topic, EV_AFTER_COMMIT, remember, x);
    return x->rc;
}

enum rc event_emit(struct db *db, const char *topic, struct uuid object_id, int64_t object_version,
                   const char *pairs, ...)
{
    struct app_event_added added;
    struct emit x;
    va_list ap;
    va_start(ap, pairs);
    enum rc rc = make_event(db, topic, object_id, object_version, pairs, &ap, &x);
    va_end(ap);
    if (rc == RC_OK)
        rc = app_q_event_add(db, uuid7_new(), x.e->topic, object_id, object_version, x.e->payload,
                             x.wake, &added);
    return rc == RC_OK ? tell(&x) : rc;
}

enum rc event_send(struct db_pipe *p, struct db *db, const char *topic, struct uuid object_id,
                   int64_t object_version, struct event_queued **out, const char *pairs, ...)
{
    struct event_queued *q = arena_new(db_arena(db), struct event_queued);
    va_list ap;
    va_start(ap, pairs);
    enum rc rc = make_event(db, topic, object_id, object_version, pairs, &ap, &q->x);
    va_end(ap);
    if (rc != RC_OK)
        return rc;
    app_q_event_add_send(p, uuid7_new(), q->x.e->topic, object_id, object_version, q->x.e->payload,
                         q->x.wake, &q->added);
    *out = q;
    return RC_OK;
}

enum rc event_sent(struct event_queued *q)
{
    return tell(&q->x);
}

const char *event_get(const struct event *e, const char *key)
{
    return payload_get(e->arena, e->payload, key);
}

const char *payload_get(struct arena *a, const char *payload, const char *key)
{
    struct json *o;
    const char *problem;
    if (payload == NULL || json_parse(a, payload, strlen(payload), &o, &problem) != RC_OK)
        return NULL;
    const struct json *v = json_get(o, key);
    if (v == NULL || json_is_null(v))
        return NULL;
    const char *text = json_text(v, NULL);
    if (text != NULL)
        return arena_strdup(a, text);
    return arena_printf(a, "%lld", (long long)json_int(v, json_bool(v, false)));
}
