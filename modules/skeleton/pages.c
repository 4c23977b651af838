/* pages.c: skeleton: one list with a form above it, one action, one slot. Handlers read what they
 * need through generated statements, fill a template and say which page comes next; they check no
 * permission, no CSRF token and no field by hand, because module.c and the form say so. */
#include "skeleton.h"

#include "app/event.h"
#include "app/req.h"
#include "app/session.h"
#include "app/tenant.h"
#include "gen/skeleton_q.h"
#include "platform/crypto.h"
#include "platform/db.h"
#include "platform/fmt.h"

struct add {
    const char *body;
};
static const struct form_field add_fields[] = {
    FIELD(struct add, body, F_LINES, .required = true, .max = 500, .label = N_("Note")), { 0 }
};
const struct form_spec skeleton_add_form = {
    .name = "skeleton.add", .fields = add_fields, .size = sizeof(struct add), .page = page_list
};

/* GET /skeleton, and what a refused form shows again. */
enum rc page_list(struct req *r)
{
    struct skeleton_note_list notes;
    enum rc rc = skeleton_q_notes(r->db, 100, &notes);
    if (rc != RC_OK)
        return rc;

    struct tpl *page = page_new(r, "skeleton/list.tpl", _("Notes"));
    page_noindex(r);
    page_crumb(r, _("Notes"), NULL);
    form_bind(r, page, &skeleton_add_form);
    for (size_t i = 0; i < notes.n; i++) {
        struct tpl *row = tpl_row(page, "NOTE");
        tpl_bind(row, skeleton_note_fields, skeleton_note_nfields, &notes.row[i]);
        tpl_set_text(
            row, "WRITTEN",
            fmt_time(r->arena, r->locale, notes.row[i].created_at, r->tenant->zone, FMT_DATETIME));
    }
    tpl_show(page, "EMPTY", notes.n == 0);
    return page_send(r, page);
}

struct add_args {
    const struct req *r;
    const struct add *in;
    struct uuid id;
};

/* May run up to three times: nothing outside the database happens here. */
static enum rc add_in_tx(struct db *db, void *arg)
{
    const struct add_args *a = arg;
    enum rc rc = skeleton_q_note_add(db, a->id, a->in->body, a->r->who.id, NULL);
    if (rc != RC_OK)
        return rc;
    return event_emit(db, "skeleton.added", a->id, 1, NULL);
}

/* POST /skeleton: the form is valid, the permission there, the CSRF token right. */
enum rc act_add(struct req *r)
{
    struct add_args args = { r, req_form(r), uuid7_new() };
    enum rc rc = db_tx(r->db, DB_TX_RETRY, add_in_tx, &args);
    if (rc != RC_OK)
        return rc;
    flash_set(r, FLASH_OK, _("The note was added."));
    return req_redirect(r, "/skeleton");
}

struct latest {
    struct skeleton_note_list notes;
};

/* The slot's statement travels with the page's own. */
enum rc slot_latest_send(struct req *r, struct db_pipe *p, const struct slot_subject *s)
{
    (void)s;
    skeleton_q_notes_send(p, 1, &req_ctx(r, struct latest, &APP_ENTRY)->notes);
    return RC_OK;
}

enum rc slot_latest(struct req *r, const struct slot_subject *s, size_t i, struct buf *out)
{
    const struct latest *l = req_ctx(r, struct latest, &APP_ENTRY);
    (void)s;
    (void)i;
    if (l->notes.n == 0)
        return RC_OK;
    struct tpl *t = tpl_new(r->arena, r->locale->templates, "skeleton/latest.tpl");
    tpl_set_text(t, "BODY", l->notes.row[0].body);
    return tpl_expand(t, out);
}
