/* translation.c: writing texts in the shop's other languages, for modules whose rows have them. Not
 * for reading: that is part of each page's own statement. Invariant: a text that is there already
 * is not written again. */
#include "app/translation.h"

#include "gen/app_q.h"

enum rc translation_put(struct db *db, const char *resource, struct uuid id, const char *locale,
                        const char *field, const char *value, int64_t *wrote)
{
    return app_q_translation_put(db, resource, id, locale, field, value, "", wrote);
}

enum rc translation_remove(struct db *db, const char *resource, struct uuid id, const char *locale,
                           const char *field, int64_t *wrote)
{
    return app_q_translation_remove(db, resource, id, locale, field, wrote);
}
