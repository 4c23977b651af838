/* demo.c: the demo shops' texts, one file a text and language: demo/<shop>/pages/10-help.en.md is
 * at place 10, named "help", in English. Its first line is "# Title", a line "> ..." below it the
 * summary, the rest is the body. Invariant: what the files say is so afterwards, and a second run
 * changes nothing. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/ctx.h"
#include "app/event.h"
#include "app/tenant.h"
#include "app/translation.h"
#include "base/log.h"
#include "base/str.h"
#include "base/utf8.h"
#include "cms.h"
#include "gen/cms_q.h"
#include "platform/crypto.h"
#include "platform/db.h"
#include "shop/text.h"

enum { FILES_MOST = 200 };

struct text_file {
    const char *name, *slug, *locale;
    int64_t position;
    const char *title, *summary, *body;
};

/* "10-help.en.md"; false when it is named otherwise. */
static bool take_name(struct arena *a, const char *name, struct text_file *f)
{
    const char *dash = strchr(name, '-'), *dot = strchr(name, '.'), *end = strrchr(name, '.');
    if (dash == NULL || dot == NULL || dot < dash || end == dot || !str_eq(end, ".md"))
        return false;
    f->name = name;
    f->slug = arena_strndup(a, dash + 1, (size_t)(dot - dash - 1));
    f->locale = arena_strndup(a, dot + 1, (size_t)(end - dot - 1));
    return str_int(arena_strndup(a, name, (size_t)(dash - name)), 0, INT32_MAX, &f->position) ==
           RC_OK;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct text_file *)a)->name, ((const struct text_file *)b)->name);
}

static size_t list_files(struct arena *a, const char *dir, struct text_file *out)
{
    DIR *d = opendir(dir);
    const struct dirent *e;
    size_t n = 0;
    while (d != NULL && n < FILES_MOST && (e = readdir(d)) != NULL)
        n += take_name(a, arena_strdup(a, e->d_name), &out[n]);
    if (d != NULL)
        closedir(d);
    qsort(out, n, sizeof *out, by_name);
    return n;
}

static enum rc read_text(struct arena *a, const char *dir, struct text_file *f)
{
    FILE *in = fopen(arena_printf(a, "%s/%s", dir, f->name), "rbe");
    char *raw = arena_alloc(a, TEXT_MAX + 1), *text;
    if (in == NULL)
        return RC_UPSTREAM;
    size_t n = fread(raw, 1, TEXT_MAX + 1, in);
    bool bad = ferror(in) != 0 || n > TEXT_MAX;
    (void)fclose(in);
    if (bad || utf8_clean(a, raw, n, UTF8_MULTILINE, &text) != RC_OK || !str_starts(text, "# "))
        return RC_INVALID;
    size_t line = strcspn(text, "\n");
    f->title = str_trim(a, arena_strndup(a, text + 2, line - 2));
    text += line + (text[line] == '\n');
    f->summary = "";
    if (str_starts(text, "> ")) {
        line = strcspn(text, "\n");
        f->summary = str_trim(a, arena_strndup(a, text + 2, line - 2));
        text += line + (text[line] == '\n');
    }
    f->body = str_trim(a, text);
    return RC_OK;
}

/* *changed counts what was written. */
static enum rc put_page(struct db *db, const struct text_file *f, int64_t *changed)
{
    int64_t n = 0;
    enum rc rc = cms_q_page_put(db, uuid7_new(), f->slug, f->title, f->summary, f->body,
                                (int32_t)f->position, &n);
    *changed += n;
    return rc;
}

static enum rc put_translation(struct db *db, const struct text_file *f, int64_t *changed)
{
    const struct {
        const char *field, *text;
    } parts[] = { { "title", f->title }, { "summary", f->summary }, { "body", f->body } };
    struct cms_page_id_maybe page;
    enum rc rc = cms_q_page_find(db, f->slug, &page);
    if (rc == RC_OK && !page.found)
        rc = RC_NOTFOUND;
    for (size_t i = 0; rc == RC_OK && i < COUNT_OF(parts); i++) {
        int64_t n = 0;
        rc = translation_put(db, "page", page.row.page_id, f->locale, parts[i].field, parts[i].text,
                             &n);
        *changed += n;
    }
    return rc;
}

enum rc demo_take(struct app_ctx *app, const struct event *e)
{
    const struct tenant *t;
    enum rc rc = tenant_by_id(app, e->tenant, &t);
    if (rc != RC_OK)
        return rc;
    const char *dir = arena_printf(e->arena, "%s/%s/pages", app->conf->demo_dir, t->slug);
    struct text_file *f = arena_array(e->arena, struct text_file, FILES_MOST);
    size_t n = list_files(e->arena, dir, f);
    int64_t changed = 0;
    for (int pass = 0; pass < 2; pass++) /* the first language makes the row */
        for (size_t i = 0; i < n && rc == RC_OK; i++) {
            if (str_eq(f[i].locale, t->locale->tag) != (pass == 0))
                continue;
            rc = read_text(e->arena, dir, &f[i]);
            if (rc == RC_OK)
                rc = pass == 0 ? put_page(e->db, &f[i], &changed)
                               : put_translation(e->db, &f[i], &changed);
            if (rc != RC_OK)
                log_error("demo text not taken", "file=%s/%s rc=%s", t->slug, f[i].name,
                          rc_name(rc));
        }
    return rc == RC_OK && changed > 0
               ? event_emit(e->db, "page.changed", e->tenant, 0, "pages=%lld", (long long)changed)
               : rc;
}
