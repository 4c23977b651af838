/* form.c: a form as data: takes the decoded pairs of a request, refuses keys that are unknown or
 * doubled, fills the handler's struct, and keeps what was typed together with one sentence for each
 * field that does not fit, so that the same page can be shown again (422). It renders nothing by
 * itself. Invariant: r->form is set only when every field is valid, or when the form is a list
 * filter (allow_unknown on a GET), where a bad field counts as left out. */
#include "app/form.h"

#include <string.h>

#include "app/req_priv.h"
#include "base/str.h"
#include "base/utf8.h"
#include "platform/tpl.h"

enum { LIST_MAX = 100 };

static int field_index(const struct form_spec *s, const char *name)
{
    for (int i = 0; s && s->fields[i].name; i++)
        if (str_eq(s->fields[i].name, name))
            return i;
    return -1;
}

static size_t field_count(const struct form_spec *s)
{
    size_t n = 0;
    while (s->fields[n].name)
        n++;
    return n;
}

static struct form_note *note_of(const struct req *r, const char *field)
{
    struct form_state *st = &req_live(r)->form;
    int i = field_index(st->spec, field);
    return i < 0 || !st->notes ? NULL : &st->notes[i];
}

static bool always_allowed(const char *key)
{
    return str_eq(key, "csrf") || str_eq(key, "next");
}

/* Text members start as "", so that no handler meets NULL. */
static void defaults(const struct form_spec *s, char *form)
{
    for (const struct form_field *f = s->fields; f->name; f++)
        switch (f->type) {
        case F_TEXT:
        case F_LINES:
        case F_SLUG:
        case F_EMAIL:
        case F_PASSWORD:
        case F_CHOICE:
        case F_PHONE:
        case F_TOKEN:
        case F_PATH:
            *(const char **)(void *)(form + f->offset) = "";
            break;
        default:
            break;
        }
}

static void take_list(struct req_live *l, const struct form_field *f, struct form_note *note,
                      char *form)
{
    size_t most = f->max > 0 ? (size_t)f->max : LIST_MAX, n = 0;
    const char **v = arena_array(l->r.arena, const char *, most);
    for (size_t i = 0; i < l->npairs; i++) {
        if (!str_eq(l->pairs[i].key, f->name))
            continue;
        const char *s = str_trim(l->r.arena, l->pairs[i].value);
        if (n == most || utf8_length(s) > 200 || strpbrk(s, "\n\t")) {
            note->error = arena_printf(l->r.arena, _("%s: choose at most %zu."),
                                       f->label ? tr(f->label) : f->name, most);
            return;
        }
        if (*s)
            v[n++] = s;
    }
    if (f->required && n == 0) {
        note->error = arena_printf(l->r.arena, _("%s: choose at least one."),
                                   f->label ? tr(f->label) : f->name);
        return;
    }
    *(struct texts *)(void *)(form + f->offset) = (struct texts){ v, n };
}

static void take_file(struct req_live *l, const struct form_field *f, struct form_note *note,
                      char *form)
{
    for (size_t i = 0; i < l->r.nfiles; i++)
        if (str_eq(l->r.files[i].field, f->name)) {
            *(const struct req_file **)(void *)(form + f->offset) = &l->r.files[i];
            return;
        }
    if (f->required)
        note->error =
            arena_printf(l->r.arena, _("%s: choose a file."), f->label ? tr(f->label) : f->name);
}

static const char *pair_value(const struct req_live *l, const char *name)
{
    for (size_t i = 0; i < l->npairs; i++)
        if (str_eq(l->pairs[i].key, name))
            return l->pairs[i].value;
    return NULL;
}

static void take_value(struct req_live *l, const struct form_field *f, struct form_note *note,
                       char *form)
{
    const char *v = pair_value(l, f->name);
    bool text_as_is = f->trim_off || f->type == F_PASSWORD;
    if (v && !text_as_is)
        v = str_trim(l->r.arena, v);
    if (f->type != F_PASSWORD)
        note->value = v;
    if (str_empty(v)) {
        if (f->required)
            note->error = arena_printf(
                l->r.arena, f->type == F_BOOL ? _("%s: tick this box.") : _("%s: fill this in."),
                f->label ? tr(f->label) : f->name);
        return;
    }
    note->error = form_field_parse(&l->r, f, v, form + f->offset);
    if (!note->error && f->required && f->type == F_BOOL && !*(bool *)(form + f->offset))
        note->error =
            arena_printf(l->r.arena, _("%s: tick this box."), f->label ? tr(f->label) : f->name);
}

