/* i18n.c: the four interface languages. Each has a gettext catalogue chosen through a glibc locale
 * of its own (LC_MESSAGES alone: numbers, dates and character classes of the C library stay those
 * of "C"), an ICU locale for fmt, and a template set. Not here: what a shop offers (app/tenant).
 * Invariant: after i18n_load every locale of the table works, or the process did not start. */
#include "platform/i18n.h"

#include <errno.h>
#include <libintl.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "base/str.h"
#include "platform/fmt.h"

#define DOMAIN "kade"

/* en has no catalogue: the source is English, and plural forms of an untranslated message are. */
static struct {
    struct locale locale[4];
    const struct locale *in_use;
} i18n = { .locale = {
               { .tag = "en", .glibc = "C", .name = "English", .dir = "ltr" },
               { .tag = "si", .glibc = "si_LK.UTF-8", .name = "සිංහල", .dir = "ltr" },
               { .tag = "ta", .glibc = "ta_LK.UTF-8", .name = "தமிழ்", .dir = "ltr" },
               { .tag = "ar", .glibc = "ar_AE.UTF-8", .name = "العربية", .dir = "rtl" },
           } };

const struct locale *i18n_locales(size_t *n)
{
    *n = COUNT_OF(i18n.locale);
    return i18n.locale;
}

const struct locale *i18n_find(const char *tag)
{
    for (size_t i = 0; tag != NULL && i < COUNT_OF(i18n.locale); i++)
        if (strcmp(i18n.locale[i].tag, tag) == 0)
            return &i18n.locale[i];
    return NULL;
}

void i18n_find_locales(const char *state_dir, struct arena *a)
{
    if (getenv("LOCPATH") != NULL)
        return;
    const char *dir = arena_printf(a, "%s/locales", state_dir);
    if (access(dir, R_OK | X_OK) == 0)
        setenv("LOCPATH", dir, 0);
}

static enum rc open_locale(struct locale *l, struct arena *a, const char **problem)
{
    locale_t h = newlocale(LC_MESSAGES_MASK, l->glibc, (locale_t)0);
    if (h == (locale_t)0) {
        const char *where = getenv("LOCPATH");
        *problem = arena_printf(a,
                                "locale %s is missing (LOCPATH=%s): run tools/make-locales DIR and "
                                "start with LOCPATH=DIR",
                                l->glibc, where != NULL ? where : "");
        return RC_INVALID;
    }
    l->handle = h;
    return RC_OK;
}

static enum rc open_templates(struct locale *l, const char *root, bool reload, struct arena *a,
                              const char **problem)
{
    const char *why = "";
    const char *dir = arena_printf(a, "%s/%s", root, l->tag);
    enum rc rc = tpl_set_load(dir, reload, a, &l->templates, &why);
    if (rc != RC_OK)
        *problem = arena_printf(a, "template %s/%s", l->tag, why);
    return rc;
}

enum rc i18n_load(const char *locale_dir, const char *template_root, bool reload, struct arena *a,
                  const char **problem)
{
    i18n_unload();
    unsetenv("LANGUAGE"); /* it would overrule the locale of every page */
    if (bindtextdomain(DOMAIN, locale_dir) == NULL ||
        bind_textdomain_codeset(DOMAIN, "UTF-8") == NULL) {
        *problem = arena_printf(a, "gettext refused %s: %s", locale_dir, strerror(errno));
        return RC_BUG;
    }
    for (size_t i = 0; i < COUNT_OF(i18n.locale); i++) {
        struct locale *l = &i18n.locale[i];
        enum rc rc = open_locale(l, a, problem);
        if (rc == RC_OK && template_root != NULL)
            rc = open_templates(l, template_root, reload, a, problem);
        if (rc != RC_OK) {
            i18n_unload();
            return rc;
        }
        const char *mo = arena_printf(a, "%s/%s/LC_MESSAGES/%s.mo", locale_dir, l->tag, DOMAIN);
        if (i > 0 && access(mo, R_OK) != 0)
            log_warn("no catalogue", "locale=%s file=%s shown=%s", l->tag, mo, "English");
    }
    if (template_root != NULL)
        fmt_open();
    i18n_use(&i18n.locale[0]);
    return RC_OK;
}

void i18n_unload(void)
{
    uselocale(LC_GLOBAL_LOCALE);
    i18n.in_use = NULL;
    for (size_t i = 0; i < COUNT_OF(i18n.locale); i++) {
        struct locale *l = &i18n.locale[i];
        if (l->handle != NULL)
            freelocale(l->handle);
        l->handle = NULL;
        tpl_set_free(l->templates);
        l->templates = NULL;
    }
    fmt_close();
}

void i18n_use(const struct locale *l)
{
    if (l == i18n.in_use || l->handle == NULL)
        return;
    uselocale(l->handle);
    i18n.in_use = l;
}

const char *tr(const char *msgid)
{
    if (msgid[0] == '\0') /* gettext answers with the catalogue's header */
        return msgid;
    return dgettext(DOMAIN, msgid);
}

const char *tr_n(const char *one, const char *many, unsigned long n)
{
    return dngettext(DOMAIN, one, many, n);
}
