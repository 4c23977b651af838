/* health.c: what machines ask. /healthz: this process answers. /readyz: it can serve: the database
 * is there and has the schema the modules expect; memcached may be away, so it is only reported.
 * /metrics: the scoreboard's counters. None of them names a host, a role or an SQL text. */
#include "app/health.h"

#include "app/loader.h"
#include "app/req.h"
#include "app/score.h"
#include "platform/cache.h"
#include "platform/db.h"
#include "platform/json.h"

enum { METRICS_MAX = 8 * 1024 * 1024 };

static enum rc answer(struct req *r, int status, const char *state, const char *reason)
{
    struct buf b;
    struct jw w;
    buf_init(&b, r->arena, 4096);
    jw_init(&w, &b);
    jw_object(&w);
    jw_key(&w, "status");
    jw_text(&w, state);
    if (reason) {
        jw_key(&w, "reason");
        jw_text(&w, reason);
    }
    jw_key(&w, "cache");
    jw_text(&w, r->cache && cache_is_up(r->cache) ? "up" : "away");
    jw_end_object(&w);
    req_set_header(r, "Cache-Control", "no-store");
    if (status == 503)
        req_set_header(r, "Retry-After", "2");
    return req_json(r, status, &b);
}

enum rc page_healthz(struct req *r)
{
    return answer(r, 200, "ok", NULL);
}

enum rc page_readyz(struct req *r)
{
    const char *problem = NULL;
    if (db_connect(r->db) != RC_OK)
        return answer(r, 503, "unavailable", "the database is not reachable");
    enum rc rc = loader_check_schema(r->app->registry, r->db, r->arena, &problem);
    if (rc == RC_INVALID)
        return answer(r, 503, "unavailable", problem);
    if (rc != RC_OK)
        return answer(r, 503, "unavailable", "the database does not answer");
    return answer(r, 200, "ready", NULL);
}

enum rc page_metrics(struct req *r)
{
    struct buf b;
    struct scoreboard *board = score_board(r->app->score);
    if (!board)
        return req_fail(r, RC_NOTFOUND, NULL, "this process is not on a scoreboard");
    buf_init(&b, r->arena, METRICS_MAX);
    scoreboard_metrics(board, &b);
    if (buf_rc(&b) != RC_OK)
        return RC_LIMIT;
    req_set_header(r, "Cache-Control", "no-store");
    return req_text(r, 200, "text/plain; version=0.0.4; charset=utf-8", b.p);
}
