/* audit.h: who changed what from what to what (app.audit_logs), in the same transaction. */
#ifndef APP_AUDIT_H
#define APP_AUDIT_H

#include "app/types.h"
#include "base/id.h"

/* Changed fields only, as JSON objects; NULL for none. Actor, address and request id come from the
 * request tied to db (db_user), or "system". Inside db_tx. */
KADE_API enum rc audit_write(struct db *db, const char *action, const char *resource,
                             struct uuid resource_id, const char *old_json,
                             const char *new_json) ATTR_MUST_CHECK;

/* The same for what concerns the installation and no shop: operators and what they do. The actor is
 * the operator of the request, or the command line. As kade_admin, inside db_tx. */
KADE_API enum rc audit_write_platform(struct db *db, const char *action, const char *resource,
                                      struct uuid resource_id, const char *old_json,
                                      const char *new_json) ATTR_MUST_CHECK;
/* As audit_write, leaving with a pipeline. */
KADE_API void audit_send(struct db_pipe *p, struct db *db, const char *action, const char *resource,
                         struct uuid resource_id, const char *old_json, const char *new_json);

#endif
