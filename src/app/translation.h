/* translation.h: texts of business rows in the shop's other languages. The row itself holds the
 * first language; statements read the others by joining app.translations. */
#ifndef APP_TRANSLATION_H
#define APP_TRANSLATION_H

#include "app/types.h"
#include "base/id.h"

/* Inside db_tx, in the shop's scope, on a connection that may write for staff. resource: singular
 * of the table's name ("page"). *wrote: 0 when the text was there already; may be NULL. */
KADE_API enum rc translation_put(struct db *db, const char *resource, struct uuid id,
                                 const char *locale, const char *field, const char *value,
                                 int64_t *wrote) ATTR_MUST_CHECK;
/* The row's own text shows again; *wrote: 0 when there was none. */
KADE_API enum rc translation_remove(struct db *db, const char *resource, struct uuid id,
                                    const char *locale, const char *field,
                                    int64_t *wrote) ATTR_MUST_CHECK;

#endif
