/* common.c: the module the HTTP tests ask. Its handlers do on purpose what modules may do: fail in
 * every way, redirect to where they are told, show what a visitor typed, use slots that are
 * personal and slots that are not. It holds no state beyond a counter. */
#include "common.h"

#include <string.h>

#include "app/form.h"
#include "app/page.h"
#include "app/session.h"
#include "app/tenant.h"
#include "base/str.h"

unsigned kit_builds;

const struct kit_file kit_templates[] = {
    { "kit/page.tpl",
      "{{%AUTOESCAPE context=\"HTML\"}}\n"
      "<h1>{{HEADING}}</h1><p>{{TEXT}}</p>{{SLOT_BOX:none}}\n"
      "<form method=\"post\" action=\"{{BASE}}/note\">{{CSRF_FIELD:none}}</form>\n" },
    { "kit/form.tpl",
      "{{%AUTOESCAPE context=\"HTML\"}}\n"
      "{{#FORM_ERROR}}<li data-field=\"{{FIELD}}\">{{MESSAGE}}</li>{{/FORM_ERROR}}\n"
      "<form method=\"post\" action=\"{{BASE}}/note\">{{CSRF_FIELD:none}}\n"
      "<input name=\"title\" value=\"{{TITLE_VALUE}}\">{{#TITLE_INVALID}}<b>{{TITLE_ERROR}}</b>"
      "{{/TITLE_INVALID}}\n"
      "<input name=\"quantity\" value=\"{{QUANTITY_VALUE}}\">{{#QUANTITY_INVALID}}<b>"
      "{{QUANTITY_ERROR}}</b>{{/QUANTITY_INVALID}}\n"
      "<input name=\"secret\">{{#SECRET_INVALID}}<b>{{SECRET_ERROR}}</b>{{/SECRET_INVALID}}\n"
      "</form>\n" },
    { 0 }
};

/* ---- a page that is cached, with slots and holes ---- */

static const struct uuid box_id = { { 7 } };
static const struct slot_subject box = { "box", &box_id, 1 };

static enum rc build_home(struct req *r)
{
    struct tpl *t = page_new(r, "kit/page.tpl", "Front");
    kit_builds++;
    enum rc rc = slot_send(r, "kit.box", &box);
    if (rc == RC_OK)
        rc = page_run(r);
    if (rc != RC_OK)
        return rc;
    tpl_set_text(t, "HEADING", "Front");
    tpl_set_text(t, "TEXT", r->session ? r->session->who.name : "for everybody");
    page_canonical(r, "/");
    page_crumb(r, "Home", NULL);
    rc = slot_set(r, "kit.box", &box, 0, t, "SLOT_BOX");
    return rc == RC_OK ? page_send(r, t) : rc;
}

static enum rc page_home(struct req *r)
{
    static const struct frag_spec spec = { "kit.home", 1, 60, 600 };
    const struct frag_tag tags[] = { { "kit", "home" }, { 0 } };
    return page_cached(r, &spec, tags, NULL, build_home);
}

static enum rc box_render(struct req *r, const struct slot_subject *s, size_t i, struct buf *out)
{
    (void)r;
    buf_printf(out, "[box %zu of %zu]", i + 1, s->n);
    return RC_OK;
}

static enum rc mine_render(struct req *r, const struct slot_subject *s, size_t i, struct buf *out)
{
    (void)s;
    (void)i;
    buf_str(out, "[mine: ");
    buf_html(out, r->who.name ? r->who.name : "guest");
    buf_str(out, "]");
    return RC_OK;
}

/* ---- pages that fail or need somebody ---- */

static enum rc page_fail(struct req *r)
{
    static const struct {
        const char *name;
        enum rc rc;
    } all[] = { { "declined", RC_DECLINED }, { "invalid", RC_INVALID },
                { "unauth", RC_UNAUTH },     { "denied", RC_DENIED },
                { "notfound", RC_NOTFOUND }, { "gone", RC_GONE },
                { "conflict", RC_CONFLICT }, { "limit", RC_LIMIT },
                { "upstream", RC_UPSTREAM }, { "bug", RC_BUG } };
    for (size_t i = 0; i < COUNT_OF(all); i++)
        if (str_eq(all[i].name, req_param(r, "what")))
            return req_fail(r, all[i].rc, NULL, "secret detail of %s", all[i].name);
    return str_eq(req_param(r, "what"), "silent") ? RC_OK : RC_NOTFOUND;
}

