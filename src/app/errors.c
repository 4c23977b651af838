/* errors.c: a failure to a whole answer: status, page in words (or an RFC 9457 problem document for
 * programs), and one log line where the fault is ours. What went wrong inside reaches the client in
 * development mode alone. Invariant: it always answers; when even the error page cannot be made,
 * plain text is sent. */
#include <string.h>

#include "app/loader.h"
#include "app/page_priv.h"
#include "app/req_priv.h"
#include "app/router.h"
#include "base/log.h"
#include "base/map.h"
#include "base/str.h"
#include "platform/json.h"

static const struct {
    int status;
    const char *heading, *text;
} words[] = {
    { 400, N_("This request could not be read"),
      N_("The address or what was sent with it is damaged. Check the address, or start again from "
         "the first page.") },
    { 401, N_("Please sign in"), N_("This page is for people who are signed in.") },
    { 403, N_("This is not open to you"), N_("You do not have the permission this needs.") },
    { 404, N_("We could not find this page"),
      N_("The address may be mistyped, or the page has moved.") },
    { 405, N_("That cannot be done here"),
      N_("This address does not answer that kind of request.") },
    { 409, N_("Somebody was faster"),
      N_("This was changed while you were looking at it. Open it again and repeat your change.") },
    { 410, N_("This is no longer here"), N_("It was removed and will not come back.") },
    { 413, N_("That is too large"),
      N_("Choose a smaller file or shorten the text, then send it again.") },
    { 414, N_("This address is too long"), N_("Shorten it, or start again from the first page.") },
    { 415, N_("That kind of content is not accepted"), N_("Send the form of the page as it is.") },
    { 422, N_("Something needs correcting"),
      N_("Go back, check what you entered and send it again.") },
    { 429, N_("One moment, please"),
      N_("That was too many requests in a short time. Nothing is lost: wait a little and try "
         "again.") },
    { 431, N_("Your browser sent too much"),
      N_("Delete the cookies of this shop in your browser and try again.") },
    { 500, N_("Something went wrong on our side"),
      N_("It has been noted and is looked at. What you entered is not lost if you go back; try "
         "again in a moment.") },
    { 503, N_("The shop needs a moment"),
      N_("A part of it is not answering. Nothing is lost: try again in a few seconds.") },
};

static size_t word_of(int status)
{
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (words[i].status == status)
            return i;
    return COUNT_OF(words) - 2; /* 500 */
}

static int status_of(const struct req_live *l, enum rc rc)
{
    if (l->status)
        return l->status;
    switch (rc) {
    case RC_INVALID:
        return l->r.route && l->r.route->form ? 422 : 400;
    case RC_UNAUTH:
        return 401;
    case RC_DENIED:
        return 403;
    case RC_DECLINED:
    case RC_NOTFOUND:
        return 404;
    case RC_GONE:
        return 410;
    case RC_CONFLICT:
        return 409;
    case RC_LIMIT: /* a statement that ran too long is not the visitor's haste */
        return l->wait_s || db_error(l->r.db)->rc != RC_LIMIT ? 429 : 503;
    case RC_RETRY:
    case RC_UPSTREAM:
        return 503;
    default:
        return 500;
    }
}

static bool wants_json(const struct req *r)
{
    if (r->route)
        return r->route->flags & R_JSON;
    return str_starts(r->path, "/api/") || str_eq(r->path, "/api");
}

static const char *method_names(struct arena *a, unsigned allowed)
{
    static const struct {
        unsigned bit;
        const char *name;
    } all[] = { { M_GET, "GET, HEAD" },
                { M_POST, "POST" },
                { M_PUT, "PUT" },
                { M_PATCH, "PATCH" },
                { M_DELETE, "DELETE" } };
    const char *list = "";
    for (size_t i = 0; i < COUNT_OF(all); i++)
        if (allowed & all[i].bit)
            list = arena_printf(a, "%s%s%s", list, *list ? ", " : "", all[i].name);
    return list;
}

static void standard_headers(struct req_live *l, int status)
{
    struct req *r = &l->r;
    r->out.nheaders = 0;
    if (status == 405)
        req_set_header(r, "Allow", method_names(r->arena, l->allowed));
    if (status == 429 || status == 503)
        req_set_header(r, "Retry-After",
                       arena_printf(r->arena, "%u",
                                    l->wait_s       ? l->wait_s
                                    : status == 503 ? 2
                                                    : 60));
    if (status == 401)
        req_set_header(r, "WWW-Authenticate", "Bearer");
}

