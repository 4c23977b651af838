/* mail_render.c: what a mail says: the values it was queued with go into its two templates, inside
 * the shell with the shop's name and colours, in the recipient's language. The HTML form is escaped
 * like any page; the text form is not, because nothing reads it as anything but text. Links lead to
 * the shop's own host. Invariant: the subject is the text form's first line, one line. */
#include <stdlib.h>
#include <string.h>

#include "app/ctx.h"
#include "app/job.h"
#include "app/mail.h"
#include "app/mail_int.h"
#include "app/tenant.h"
#include "base/log.h"
#include "base/map.h"
#include "base/str.h"
#include "gen/app_q.h"
#include "platform/db.h"
#include "platform/i18n.h"
#include "platform/json.h"
#include "platform/mail.h"
#include "platform/tpl.h"

enum { FORM_MOST = 1024 * 1024, DEPTH_MOST = 4 };

/* ---- values -----------------------------------------------------------------------------------
 */

struct filling {
    struct tpl *t;
    struct arena *a;
    unsigned depth;
};

static void fill(struct filling f, const struct json *o);

static bool fill_one(const char *key, const struct json *v, void *arg)
{
    struct filling *f = arg;
    const char *text = json_text(v, NULL), *name = arena_strdup(f->a, key);
    struct filling row = { .a = f->a, .depth = f->depth + 1 };
    if (text) {
        tpl_set_text(f->t, name, text);
    } else if (json_kind(v) == JSON_KIND_INT) {
        tpl_set_int(f->t, name, json_int(v, 0));
    } else if (json_kind(v) == JSON_KIND_BOOL) {
        tpl_show(f->t, name, json_bool(v, false));
    } else if (json_kind(v) == JSON_KIND_OBJECT && f->depth < DEPTH_MOST) {
        row.t = tpl_row(f->t, name);
        fill(row, v);
    } else if (json_kind(v) == JSON_KIND_ARRAY && f->depth < DEPTH_MOST) {
        for (size_t i = 0; i < json_size(v); i++) {
            row.t = tpl_row(f->t, name);
            fill(row, json_at(v, i));
        }
    }
    return true;
}

static void fill(struct filling f, const struct json *o)
{
    json_each(o, fill_one, &f);
}

/* ---- the shop's colour ------------------------------------------------------------------------
 */

static bool colour_ok(const char *s)
{
    return s && strlen(s) == 7 && *s == '#' && strspn(s + 1, "0123456789abcdefABCDEF") == 6;
}

/* Relative luminance in millionths would need powers; the eye's weights on squares are enough to
 * choose between white and near-black ink. */
static bool is_light(const char *colour)
{
    unsigned long rgb = strtoul(colour + 1, NULL, 16);
    unsigned long r = rgb >> 16, g = rgb >> 8 & 255, b = rgb & 255;
    return 2126 * r * r + 7152 * g * g + 722 * b * b > 10000ul * 255 * 255 * 18 / 100;
}

/* ---- the two forms ----------------------------------------------------------------------------
 */

struct forms {
    struct app_ctx *app;
    struct arena *a;
    const struct tenant *t;
    const struct locale *l;
    const char *shop_url, *unsubscribe;
    const struct json *values;
};

static void globals(const struct forms *f, struct tpl *t)
{
    tpl_set_global(t, "TENANT_NAME", f->t->name);
    tpl_set_global(t, "LANG", f->l->tag);
    tpl_set_global(t, "DIR", f->l->dir);
    tpl_set_global(t, "SHOP_URL", f->shop_url);
}

static enum rc expand(const struct forms *f, const char *file, struct buf *out)
{
    if (!tpl_set_has(f->l->templates, file)) {
        log_error("mail template missing", "file=%s", file);
        return RC_INVALID;
    }
    struct tpl *t = tpl_new(f->a, f->l->templates, file);
    globals(f, t);
    fill((struct filling){ .t = t, .a = f->a }, f->values);
    buf_init(out, f->a, FORM_MOST);
    return tpl_expand(t, out);
}

