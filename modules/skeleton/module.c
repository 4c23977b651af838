/* module.c: skeleton: the table of contents of a module; everything it adds to Kade is named here
 * and nowhere else. The pages are in pages.c, the statements in sql/skeleton/q. It starts nothing
 * and holds nothing: all state is in the database. */
#include "skeleton.h"

#include "app/ctx.h"
#include "app/event.h"
#include "app/frag.h"
#include "gen/skeleton_q.h"

/* A note was added: pages that show the latest are made again. Runs in the process that committed,
 * before its answer, and again from the outbox until memcached confirms. */
static enum rc renew(struct app_ctx *app, const struct event *e)
{
    return frag_bump(app, e->tenant, "skeleton", "all") ? RC_OK : RC_UPSTREAM;
}

static const struct app_route routes[] = { { M_GET, "/skeleton", page_list, "skeleton.manage" },
                                           { M_POST, "/skeleton", act_add, "skeleton.manage",
                                             .form = &skeleton_add_form,
                                             .limit = "skeleton:30/min" },
                                           { 0 } };
static const struct app_perm perms[] = { { "skeleton.manage", N_("See and add notes") }, { 0 } };
static const char *const list_names[] = { "EMPTY",       "NOTE",         "BODY",       "WRITTEN",
                                          "FORM_ERRORS", "FORM_ERROR",   "FIELD",      "MESSAGE",
                                          "BODY_VALUE",  "BODY_INVALID", "BODY_ERROR", NULL };
static const char *const latest_names[] = { "BODY", NULL };
static const struct app_template templates[] = { { "skeleton/list.tpl", list_names },
                                                 { "skeleton/latest.tpl", latest_names },
                                                 { 0 } };
static const struct app_slot slots[] = { { "home.top", 900, 0, slot_latest_send, slot_latest },
                                         { 0 } };
static const struct app_event_sub events[] = {
    { "skeleton.added", EV_AFTER_COMMIT | EV_JOB, renew }, { 0 }
};

APP_MODULE(.name = "skeleton", .needs = (const char *const[]){ "app", NULL }, .schema_version = 1,
           .routes = routes, .perms = perms, .templates = templates, .slots = slots,
           .events = events, .stmts = skeleton_stmts);
