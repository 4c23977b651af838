/* loader.c: a module that mis-declares something is refused with exactly the sentence that says
 * what and what to do; one that declares everything right is loaded, ordered and answers. */
#include <string.h>

#include "app/form.h"
#include "app/router.h"
#include "app/session.h"
#include "base/str.h"
#include "kit/http.h"
#include "seam/seam.h"

/* ---- one table, one fault ---------------------------------------------------------------------
 */

static enum rc ok_handler(struct req *r)
{
    (void)r;
    return RC_OK;
}
static enum rc ok_event(struct app_ctx *app, const struct event *e)
{
    (void)app;
    (void)e;
    return RC_OK;
}
static enum rc ok_job(struct app_ctx *app, const struct job *j)
{
    (void)app;
    (void)j;
    return RC_OK;
}
static enum rc ok_slot(struct req *r, const struct slot_subject *s, size_t i, struct buf *out)
{
    (void)r;
    (void)s;
    (void)i;
    (void)out;
    return RC_OK;
}

#define HEAD(n)                                                                                    \
    .magic = APP_MAGIC, .size = sizeof(struct app_module), .abi_major = APP_ABI_MAJOR,             \
    .abi_minor = APP_ABI_MINOR, .build_id = APP_BUILD_ID, .name = (n)
#define ROUTES(...) ((const struct app_route[]){ __VA_ARGS__, { 0 } })
#define PERMS(...)  ((const struct app_perm[]){ __VA_ARGS__, { 0 } })
#define NAMES(...)  ((const char *const[]){ __VA_ARGS__, NULL })

static const struct form_spec bare_form = { .name = "x" };
static const struct form_field far_fields[] = { { .name = "a", .type = F_TEXT, .offset = 64 },
                                                { 0 } };
static const struct form_spec far_form = { .name = "x", .fields = far_fields, .size = 8 };
static const struct form_field twice_fields[] = { { .name = "a", .type = F_TEXT },
                                                  { .name = "a", .type = F_TEXT },
                                                  { 0 } };
static const struct form_spec twice_form = { .name = "x", .fields = twice_fields, .size = 8 };
static const struct form_field choice_fields[] = { { .name = "a", .type = F_CHOICE }, { 0 } };
static const struct form_spec choice_form = { .name = "x", .fields = choice_fields, .size = 8 };

struct fault {
    struct app_module m;
    const char *message;
};

static const struct app_module good = {
    HEAD("good"),
    .routes = ROUTES({ M_GET, "/taken/{a:slug}", ok_handler }),
    .perms = PERMS({ "good.manage", "x" }),
    .slots = (const struct app_slot[]){ { "home.top", 10, 0, NULL, ok_slot }, { 0 } },
    .settings = (const struct app_setting[]){ { "good.size", "1", "x", SETTING_INT }, { 0 } },
    .jobs = (const struct app_job[]){ { "good.job", 0, 10, 3, ok_job }, { 0 } },
    .templates = (const struct app_template[]){ { "good/a.tpl", NAMES("A") }, { 0 } },
};

#define ROUTE_FAULT(msg, ...)                                                                      \
    {                                                                                              \
        { HEAD("bad"), .routes = ROUTES(__VA_ARGS__) }, msg                                        \
    }
#define PATTERN_RULE                                                                               \
    "each segment is lower-case letters, digits, '-', '_', '.' or "                                \
    "{name:id|int|slug|token|any|rest}"

