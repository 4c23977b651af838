/* theme.c: from a shop's settings to its style sheet and favicon below <state>/theme/<tenant>/,
 * served by nginx as immutable, and to the words of data-look. Layout lives in app.css; here are
 * only values of its tokens. Invariant: every colour written was solved by theme_colour.c, and
 * nothing that a shop typed reaches the sheet except as a parsed colour or a word of a list. */
#include "app/theme.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/page.h"
#include "base/buf.h"
#include "base/log.h"
#include "base/str.h"
#include "platform/crypto.h"
#include "platform/fault.h"
#include "platform/storage.h"

enum { SHEET_MOST = 16 * 1024, ICON_MOST = 8 * 1024, NAME_DIGITS = 16, KEPT = 64 };

const char *const theme_fonts[] = { "system", "humanist", "geometric", "rounded",
                                    "serif",  "slab",     NULL };
const char *const theme_radii[] = { "square", "soft", "round", NULL };
const char *const theme_densities[] = { "compact", "normal", "airy", NULL };
const char *const theme_papers[] = { "white", "warm", "cool", "tint", NULL };
const char *const theme_heads[] = { "plain", "soft", "brand", "deep", NULL };
const char *const theme_feet[] = { "plain", "soft", "deep", NULL };
const char *const theme_rows[] = { "row", "centre", NULL };
const char *const theme_cards[] = { "plain", "framed", "tinted", NULL };
const char *const theme_tiles[] = { "square", "round", "cover", NULL };

/* ---- the sheet ---------------------------------------------------------------------------------
 */

struct word {
    const char *name, *value;
};
/* Nothing is downloaded: each list names what devices own, and ends in what every one has. */
#define SCRIPTS "\"Kade Sinhala\",\"Kade Tamil\",\"Kade Arabic\","
static const struct word fonts[] = {
    { "humanist", SCRIPTS "Seravek,\"Gill Sans Nova\",Ubuntu,Calibri,\"Open Sans\",\"DejaVu Sans\","
                          "source-sans-pro,sans-serif" },
    { "geometric", SCRIPTS "Avenir,Montserrat,Corbel,Jost,\"URW Gothic\",\"Century Gothic\","
                           "source-sans-pro,sans-serif" },
    { "rounded", SCRIPTS "ui-rounded,\"Hiragino Maru Gothic ProN\",Quicksand,Nunito,Comfortaa,"
                         "Manjari,\"Arial Rounded MT Bold\",Calibri,sans-serif" },
    { "serif", SCRIPTS "\"Iowan Old Style\",\"Palatino Linotype\",Palatino,\"URW Palladio L\","
                       "P052,\"Noto Serif\",Georgia,serif" },
    { "slab", SCRIPTS "Rockwell,\"Rockwell Nova\",\"Roboto Slab\",\"Sitka Small\","
                      "\"Bitstream Charter\",\"DejaVu Serif\",serif" },
    { NULL, NULL }
};
static const struct word radii[] = {
    { "square", "--r-s:0;--r:0;--r-m:0;--r-l:0;--r-pill:0;" },
    { "round", "--r-s:.5rem;--r:.75rem;--r-m:1rem;--r-l:1.75rem;--r-button:99rem;" },
    { NULL, NULL }
};
static const struct word densities[] = {
    { "compact", "--s4:.875rem;--s5:1rem;--s6:1.125rem;--s8:1.5rem;--s10:1.75rem;--s12:2rem;"
                 "--s16:2.5rem;" },
    { "airy", "--s6:1.75rem;--s8:2.5rem;--s10:3.25rem;--s12:4rem;--s16:5.5rem;" },
    { NULL, NULL }
};
static const struct word heads[] = {
    { "soft", "--head-bg:var(--brand-soft);--head-line:transparent;"
              "--head-hover:color-mix(in srgb,var(--brand) 8%,var(--brand-soft));" },
    { "brand", "--head-bg:var(--band);--head-ink:var(--band-ink);--head-muted:var(--band-ink);"
               "--head-line:transparent;--head-hover:var(--band-hover);--mark:var(--band-button);"
               "--mark-ink:var(--band-button-ink);" },
    { "deep",
      "--head-bg:var(--deep);--head-ink:var(--deep-ink);--head-muted:var(--deep-muted);"
      "--head-line:transparent;--head-hover:color-mix(in srgb,var(--deep-ink) 8%,var(--deep));" },
    { NULL, NULL }
};
static const struct word feet[] = {
    { "soft", "--foot-bg:var(--brand-soft);" },
    { "deep", "--foot-bg:var(--deep);--foot-ink:var(--deep-ink);--foot-muted:var(--deep-muted);"
              "--foot-line:transparent;" },
    { NULL, NULL }
};

