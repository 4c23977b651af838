/* module.c: site: what programs and devices ask of a shop, and the pages about the shop's site:
 * robots.txt, sitemaps, the manifest, the service worker, the page without a network, the map for
 * people, preferences. It owns no table and holds no state. */
#include "site.h"

#include "gen/site_q.h"

static const struct app_route routes[] = {
    { M_GET, "/robots.txt", page_robots, .flags = R_NO_SESSION | R_FRAGMENT },
    { M_GET, "/sitemap.xml", page_sitemap_index, .flags = R_NO_SESSION | R_FRAGMENT },
    { M_GET, "/sitemap/{file:any}", page_sitemap_part, .flags = R_NO_SESSION | R_FRAGMENT },
    { M_GET, "/site.webmanifest", page_manifest, .flags = R_NO_SESSION | R_FRAGMENT },
    { M_GET, "/sw.js", page_worker, .flags = R_NO_SESSION | R_FRAGMENT },
    { M_GET, "/sitemap", page_map },
    { M_GET, "/offline", page_offline },
    { M_GET, "/preferences", page_preferences },
    { 0 }
};
static const struct app_nav nav[] = {
    { "footer", N_("Site map"), "/sitemap", NULL, 900 },
    { "footer", N_("Preferences and cookies"), "/preferences", NULL, 910 },
    { 0 },
};
static const char *const robots_names[] = { "CLOSED", "OPEN", "SITEMAP", NULL };
static const char *const lines_names[] = { "SLOT_LINKS", NULL };
static const char *const sitemap_names[] = { "URL",       "LOC",      "CHANGED", "LASTMOD",
                                             "ALTERNATE", "HREFLANG", "HREF",    NULL };
static const char *const index_names[] = { "PIECE", "LOC", "CHANGED", "LASTMOD", NULL };
static const char *const worker_names[] = { "JSON", "SCRIPT", NULL };
static const char *const map_names[] = { "LINK",  "LABEL", "HREF",        "CATEGORIES", "BRANCH",
                                         "BELOW", "TEXTS", "COLLECTIONS", NULL };
static const char *const offline_names[] = { "HOME_HREF", NULL };
static const char *const preferences_names[] = { "COOKIE", "NAME",      "PURPOSE",    "TIME",
                                                 "STORED", "MEMORY_ON", "MEMORY_OFF", NULL };
static const struct app_template templates[] = { { "site/robots.txt.tpl", robots_names },
                                                 { "site/lines.txt.tpl", lines_names },
                                                 { "site/sitemap.txt.tpl", sitemap_names },
                                                 { "site/index.txt.tpl", index_names },
                                                 { "site/worker.txt.tpl", worker_names },
                                                 { "site/map.tpl", map_names },
                                                 { "site/offline.tpl", offline_names },
                                                 { "site/preferences.tpl", preferences_names },
                                                 { 0 } };
static const struct app_setting settings[] = {
    { "site.search_engines", "true", N_("Search engines may list this shop"), SETTING_BOOL, NULL },
    { 0 },
};

APP_MODULE(.name = "site", .needs = (const char *const[]){ "shop", NULL }, .routes = routes,
           .templates = templates, .settings = settings, .nav = nav, .stmts = site_stmts);
