/* statistics.c: refreshes planner statistics after bulk loads through app.refresh_statistics(),
 * table by table so that no lock is held long. Not a schedule: autovacuum looks after the rest.
 * Never fails its caller. */
#include "app/statistics.h"

#include "app/ctx.h"
#include "base/log.h"
#include "base/time.h"
#include "gen/app_q.h"
#include "platform/db.h"

static enum rc refresh_in_tx(struct db *db, void *arg)
{
    struct app_statistics_done done;
    return app_q_statistics_refresh(db, arg, &done);
}

void statistics_refresh(struct app_ctx *app)
{
    struct app_statistics_table_list t = { 0 };
    struct arena *a = arena_new_sized(0);
    db_scope_begin(app->db, a, NULL, instant_now());
    enum rc rc = app_q_statistics_tables(app->db, &t);
    for (size_t i = 0; i < t.n && rc == RC_OK; i++)
        rc = db_tx(app->db, 0, refresh_in_tx, arena_strdup(a, t.row[i].name));
    db_scope_end(app->db);
    if (rc != RC_OK)
        log_warn("statistics not refreshed", "rc=%s", rc_name(rc));
    arena_free(a);
}