static const struct fault faults[] = {
    { { .magic = 7 }, "module (unnamed): is not a Kade module (magic 00000007, not 45434f4d)" },
    { { HEAD("bad"), .needs = NAMES("ghost") },
      "module bad: needs module ghost, which is not enabled; add it to app.modules in the "
      "configuration" },
    { { HEAD("bad"), .needs = NAMES("bad") },
      "module bad: needs module bad, which needs it in turn; break the cycle in .needs" },
    { { HEAD("good") }, "module good: is there twice; name it once in app.modules" },
    ROUTE_FAULT("module bad: route \"/taken/{b:slug}\": clashes with \"/taken/{a:slug}\" of module "
                "good",
                { M_GET | M_POST, "/taken/{b:slug}", ok_handler }),
    ROUTE_FAULT("module bad: route \"/healthz\": clashes with \"/healthz\" of module app",
                { M_GET, "/healthz", ok_handler }),
    ROUTE_FAULT("module bad: route \"bad\": a pattern starts with '/'",
                { M_GET, "bad", ok_handler }),
    ROUTE_FAULT("module bad: route \"/bad/\": a pattern does not end with '/'",
                { M_GET, "/bad/", ok_handler }),
    ROUTE_FAULT("module bad: route \"/Bad\": " PATTERN_RULE, { M_GET, "/Bad", ok_handler }),
    ROUTE_FAULT("module bad: route \"/{a}\": " PATTERN_RULE, { M_GET, "/{a}", ok_handler }),
    ROUTE_FAULT("module bad: route \"/{a:uuid}\": " PATTERN_RULE,
                { M_GET, "/{a:uuid}", ok_handler }),
    ROUTE_FAULT("module bad: route \"/x//y\": " PATTERN_RULE, { M_GET, "/x//y", ok_handler }),
    ROUTE_FAULT("module bad: route \"/x/..\": " PATTERN_RULE, { M_GET, "/x/..", ok_handler }),
    ROUTE_FAULT("module bad: route \"/{a:id}/{a:id}\": a capture name is used twice",
                { M_GET, "/{a:id}/{a:id}", ok_handler }),
    ROUTE_FAULT("module bad: route \"/{a:rest}/x\": a rest capture comes last",
                { M_GET, "/{a:rest}/x", ok_handler }),
    ROUTE_FAULT("module bad: route \"(null)\": the pattern is missing",
                { M_GET, NULL, ok_handler }),
    ROUTE_FAULT("module bad: route \"/x\": methods are none of M_GET M_POST M_PUT M_PATCH M_DELETE",
                { 0, "/x", ok_handler }),
    ROUTE_FAULT("module bad: route \"/x\": handler is NULL", { M_GET, "/x", NULL }),
    ROUTE_FAULT("module bad: route \"/x\": permission \"no.such\" is declared by no module",
                { M_GET, "/x", ok_handler, "no.such" }),
    ROUTE_FAULT("module bad: route \"/x\": R_NO_SESSION and a permission exclude each other",
                { M_GET, "/x", ok_handler, "good.manage", R_NO_SESSION }),
    ROUTE_FAULT("module bad: route \"/x\": limit \"fast\" is not bucket:count/sec|min|hour",
                { M_GET, "/x", ok_handler, .limit = "fast" }),
    ROUTE_FAULT("module bad: route \"/x\": its form needs .name, .fields and .size",
                { M_POST, "/x", ok_handler, .form = &bare_form }),
    ROUTE_FAULT("module bad: form \"x\": field \"a\" lies outside the struct",
                { M_POST, "/x", ok_handler, .form = &far_form }),
    ROUTE_FAULT("module bad: form \"x\": field \"a\" is there twice",
                { M_POST, "/x", ok_handler, .form = &twice_form }),
    ROUTE_FAULT("module bad: form \"x\": field \"a\" is F_CHOICE without .choices",
                { M_POST, "/x", ok_handler, .form = &choice_form }),
    { { HEAD("bad"), .perms = PERMS({ "good.manage", "x" }) },
      "module bad: permission \"good.manage\" is already declared by module good" },
    { { HEAD("bad"), .perms = PERMS({ "manage all", "x" }) },
      "module bad: permission \"manage all\" is not area.verb without spaces" },
    { { HEAD("bad"),
        .settings = (const struct app_setting[]){ { "good.size", "1", "x", SETTING_INT }, { 0 } } },
      "module bad: setting \"good.size\" is already declared by module good" },
    { { HEAD("bad"), .settings = (const struct app_setting[]){ { "bad.x", "", "x", 99 }, { 0 } } },
      "module bad: setting \"bad.x\" has no valid type" },
    { { HEAD("bad"),
        .slots = (const struct app_slot[]){ { "home.top", 10, 0, NULL, ok_slot }, { 0 } } },
      "module bad: slot \"home.top\": order 10 is taken by module good; choose another" },
    { { HEAD("bad"), .slots = (const struct app_slot[]){ { "home.top", 11 }, { 0 } } },
      "module bad: slot \"home.top\": render is NULL" },
    { { HEAD("bad"), .jobs = (const struct app_job[]){ { "good.job", 0, 10, 3, ok_job }, { 0 } } },
      "module bad: job \"good.job\" is already declared by module good" },
    { { HEAD("bad"), .jobs = (const struct app_job[]){ { "bad.job", 0, 10, 3 }, { 0 } } },
      "module bad: job \"bad.job\": run is NULL" },
    { { HEAD("bad"), .jobs = (const struct app_job[]){ { "bad.job", 0, 0, 3, ok_job }, { 0 } } },
      "module bad: job \"bad.job\": timeout_s and max_tries must be at least 1" },
    { { HEAD("bad"),
        .templates = (const struct app_template[]){ { "good/a.tpl", NAMES("A") }, { 0 } } },
      "module bad: template \"good/a.tpl\" is already declared by module good" },
    { { HEAD("bad"), .templates = (const struct app_template[]){ { "bad/b.tpl" }, { 0 } } },
      "module bad: template bad/b.tpl does not declare its names" },
    { { HEAD("bad"), .events = (const struct app_event_sub[]){ { "x.y", EV_JOB }, { 0 } } },
      "module bad: event \"x.y\": fn is NULL" },
    { { HEAD("bad"), .events = (const struct app_event_sub[]){ { "x.y", 0, ok_event }, { 0 } } },
      "module bad: event \"x.y\": when is none of EV_IN_TX EV_AFTER_COMMIT EV_JOB" },
    { { HEAD("bad"), .hooks = (const struct app_hook[]){ { 9, 1, ok_handler }, { 0 } } },
      "module bad: a hook names no phase" },
    { { HEAD("bad"), .nav = (const struct app_nav[]){ { "admin", "X", "x" }, { 0 } } },
      "module bad: a navigation entry of area admin needs a label and an address that starts with "
      "'/'" },
    { { HEAD("bad"), .nav = (const struct app_nav[]){ { "admin", "X", "/x", "no.such" }, { 0 } } },
      "module bad: navigation entry \"/x\": permission \"no.such\" is declared by no module" },
};