static enum rc page_me(struct req *r)
{
    struct tpl *t = page_new(r, "kit/page.tpl", "Me");
    tpl_set_text(t, "HEADING", r->who.name);
    tpl_set_text(t, "TEXT", req_arg(r, "text"));
    return page_send(r, t);
}

static enum rc page_login(struct req *r)
{
    struct tpl *t = page_new(r, "kit/page.tpl", "Sign in");
    tpl_set_text(t, "HEADING", "Sign in");
    tpl_set_text(t, "TEXT", req_next(r, "/"));
    return page_send(r, t);
}

static enum rc page_go(struct req *r)
{
    return req_redirect(r, req_next(r, "/fallback"));
}

static enum rc page_echo(struct req *r)
{
    const char *v = req_arg(r, "header");
    req_set_header(r, "X-Echo", v ? v : "");
    return req_text(r, 200, "text/plain; charset=utf-8", r->path);
}

static enum rc page_json(struct req *r)
{
    struct buf b;
    buf_init(&b, r->arena, 100);
    buf_str(&b, "{\"ok\":true}");
    return req_json(r, 200, &b);
}

/* ---- forms ---- */

struct note {
    const char *title, *secret;
    int64_t quantity;
};
static enum rc page_note(struct req *r);
static const struct form_field note_fields[] = {
    FIELD(struct note, title, F_TEXT, .required = true, .max = 20, .label = "Title"),
    FIELD(struct note, quantity, F_INT, .min = 1, .max = 99, .label = "Quantity"),
    FIELD(struct note, secret, F_PASSWORD, .min = 8, .label = "Secret"),
    { 0 }
};
static const struct form_spec note_form = { "kit.note", note_fields, sizeof(struct note), page_note,
                                            false };

static enum rc page_note(struct req *r)
{
    struct tpl *t = page_new(r, "kit/form.tpl", "Note");
    form_bind(r, t, &note_form);
    return page_send(r, t);
}

static enum rc act_note(struct req *r)
{
    const struct note *in = req_form(r);
    if (str_eq(in->title, "taken")) {
        form_set_error(r, "title", "That title is taken.");
        return form_refuse(r);
    }
    flash_set(r, FLASH_OK, in->title);
    return req_redirect(r, "/note");
}

static enum rc act_login(struct req *r)
{
    struct principal who = { .kind = WHO_CUSTOMER, .name = "Ann a" };
    if (uuid_parse(KIT_ANN, &who.id) != RC_OK)
        return RC_BUG;
    enum rc rc = session_login(r, who, 0);
    return rc == RC_OK ? req_redirect(r, "/me") : rc;
}

static enum rc act_guest(struct req *r)
{
    struct session *s;
    enum rc rc = session_need(r, &s);
    return rc == RC_OK ? req_redirect(r, "/") : rc;
}

static enum rc act_logout(struct req *r)
{
    enum rc rc = session_logout(r);
    return rc == RC_OK ? req_redirect(r, "/") : rc;
}

static enum rc act_plain(struct req *r)
{
    return req_text(r, 200, "text/plain; charset=utf-8", r->body ? r->body : "done");
}

struct upload {
    const struct req_file *file;
    const char *title;
};
static const struct form_field upload_fields[] = {
    FIELD(struct upload, file, F_FILE, .required = true, .max = 10000, .label = "File"),
    FIELD(struct upload, title, F_TEXT, .label = "Title"),
    { 0 }
};
static const struct form_spec upload_form = { "kit.upload", upload_fields, sizeof(struct upload),
                                              NULL, false };