static enum rc in_shell(const struct forms *f, const char *file, const char *subject,
                        struct buf *content, struct buf *out)
{
    const char *colour = map_get(f->t->settings, "theme.primary");
    if (!colour_ok(colour))
        colour = "#1976D2";
    struct tpl *t = tpl_new(f->a, f->l->templates, file);
    globals(f, t);
    tpl_set_text(t, "SUBJECT", subject);
    tpl_set_text(t, "COLOUR", colour);
    tpl_set_text(t, "INK", is_light(colour) ? "#16191f" : "#ffffff");
    tpl_set_bytes(t, "CONTENT", content->p, content->n);
    if (f->unsubscribe)
        tpl_set_text(tpl_row(t, "UNSUBSCRIBE"), "HREF", f->unsubscribe);
    buf_init(out, f->a, FORM_MOST);
    return tpl_expand(t, out);
}

/* Takes the first line off. */
static const char *split_subject(struct arena *a, struct buf *text)
{
    size_t n = strcspn(text->p, "\n");
    const char *subject = mail_line(a, arena_strndup(a, text->p, n), MAIL_SUBJECT_MOST);
    while (text->p[n] == '\n')
        n++;
    memmove(text->p, text->p + n, text->n - n + 1);
    text->n -= n;
    return subject;
}

static enum rc both(const struct forms *f, const char *template, struct mail_letter *l)
{
    struct buf text, html, whole_text, whole_html;
    enum rc rc = expand(f, arena_printf(f->a, "%s.txt.tpl", template), &text);
    if (rc == RC_OK)
        rc = expand(f, arena_printf(f->a, "%s.tpl", template), &html);
    if (rc != RC_OK)
        return rc;
    l->subject = split_subject(f->a, &text);
    rc = in_shell(f, "mail/shell.txt.tpl", l->subject, &text, &whole_text);
    if (rc == RC_OK)
        rc = in_shell(f, "mail/shell.tpl", l->subject, &html, &whole_html);
    if (rc != RC_OK)
        return rc;
    l->text = whole_text.p + strspn(whole_text.p, "\n");
    l->html = whole_html.p + strspn(whole_html.p, "\n");
    return RC_OK;
}

/* Scheme and port are the installation's, the host is the shop's. */
static enum rc shop_url(struct app_ctx *app, const struct job *j, const struct tenant *t,
                        const struct locale *l, const char **out)
{
    struct app_shop_host_maybe h;
    enum rc rc = app_q_shop_host(j->db, t->id, &h);
    if (rc != RC_OK)
        return rc;
    const char *url = app->conf->public_url, *host = strstr(url, "://") + 3;
    const char *bracket = strchr(host, ']'), *port = strchr(bracket ? bracket : host, ':');
    const char *prefix = l == t->locale ? "" : arena_printf(j->arena, "/%s", l->tag);
    if (!h.found)
        *out = arena_printf(j->arena, "%s%s", url, prefix);
    else
        *out = arena_printf(j->arena, "%.*s%s%s%s", (int)(host - url), url, h.row.host,
                            port ? port : "", prefix);
    return RC_OK;
}

/* The language asked for while the shop speaks it, else its first. */
static const struct locale *offered(const struct tenant *t, const char *tag)
{
    for (size_t i = 0; i < t->nlocales; i++)
        if (str_eq(t->locales[i]->tag, tag))
            return t->locales[i];
    return t->locale;
}

enum rc mail_render(struct app_ctx *app, const struct job *j, const struct tenant *t,
                    const struct app_message *m, const struct json *values, struct mail_letter *l)
{
    struct forms f = { .app = app, .a = j->arena, .t = t, .values = values };
    f.l = offered(t, m->locale);
    enum rc rc = shop_url(app, j, t, f.l, &f.shop_url);
    if (rc != RC_OK)
        return rc;
    if (m->is_marketing) {
        const char *token = mail_unsubscribe_token(j->arena, t->id, l->to);
        f.unsubscribe = arena_printf(j->arena, "%s/newsletter/unsubscribe/%s", f.shop_url, token);
        l->unsubscribe = f.unsubscribe;
    }
    l->language = f.l->tag;
    i18n_use(f.l);
    return both(&f, m->template, l);
}