static const char *refusal(struct arena *a, const struct app_module *m, bool relaxed)
{
    const struct app_module *all[] = { &app_builtin, &good, m };
    struct app_registry *g;
    const char *problem = "(accepted)";
    enum rc rc = loader_check(all, COUNT_OF(all), relaxed, a, &g, &problem);
    if (rc == RC_OK)
        loader_free(g);
    else
        ck_assert_int_eq(rc, RC_INVALID);
    return problem;
}

START_TEST(each_fault_has_its_sentence)
{
    struct arena *a = arena_new_sized(0);
    const struct fault *f = &faults[_i];
    ck_assert_str_eq(refusal(a, &f->m, false), f->message);
    arena_free(a);
}
END_TEST

START_TEST(other_abis_are_refused)
{
    struct arena *a = arena_new_sized(0);
    struct app_module m = { HEAD("bad") };
    m.abi_major = APP_ABI_MAJOR + 1;
    ck_assert_str_eq(refusal(a, &m, false),
                     arena_printf(a,
                                  "module bad: was built for ABI %u.%u, this is %u.%u; rebuild the "
                                  "module",
                                  APP_ABI_MAJOR + 1, APP_ABI_MINOR, APP_ABI_MAJOR, APP_ABI_MINOR));
    m.abi_major = APP_ABI_MAJOR;
    m.abi_minor = APP_ABI_MINOR + 1;
    ck_assert_str_eq(refusal(a, &m, false),
                     arena_printf(a,
                                  "module bad: was built for ABI %u.%u, this is %u.%u; update Kade "
                                  "or rebuild the module",
                                  APP_ABI_MAJOR, APP_ABI_MINOR + 1, APP_ABI_MAJOR, APP_ABI_MINOR));
    m.abi_minor = APP_ABI_MINOR;
    m.size = (uint32_t)sizeof m + 8;
    ck_assert_str_eq(
        refusal(a, &m, false),
        arena_printf(a, "module bad: its table has %zu bytes, ours %zu; rebuild the module",
                     sizeof m + 8, sizeof m));
    m.size = sizeof m;
    m.build_id = "feedfacefeedface";
    ck_assert_str_eq(refusal(a, &m, false),
                     arena_printf(a,
                                  "module bad: was built with other headers or flags "
                                  "(feedfacefeedface, not %s); rebuild the module",
                                  APP_BUILD_ID));
    ck_assert_str_eq(refusal(a, &m, true), "(accepted)");
    arena_free(a);
}
END_TEST

