/* theme.c: changing a shop's look. Reading settings and writing the style sheet is
 * src/app/theme.c's. Invariant: a picture that a theme names is ready, and its address in the
 * settings is the one that the library says. */
#include "shop/theme.h"

#include <string.h>

#include "app/ctx.h"
#include "app/setting.h"
#include "base/str.h"
#include "gen/app_q.h"
#include "gen/shop_q.h"
#include "platform/db.h"
#include "platform/i18n.h"
#include "platform/json.h"

static const char *const pictures[] = { "logo", "favicon" };

/* "media/... 200 80" */
static const char *place(struct arena *a, const struct shop_media *m)
{
    return arena_printf(a, "%s %d %d", m->path, m->has_width ? (int)m->width : 1,
                        m->has_height ? (int)m->height : 1);
}

static enum rc set_picture(struct app_ctx *app, struct db *db, const char *key, const char *text,
                           const char **problem)
{
    struct arena *a = db_arena(db);
    struct shop_media_maybe m = { .found = false };
    struct uuid id;
    const char *path = NULL;
    *problem = _("Choose a picture of the library that is ready.");
    if (text != NULL) {
        if (uuid_parse(text, &id) != RC_OK)
            return RC_INVALID;
        enum rc rc = shop_q_media_get(db, id, &m);
        if (rc != RC_OK)
            return rc;
        if (!m.found || !str_eq(m.row.state, "ready") || m.row.path == NULL)
            return RC_INVALID;
        path = place(a, &m.row);
    }
    enum rc rc = setting_put(app, db, arena_printf(a, "theme.%s", key), text);
    return rc == RC_OK ? setting_put(app, db, arena_printf(a, "theme.%s_path", key), path) : rc;
}

enum rc theme_set(struct app_ctx *app, struct db *db, const char *key, const char *text,
                  const char **problem)
{
    struct arena *a = db_arena(db);
    const char *json, *full = arena_printf(a, "theme.%s", key);
    for (size_t i = 0; i < COUNT_OF(pictures); i++)
        if (str_eq(key, pictures[i]))
            return set_picture(app, db, key, text, problem);
    if (strstr(key, "_path") != NULL)
        return RC_NOTFOUND;
    enum rc rc = text == NULL ? RC_OK : setting_check(app, a, full, text, &json, problem);
    return rc == RC_OK ? setting_put(app, db, full, text) : rc;
}

enum rc theme_follow(struct db *db, struct uuid media)
{
    struct arena *a = db_arena(db);
    struct shop_media_maybe m;
    struct shop_theme_picture_list at;
    enum rc rc = shop_q_theme_pictures(db, uuid_str(a, media), &at);
    if (rc != RC_OK || at.n == 0)
        return rc;
    rc = shop_q_media_get(db, media, &m);
    for (size_t i = 0; rc == RC_OK && m.found && m.row.path != NULL && i < at.n; i++)
        rc = setting_put(db_app(db), db, arena_printf(a, "%s_path", at.row[i].key),
                         place(a, &m.row));
    return rc;
}
