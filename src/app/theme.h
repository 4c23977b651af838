/* theme.h: how a shop looks: colours, type, corners and layout that its settings name, as one style
 * sheet that never changes under its address (the name carries a hash of the content), and what the
 * shell says in words. The sheet follows from the settings alone, so any process makes it when it
 * is first needed and all make the same. */
#ifndef APP_THEME_H
#define APP_THEME_H

#include "app/tenant.h"
#include "app/theme_colour.h"
#include "app/types.h"

struct theme {
    const char *css;          /* "/theme/<tenant>/<hash>.css"; NULL: app.css alone */
    const char *favicon;      /* address; NULL: the installation's */
    const char *light, *dark; /* "#rrggbb" of the browser's own bar */
    const char *look;         /* words for data-look: "cards-framed tiles-round" */
    const char *logo;         /* path of a picture; NULL: none */
    int32_t logo_width, logo_height;
    bool logo_alone; /* without the name beside it */
};
/* Never fails: what cannot be written is left out and logged. Lives until the shop's settings
 * change, longer than any request. */
KADE_API const struct theme *theme_of(struct app_ctx *app, const struct tenant *t) ATTR_NONNULL;

/* ---- for checking and tests ---- */
struct theme_choice {
    struct rgb primary, secondary;
    bool coloured; /* primary was set */
    enum theme_paper paper;
    const char *font, *display, *radius, *density, *head, *foot;
};
KADE_API void theme_read(struct app_ctx *app, const struct tenant *t,
                         struct theme_choice *out) ATTR_NONNULL;
/* The text of the sheet. */
KADE_API char *theme_sheet(struct arena *a, const struct theme_choice *c) ATTR_NONNULL;

/* What can be set, with its choices; declared by the built-in module app. */
KADE_API extern const char *const theme_fonts[];
KADE_API extern const char *const theme_radii[];
KADE_API extern const char *const theme_densities[];
KADE_API extern const char *const theme_papers[];
KADE_API extern const char *const theme_heads[];
KADE_API extern const char *const theme_feet[];
KADE_API extern const char *const theme_rows[];
KADE_API extern const char *const theme_cards[];
KADE_API extern const char *const theme_tiles[];

#endif
