/* shop_kit.c: see shop_kit.h. */
#include "shop_kit.h"

#include <string.h>

#include "app/loader.h"
#include "base/buf.h"
#include "base/log.h"
#include "platform/crypto.h"
#include "platform/i18n.h"

static const struct app_module *const modules[] = { &app_builtin, &shop_builtin };
static struct app_registry *registry; /* for the life of the program */

struct app_ctx *shop_kit_open(const char *role)
{
    struct arena *a = arena_new_sized(256 * 1024 * 1024);
    struct app_ctx *app = arena_new(a, struct app_ctx);
    const char *problem = NULL;
    check_that(crypto_init() == RC_OK);
    if (registry == NULL && loader_check(modules, COUNT_OF(modules), false, arena_new_sized(0),
                                         &registry, &problem) != RC_OK)
        check_failed(problem != NULL ? problem : "loader", __FILE__, __LINE__);
    app->conf = kit()->conf;
    app->registry = registry;
    app->arena = a;
    app->work = arena_new_sized(64 * 1024 * 1024);
    app->pool = "test";
    check_that(app_open(app, role, "shop test") == RC_OK);
    return app;
}

void shop_kit_close(struct app_ctx *app)
{
    struct arena *a = app->arena;
    app_close(app);
    arena_free(app->work);
    arena_free(a);
}

static void say(void *arg, const struct shop_import_row *row)
{
    struct buf *b = arg;
    buf_printf(b, "%zu %s %s", row->line, shop_import_action_name(row->action), row->key);
    if (row->column != NULL)
        buf_printf(b, " [%s]", row->column);
    if (row->reason != NULL)
        buf_printf(b, " %s", row->reason);
    buf_char(b, '\n');
}

typedef enum rc importer(struct app_ctx *, const struct shop_import_options *,
                         struct shop_import_report *);

static struct shop_kit_import run(struct app_ctx *app, importer *fn, enum shop_import_format format,
                                  const char *text, size_t n, bool dry)
{
    struct shop_kit_import out;
    struct buf *said = arena_new(app->work, struct buf);
    buf_init(said, app->work, 32 * 1024 * 1024);
    FILE *in = n > 0 ? fmemopen(arena_memdup(app->work, text, n), n, "r") : tmpfile();
    struct shop_import_options o = { .tenant = kit()->shop[KIT_A].slug,
                                     .format = format,
                                     .in = in,
                                     .dry_run = dry,
                                     .row = say,
                                     .arg = said };
    out.rc = fn(app, &o, &out.report);
    fclose(in);
    out.said = said->p;
    return out;
}

struct shop_kit_import shop_kit_import(struct app_ctx *app, const char *csv, size_t n, bool dry)
{
    return run(app, shop_import_products, SHOP_IMPORT_WOOCOMMERCE, csv, n, dry);
}

struct shop_kit_import shop_kit_import_as(struct app_ctx *app, enum shop_import_format format,
                                          const char *csv, size_t n, bool dry)
{
    return run(app, shop_import_products, format, csv, n, dry);
}

struct shop_kit_import shop_kit_categories(struct app_ctx *app, const char *json, size_t n,
                                           bool dry)
{
    return run(app, shop_import_categories, SHOP_IMPORT_KADE, json, n, dry);
}

struct shop_kit_import shop_kit_tax_rates(struct app_ctx *app, const char *csv, size_t n, bool dry)
{
    return run(app, shop_import_tax_rates, SHOP_IMPORT_WOOCOMMERCE, csv, n, dry);
}
