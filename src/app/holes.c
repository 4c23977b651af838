/* holes.c: what a page says to one visitor alone, put into it just before it leaves: request id,
 * address to come back to, CSRF fields, flash, account, cart and the personal slots of modules. A
 * page without holes is not touched. Invariants: what is filled here is never stored; when the
 * database is away the holes are filled as for a guest, so that a stored page stays readable; no
 * hole mark ever reaches a client. */
#include <stdlib.h>
#include <string.h>

#include "app/loader.h"
#include "app/page_priv.h"
#include "app/tenant.h"
#include "base/log.h"
#include "base/str.h"

enum { PIECE_MAX = 256 * 1024, NAME_MAX_BYTES = 200 };

struct hole {
    const char *name;
    size_t from, to; /* of the marks, in the body */
    const struct slot_use *use;
    size_t index; /* of its subject's ids */
    struct group *group;
    struct hole *next;
};
struct group { /* one personal slot of one module, with all its ids on this page */
    const struct slot_use *use;
    struct slot_subject subject;
    struct uuid *ids;
    bool failed;
    struct group *next;
};
struct holes {
    struct hole *first, **last;
    struct group *groups;
    size_t n;
    bool personal; /* some of them depend on who asks */
};

static bool may_be_personal(const char *name)
{
    return str_eq(name, "csrf") || str_eq(name, "account") || str_eq(name, "cart") ||
           str_starts(name, "slot|");
}

static void scan(struct req *r, struct holes *h)
{
    const char *body = r->out.body.p, *end = body + r->out.body.n;
    h->last = &h->first;
    for (const char *p = body; (p = memchr(p, HOLE_OPEN, (size_t)(end - p)));) {
        const char *stop = memchr(p, HOLE_CLOSE, (size_t)(end - p));
        if (!stop || (size_t)(stop - p) > NAME_MAX_BYTES)
            stop = p; /* a lone mark: removed */
        struct hole *x = arena_new(r->arena, struct hole);
        x->name = stop > p ? arena_strndup(r->arena, p + 1, (size_t)(stop - p - 1)) : "";
        x->from = (size_t)(p - body);
        x->to = (size_t)(stop + 1 - body);
        *h->last = x;
        h->last = &x->next;
        h->n++;
        h->personal |= may_be_personal(x->name);
        p = stop + 1;
    }
}

/* ---- personal slots: "slot|product.actions|20|product|<uuid>" ---------------------------------
 */

static const struct slot_use *use_of(struct req *r, const char *slot, const char *order)
{
    int64_t o;
    if (str_int(order, INT32_MIN, INT32_MAX, &o) != RC_OK)
        return NULL;
    for (const struct slot_use *u = loader_slot(r->app->registry, slot); u; u = u->next)
        if (u->slot->order == (int)o && (u->slot->flags & SLOT_PERSONAL))
            return u;
    return NULL;
}

static struct group *group_of(struct req *r, struct holes *h, const struct slot_use *use,
                              const char *kind)
{
    for (struct group *g = h->groups; g; g = g->next)
        if (g->use == use && str_eq(g->subject.kind, kind))
            return g;
    struct group *g = arena_new(r->arena, struct group);
    g->use = use;
    g->subject.kind = kind;
    g->ids = arena_array(r->arena, struct uuid, h->n);
    g->subject.ids = g->ids;
    g->next = h->groups;
    h->groups = g;
    return g;
}

static void group_holes(struct req *r, struct holes *h)
{
    for (struct hole *x = h->first; x; x = x->next) {
        char **part;
        struct uuid id;
        if (!str_starts(x->name, "slot|") || str_split(r->arena, x->name, '|', &part) != 5)
            continue;
        x->use = use_of(r, part[1], part[2]);
        if (!x->use)
            continue;
        x->group = group_of(r, h, x->use, part[3]);
        if (uuid_parse(part[4], &id) != RC_OK)
            continue;
        size_t i = 0;
        while (i < x->group->subject.n && uuid_cmp(x->group->ids[i], id) != 0)
            i++;
        if (i == x->group->subject.n)
            x->group->ids[x->group->subject.n++] = id;
        x->index = i;
    }
}

/* One round trip for the statements of all personal slots. */
static void send_groups(struct req_live *l, struct holes *h)
{
    struct req *r = &l->r;
    bool any = false;
    for (struct group *g = h->groups; g && !l->no_personal; g = g->next) {
        if (!g->use->slot->send)
            continue;
        any = true;
        if (g->use->slot->send(r, page_pipe(r), &g->subject) != RC_OK)
            g->failed = true;
    }
    if (any && page_run(r) != RC_OK) {
        log_warn("personal parts left out", "why=%s",
                 db_error(r->db)->message ? db_error(r->db)->message : "-");
        l->no_personal = true;
    }
}

/* ---- pieces -----------------------------------------------------------------------------------
 */

static struct tpl *piece_tpl(struct req *r, const char *file)
{
    struct tpl *t = tpl_new(r->arena, r->locale->templates, file);
    page_globals(r, t);
    return t;
}

