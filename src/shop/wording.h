/* wording.h: what brands, categories, attributes, their options and the shop's own fields are
 * called in the shop's other languages, named by the codes staff know. Products and collections
 * have functions of their own. */
#ifndef SHOP_WORDING_H
#define SHOP_WORDING_H

#include "app/types.h"

/* Inside db_tx. resource: brand, category (key: slug; fields name, description), attribute (key:
 * code; name), attribute_option (key: "attribute/option"; value), custom_field (key: name; label,
 * or option_CODE of a choice). text "" takes it away. RC_NOTFOUND: no such row; RC_INVALID: no such
 * resource, field or language, or too long. */
KADE_API enum rc wording_put(struct db *db, const char *resource, const char *key,
                             const char *locale, const char *field, const char *text, int64_t now,
                             bool *changed) ATTR_NONNULL ATTR_MUST_CHECK;

#endif