/* ---- details for developers -------------------------------------------------------------------
 */

struct detail {
    const char *detail, *place, *statement;
};

static struct detail details(struct req_live *l, enum rc rc)
{
    struct req *r = &l->r;
    const struct db_error *e = db_error(r->db);
    struct detail d = { r->err.detail ? r->err.detail : rc_name(rc), "", "" };
    if (r->err.file)
        d.place = arena_printf(r->arena, "%s:%d", r->err.file, r->err.line);
    if (e->rc != RC_OK && e->statement) {
        d.detail = arena_printf(r->arena, "%s; %s %s %s", d.detail, e->sqlstate,
                                e->message ? e->message : "", e->detail ? e->detail : "");
        d.statement =
            arena_printf(r->arena, "%s (%s:%d)", e->statement, e->file ? e->file : "?", e->line);
    }
    return d;
}

static void log_failure(struct req_live *l, enum rc rc, int status)
{
    struct req *r = &l->r;
    struct detail d = details(l, rc);
    if (status < 500 || l->wait_s > 0) /* a shop that was suspended is no fault of ours */
        return;
    log_error("request failed", "mod=%s route=%s rc=%s status=%d place=%s detail=%s statement=%s",
              r->module ? r->module->name : "-", r->route ? r->route->pattern : "-", rc_name(rc),
              status, d.place, log_redact(r->arena, d.detail), d.statement);
}

/* ---- the three forms of an answer -------------------------------------------------------------
 */

static void json_errors(struct jw *w, const struct req_live *l)
{
    const struct form_state *st = &l->form;
    if (!st->failed || !st->spec || !st->notes)
        return;
    jw_key(w, "errors");
    jw_array(w);
    for (size_t i = 0; st->spec->fields[i].name; i++) {
        if (!st->notes[i].error)
            continue;
        jw_object(w);
        jw_key(w, "field");
        jw_text(w, st->spec->fields[i].name);
        jw_key(w, "message");
        jw_text(w, st->notes[i].error);
        jw_end_object(w);
    }
    jw_end_array(w);
}

static void pair(struct jw *w, const char *key, const char *value)
{
    jw_key(w, key);
    jw_text(w, value);
}

static enum rc answer_json(struct req_live *l, enum rc rc, int status, const char *heading,
                           const char *text)
{
    struct req *r = &l->r;
    struct buf b;
    struct jw w;
    buf_init(&b, r->arena, 64 * 1024);
    jw_init(&w, &b);
    jw_object(&w);
    pair(&w, "type", "about:blank");
    pair(&w, "title", heading);
    jw_key(&w, "status");
    jw_int(&w, status);
    pair(&w, "detail", l->form.general ? l->form.general : text);
    pair(&w, "instance", r->uri);
    pair(&w, "request_id", r->id);
    json_errors(&w, l);
    if (r->app->conf->development) {
        struct detail d = details(l, rc);
        jw_key(&w, "debug");
        jw_object(&w);
        pair(&w, "detail", d.detail);
        pair(&w, "place", d.place);
        pair(&w, "statement", d.statement);
        jw_end_object(&w);
    }
    jw_end_object(&w);
    enum rc sent = req_json(r, status, &b);
    r->out.type = "application/problem+json";
    return sent;
}

/* Where to go from here: search, help, and the categories the menu has. */
static void fill_ways(struct req *r, struct tpl *ways)
{
    struct tpl *shelf = NULL;
    tpl_show(ways, "SEARCH", page_is_served(r, "/search"));
    tpl_show(ways, "CATEGORIES", page_is_served(r, "/c"));
    shell_fill(r);
    page_help(r, ways);
    for (const struct page_row *n = page_of(r)->navs.first; n; n = n->next) {
        if (!str_eq(n->section, "NAV_CATEGORY"))
            continue;
        shelf = shelf ? shelf : tpl_row(ways, "SHELF");
        struct tpl *row = tpl_row(shelf, "CATEGORY");
        tpl_set_text(row, "LABEL", n->label);
        tpl_set_text(row, "HREF", n->href);
    }
}

