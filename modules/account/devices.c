/* devices.c: where the customer is signed in, and how to end it there. A device is named by a
 * digest of its session's hash, so that nothing on the page opens anything. An ended one is out on
 * its next click, because its row is gone. */
#include "account.h"

#include <string.h>

#include "app/device.h"
#include "app/session.h"
#include "app/tenant.h"
#include "base/str.h"
#include "platform/crypto.h"
#include "platform/db.h"
#include "platform/fmt.h"

struct ending {
    const char *device;
};
static const struct form_field device_fields[] = {
    FIELD(struct ending, device, F_TOKEN, .required = true), { 0 }
};
const struct form_spec device_form = { .name = "account.device",
                                       .fields = device_fields,
                                       .size = sizeof(struct ending) };

/* "Firefox on Android": the names that matter, from the words browsers have always sent. */
static const char *first_of(const char *agent, const char *const *pairs)
{
    for (; pairs[0]; pairs += 2)
        if (strstr(agent, pairs[0]))
            return pairs[1];
    return NULL;
}

static const char *agent_name(struct req *r, const char *agent)
{
    static const char *const browsers[] = { "Edg",     "Edge",    "OPR",     "Opera",  "Samsung",
                                            "Samsung", "Firefox", "Firefox", "Chrome", "Chrome",
                                            "Safari",  "Safari",  "curl",    "curl",   NULL };
    static const char *const systems[] = { "iPhone",  "iPhone",   "iPad",    "iPad",   "Android",
                                           "Android", "Windows",  "Windows", "Mac OS", "macOS",
                                           "CrOS",    "ChromeOS", "Linux",   "Linux",  NULL };
    const char *browser = first_of(agent, browsers), *system = first_of(agent, systems);
    if (browser && system)
        return arena_printf(r->arena, _("%s on %s"), browser, system);
    return browser ? browser : system ? system : _("Unknown device");
}

enum rc page_devices(struct req *r)
{
    struct device_list l;
    enum rc rc = devices_of(r->db, r->who.id, &l);
    if (rc != RC_OK)
        return rc;
    struct tpl *t = page_new(r, "account/devices.tpl", _("Your devices"));
    page_noindex(r);
    page_body_class(r, "account");
    r->out.no_store = true;
    page_crumb(r, _("Your account"), url_path(r, "/account"));
    page_crumb(r, _("Your devices"), NULL);
    sheet_menu(r, t, "/account/devices");
    for (size_t i = 0; i < l.n; i++) {
        const struct device *d = &l.row[i];
        struct tpl *row = tpl_row(t, "DEVICE");
        bool here = memcmp(d->hash, r->session->hash, sizeof d->hash) == 0;
        tpl_set_text(row, "AGENT", agent_name(r, d->agent));
        tpl_set_text(row, "ADDRESS", d->ip);
        tpl_set_text(row, "SEEN", fmt_relative(r->arena, r->locale, d->seen_at, r->now));
        tpl_set_text(row, "SEEN_AT",
                     fmt_time(r->arena, r->locale, d->seen_at, r->tenant->zone, FMT_DATETIME));
        tpl_set_text(row, "NAME", d->name);
        tpl_show(row, here ? "HERE" : "OTHER", true);
    }
    tpl_show(t, "SEVERAL", l.n > 1);
    return page_send(r, t);
}

struct ends {
    struct req *r;
    const char *name;
    bool found;
};

static enum rc end_in_tx(struct db *db, void *arg)
{
    struct ends *e = arg;
    return device_end(db, e->r->who.id, e->name, &e->found);
}

enum rc act_device_end(struct req *r)
{
    const struct ending *in = req_form(r);
    struct ends e = { .r = r, .name = in->device };
    enum rc rc = db_tx(r->db, DB_TX_RETRY, end_in_tx, &e);
    if (rc != RC_OK)
        return rc;
    flash_set(r, FLASH_OK, _("That device is signed out."));
    return req_redirect(r, "/account/devices");
}

static enum rc end_others_in_tx(struct db *db, void *arg)
{
    const struct req *r = arg;
    return devices_end(db, r->who.id, r->session->hash);
}

enum rc act_devices_end(struct req *r)
{
    enum rc rc = db_tx(r->db, DB_TX_RETRY, end_others_in_tx, r);
    if (rc != RC_OK)
        return rc;
    flash_set(r, FLASH_OK, _("Your other devices are signed out."));
    return req_redirect(r, "/account/devices");
}
