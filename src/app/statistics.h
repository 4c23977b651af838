/* statistics.h: what the planner knows about table sizes. Statements run on generic plans, so a
 * bulk load tells it before the first page asks. */
#ifndef APP_STATISTICS_H
#define APP_STATISTICS_H

#include "app/types.h"

/* ANALYZEs our tables that changed, one transaction each. Opens and ends the scope itself;
 * needs a connection of kade_admin or kade_jobs. A failure costs speed only, so it is logged and
 * not returned. */
KADE_API void statistics_refresh(struct app_ctx *app) ATTR_NONNULL;

#endif
