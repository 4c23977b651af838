/* i18n.c: the interface languages, with locales and catalogues made here. gettext keeps quiet when
 * something is missing and speaks English, so each way of it being missing is a test. Not here:
 * the shop's own catalogues (built by locale/). */
#include "platform/i18n.h"
#include "base/str.h"
#include "kit.h"
#include "platform/fmt.h"

static struct arena *a;
static char locales[128]; /* made once for all tests */

/* Runs a program and waits; its messages go to the test's own output. */
static void run(const char *const argv[])
{
    const pid_t pid = fork();
    if (pid == 0) {
        union {
            const char *const *in;
            char *const *out;
        } args = { argv };
        execvp(argv[0], args.out);
        _exit(127);
    }
    int status;
    waitpid(pid, &status, 0);
    ck_assert_msg(status == 0, "%s failed", argv[0]);
}

static void make_locales(void)
{
    const char *src = getenv("KADE_TEST_SRC");
    a = arena_new_sized(0);
    snprintf(locales, sizeof locales, "%s", kit_path(a, "state/locales"));
    kit_write(a, "state/x", "");
    const char *tool = arena_printf(a, "%s/tools/make-locales", src != NULL ? src : KADE_SRC);
    const char *const argv[] = { "sh", tool, locales, NULL };
    run(argv);
    arena_free(a);
}

static void remove_locales(void)
{
    kit_rmtree();
}

#define HEAD(plural)                                                                               \
    "msgid \"\"\nmsgstr \"Content-Type: text/plain; charset=UTF-8\\n\"\n\"Plural-Forms: " plural   \
    "\\n\"\n"

static void catalogue(const char *tag, const char *po)
{
    const char *file = arena_printf(a, "po/%s.po", tag);
    kit_write(a, file, po);
    kit_write(a, arena_printf(a, "mo/%s/LC_MESSAGES/x", tag), "");
    const char *const argv[] = { "msgfmt", "-o",
                                 arena_printf(a, "%s/mo/%s/LC_MESSAGES/kade.mo", kit_tmp(), tag),
                                 kit_path(a, file), NULL };
    run(argv);
}

static void setup(void)
{
    a = arena_new_sized(0);
    setenv("LOCPATH", locales, 1);
    setenv("LANGUAGE", "de:fr", 1); /* must not matter */
    catalogue(
        "si",
        HEAD("nplurals=2; plural=(n != 1);") "msgid \"Add to cart\"\nmsgstr \"කරත්තයට\"\n"
                                             "msgid \"%lu item\"\nmsgid_plural \"%lu items\"\n"
                                             "msgstr[0] \"අයිතම %lu\"\nmsgstr[1] \"අයිතම %luක්\"\n");
    catalogue(
        "ta",
        HEAD("nplurals=2; plural=(n != 1);") "msgid \"Add to cart\"\nmsgstr \"வண்டியில் சேர்\"\n");
    catalogue("ar",
              HEAD("nplurals=6; plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 "
                   ": n%100>=11 ? 4 : 5);") "msgid \"Add to cart\"\nmsgstr \"أضف إلى السلة\"\n"
                                            "msgid \"%lu item\"\nmsgid_plural \"%lu items\"\n"
                                            "msgstr[0] \"0\"\nmsgstr[1] \"1\"\nmsgstr[2] "
                                            "\"2\"\nmsgstr[3] \"few\"\n"
                                            "msgstr[4] \"many\"\nmsgstr[5] \"other\"\n");
}

static void teardown(void)
{
    i18n_unload();
    arena_free(a);
}

static void load(void)
{
    const char *problem = "";
    const enum rc rc = i18n_load(kit_path(a, "mo"), NULL, false, a, &problem);
    ck_assert_msg(rc == RC_OK, "%s", problem);
}

START_TEST(four_languages)
{
    size_t n;
    const struct locale *l = i18n_locales(&n);
    ck_assert_uint_eq(n, 4);
    ck_assert_str_eq(l[0].tag, "en");
    ck_assert_str_eq(i18n_find("ar")->dir, "rtl");
    ck_assert_str_eq(i18n_find("si")->dir, "ltr");
    ck_assert_ptr_null(i18n_find("de"));
    ck_assert_ptr_null(i18n_find("en_LK"));
    ck_assert_ptr_null(i18n_find(NULL));
}
END_TEST

/* The first catalogue must not stick: each switch shows at once. */
START_TEST(speaks_the_language_in_use)
{
    load();
    ck_assert_str_eq(tr("Add to cart"), "Add to cart");
    for (int round = 0; round < 2; round++) {
        i18n_use(i18n_find("si"));
        ck_assert_str_eq(tr("Add to cart"), "කරත්තයට");
        i18n_use(i18n_find("ar"));
        ck_assert_str_eq(tr("Add to cart"), "أضف إلى السلة");
        i18n_use(i18n_find("ta"));
        ck_assert_str_eq(tr("Add to cart"), "வண்டியில் சேர்");
        i18n_use(i18n_find("en"));
        ck_assert_str_eq(tr("Add to cart"), "Add to cart");
    }
}
END_TEST

START_TEST(untranslated_is_english)
{
    load();
    i18n_use(i18n_find("si"));
    ck_assert_str_eq(tr("No such message"), "No such message");
    ck_assert_str_eq(tr(""), ""); /* not the catalogue's header */
    i18n_use(i18n_find("ta"));
    ck_assert_str_eq(tr_n("%lu item", "%lu items", 1), "%lu item");
    ck_assert_str_eq(tr_n("%lu item", "%lu items", 2), "%lu items");
}
END_TEST

