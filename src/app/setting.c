/* setting.c: a shop's own value for a declared setting: checked by type, stored with its audit row
 * and event in one transaction. Reading goes through tenant.c, which every process refreshes after
 * the commit. Invariant: no value is stored that its declared type would refuse. */
#include "app/setting.h"

#include <string.h>

#include "app/audit.h"
#include "app/event.h"
#include "app/loader.h"
#include "app/tenant.h"
#include "base/log.h"
#include "base/map.h"
#include "base/str.h"
#include "base/utf8.h"
#include "gen/app_q.h"
#include "platform/db.h"
#include "platform/i18n.h"
#include "platform/json.h"

enum { TEXT_MAX = 4000 };

static bool colour_ok(const char *s)
{
    return strlen(s) == 7 && s[0] == '#' && strspn(s + 1, "0123456789abcdef") == 6;
}

static const char *as_json_text(struct arena *a, const char *s)
{
    struct buf b;
    struct jw w;
    buf_init(&b, a, 64 * 1024);
    jw_init(&w, &b);
    jw_text(&w, s);
    return buf_rc(&b) == RC_OK ? b.p : NULL;
}

static bool is_choice(const struct app_setting *s, const char *text)
{
    for (const char *const *c = s->choices; c && *c; c++)
        if (str_eq(*c, text))
            return true;
    return false;
}

/* NULL with *problem when the text is no value of this type. */
static const char *value_of(const struct app_setting *s, struct arena *a, const char *text,
                            const char **problem)
{
    int64_t n;
    struct json *j;
    const char *why;
    switch (s->type) {
    case SETTING_INT:
        *problem = _("Enter a whole number.");
        return str_int(text, INT64_MIN, INT64_MAX, &n) == RC_OK ? text : NULL;
    case SETTING_BOOL:
        *problem = _("Choose yes or no.");
        return str_eq(text, "true") || str_eq(text, "false") ? text : NULL;
    case SETTING_CHOICE:
        *problem = _("Choose one of the options shown.");
        return is_choice(s, text) ? as_json_text(a, text) : NULL;
    case SETTING_COLOUR:
        *problem = _("Enter a colour like #0b6b63.");
        return colour_ok(text) ? as_json_text(a, text) : NULL;
    case SETTING_MONEY:
        *problem = _("Enter an amount in the currency's smallest unit.");
        return str_int(text, 0, INT64_MAX, &n) == RC_OK ? text : NULL;
    case SETTING_JSON:
        *problem = _("This is not valid JSON.");
        return json_parse(a, text, strlen(text), &j, &why) == RC_OK ? text : NULL;
    default:
        *problem = _("This text is too long.");
        return utf8_length(text) <= TEXT_MAX ? as_json_text(a, text) : NULL;
    }
}

enum rc setting_check(struct app_ctx *app, struct arena *a, const char *key, const char *text,
                      const char **json, const char **problem)
{
    const struct app_setting *s = map_get(app->registry->settings, key);
    if (!s)
        return RC_NOTFOUND;
    const char *value = value_of(s, a, text, problem);
    if (!value)
        return RC_INVALID;
    *json = value;
    return RC_OK;
}

struct changed {
    struct app_ctx *app;
    struct uuid tenant;
};

static void tell(struct db *db, void *arg)
{
    struct changed *c = arg;
    (void)db;
    tenant_changed(c->app, c->tenant);
}

/* {"key": value} */
static const char *pair(struct arena *a, const char *key, const char *json)
{
    const char *k = as_json_text(a, key);
    return json && k ? arena_printf(a, "{%s:%s}", k, json) : NULL;
}

enum rc setting_put(struct app_ctx *app, struct db *db, const char *key, const char *text)
{
    struct arena *a = db_arena(db);
    const struct uuid *tenant = db_scope_tenant_id(db);
    const struct tenant *t;
    const char *json = NULL, *problem, *old;
    check_that(db_in_tx(db) && tenant);
    enum rc rc = text ? setting_check(app, a, key, text, &json, &problem) : RC_OK;
    if (rc == RC_OK)
        rc = tenant_by_id(app, *tenant, &t);
    if (rc != RC_OK)
        return rc;
    old = map_get(t->settings, key);
    rc = json ? app_q_setting_put(db, key, json, NULL) : app_q_setting_remove(db, key, NULL);
    if (rc != RC_OK)
        return rc;
    rc = audit_write(db, "settings.change", "settings", *tenant,
                     pair(a, key, old ? as_json_text(a, old) : NULL), pair(a, key, json));
    if (rc != RC_OK)
        return rc;
    struct changed *c = arena_new(a, struct changed);
    *c = (struct changed){ app, *tenant };
    db_after_commit(db, tell, c);
    return event_emit(db, "settings.changed", *tenant, 0, "key=%s", key);
}
