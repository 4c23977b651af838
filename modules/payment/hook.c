/* hook.c: the door for what gateways tell. Nobody is signed in here and nothing is believed: the
 * method's adapter proves a delivery by its signature before a word of it is kept. What is proven
 * is kept once and answered at once; a job reads it. */
#include <string.h>

#include "app/ctx.h"
#include "base/log.h"
#include "base/str.h"
#include "payment.h"
#include "shop/payment.h"

static enum rc answer(struct req *r, int status)
{
    return req_text(r, status, "application/json", status < 300 ? "{\"ok\":true}" : "{}");
}

enum rc act_hook(struct req *r)
{
    struct payment_door door;
    const char *event = NULL;
    bool fresh = false;
    enum rc rc = payment_door(r->db, req_param(r, "method"), &door);
    if (rc != RC_OK)
        return rc;
    const struct pay_adapter *adapter = pay_adapter_find(door.provider);
    if (adapter == NULL || adapter->proven == NULL)
        return RC_NOTFOUND;
    const char *signature = req_header(r, adapter->signature);
    if (r->nbody == 0 || r->nbody > GATEWAY_BODY_MOST || memchr(r->body, '\0', r->nbody) != NULL)
        return RC_INVALID;
    const char *body = arena_strndup(r->arena, r->body, r->nbody);
    struct pay_hook hook = {
        .body = body, .n = r->nbody, .signature = signature != NULL ? signature : "", .now = r->now
    };
    rc = adapter->proven(r->arena, req_param(r, "method"), door.sealed, &hook, &event);
    if (rc != RC_OK) {
        log_warn("payment delivery refused", "method=%s rc=%s bytes=%zu", req_param(r, "method"),
                 rc_name(rc), r->nbody);
        return rc;
    }
    if (event != NULL)
        rc = gateway_event_take(r->db, door.provider, event, body, &fresh);
    return rc == RC_OK ? answer(r, 200) : rc;
}
