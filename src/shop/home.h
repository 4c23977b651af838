/* home.h: what the home page shows, composed of blocks and written as a whole from a file of rows:
 * key,locale,kind,layout,tone,picture,rule,argument,most,href,icons,from,until,title,body,label,lines.
 * A row without locale is a block, in the order of the file; a row with one holds its texts in that
 * language. kinds: hero promises categories products banner brands text slot. Several icons are
 * separated by blanks, several lines (promises) by " | ". */
#ifndef SHOP_HOME_H
#define SHOP_HOME_H

#include <stdio.h>

#include "app/types.h"
#include "base/id.h"

struct home_plan;
/* Reads and checks the file. RC_INVALID with *problem, one sentence that names line and column. */
KADE_API enum rc home_read(struct arena *a, FILE *in, struct home_plan **out,
                           const char **problem) ATTR_NONNULL ATTR_MUST_CHECK;
/* Names of pictures in the plan: NULL-terminated. */
KADE_API const char **home_pictures(struct home_plan *p) ATTR_NONNULL;
/* Which picture of the library a name is; *ok false: none. NULL: names are ids. */
typedef enum rc home_picture(void *arg, struct db *db, const char *name, bool *ok,
                             struct uuid *out);
/* Inside db_tx, in the shop's scope: the home page is the plan afterwards; *changed says whether it
 * was not. RC_INVALID with *problem when a picture is not there. */
KADE_API enum rc home_put(struct db *db, const struct home_plan *p, home_picture *find, void *arg,
                          int64_t now, bool *changed, const char **problem) ATTR_MUST_CHECK;
/* Shows or hides one block. RC_NOTFOUND. */
KADE_API enum rc home_show(struct db *db, const char *key, bool on) ATTR_NONNULL ATTR_MUST_CHECK;

#endif
