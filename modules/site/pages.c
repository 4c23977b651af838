/* pages.c: the map of the site for people, the page shown when there is no network, and what this
 * shop keeps on a visitor's device with the choices about it. Each works without scripts.
 * Invariant: what the list of cookies says is what the code sets; a test compares them. */
#include "app/session.h"
#include "app/tenant.h"
#include "base/field.h"
#include "base/str.h"
#include "gen/site_q.h"
#include "platform/i18n.h"
#include "shop/search_index.h"
#include "site.h"

static void crumbs(struct req *r, const char *here)
{
    page_crumb(r, _("Home"), url_path(r, "/"));
    page_crumb(r, here, NULL);
}

/* ---- the map ----------------------------------------------------------------------------------
 */
static void add_link(struct tpl *zone, const char *label, const char *href)
{
    struct tpl *row = tpl_row(zone, "LINK");
    tpl_set_text(row, "LABEL", label);
    tpl_set_text(row, "HREF", href);
}

static void fill_start(struct req *r, struct tpl *page)
{
    static const struct {
        const char *path, *label;
    } all[] = { { "/", N_("Home") },
                { "/c", N_("All categories") },
                { "/brands", N_("Brands") },
                { "/deals", N_("Offers") },
                { "/compare", N_("Compare products") },
                { "/cart", N_("Cart") },
                { "/account", N_("Your account") },
                { "/track", N_("Track an order") },
                { "/preferences", N_("Language, currency and cookies") } };
    for (size_t i = 0; i < COUNT_OF(all); i++)
        if (page_is_served(r, all[i].path))
            add_link(page, tr(all[i].label), url_local(r, all[i].path));
}

static void fill_branches(struct req *r, struct tpl *page, const struct site_branch_list *all)
{
    struct tpl *zone = all->n > 0 ? tpl_row(page, "CATEGORIES") : NULL;
    for (size_t i = 0; i < all->n; i++) {
        const struct site_branch *root = &all->row[i];
        struct tpl *row, *below = NULL;
        if (root->has_parent_id)
            break; /* parents come first */
        row = tpl_row(zone, "BRANCH");
        tpl_set_text(row, "LABEL", root->name);
        tpl_set_text(row, "HREF", url_path(r, "/c/%s", root->slug));
        for (size_t k = i + 1; k < all->n; k++) {
            if (!all->row[k].has_parent_id ||
                uuid_cmp(all->row[k].parent_id, root->category_id) != 0)
                continue;
            below = below != NULL ? below : tpl_row(row, "BELOW");
            add_link(below, all->row[k].name, url_path(r, "/c/%s", all->row[k].slug));
        }
    }
}

static struct texts chain_of(struct req *r)
{
    const char **v = arena_array(r->arena, const char *, 2);
    size_t n = 0;
    if (r->locale != r->tenant->locale)
        v[n++] = r->locale->tag;
    if (n > 0 && !str_eq(r->locale->tag, "en") && !str_eq(r->tenant->locale->tag, "en"))
        v[n++] = "en";
    return (struct texts){ v, n };
}

static enum rc build_map(struct req *r)
{
    struct site_branch_list branches;
    struct site_map_collection_list collections;
    struct site_link *l;
    size_t n;
    site_q_map_collections_send(page_pipe(r), chain_of(r), r->now, &collections);
    site_q_map_categories_send(page_pipe(r), chain_of(r), &branches);
    enum rc rc = slot_send(r, "sitemap.links", &site_subject);
    if (rc == RC_OK)
        rc = page_run(r);
    if (rc == RC_OK)
        rc = site_links(r, &l, &n);
    if (rc != RC_OK)
        return rc;
    struct tpl *page = page_new(r, "site/map.tpl", _("Site map"));
    page_canonical(r, "/sitemap");
    page_body_class(r, "map");
    crumbs(r, _("Site map"));
    fill_start(r, page);
    fill_branches(r, page, &branches);
    struct tpl *zone = collections.n > 0 ? tpl_row(page, "COLLECTIONS") : NULL;
    for (size_t i = 0; i < collections.n; i++)
        add_link(zone, collections.row[i].name,
                 url_path(r, "/collection/%s", collections.row[i].slug));
    struct tpl *texts = n > 0 ? tpl_row(page, "TEXTS") : NULL;
    for (size_t i = 0; i < n; i++)
        add_link(texts, l[i].title, url_local(r, l[i].path));
    return page_send(r, page);
}

