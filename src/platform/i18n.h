/* i18n.h: the interface languages and what they need: gettext catalogue, glibc locale, ICU locale,
 * direction, template set. English is the source. A locale whose glibc locale is missing refuses to
 * start (gettext would silently stay English). */
#ifndef PLATFORM_I18N_H
#define PLATFORM_I18N_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/rc.h"
#include "platform/tpl.h"

struct locale {
    const char *tag;   /* BCP 47 and URL prefix: "en" "si" "ta" "ar" */
    const char *glibc; /* "si_LK.UTF-8"; "C" for en, which has no catalogue */
    const char *name;  /* its own name: "සිංහල" */
    const char *dir;   /* "ltr" "rtl" */
    void *handle;      /* locale_t for gettext; private */
    struct tpl_set *templates;
};

/* All four, in menu order; valid after i18n_load. */
KADE_API const struct locale *i18n_locales(size_t *n);
KADE_API const struct locale *i18n_find(const char *tag); /* NULL when unknown */
/* Points LOCPATH at <state_dir>/locales (tools/make-locales) when it is there and LOCPATH is not
 * set; before i18n_load. */
KADE_API void i18n_find_locales(const char *state_dir, struct arena *a);
/* template_root NULL: no templates (command line). locale_dir: <dir>/<tag>/LC_MESSAGES/kade.mo. */
KADE_API enum rc i18n_load(const char *locale_dir, const char *template_root, bool reload,
                           struct arena *a, const char **problem) ATTR_MUST_CHECK;
KADE_API void i18n_unload(void);
/* Makes l the language of tr() in this process (uselocale) until the next call. */
KADE_API void i18n_use(const struct locale *l);
/* msgid in the language in use; msgid itself when untranslated. */
KADE_API const char *tr(const char *msgid) __attribute__((format_arg(1)));
KADE_API const char *tr_n(const char *one, const char *many, unsigned long n)
    __attribute__((format_arg(1))) __attribute__((format_arg(2)));
#define _(s)  tr(s)
#define N_(s) (s) /* marks a string for translation where it cannot be translated yet */

#endif
