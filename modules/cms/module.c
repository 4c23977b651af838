/* module.c: cms: the shop's own texts. Help, delivery, returns, privacy, terms and what else a shop
 * has to say are rows of cms.pages: shown at /pages/{slug}, linked from the footer of every page,
 * listed in the sitemap. It holds no state. */
#include "cms.h"

#include "app/ctx.h"
#include "app/event.h"
#include "app/frag.h"
#include "gen/cms_q.h"

/* A text changed: it is on its own page, and its name in the footer of all. */
static enum rc renew(struct app_ctx *app, const struct event *e)
{
    return frag_bump(app, e->tenant, "shell", "all") ? RC_OK : RC_UPSTREAM;
}

static const struct app_route routes[] = { { M_GET, "/pages/{slug:slug}", page_text }, { 0 } };
static const char *const page_names[] = { "TITLE",     "SUMMARY_SET", "SUMMARY",   "OUTLINE",
                                          "ENTRY",     "ID",          "HEADING",   "PART",
                                          "BODY_HTML", "UPDATED",     "SHARE_URL", "OTHERS",
                                          "OTHER",     "LABEL",       "HREF",      "CURRENT",
                                          "LEAD",      "UPDATED_AT",  NULL };
static const struct app_template templates[] = { { "cms/page.tpl", page_names }, { 0 } };
static const struct app_slot slots[] = {
    { "shell.nav", 20, 0, slot_links_send, slot_links },
    { "sitemap.links", 20, 0, slot_map_send, slot_map },
    { 0 },
};
static const struct app_event_sub events[] = {
    { "page.changed", EV_AFTER_COMMIT | EV_JOB, renew },
    { "demo.shop", EV_IN_TX, demo_take },
    { 0 },
};

APP_MODULE(.name = "cms", .needs = (const char *const[]){ "shop", NULL }, .schema_version = 1,
           .routes = routes, .templates = templates, .slots = slots, .events = events,
           .stmts = cms_stmts);
