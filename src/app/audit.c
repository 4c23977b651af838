/* audit.c: the audit row of a change, in the change's own transaction. It records what it is told:
 * which fields changed is the caller's knowledge. Invariant: a row always says who (or "system"),
 * from where and in which request, taken from the request tied to the connection. */
#include "app/audit.h"

#include "app/req.h"
#include "base/log.h"
#include "gen/app_q.h"
#include "platform/crypto.h"
#include "platform/db.h"

static const char *const kinds[] = { "nobody", "customer", "user", "operator", "key" };

enum rc audit_write(struct db *db, const char *action, const char *resource,
                    struct uuid resource_id, const char *old_json, const char *new_json)
{
    const struct req *r = db_user(db);
    const struct uuid *actor = r && r->who.kind != WHO_NOBODY ? &r->who.id : NULL;
    check_that(db_in_tx(db));
    check_that(!r || r->magic == REQ_MAGIC);
    return app_q_audit_add(db, uuid7_new(), r ? kinds[r->who.kind] : "system", actor, action,
                           resource, uuid_is_nil(resource_id) ? NULL : &resource_id, old_json,
                           new_json, r ? r->ip : NULL, r ? r->agent : NULL, r ? r->id : NULL, NULL);
}

enum rc audit_write_platform(struct db *db, const char *action, const char *resource,
                             struct uuid resource_id, const char *old_json, const char *new_json)
{
    const struct req *r = db_user(db);
    check_that(db_in_tx(db));
    check_that(!r || r->magic == REQ_MAGIC);
    const struct uuid *actor = r && r->who.kind == WHO_OPERATOR ? &r->who.id : NULL;
    return app_q_operator_log_add(
        db, uuid7_new(), actor, action, resource, uuid_is_nil(resource_id) ? NULL : &resource_id,
        old_json, new_json, r ? r->ip : NULL, r ? r->agent : NULL, r ? r->id : NULL, NULL);
}

void audit_send(struct db_pipe *p, struct db *db, const char *action, const char *resource,
                struct uuid resource_id, const char *old_json, const char *new_json)
{
    const struct req *r = db_user(db);
    const struct uuid *actor = r && r->who.kind != WHO_NOBODY ? &r->who.id : NULL;
    check_that(db_in_tx(db));
    app_q_audit_add_send(p, uuid7_new(), r ? kinds[r->who.kind] : "system", actor, action, resource,
                         uuid_is_nil(resource_id) ? NULL : &resource_id, old_json, new_json,
                         r ? r->ip : NULL, r ? r->agent : NULL, r ? r->id : NULL, NULL);
}