/* A piece that cannot be made is left out: the page is worth more than it. */
static void piece_expand(struct tpl *t, struct buf *out)
{
    const size_t before = out->n;
    enum rc rc = tpl_expand(t, out);
    if (rc == RC_OK)
        return;
    out->n = before;
    log_error("part of the layout not made", "rc=%s", rc_name(rc));
}

static void fill_flash(struct req *r, struct buf *out)
{
    static const char *const section[] = { "FLASH_OK", "FLASH_INFO", "FLASH_WARN", "FLASH_BAD" };
    enum flash_kind kind;
    const char *text;
    if (!flash_take(r, &kind, &text))
        return;
    struct tpl *t = piece_tpl(r, "layout/flash.tpl"), *row = tpl_row(t, "FLASH");
    tpl_set_text(row, "TEXT", text);
    tpl_show(row, section[kind], true);
    piece_expand(t, out);
}

static void fill_account(struct req *r, struct buf *out)
{
    bool customer = r->who.kind == WHO_CUSTOMER;
    if (!page_is_served(r, customer ? "/account" : "/login"))
        return;
    struct tpl *t = piece_tpl(r, "layout/account.tpl");
    if (customer)
        tpl_set_text(tpl_row(t, "CUSTOMER"), "NAME", r->who.name);
    else
        tpl_show(t, "GUEST", true);
    piece_expand(t, out);
}

static void fill_csrf(struct req *r, struct buf *out)
{
    const char *token = csrf_token(r);
    if (!*token)
        return;
    struct tpl *t = piece_tpl(r, "layout/csrf.tpl");
    tpl_set_text(t, "TOKEN", token);
    piece_expand(t, out);
}

/* "cart" is the slot shell.cart of whichever module sells; its own template is its fallback. */
static void fill_slot(struct req_live *l, const struct hole *x, struct buf *out)
{
    if (!x->group || x->group->failed || (l->no_personal && x->use->slot->send))
        return;
    size_t before = out->n;
    enum rc rc = x->use->slot->render(&l->r, &x->group->subject, x->index, out);
    if (rc == RC_OK)
        return;
    out->n = before;
    log_warn("personal part left out", "slot=%s module=%s rc=%s", x->use->slot->slot,
             x->use->module->name, rc_name(rc));
}

static void fill_cart(struct req *r, struct buf *out)
{
    if (!page_is_served(r, "/cart"))
        return;
    struct tpl *t = piece_tpl(r, "layout/cart.tpl");
    tpl_set_text(t, "COUNT", "");
    tpl_set_text(t, "COUNT_TEXT", "");
    piece_expand(t, out);
}

static void fill_one(struct req_live *l, const struct hole *x, struct buf *out)
{
    struct req *r = &l->r;
    const struct locale *other;
    if (str_eq(x->name, "rid"))
        buf_html(out, r->id);
    else if (str_eq(x->name, "here"))
        buf_html(out, r->uri);
    else if (str_eq(x->name, "csrf"))
        fill_csrf(r, out);
    else if (str_eq(x->name, "flash"))
        fill_flash(r, out);
    else if (str_eq(x->name, "account"))
        fill_account(r, out);
    else if (str_eq(x->name, "cart"))
        fill_cart(r, out);
    else if (str_starts(x->name, "in-") && (other = i18n_find(x->name + 3)))
        buf_html(out, url_in_locale(r, other));
    else if (str_starts(x->name, "slot|"))
        fill_slot(l, x, out);
}

/* The shell's cart hole becomes the personal slot shell.cart where a module fills it. */
static void cart_slot(struct req *r, struct holes *h)
{
    const struct slot_use *u = loader_slot(r->app->registry, "shell.cart");
    for (struct hole *x = h->first; x && u; x = x->next)
        if (str_eq(x->name, "cart"))
            x->name = arena_printf(r->arena, "slot|shell.cart|%d|shell|", u->slot->order);
}

static enum rc put_together(struct req_live *l, const struct holes *h)
{
    struct req *r = &l->r;
    struct buf whole = { 0 }, piece;
    const char *body = r->out.body.p;
    size_t at = 0;
    buf_init(&whole, r->arena, r->out.body.max);
    buf_init(&piece, r->arena, PIECE_MAX);
    for (const struct hole *x = h->first; x; x = x->next) {
        buf_put(&whole, body + at, x->from - at);
        buf_clear(&piece);
        fill_one(l, x, &piece);
        if (buf_rc(&piece) == RC_OK)
            buf_put(&whole, piece.p, piece.n);
        at = x->to;
    }
    buf_put(&whole, body + at, r->out.body.n - at);
    r->out.body = whole;
    return buf_rc(&whole);
}

enum rc page_finish(struct req_live *l)
{
    struct req *r = &l->r;
    struct holes h = { 0 };
    if (!r->out.type || !str_starts(r->out.type, "text/html"))
        return RC_OK;
    scan(r, &h);
    if (h.n == 0)
        return RC_OK;
    if (h.personal && !l->no_personal && r->tenant && session_resolve(l) != RC_OK)
        l->no_personal = true;
    if (h.personal) {
        cart_slot(r, &h);
        group_holes(r, &h);
        send_groups(l, &h);
    }
    return put_together(l, &h);
}