static const char *value_of(const struct word *list, const char *name)
{
    for (; list->name != NULL; list++)
        if (str_eq(list->name, name))
            return list->value;
    return NULL;
}

static void put_colour(struct buf *b, const char *name, struct rgb c)
{
    buf_printf(b, "--%s:#%02x%02x%02x;", name, c.r, c.g, c.b);
}

/* A band is a whole zone in the brand's colour; on a dark page a bright one would dazzle. */
static void put_mode(struct buf *b, const struct rgb v[TT_TOKENS], bool dark)
{
    for (int i = 0; i < TT_TOKENS; i++)
        put_colour(b, theme_token_name((enum theme_token)i), v[i]);
    put_colour(b, "band", v[dark ? TT_DEEP : TT_BRAND]);
    put_colour(b, "band-ink", v[dark ? TT_DEEP_INK : TT_BRAND_INK]);
    put_colour(b, "band-muted", v[dark ? TT_DEEP_MUTED : TT_BRAND_INK]);
    put_colour(b, "band-hover", v[dark ? TT_DEEP : TT_BRAND_HOVER]);
    put_colour(b, "band-button", v[dark ? TT_BRAND : TT_BRAND_INK]);
    put_colour(b, "band-button-ink", v[dark ? TT_BRAND_INK : TT_BRAND]);
}

static void put_font(struct buf *b, const char *token, const char *name)
{
    const char *stack = value_of(fonts, name);
    if (stack != NULL)
        buf_printf(b, "--%s:%s;", token, stack);
}

static void put_words(struct buf *b, const struct word *list, const char *name)
{
    const char *value = value_of(list, name);
    if (value != NULL)
        buf_str(b, value);
}

char *theme_sheet(struct arena *a, const struct theme_choice *c)
{
    struct buf b;
    struct theme_palette p;
    buf_init(&b, a, SHEET_MOST);
    buf_str(&b, "@layer tokens{:root{");
    put_font(&b, "font", c->font);
    put_font(&b, "display", c->display);
    put_words(&b, radii, c->radius);
    put_words(&b, densities, c->density);
    put_words(&b, heads, c->head);
    put_words(&b, feet, c->foot);
    if (c->coloured) {
        theme_palette_solve(c->primary, c->secondary, c->paper, &p);
        put_mode(&b, p.v[THEME_IN_LIGHT], false);
        buf_str(&b, "}@media (prefers-color-scheme:dark){:root:not([data-theme=\"light\"]){");
        put_mode(&b, p.v[THEME_IN_DARK], true);
        buf_str(&b, "}}:root[data-theme=\"dark\"]{");
        put_mode(&b, p.v[THEME_IN_DARK], true);
    }
    buf_str(&b, "}}\n");
    return b.p;
}