static enum rc act_upload(struct req *r)
{
    const struct upload *in = req_form(r);
    return req_text(r, 200, "text/plain; charset=utf-8",
                    arena_printf(r->arena, "%s|%s|%zu|%s|%s", in->file->name,
                                 in->file->type ? in->file->type : "-", in->file->size,
                                 in->file->path, in->title));
}

struct filter {
    int64_t price_min;
    const char *sort;
};
static const char *const sorts[] = { "new", "name", NULL };
static const struct form_field filter_fields[] = {
    FIELD(struct filter, price_min, F_INT, .min = 0, .max = 1000, .label = "Price from"),
    FIELD(struct filter, sort, F_CHOICE, .choices = sorts, .label = "Sort"),
    { 0 }
};
static const struct form_spec filter_form = { "kit.filter", filter_fields, sizeof(struct filter),
                                              NULL, true };

static enum rc page_list(struct req *r)
{
    const struct filter *in = req_form(r);
    return req_text(r, 200, "text/plain; charset=utf-8",
                    arena_printf(r->arena, "%lld|%s|%s", (long long)in->price_min, in->sort,
                                 form_error(r, "price_min") ? form_error(r, "price_min") : "-"));
}

static const struct app_route routes[] = {
    { M_GET, "/", page_home },
    { M_GET, "/me", page_me, "shop.customer" },
    { M_GET, "/admin/kit", page_me, "kit.manage" },
    { M_GET, "/login", page_login },
    { M_POST, "/login", act_login },
    { M_POST, "/guest", act_guest },
    { M_POST, "/logout", act_logout },
    { M_GET, "/fail/{what:any}", page_fail },
    { M_GET, "/api/fail/{what:any}", page_fail, .flags = R_JSON },
    { M_GET, "/api/kit", page_json, .flags = R_JSON },
    { M_POST, "/api/note", act_note, .flags = R_JSON, .form = &note_form },
    { M_GET, "/go", page_go },
    { M_GET, "/echo/{rest:rest}", page_echo },
    { M_GET, "/token/{t:token}", page_echo },
    { M_GET, "/list", page_list, .form = &filter_form },
    { M_GET, "/note", page_note },
    { M_POST, "/note", act_note, .form = &note_form },
    { M_POST, "/upload", act_upload, .form = &upload_form, .max_body_kb = 32 },
    { M_POST, "/plain", act_plain },
    { M_POST, "/hook", act_plain, .flags = R_CSRF_OFF },
    { M_POST, "/limited", act_plain, .limit = "kit:3/min" },
    { 0 }
};
static const struct app_perm perms[] = { { "kit.manage", "Manage the kit" }, { 0 } };
static const char *const page_names[] = { "HEADING", "TEXT", "SLOT_BOX", NULL };
static const char *const form_names[] = { "FORM_ERROR", "FIELD", "MESSAGE", NULL };
static const struct app_template templates[] = { { "kit/page.tpl", page_names },
                                                 { "kit/form.tpl", form_names },
                                                 { 0 } };
static const struct app_slot slots[] = {
    { "kit.box", 10, 0, NULL, box_render },
    { "kit.box", 20, SLOT_PERSONAL, NULL, mine_render },
    { 0 },
};

const struct app_module kit_module = {
    .magic = APP_MAGIC,
    .size = sizeof(struct app_module),
    .abi_major = APP_ABI_MAJOR,
    .abi_minor = APP_ABI_MINOR,
    .build_id = APP_BUILD_ID,
    .name = "kit",
    .routes = routes,
    .perms = perms,
    .templates = templates,
    .slots = slots,
};
const struct app_module *const kit_modules[] = { &kit_module, NULL };

struct kit *kit_default(void)
{
    return kit_open(&(struct kit_opt){ .modules = kit_modules, .templates = kit_templates });
}

void kit_case(Suite *s, const char *name, const TTest *const *tests)
{
    TCase *tc = tcase_create(name);
    tcase_set_timeout(tc, 60);
    tcase_add_unchecked_fixture(tc, kit_database, kit_database_drop);
    for (size_t i = 0; tests[i]; i++)
        tcase_add_test(tc, tests[i]);
    suite_add_tcase(s, tc);
}