static enum rc answer_page(struct req_live *l, enum rc rc, int status, const char *heading,
                           const char *text)
{
    struct req *r = &l->r;
    page_forget(r);
    struct tpl *t = page_new(r, "layout/error.tpl", heading);
    if (!r->tenant)
        page_layout(r, "layout/neutral.tpl");
    page_noindex(r);
    page_status(r, status);
    tpl_set_int(t, "STATUS", status);
    tpl_set_text(t, "HEADING", heading);
    tpl_set_text(t, "TEXT", text);
    tpl_set_text(t, "REQUEST_ID", r->id);
    tpl_set_text(t, "HERE", r->uri);
    if (r->tenant)
        fill_ways(r, tpl_row(t, "WAYS"));
    if (r->method == M_GET && (status == 429 || status >= 500))
        tpl_set_text(tpl_row(t, "RETRY"), "HERE", r->uri);
    if (r->app->conf->development) {
        struct detail d = details(l, rc);
        struct tpl *dev = tpl_row(t, "DEV");
        tpl_set_text(dev, "DETAIL", d.detail);
        tpl_set_text(dev, "PLACE", d.place);
        tpl_set_text(dev, "STATEMENT", d.statement);
    }
    enum rc sent = page_send(r, t);
    return sent == RC_OK ? page_finish(l) : sent;
}

static void answer_plain(struct req_live *l, int status, const char *heading, const char *text)
{
    struct req *r = &l->r;
    r->out.status = status;
    r->out.type = "text/plain; charset=utf-8";
    buf_clear(&r->out.body);
    buf_printf(&r->out.body, "%d %s\n\n%s\n\n%s\n", status, heading, text, r->id);
}

/* ---- sign-in ----------------------------------------------------------------------------------
 */

/* Where to sign in for this area: customers at the shop's door, staff at theirs, wherever the page
 * is. NULL when nobody serves such a page. */
static const char *login_path(struct req *r)
{
    static const char *const areas[] = { "/admin", "/seller", "/platform" };
    const char *perm = r->route ? r->route->perm : NULL;
    const char *path = perm && !str_eq(perm, "shop.customer") ? "/admin/login" : "/login";
    struct route_match m;
    for (size_t i = 0; i < COUNT_OF(areas); i++) {
        size_t n = strlen(areas[i]);
        if (strncmp(r->path, areas[i], n) == 0 && (r->path[n] == '/' || r->path[n] == '\0'))
            path = arena_printf(r->arena, "%s/login", areas[i]);
    }
    router_find(r->app->registry->router, r->arena, M_GET, path, &m);
    return m.route && m.route != r->route ? path : NULL;
}

/* 401 promises that there is a way to prove who one is. A page for people without one is closed. */
static bool is_closed(struct req_live *l, int status)
{
    return status == 401 && !wants_json(&l->r) && (!l->r.tenant || !login_path(&l->r));
}

static bool sent_to_login(struct req_live *l)
{
    struct req *r = &l->r;
    const char *path = login_path(r);
    if (!path || !r->tenant)
        return false;
    if (r->method == M_GET) {
        struct buf b;
        buf_init(&b, r->arena, 32 * 1024);
        buf_printf(&b, "%s?next=", path);
        buf_url(&b, r->uri);
        if (buf_rc(&b) == RC_OK && b.n < 1800)
            path = b.p;
    }
    return req_redirect(r, path) == RC_OK;
}

void error_answer(struct req_live *l, enum rc rc)
{
    struct req *r = &l->r;
    int status = status_of(l, rc);
    bool closed = is_closed(l, status);
    status = closed ? 403 : status;
    const char *heading = tr(words[word_of(status)].heading);
    const char *text = r->err.message ? r->err.message : tr(words[word_of(status)].text);
    if (closed && !r->err.message)
        text = tr(words[word_of(401)].text);
    if (!r->locale)
        r->locale = i18n_find("en");
    l->failing = true;
    l->no_personal |= rc == RC_UPSTREAM || rc == RC_BUG || rc == RC_RETRY;
    log_failure(l, rc, status);
    standard_headers(l, status);
    r->out.no_store = true;
    r->out.accel = NULL;
    l->etag = NULL;
    buf_clear(&r->out.body);
    if (wants_json(r)) {
        if (answer_json(l, rc, status, heading, text) == RC_OK)
            return;
    } else {
        if (status == 401 && sent_to_login(l))
            return;
        if (answer_page(l, rc, status, heading, text) == RC_OK)
            return;
    }
    answer_plain(l, status, heading, text);
}