void theme_read(struct app_ctx *app, const struct tenant *t, struct theme_choice *out)
{
    const char *second = tenant_setting(app, t, "theme.secondary");
    const char *paper = tenant_setting(app, t, "theme.paper");
    *out = (struct theme_choice){ .font = tenant_setting(app, t, "theme.font"),
                                  .display = tenant_setting(app, t, "theme.display"),
                                  .radius = tenant_setting(app, t, "theme.radius"),
                                  .density = tenant_setting(app, t, "theme.density"),
                                  .head = tenant_setting(app, t, "theme.head"),
                                  .foot = tenant_setting(app, t, "theme.foot") };
    for (int i = 0; i < PAPERS; i++)
        if (str_eq(paper, theme_papers[i]))
            out->paper = (enum theme_paper)i;
    out->coloured = rgb_parse(tenant_setting(app, t, "theme.primary"), &out->primary);
    if (!rgb_parse(second, &out->secondary))
        out->secondary = out->primary;
}

/* ---- files -------------------------------------------------------------------------------------
 */

static bool write_whole(const char *path, const char *text, size_t n)
{
    int fd = fault_here(FAULT_FILE, "theme write")
                 ? -1
                 : open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    bool ok = fd >= 0 && write(fd, text, n) == (ssize_t)n;
    if (fd >= 0)
        ok = close(fd) == 0 && ok;
    return ok;
}

/* The address of text under a name made of its content; written unless it is there. NULL when it
 * cannot be: a page without its colours is better than none. */
static const char *publish(struct app_ctx *app, struct arena *a, struct uuid tenant,
                           const char *text, const char *ext)
{
    size_t n = strlen(text);
    const char *name = arena_printf(a, "%.*s.%s", NAME_DIGITS, crypto_sha256_hex(a, text, n), ext);
    const char *all = arena_printf(a, "%s/theme", app->conf->state_dir);
    const char *folder = arena_printf(a, "%s/%s", all, uuid_str(a, tenant));
    const char *path = arena_printf(a, "%s/%s", folder, name);
    if (access(path, R_OK) != 0) {
        const char *part = arena_printf(a, "%s/.%s.%d", folder, name, (int)getpid());
        bool there = (mkdir(all, 0755) == 0 || errno == EEXIST) &&
                     (mkdir(folder, 0755) == 0 || errno == EEXIST);
        if (!there || !write_whole(part, text, n) || rename(part, path) != 0) {
            log_error("theme not written", "file=%s why=%s", path, strerror(errno));
            (void)unlink(part);
            return NULL;
        }
    }
    return arena_printf(a, "/theme/%s/%s", uuid_str(a, tenant), name);
}

/* The installation's favicon in the shop's colours. */
static const char *coloured_icon(struct app_ctx *app, struct arena *a,
                                 const struct theme_palette *p)
{
    static const char fill[] = "#0b6b63", ink[] = "#fff";
    char text[ICON_MOST + 1];
    const char *url = url_asset(app, "img/favicon.svg"), *name = strrchr(url, '/');
    FILE *f =
        name == NULL ? NULL : fopen(arena_printf(a, "%s%s", app->conf->static_dir, name), "re");
    size_t n = f == NULL ? 0 : fread(text, 1, ICON_MOST, f);
    struct buf b;
    if (f != NULL)
        fclose(f);
    text[n] = '\0';
    buf_init(&b, a, 2 * ICON_MOST);
    for (const char *at = text; *at != '\0';) {
        bool is_fill = str_starts(at, fill), is_ink = str_starts(at, ink);
        struct rgb c = p->v[THEME_IN_LIGHT][is_fill ? TT_BRAND : TT_BRAND_INK];
        if (is_fill || is_ink)
            buf_printf(&b, "#%02x%02x%02x", c.r, c.g, c.b);
        else
            buf_char(&b, *at);
        at += is_fill ? sizeof fill - 1 : is_ink ? sizeof ink - 1 : 1;
    }
    return n > 0 && buf_rc(&b) == RC_OK ? b.p : NULL;
}

/* ---- what the shell shows ----------------------------------------------------------------------
 */

static const char *hex(struct arena *a, struct rgb c)
{
    return arena_printf(a, "#%02x%02x%02x", c.r, c.g, c.b);
}

