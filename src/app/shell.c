/* shell.c: what modules add to the shell around every page: menus, links of the footer. A module
 * fills the slot "shell.nav": its send queues statements, which travel with the page's own; its
 * render adds rows by page_nav. Not for anything personal: the shell is stored with the page.
 * Invariant: a page whose menu could not be read is still a page. */
#include "app/loader.h"
#include "app/page_priv.h"
#include "app/session.h"
#include "base/log.h"
#include "base/str.h"
#include "platform/i18n.h"

enum { SCRAP_MAX = 1024 };

static const struct slot_subject shell = { "shell", NULL, 0 };

/* Staff areas have a layout of their own; programs and fragments have none. */
static bool has_shell(const struct req *r)
{
    static const char *const areas[] = { "/admin", "/seller", "/platform", "/api" };
    if (!r->tenant || (r->route && (r->route->flags & (R_JSON | R_FRAGMENT))))
        return false;
    for (size_t i = 0; i < COUNT_OF(areas); i++)
        if (str_starts(r->path, areas[i]))
            return false;
    return true;
}

static bool send_all(struct req *r, struct db_pipe *pipe)
{
    for (const struct slot_use *u = loader_slot(r->app->registry, "shell.nav"); u; u = u->next)
        if (u->slot->send && u->slot->send(r, pipe, &shell) != RC_OK)
            return false;
    return true;
}

void shell_send(struct req *r)
{
    struct page_state *p = page_of(r);
    /* What is answered already has its shell: only personal parts are still to come. */
    if (p->shell != SHELL_UNASKED || r->out.status != 0 || r->method != M_GET || !has_shell(r))
        return;
    p->shell = send_all(r, page_pipe(r)) ? SHELL_SENT : SHELL_FAILED;
}

void shell_ran(struct req *r, enum rc rc)
{
    struct page_state *p = page_of(r);
    if (p->shell == SHELL_SENT)
        p->shell = rc == RC_OK ? SHELL_READY : SHELL_FAILED;
}

/* A page that asked the database nothing, or answers an action or a failure, fetches its menu now:
 * in a pipeline of its own, because what a failed handler had queued has lost its targets. */
static void fetch(struct req *r)
{
    struct page_state *p = page_of(r);
    bool any = false;
    for (const struct slot_use *u = loader_slot(r->app->registry, "shell.nav"); u; u = u->next)
        any |= u->slot->send != NULL;
    p->shell = SHELL_FAILED;
    if (req_live(r)->no_personal || db_in_tx(r->db))
        return;
    if (!any) {
        p->shell = SHELL_READY;
        return;
    }
    struct db_pipe *pipe = db_pipe(r->db);
    if (send_all(r, pipe) && db_pipe_run(pipe) == RC_OK)
        p->shell = SHELL_READY;
}

void shell_fill(struct req *r)
{
    struct page_state *p = page_of(r);
    struct buf scrap;
    if (p->shell_filled || !has_shell(r))
        return;
    p->shell_filled = true;
    if (p->shell == SHELL_UNASKED)
        fetch(r);
    if (p->shell != SHELL_READY)
        return;
    buf_init(&scrap, r->arena, SCRAP_MAX);
    for (const struct slot_use *u = loader_slot(r->app->registry, "shell.nav"); u; u = u->next)
        if (u->slot->render(r, &shell, 0, &scrap) != RC_OK)
            log_warn("part of the menu left out", "module=%s", u->module->name);
}

void page_menu(struct req *r, struct tpl *t, const char *area, const char *here)
{
    for (const struct nav_use *u = loader_nav(r->app->registry, area); u; u = u->next) {
        if (!session_may(r, u->nav->perm))
            continue;
        struct tpl *item = tpl_row(t, "ITEM");
        tpl_set_text(item, "HREF", url_local(r, u->nav->href));
        tpl_set_text(item, "LABEL", tr(u->nav->label));
        tpl_show(item, "CURRENT", str_eq(u->nav->href, here));
    }
}