/* Keys nobody asked for, and keys that came twice: a page of ours sends neither. */
static void check_keys(struct req_live *l, const struct form_spec *spec, bool lenient)
{
    struct form_state *st = &l->form;
    for (size_t i = 0; i < l->npairs; i++) {
        const char *key = l->pairs[i].key;
        int at = field_index(spec, key);
        if (at < 0 && !always_allowed(key)) {
            if (!st->unknown)
                st->unknown = key;
            if (!lenient && !spec->allow_unknown)
                st->general = _("The form was sent with a field this page does not have. Open the "
                                "page again and repeat what you did.");
            continue;
        }
        if (at >= 0 && spec->fields[at].type == F_LIST)
            continue;
        for (size_t k = 0; k < i; k++)
            if (str_eq(l->pairs[k].key, key) && !lenient)
                st->general = _("The form was sent with the same field twice. Open the page again "
                                "and repeat what you did.");
    }
    for (size_t i = 0; i < l->r.nfiles; i++) {
        int at = field_index(spec, l->r.files[i].field);
        bool twice = false;
        for (size_t k = 0; k < i; k++)
            twice |= str_eq(l->r.files[k].field, l->r.files[i].field);
        if (at < 0 || spec->fields[at].type != F_FILE || twice)
            st->general = _("The form was sent with a file this page did not ask for. Open the "
                            "page again and repeat what you did.");
    }
}

enum rc form_take(struct req_live *l, const struct form_spec *spec)
{
    struct form_state *st = &l->form;
    bool lenient = l->r.method == M_GET && spec->allow_unknown;
    char *form = arena_alloc(l->r.arena, spec->size ? spec->size : 1);
    st->spec = spec;
    st->notes = arena_array(l->r.arena, struct form_note, field_count(spec));
    defaults(spec, form);
    check_keys(l, spec, lenient);
    for (size_t i = 0; spec->fields[i].name; i++) {
        const struct form_field *f = &spec->fields[i];
        if (f->type == F_LIST)
            take_list(l, f, &st->notes[i], form);
        else if (f->type == F_FILE)
            take_file(l, f, &st->notes[i], form);
        else
            take_value(l, f, &st->notes[i], form);
        st->failed |= st->notes[i].error != NULL;
    }
    st->failed |= st->general != NULL;
    if (!st->failed || lenient)
        l->r.form = form;
    return st->failed && !lenient ? RC_INVALID : RC_OK;
}

const char *form_error(const struct req *r, const char *field)
{
    const struct form_note *n = note_of(r, field);
    return n ? n->error : NULL;
}

bool form_failed(const struct req *r)
{
    return req_live(r)->form.failed;
}

const char *form_value(const struct req *r, const char *field)
{
    const struct form_note *n = note_of(r, field);
    return n && n->value ? n->value : "";
}

const char *form_unknown(const struct req *r)
{
    return req_live(r)->form.unknown;
}

void form_set_error(struct req *r, const char *field, const char *message)
{
    struct form_state *st = &req_live(r)->form;
    struct form_note *n = note_of(r, field);
    st->failed = true;
    if (n)
        n->error = message;
    else
        st->general = message;
}

enum rc form_refuse(struct req *r)
{
    struct req_live *l = req_live(r);
    const struct form_spec *spec = l->form.spec;
    l->form.failed = true;
    if (!spec || !spec->page || l->form.shown || (r->route && (r->route->flags & R_JSON)))
        return req_fail(r, RC_INVALID, l->form.general, "form %s refused",
                        spec ? spec->name : "(none)");
    l->form.shown = true;
    page_forget(r);
    enum rc rc = spec->page(r);
    if (rc == RC_OK && r->out.status == 200)
        r->out.status = 422;
    r->out.no_store = true;
    return rc;
}

static void bind_field(struct req *r, struct tpl *page, const struct form_field *f,
                       const struct form_note *n)
{
    char *upper = arena_strdup(r->arena, f->name);
    for (char *p = upper; *p; p++)
        if (*p >= 'a' && *p <= 'z')
            *p = (char)(*p - 'a' + 'A');
    if (f->type != F_PASSWORD && f->type != F_FILE)
        tpl_set_text(page, arena_printf(r->arena, "%s_VALUE", upper),
                     n && n->value ? n->value : "");
    tpl_set_text(page, arena_printf(r->arena, "%s_ERROR", upper), n && n->error ? n->error : "");
    tpl_show(page, arena_printf(r->arena, "%s_INVALID", upper), n && n->error);
}

void form_bind(struct req *r, struct tpl *page, const struct form_spec *spec)
{
    struct form_state *st = &req_live(r)->form;
    bool ours = st->spec == spec && st->notes, any = ours && st->general;
    if (ours && st->general) {
        struct tpl *row = tpl_row(page, "FORM_ERROR");
        tpl_set_text(row, "FIELD", "");
        tpl_set_text(row, "MESSAGE", st->general);
    }
    for (size_t i = 0; spec->fields[i].name; i++) {
        const struct form_note *n = ours ? &st->notes[i] : NULL;
        bind_field(r, page, &spec->fields[i], n);
        if (n && n->error) {
            struct tpl *row = tpl_row(page, "FORM_ERROR");
            tpl_set_text(row, "FIELD", spec->fields[i].name);
            tpl_set_text(row, "MESSAGE", n->error);
            any = true;
        }
    }
    tpl_show(page, "FORM_ERRORS", any);
}
