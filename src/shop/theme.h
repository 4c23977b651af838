/* theme.h: setting how a shop looks (app/theme.h shows it). Colours and words are checked by their
 * declaration; a logo or favicon is a picture of the library, which then counts as used. */
#ifndef SHOP_THEME_H
#define SHOP_THEME_H

#include "app/types.h"
#include "base/id.h"

/* Inside db_tx, in the shop's scope. key without "theme."; text NULL: back to the default. For logo
 * and favicon the text is the id of a picture that is ready. RC_NOTFOUND no such key; RC_INVALID
 * with a translated sentence. */
KADE_API enum rc theme_set(struct app_ctx *app, struct db *db, const char *key, const char *text,
                           const char **problem) ATTR_MUST_CHECK;
/* A picture of the library got another file: where the theme shows it, it follows. */
enum rc theme_follow(struct db *db, struct uuid media) ATTR_MUST_CHECK;

#endif
