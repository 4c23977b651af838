/* prog.c: the common start of every program: configuration, log level, then what processes inherit
 * by fork (key, languages, templates, modules). Opens no connection and starts no thread, so it may
 * run before fork and in the master's check of a new configuration. */
#include "programs/prog.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/log.h"
#include "base/str.h"
#include "base/time.h"
#include "platform/crypto.h"
#include "platform/i18n.h"

static enum log_level level_of(const char *name)
{
    static const char *const names[] = { "debug", "info", "warn", "error" };
    for (unsigned i = 0; i < COUNT_OF(names); i++)
        if (str_eq(names[i], name))
            return (enum log_level)i;
    return LOG_INFO_;
}

enum rc prog_conf(struct prog *p, const char *name, const char *file)
{
    p->name = name;
    p->arena = arena_new_sized(0);
    log_set_context("prog", name);
    const char *problem = NULL;
    enum rc rc = conf_load(file, p->arena, &p->conf, &problem);
    if (rc != RC_OK) {
        log_error("configuration refused", "file=%s problem=%s", file == NULL ? "-" : file,
                  problem == NULL ? rc_name(rc) : problem);
        return rc;
    }
    log_set_level(level_of(p->conf->log_level));
    return RC_OK;
}

static enum rc load_languages(struct prog *p, bool templates)
{
    const char *problem = NULL;
    i18n_find_locales(p->conf->state_dir, p->arena);
    enum rc rc = i18n_load(p->conf->locale_dir, templates ? p->conf->template_dir : NULL,
                           p->conf->development, p->arena, &problem);
    if (rc != RC_OK)
        log_error("languages refused", "problem=%s", problem == NULL ? rc_name(rc) : problem);
    return rc;
}

static enum rc load_modules(struct prog *p, bool templates)
{
    const char *problem = NULL;
    enum rc rc =
        loader_load(p->conf->module_dir, p->conf->modules, false, p->arena, &p->registry, &problem);
    if (rc == RC_OK && templates)
        rc = loader_check_templates(p->registry, p->arena, &problem);
    if (rc != RC_OK) {
        log_error("modules refused", "problem=%s", problem == NULL ? rc_name(rc) : problem);
        return rc;
    }
    struct app_ctx app = {
        .conf = p->conf, .registry = p->registry, .pool = "load", .arena = p->arena
    };
    return loader_call_load(&app);
}

/* Development and test installations may shift time for every process alike (law 11): a number of
 * seconds in the state folder. Read again when the file changes. */
void prog_clock(const struct conf *c)
{
    static struct timespec seen;
    char path[4096], text[32];
    struct stat st;
    if (!c->development)
        return;
    (void)snprintf(path, sizeof path, "%s/clock", c->state_dir);
    if (stat(path, &st) != 0)
        st.st_mtim = (struct timespec){ 0 };
    if (st.st_mtim.tv_sec == seen.tv_sec && st.st_mtim.tv_nsec == seen.tv_nsec)
        return;
    seen = st.st_mtim;
    int64_t offset = 0;
    FILE *f = fopen(path, "re");
    if (f != NULL && fgets(text, sizeof text, f) != NULL) {
        text[strcspn(text, "\r\n")] = '\0';
        if (str_int(text, -INT32_MAX, INT32_MAX, &offset) != RC_OK)
            log_warn("clock not understood", "file=%s text=%s", path, text);
    }
    if (f != NULL)
        fclose(f);
    instant_set_offset(offset);
}

enum rc prog_load(struct prog *p, bool templates)
{
    prog_clock(p->conf);
    if (p->conf->password_cost_min)
        crypto_set_password_cost(CRYPTO_COST_MIN);
    enum rc rc = crypto_init();
    if (rc == RC_OK)
        rc = crypto_load_key(p->conf->secret_file, true);
    if (rc != RC_OK) {
        log_error("no installation key", "file=%s", p->conf->secret_file);
        return rc;
    }
    rc = load_languages(p, templates);
    return rc == RC_OK ? load_modules(p, templates) : rc;
}

void prog_free(struct prog *p)
{
    i18n_unload();
    if (p->registry != NULL)
        loader_free(p->registry);
    if (p->conf != NULL)
        conf_free(p->conf);
    arena_free(p->arena);
    *p = (struct prog){ 0 };
}