enum rc page_map(struct req *r)
{
    static const struct frag_spec spec = { "site.map", .layout = 1, .fresh_s = 300,
                                           .stale_s = 3600 };
    static const struct frag_tag tags[] = { { LISTING_TAG_SPACE, LISTING_TAG_ID }, { 0 } };
    return page_cached(r, &spec, tags, "", build_map);
}

/* ---- no network -------------------------------------------------------------------------------
 */
static enum rc build_offline(struct req *r)
{
    struct tpl *page = page_new(r, "site/offline.tpl", _("No connection"));
    page_noindex(r);
    tpl_set_text(page, "HOME_HREF", url_path(r, "/"));
    return page_send(r, page);
}

enum rc page_offline(struct req *r)
{
    static const struct frag_spec spec = { "site.offline", .layout = 1, .fresh_s = 3600,
                                           .stale_s = 86400 };
    return page_cached(r, &spec, NULL, "", build_offline);
}

/* ---- what is kept on the device ---------------------------------------------------------------
 */
static const struct {
    const char *name, *purpose, *time;
} kept[] = {
    { "session",
      N_("Keeps your cart and keeps you signed in. Set when you put something into the "
         "cart or sign in."),
      N_("30 days after your last visit") },
    { "flash", N_("Carries one message to the next page, such as \"Added to your cart\"."),
      N_("Until the next page") },
    { "theme", N_("Light or dark, if you chose one."), N_("One year") },
    { "currency", N_("The currency you chose, if it is not the shop's first."), N_("One year") },
    { "place", N_("The place you asked delivery to, to tell its cost and day."),
      N_("Half a year") },
    { "memory", N_("That this shop may not remember what you look at. Only set when you say so."),
      N_("One year") },
};
static const struct {
    const char *what, *purpose;
} stored[] = {
    { N_("Products you looked at"), N_("The last twelve, to show them to you again. They are never "
                                       "sent anywhere else.") },
    { N_("Products you compare"), N_("Up to four, until you close the browser.") },
    { N_("Pages for times without a connection"), N_("The last thirty public pages you opened.") },
};

enum rc page_preferences(struct req *r)
{
    struct tpl *page = page_new(r, "site/preferences.tpl", _("Preferences and cookies"));
    page_noindex(r);
    page_body_class(r, "text");
    crumbs(r, _("Preferences and cookies"));
    r->out.no_store = true;
    for (size_t i = 0; i < COUNT_OF(kept); i++) {
        struct tpl *row = tpl_row(page, "COOKIE");
        bool session = str_eq(kept[i].name, "session");
        tpl_set_text(row, "NAME", session && r->https ? "__Host-session" : kept[i].name);
        tpl_set_text(row, "PURPOSE", tr(kept[i].purpose));
        tpl_set_text(row, "TIME", tr(kept[i].time));
    }
    for (size_t i = 0; i < COUNT_OF(stored); i++) {
        struct tpl *row = tpl_row(page, "STORED");
        tpl_set_text(row, "NAME", tr(stored[i].what));
        tpl_set_text(row, "PURPOSE", tr(stored[i].purpose));
    }
    bool off = str_eq(req_cookie(r, "memory"), "off");
    tpl_show(page, "MEMORY_ON", !off);
    tpl_show(page, "MEMORY_OFF", off);
    return page_send(r, page);
}