START_TEST(plurals)
{
    load();
    static const struct {
        const char *tag;
        unsigned long n;
        const char *want;
    } t[] = { { "en", 0, "%lu items" }, { "en", 1, "%lu item" },  { "en", 2, "%lu items" },
              { "si", 1, "අයිතම %lu" },  { "si", 5, "අයිතම %luක්" }, { "ar", 0, "0" },
              { "ar", 1, "1" },         { "ar", 2, "2" },         { "ar", 3, "few" },
              { "ar", 10, "few" },      { "ar", 11, "many" },     { "ar", 100, "other" },
              { "ar", 103, "few" } };
    for (size_t i = 0; i < COUNT_OF(t); i++) {
        i18n_use(i18n_find(t[i].tag));
        ck_assert_str_eq(tr_n("%lu item", "%lu items", t[i].n), t[i].want);
    }
}
END_TEST

/* Only messages change: the C library goes on writing numbers for machines. */
START_TEST(numbers_of_the_c_library_stay)
{
    load();
    char text[32];
    i18n_use(i18n_find("ar"));
    snprintf(text, sizeof text, "%.2f", 1234.5);
    ck_assert_str_eq(text, "1234.50");
}
END_TEST

START_TEST(a_missing_locale_refuses_to_start)
{
    const char *problem = "";
    setenv("LOCPATH", kit_path(a, "po"), 1); /* nothing there */
    ck_assert_int_eq(i18n_load(kit_path(a, "mo"), NULL, false, a, &problem), RC_INVALID);
    ck_assert_ptr_nonnull(strstr(problem, "si_LK.UTF-8 is missing"));
    ck_assert_ptr_nonnull(strstr(problem, "run tools/make-locales"));
    ck_assert_ptr_null(i18n_find("en")->handle);
}
END_TEST

START_TEST(locales_of_the_state_folder_are_found)
{
    unsetenv("LOCPATH");
    i18n_find_locales("/nonexistent", a);
    ck_assert_ptr_null(getenv("LOCPATH"));
    i18n_find_locales(kit_path(a, "state"), a);
    ck_assert_str_eq(getenv("LOCPATH"), locales);
    load();
    setenv("LOCPATH", "/set/by/hand", 1);
    i18n_find_locales(kit_path(a, "state"), a);
    ck_assert_str_eq(getenv("LOCPATH"), "/set/by/hand");
}
END_TEST

START_TEST(every_language_has_its_templates)
{
    static const char *const tags[] = { "en", "si", "ta", "ar" };
    for (size_t i = 0; i < 4; i++)
        kit_write(a, arena_printf(a, "t/%s/m/p.tpl", tags[i]),
                  arena_printf(a, "{{%%AUTOESCAPE context=\"HTML\"}}\n<p>%s</p>", tags[i]));
    const char *problem = "";
    ck_assert_int_eq(i18n_load(kit_path(a, "mo"), kit_path(a, "t"), false, a, &problem), RC_OK);
    for (size_t i = 0; i < 4; i++) {
        struct buf out;
        buf_init(&out, a, 1000);
        struct tpl *t = tpl_new(a, i18n_find(tags[i])->templates, "m/p.tpl");
        ck_assert_int_eq(tpl_expand(t, &out), RC_OK);
        ck_assert_str_eq(out.p, arena_printf(a, "<p>%s</p>", tags[i]));
    }
    kit_write(a, "t/ta/m/p.tpl", "{{%AUTOESCAPE context=\"HTML\"}}\n<a href={{X}}>");
    ck_assert_int_eq(i18n_load(kit_path(a, "mo"), kit_path(a, "t"), false, a, &problem),
                     RC_INVALID);
    ck_assert(str_starts(problem, "template ta/m/p.tpl: "));
}
END_TEST

START_TEST(loads_again_and_again)
{
    for (int i = 0; i < 3; i++) {
        load();
        i18n_use(i18n_find("si"));
        ck_assert_str_eq(tr("Add to cart"), "කරත්තයට");
        ck_assert_str_eq(fmt_int(a, i18n_find("si"), 1000), "1,000");
    }
    i18n_unload();
    i18n_unload();
    ck_assert_str_eq(tr("Add to cart"), "Add to cart");
    i18n_use(i18n_find("si")); /* not loaded: stays */
    ck_assert_str_eq(tr("Add to cart"), "Add to cart");
}
END_TEST

int main(void)
{
    Suite *s = suite_create("i18n");
    TCase *t = tcase_create("i18n");
    tcase_add_unchecked_fixture(t, make_locales, remove_locales);
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_set_timeout(t, 60);
    tcase_add_test(t, four_languages);
    tcase_add_test(t, speaks_the_language_in_use);
    tcase_add_test(t, untranslated_is_english);
    tcase_add_test(t, plurals);
    tcase_add_test(t, numbers_of_the_c_library_stay);
    tcase_add_test(t, a_missing_locale_refuses_to_start);
    tcase_add_test(t, locales_of_the_state_folder_are_found);
    tcase_add_test(t, every_language_has_its_templates);
    tcase_add_test(t, loads_again_and_again);
    suite_add_tcase(s, t);
    return kit_run(s);
}
