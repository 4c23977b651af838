/* slots.c: what modules add to each other's pages. A page names a slot and the ids of its cards;
 * every module in that slot queues its statements for all of them at once and later renders each.
 * Personal slots are not asked while the page is made: they leave holes that holes.c fills, again
 * for all at once. Invariant: a slot costs a page no round trip of its own. */
#include <inttypes.h>

#include "app/loader.h"
#include "app/page_priv.h"

enum { SLOT_MAX = 1024 * 1024 };

enum rc slot_send(struct req *r, const char *slot, const struct slot_subject *s)
{
    for (const struct slot_use *u = loader_slot(r->app->registry, slot); u; u = u->next) {
        if ((u->slot->flags & SLOT_PERSONAL) || !u->slot->send)
            continue;
        enum rc rc = u->slot->send(r, page_pipe(r), s);
        if (rc != RC_OK)
            return rc;
    }
    return RC_OK;
}

enum rc slot_set(struct req *r, const char *slot, const struct slot_subject *s, size_t i,
                 struct tpl *t, const char *name)
{
    struct buf b;
    char id[UUID_TEXT] = "";
    if (i < s->n)
        uuid_format(s->ids[i], id);
    buf_init(&b, r->arena, SLOT_MAX);
    for (const struct slot_use *u = loader_slot(r->app->registry, slot); u; u = u->next) {
        enum rc rc = RC_OK;
        if (u->slot->flags & SLOT_PERSONAL)
            buf_printf(&b, "%cslot|%s|%d|%s|%s%c", HOLE_OPEN, slot, u->slot->order, s->kind, id,
                       HOLE_CLOSE);
        else
            rc = u->slot->render(r, s, i, &b);
        if (rc != RC_OK)
            return rc;
    }
    if (buf_rc(&b) != RC_OK)
        return req_fail(r, RC_LIMIT, NULL, "slot %s is over %d bytes", slot, SLOT_MAX);
    tpl_set_bytes(t, name, b.p, b.n);
    return RC_OK;
}