static void bar_colours(struct arena *a, const struct theme_choice *c,
                        const struct theme_palette *p, struct theme *out)
{
    bool brand = str_eq(c->head, "brand"), deep = str_eq(c->head, "deep"),
         soft = str_eq(c->head, "soft");
    out->light = hex(a, p->v[THEME_IN_LIGHT][brand  ? TT_BRAND
                                             : deep ? TT_DEEP
                                             : soft ? TT_SOFT
                                                    : TT_BG]);
    out->dark = hex(a, p->v[THEME_IN_DARK][brand || deep ? TT_DEEP : soft ? TT_SOFT : TT_BG]);
}

static const char *look_of(struct app_ctx *app, struct arena *a, const struct tenant *t)
{
    return arena_printf(a, "head-%s cards-%s tiles-%s", tenant_setting(app, t, "theme.head_layout"),
                        tenant_setting(app, t, "theme.cards"),
                        tenant_setting(app, t, "theme.tiles"));
}

/* "media/... 200 80": what shop/theme.h keeps beside the picture's id. */
static const char *picture_of(struct arena *a, const char *setting, int32_t *width, int32_t *height)
{
    char **part;
    int64_t w = 0, h = 0;
    if (str_split(a, setting, ' ', &part) != 3 || !str_starts(part[0], "media/") ||
        str_int(part[1], 1, 20000, &w) != RC_OK || str_int(part[2], 1, 20000, &h) != RC_OK)
        return NULL;
    *width = (int32_t)w;
    *height = (int32_t)h;
    return part[0];
}

static void make(struct app_ctx *app, struct arena *a, const struct tenant *t, struct theme *out)
{
    struct theme_choice c;
    struct theme_palette p;
    int32_t w, h;
    theme_read(app, t, &c);
    *out = (struct theme){ .light = "#ffffff", .dark = "#0f1216", .look = look_of(app, a, t) };
    const char *sheet = theme_sheet(a, &c);
    if (!str_eq(sheet, "@layer tokens{:root{}}\n"))
        out->css = publish(app, a, t->id, sheet, "css");
    out->favicon = picture_of(a, tenant_setting(app, t, "theme.favicon_path"), &w, &h);
    if (out->favicon != NULL)
        out->favicon = storage_url(app->conf, a, out->favicon);
    out->logo = picture_of(a, tenant_setting(app, t, "theme.logo_path"), &out->logo_width,
                           &out->logo_height);
    out->logo_alone = tenant_setting_bool(app, t, "theme.logo_alone");
    if (!c.coloured)
        return;
    theme_palette_solve(c.primary, c.secondary, c.paper, &p);
    bar_colours(a, &c, &p, out);
    const char *icon = out->favicon == NULL ? coloured_icon(app, a, &p) : NULL;
    if (icon != NULL)
        out->favicon = publish(app, a, t->id, icon, "svg");
}

/* ---- kept per process --------------------------------------------------------------------------
 */

struct kept {
    const struct tenant *from; /* replaced whenever the shop is read again */
    struct uuid tenant;
    uint64_t generation;
    struct arena *arena, *old; /* old: what a request may still hold */
    struct theme theme;
};
static struct {
    struct kept of[KEPT];
} self;

const struct theme *theme_of(struct app_ctx *app, const struct tenant *t)
{
    struct kept *k = &self.of[(t->id.b[14] ^ t->id.b[15]) % KEPT];
    if (k->arena != NULL && k->from == t && k->generation == t->generation &&
        uuid_cmp(k->tenant, t->id) == 0)
        return &k->theme;
    if (k->old != NULL)
        arena_free(k->old);
    k->old = k->arena;
    k->arena = arena_new_sized(1024 * 1024);
    k->from = t;
    k->tenant = t->id;
    k->generation = t->generation;
    make(app, k->arena, t, &k->theme);
    return &k->theme;
}
