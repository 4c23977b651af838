/* sheet.c: the pages of an account that are one form look and behave alike: title, lead, what went
 * wrong, fields with label and hint, one button, ways on. A page says which fields it has; markup
 * is the templates'. Passwords are never filled in. Invariant: what was typed wins over what is
 * stored, so a refused form loses nothing. */
#include "account.h"

#include <string.h>

#include "app/ctx.h"
#include "app/session.h"
#include "base/str.h"

/* ---- one field --------------------------------------------------------------------------------
 */

static const char *value_of(struct req *r, const struct sheet_field *f)
{
    return form_failed(r) ? form_value(r, f->name) : (f->value ? f->value : "");
}

static void select_options(struct req *r, struct tpl *t, const struct sheet_field *f)
{
    struct tpl *s = tpl_row(t, "SELECT");
    const char *now = value_of(r, f);
    for (size_t i = 0; i < f->noptions; i++) {
        struct tpl *o = tpl_row(s, "OPTION");
        tpl_set_text(o, "VALUE", f->options[i].value);
        tpl_set_text(o, "LABEL", f->options[i].label);
        tpl_show(o, "SELECTED", str_eq(f->options[i].value, now));
    }
}

static void input(struct req *r, struct tpl *t, const struct sheet_field *f)
{
    static const struct {
        const char *type, *mode;
        bool ltr;
    } as[] = { [SHEET_TEXT] = { "text", NULL, false },
               [SHEET_EMAIL] = { "email", "email", true },
               [SHEET_TEL] = { "tel", "tel", true },
               [SHEET_CODE] = { "text", NULL, true } };
    struct tpl *i = tpl_row(t, "INPUT");
    tpl_set_text(i, "TYPE", as[f->kind].type);
    tpl_set_text(i, "DIRECTION", as[f->kind].ltr ? "ltr" : "auto");
    tpl_set_text(i, "MOST", f->kind == SHEET_EMAIL ? "254" : "200");
    tpl_set_text(i, "VALUE", value_of(r, f));
    if (as[f->kind].mode)
        tpl_set_text(tpl_row(i, "MODE_SET"), "MODE", as[f->kind].mode);
    tpl_show(i, "PLAIN", as[f->kind].ltr);
}

static void control(struct req *r, struct tpl *t, const struct sheet_field *f)
{
    if (f->kind == SHEET_CHECK) {
        const char *now = value_of(r, f);
        tpl_show(tpl_row(t, "BOX"), "CHECKED", *now != '\0');
        return;
    }
    tpl_show(t, "LABELLED", true);
    if (f->kind == SHEET_PASSWORD || f->kind == SHEET_NEW_PASSWORD)
        tpl_show(t, "SECRET", true);
    else if (f->kind == SHEET_SELECT)
        select_options(r, t, f);
    else if (f->kind == SHEET_LINES)
        tpl_show(t, "LINES", true);
    else
        input(r, t, f);
}

void sheet_field(struct req *r, struct tpl *t, const struct sheet_field *f)
{
    const char *error = form_error(r, f->name);
    tpl_set_text(t, "NAME", f->name);
    tpl_set_text(t, "LABEL", f->label);
    tpl_set_text(t, "VALUE", f->kind == SHEET_LINES ? value_of(r, f) : "");
    tpl_set_text(t, "MOST", "500");
    tpl_set_text(t, "AUTOCOMPLETE", f->autocomplete ? f->autocomplete : "off");
    tpl_show(t, f->optional ? "OPTIONAL" : "REQUIRED", true);
    tpl_show(t, "INVALID", error != NULL);
    control(r, t, f);
    if (!f->hint && !error)
        return;
    struct tpl *about = tpl_row(t, "DESCRIBED");
    if (f->hint)
        tpl_set_text(tpl_row(about, "HINT_SET"), "HINT", f->hint);
    if (error)
        tpl_set_text(tpl_row(about, "ERROR_SET"), "ERROR", error);
}

/* ---- the page ---------------------------------------------------------------------------------
 */

void sheet_menu(struct req *r, struct tpl *t, const char *here)
{
    page_menu(r, tpl_include(t, "MENU", "account/menu.tpl"), "account", here);
}

static void fields(struct req *r, struct tpl *t, const struct sheet *s)
{
    bool folded = false, open = false;
    for (size_t i = 0; i < s->nfields; i++) {
        const struct sheet_field *f = &s->fields[i];
        sheet_field(r, tpl_include(t, f->folded ? "MORE" : "INPUT", "account/field.tpl"), f);
        folded |= f->folded;
        open |= f->folded && (*value_of(r, f) || form_error(r, f->name));
    }
    tpl_show(t, "FOLDED", folded);
    tpl_show(t, "OPEN", open);
}

static void place(struct req *r, struct tpl *t, const char *title, const char *here)
{
    page_noindex(r);
    page_body_class(r, "account");
    r->out.no_store = true;
    tpl_set_text(t, "TITLE", title);
    tpl_set_text(t, "CLASS", here ? "account" : "narrow");
    if (!here)
        return;
    page_crumb(r, _("Your account"), url_path(r, "/account"));
    page_crumb(r, title, NULL);
    sheet_menu(r, t, here);
}

struct tpl *sheet_new(struct req *r, const struct sheet *s)
{
    struct tpl *t = page_new(r, "account/form.tpl", s->title);
    place(r, t, s->title, s->here);
    if (s->lead)
        tpl_set_text(tpl_row(t, "LEAD_SET"), "LEAD", s->lead);
    if (s->spec)
        form_bind(r, t, s->spec);
    if (s->submit) {
        tpl_show(t, "FORM", true);
        tpl_set_text(t, "ACTION", url_local(r, s->action));
        tpl_set_text(t, "SUBMIT", s->submit);
        tpl_show(t, "DANGER", s->danger);
        fields(r, t, s);
    }
    return t;
}

void sheet_hidden(struct tpl *t, const char *name, const char *value)
{
    struct tpl *h = tpl_row(t, "HIDDEN");
    tpl_set_text(h, "NAME", name);
    tpl_set_text(h, "VALUE", value);
}

void sheet_link(struct req *r, struct tpl *t, const char *path, const char *label)
{
    struct tpl *l = tpl_row(t, "LINK");
    tpl_show(t, "LINKS", true);
    tpl_set_text(l, "HREF", url_local(r, path));
    tpl_set_text(l, "LABEL", label);
}

enum rc sheet_note(struct req *r, int status, const char *title, const char *text, const char *path,
                   const char *label)
{
    struct tpl *t = sheet_new(r, &(struct sheet){ .title = title, .lead = text });
    if (path)
        sheet_link(r, t, path, label);
    page_status(r, status);
    return page_send(r, t);
}