/* A table of an older minor is shorter; what it does not have counts as zero. */
START_TEST(a_shorter_table_is_completed)
{
    struct arena *a = arena_new_sized(0);
    struct app_module m = { HEAD("bad") };
    m.size = offsetof(struct app_module, hooks);
    memset((char *)&m + m.size, 0x5a, sizeof m - m.size);
    ck_assert_str_eq(refusal(a, &m, false), "(accepted)");
    arena_free(a);
}
END_TEST

START_TEST(needs_decide_the_order)
{
    struct arena *a = arena_new_sized(0);
    const struct app_module one = { HEAD("one"), .needs = NAMES("two", "three") };
    const struct app_module two = { HEAD("two"), .needs = NAMES("three") };
    const struct app_module three = { HEAD("three") };
    const struct app_module ring = { HEAD("three"), .needs = NAMES("one") };
    const struct app_module *all[] = { &app_builtin, &one, &two, &three };
    struct app_registry *g;
    const char *problem;
    ck_assert_int_eq(loader_check(all, 4, false, a, &g, &problem), RC_OK);
    ck_assert_str_eq(g->modules[1]->name, "three");
    ck_assert_str_eq(g->modules[2]->name, "two");
    ck_assert_str_eq(g->modules[3]->name, "one");
    ck_assert_uint_eq(loader_index(g, &two), 2);
    loader_free(g);
    all[3] = &ring;
    ck_assert_int_eq(loader_check(all, 4, false, a, &g, &problem), RC_INVALID);
    ck_has(problem, "break the cycle in .needs");
    arena_free(a);
}
END_TEST

/* ---- what is outside the table: templates and database ---- */

START_TEST(a_template_that_is_nowhere_is_named)
{
    struct kit *k = kit_open(NULL);
    const struct app_module m = { HEAD("bad"), .templates = (const struct app_template[]){
                                                   { "bad/none.tpl", NAMES("A") }, { 0 } } };
    const struct app_module *all[] = { &app_builtin, &m };
    struct app_registry *g;
    const char *problem = "(accepted)";
    ck_assert_int_eq(loader_check(all, COUNT_OF(all), false, k->arena, &g, &problem), RC_OK);
    ck_assert_int_eq(loader_check_templates(g, k->arena, &problem), RC_INVALID);
    ck_assert_str_eq(problem, "module bad: template bad/none.tpl is missing in language en; write "
                              "templates/bad/none.tpl and build");
    loader_free(g);
    kit_close(k);
}
END_TEST

