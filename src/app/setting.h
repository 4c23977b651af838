/* setting.h: changing what a shop has set. Reading is tenant.h's. */
#ifndef APP_SETTING_H
#define APP_SETTING_H

#include "app/types.h"

/* Text of a setting to the JSON that is stored, checked against its declaration. RC_NOTFOUND no
 * module declares key, RC_INVALID with a translated sentence in *problem. */
KADE_API enum rc setting_check(struct app_ctx *app, struct arena *a, const char *key,
                               const char *text, const char **json,
                               const char **problem) ATTR_MUST_CHECK;
/* Inside db_tx, in the shop's scope: stores, writes the audit row, emits "settings.changed"; every
 * process reads the shop again after the commit. text NULL returns to the default. */
KADE_API enum rc setting_put(struct app_ctx *app, struct db *db, const char *key,
                             const char *text) ATTR_MUST_CHECK;

#endif