START_TEST(a_schema_that_is_behind_is_named)
{
    struct kit *k = kit_open(NULL);
    struct app_module m = { HEAD("bad"), .schema_version = 7 };
    const struct app_module *all[] = { &app_builtin, &m };
    struct app_registry *g;
    const char *problem = "(accepted)";
    kit_sql(k, "INSERT INTO app.schema_migrations (module, no, name, sha256) VALUES ('bad', 6, "
               "'006_six.sql', repeat('0', 64))");
    ck_assert_int_eq(loader_check(all, COUNT_OF(all), false, k->arena, &g, &problem), RC_OK);
    ck_assert_int_eq(loader_check_schema(g, k->app.db, k->arena, &problem), RC_INVALID);
    ck_assert_str_eq(problem, "module bad: expects schema 7, the database has 6; run \"kade "
                              "migrate\"");
    kit_sql(k,
            "INSERT INTO app.schema_migrations (module, no, name, sha256) VALUES ('bad', 8, "
            "'008_ahead.sql', repeat('0', 64))"); /* a newer one is no reason: old workers go on */
    problem = "(accepted)";
    ck_assert_int_eq(loader_check_schema(g, k->app.db, k->arena, &problem), RC_OK);
    ck_assert_str_eq(problem, "(accepted)");
    loader_free(g);
    kit_close(k);
}
END_TEST

/* ---- files ------------------------------------------------------------------------------------
 */

static const char *load(struct arena *a, const char *name, bool relaxed)
{
    const char *names[] = { name, NULL }, *problem = "(accepted)";
    struct app_registry *g;
    if (loader_load(seam_dir(a), names, relaxed, a, &g, &problem) == RC_OK)
        loader_free(g);
    return problem;
}

START_TEST(files_are_refused_with_the_reason)
{
    struct arena *a = arena_new_sized(0);
    const char *dir = seam_dir(a);
    ck_assert_str_eq(load(a, "ghost", false),
                     arena_printf(a,
                                  "module ghost: not found at %s/ghost.so; build it, or remove it "
                                  "from app.modules in the configuration",
                                  dir));
    ck_assert_str_eq(load(a, "nosymbol", false),
                     arena_printf(a,
                                  "module nosymbol: %s/nosymbol.so has no symbol app_module_entry; "
                                  "end its module.c with APP_MODULE(...)",
                                  dir));
    ck_assert_str_eq(load(a, "othername", false),
                     "module othername: calls itself another; file and .name must be the same");
    ck_assert_str_eq(load(a, "oldbuild", false),
                     arena_printf(a,
                                  "module oldbuild: was built with other headers or flags "
                                  "(0000000000000000, not %s); rebuild the module",
                                  APP_BUILD_ID));
    ck_assert_str_eq(load(a, "oldbuild", true), "(accepted)");
    ck_assert_str_eq(load(a, "hello", false), "(accepted)");
    ck_assert_str_eq(load(a, "../hello", false),
                     "module \"../hello\": a module name is lower-case letters, digits and _; "
                     "correct app.modules in the configuration");
    arena_free(a);
}
END_TEST

START_TEST(a_broken_file_is_refused)
{
    struct arena *a = arena_new_sized(0);
    const char *names[] = { "garbage", NULL }, *problem = "(accepted)";
    const char *dir = seam_scratch(a);
    struct app_registry *g;
    seam_write(arena_printf(a, "%s/garbage.so", dir), "this is no shared object");
    ck_assert_int_eq(loader_load(dir, names, false, a, &g, &problem), RC_INVALID);
    ck_has(problem, "module garbage: cannot be loaded: ");
    arena_free(a);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("loader");
    TCase *tc = tcase_create("tables");
    tcase_add_loop_test(tc, each_fault_has_its_sentence, 0, (int)COUNT_OF(faults));
    tcase_add_test(tc, other_abis_are_refused);
    tcase_add_test(tc, a_shorter_table_is_completed);
    tcase_add_test(tc, needs_decide_the_order);
    suite_add_tcase(s, tc);
    tc = tcase_create("outside");
    tcase_set_timeout(tc, 60);
    tcase_add_unchecked_fixture(tc, kit_database, kit_database_drop);
    tcase_add_test(tc, a_template_that_is_nowhere_is_named);
    tcase_add_test(tc, a_schema_that_is_behind_is_named);
    suite_add_tcase(s, tc);
    tc = tcase_create("files");
    tcase_add_test(tc, files_are_refused_with_the_reason);
    tcase_add_test(tc, a_broken_file_is_refused);
    suite_add_tcase(s, tc);
    return kit_run(s);
}
