/* svg.c: which elements, attributes and values a drawing may have, and writing it anew. Elements
 * are kept, dropped with all that is in them (what editors note for themselves), or a reason to
 * refuse; attributes are kept or dropped, and active ones refuse. Not a renderer: it does not say
 * whether the drawing is beautiful. Invariant: the output holds only names of the tables below,
 * values that passed value_ok, and escaped text. */
#include "platform/svg.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/str.h"
#include "base/utf8.h"
#include "platform/i18n.h"
#include "platform/svg_int.h"

enum { ELEMENTS_MOST = 8000, USES_MOST = 200, REFS_MOST = 4000, SIDE_MOST = 12000 };

/* Sorted by strcmp. */
static const char *const kept[] = {
    "circle",   "clipPath",       "defs",  "desc", "ellipse", "g",
    "line",     "linearGradient", "mask",  "path", "pattern", "polygon",
    "polyline", "radialGradient", "rect",  "stop", "svg",     "symbol",
    "text",     "title",          "tspan", "use"
};
static const char *const active[] = { "a",      "animate",  "animateMotion", "animateTransform",
                                      "audio",  "embed",    "foreignObject", "handler",
                                      "iframe", "listener", "object",        "script",
                                      "set",    "video" };
/* clang-format off */
static const char *const attributes[] = {
    "clip-path", "clip-rule", "clipPathUnits", "color", "cx", "cy", "d", "direction", "display",
    "dominant-baseline", "dx", "dy", "fill", "fill-opacity", "fill-rule", "font-family",
    "font-size", "font-style", "font-weight", "fr", "fx", "fy", "gradientTransform",
    "gradientUnits", "height", "id", "isolation", "letter-spacing", "mask", "maskContentUnits",
    "maskUnits", "mix-blend-mode", "offset", "opacity", "overflow", "paint-order", "pathLength",
    "patternContentUnits", "patternTransform", "patternUnits", "points", "preserveAspectRatio",
    "r", "refX", "refY", "rotate", "rx", "ry", "shape-rendering", "spreadMethod", "stop-color",
    "stop-opacity", "stroke", "stroke-dasharray", "stroke-dashoffset", "stroke-linecap",
    "stroke-linejoin", "stroke-miterlimit", "stroke-opacity", "stroke-width", "text-anchor",
    "text-decoration", "text-rendering", "textLength", "transform", "unicode-bidi",
    "vector-effect", "viewBox", "visibility", "width", "word-spacing", "x", "x1", "x2", "y", "y1",
    "y2",
};
/* clang-format on */

/* A reference, checked when all ids are known. */
struct ref {
    const char *id;
    bool by_use;       /* <use>, else url(#id) or a gradient's href */
    bool in_container; /* inside a pattern, mask or clipPath */
};
struct id {
    const char *id, *element;
};
struct work {
    struct arena *arena;
    struct svg_reader r;
    struct buf out;
    const char *problem, *where;
    size_t elements, uses, nids, nrefs, nholders;
    struct id id[REFS_MOST];
    struct ref ref[REFS_MOST];
    const char *holder[REFS_MOST]; /* ids of elements around (or of) a use */
    const char *own_id[SVG_DEPTH]; /* id of each open element, NULL = none */
    const char *open[SVG_DEPTH];
    size_t containers; /* open patterns, masks, clipPaths */
    int32_t width, height;
};

static int by_name(const void *key, const void *at)
{
    const char *const *name = at;
    return strcmp(key, *name);
}

#define LISTED(list, name)                                                                         \
    (bsearch((name), (list), COUNT_OF(list), sizeof *(list), by_name) != NULL)

static bool refuse(struct work *w, const char *problem, const char *where)
{
    w->problem = problem;
    w->where = where;
    return false;
}

/* ---- values -----------------------------------------------------------------------------------
 */

static bool id_ok(const char *s)
{
    size_t n = strspn(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-");
    return n > 0 && n <= 100 && s[n] == '\0';
}

static bool refer(struct work *w, const char *id, bool by_use)
{
    if (w->nrefs == REFS_MOST)
        return refuse(w, N_("The drawing is too complex."), "");
    w->ref[w->nrefs++] = (struct ref){ id, by_use, w->containers > 0 };
    return true;
}

/* url(#id), with or without quotes, and nothing else of that kind. */
static bool take_url(struct work *w, const char *value)
{
    const char *from = value + 4, *end = strchr(from, ')');
    if (end == NULL)
        return false;
    char quote = *from == '"' || *from == '\'' ? *from : '\0';
    from += quote != '\0';
    size_t n = (size_t)(end - from);
    if (quote != '\0' && (n == 0 || from[--n] != quote))
        return false;
    const char *id = arena_strndup(w->arena, from, n);
    return *id == '#' && id_ok(id + 1) && refer(w, id + 1, false);
}

/* The value of a presentation or geometry attribute: no address but url(#id), no escapes, no rules.
 */
static bool value_ok(struct work *w, const char *name, const char *value)
{
    if (strpbrk(value, ":;\\@<>{}&") != NULL || strstr(value, "/*") != NULL)
        return refuse(w, N_("The drawing refers to something outside itself, or hides something."),
                      name);
    for (const char *p = value; (p = strcasestr(p, "url")) != NULL; p += 3)
        if (strncmp(p, "url(", 4) != 0 || !take_url(w, p))
            return refuse(w, N_("The drawing refers to something outside itself."), name);
    if (strcasestr(value, "image(") != NULL || strcasestr(value, "expression") != NULL ||
        strcasestr(value, "image-set") != NULL || strcasestr(value, "attr(") != NULL ||
        strcasestr(value, "var(") != NULL)
        return refuse(w, N_("The drawing uses a function that is not taken."), name);
    return true;
}

/* ---- attributes -------------------------------------------------------------------------------
 */

static bool set_attr(struct svg_attr *list, size_t *n, const char *name, const char *value)
{
    for (size_t i = 0; i < *n; i++)
        if (str_eq(list[i].name, name)) {
            list[i].value = value;
            return true;
        }
    if (*n == SVG_ATTRS)
        return false;
    list[(*n)++] = (struct svg_attr){ name, value };
    return true;
}

/* style="fill:red; stroke:none": each property of the table becomes an attribute. */
static bool take_style(struct work *w, const char *style, struct svg_attr *list, size_t *n)
{
    char **part;
    size_t parts = str_split(w->arena, style, ';', &part);
    for (size_t i = 0; i < parts; i++) {
        char *colon = strchr(part[i], ':');
        if (colon == NULL)
            continue;
        *colon = '\0';
        const char *name = str_trim(w->arena, part[i]), *value = str_trim(w->arena, colon + 1);
        if (!LISTED(attributes, name) || str_eq(name, "id") || *value == '\0')
            continue;
        if (!value_ok(w, name, value))
            return false;
        if (!set_attr(list, n, name, value))
            return refuse(w, N_("The drawing is too complex."), "style");
    }
    return true;
}

static bool take_href(struct work *w, const char *value, struct svg_attr *list, size_t *n)
{
    const char *e = w->r.name;
    bool use = str_eq(e, "use");
    bool may =
        use || str_eq(e, "linearGradient") || str_eq(e, "radialGradient") || str_eq(e, "pattern");
    if (!may)
        return true; /* means nothing there */
    if (*value != '#' || !id_ok(value + 1))
        return refuse(w, N_("The drawing refers to something outside itself."), "href");
    return refer(w, value + 1, use) && set_attr(list, n, "href", value);
}

static bool take_attr(struct work *w, const struct svg_attr *at, struct svg_attr *list, size_t *n)
{
    const char *name = at->name;
    if (strncasecmp(name, "on", 2) == 0)
        return refuse(w, N_("The drawing holds a script."), name);
    if (str_eq(name, "href") || str_eq(name, "xlink:href"))
        return take_href(w, at->value, list, n);
    if (str_eq(name, "xmlns") && w->elements == 1 &&
        !str_eq(at->value, "http://www.w3.org/2000/svg"))
        return refuse(w, N_("This is XML, but not a drawing."), "xmlns");
    if (!LISTED(attributes, name))
        return true;
    if (str_eq(name, "id"))
        return !id_ok(at->value) || set_attr(list, n, name, at->value);
    return value_ok(w, name, at->value) && set_attr(list, n, name, at->value);
}

static void put_escaped(struct buf *b, const char *s)
{
    for (; *s != '\0'; s++) {
        if (*s == '&')
            buf_str(b, "&amp;");
        else if (*s == '<')
            buf_str(b, "&lt;");
        else if (*s == '>')
            buf_str(b, "&gt;");
        else if (*s == '"')
            buf_str(b, "&quot;");
        else
            buf_char(b, *s);
    }
}

/* ---- size -------------------------------------------------------------------------------------
 */

/* "640", "640.5", "640px": pixels rounded, 0 when it is no such length. */
static int32_t pixels(const char **p)
{
    const char *s = *p;
    int64_t v = 0;
    bool up = false;
    const char *first = s;
    for (; *s >= '0' && *s <= '9'; s++)
        v = v < 10000000 ? v * 10 + (*s - '0') : v;
    if (s == first)
        return 0;
    if (*s == '.') {
        up = s[1] >= '5' && s[1] <= '9';
        s++;
        s += strspn(s, "0123456789");
    }
    *p = s;
    v += up;
    return v > 10000000 ? 10000000 : (int32_t)v;
}

static int32_t length(const char *s)
{
    int32_t v = s == NULL ? 0 : pixels(&s);
    return v > 0 && (*s == '\0' || str_eq(s, "px")) ? v : 0;
}

static bool from_view_box(const char *s, int32_t *width, int32_t *height)
{
    int32_t v[4] = { 0 };
    for (unsigned i = 0; s != NULL && i < 4; i++) {
        s += strspn(s, " ,\n\t");
        bool minus = *s == '-';
        s += minus;
        const char *from = s;
        v[i] = pixels(&s);
        if (s == from || (minus && i >= 2))
            return false;
    }
    if (s == NULL || s[strspn(s, " \n\t")] != '\0' || v[2] == 0 || v[3] == 0)
        return false;
    *width = v[2];
    *height = v[3];
    return true;
}

static const char *value_of(const struct svg_attr *list, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(list[i].name, name))
            return list[i].value;
    return NULL;
}

static bool take_size(struct work *w, const struct svg_attr *list, size_t n)
{
    w->width = length(value_of(list, n, "width"));
    w->height = length(value_of(list, n, "height"));
    if ((w->width == 0 || w->height == 0) &&
        !from_view_box(value_of(list, n, "viewBox"), &w->width, &w->height))
        return refuse(w, N_("The drawing does not say how big it is: give it a viewBox."), "svg");
    int32_t most = w->width > w->height ? w->width : w->height;
    if (most > SIDE_MOST) {
        w->width = (int32_t)((int64_t)w->width * SIDE_MOST / most);
        w->height = (int32_t)((int64_t)w->height * SIDE_MOST / most);
    }
    w->width += w->width == 0;
    w->height += w->height == 0;
    return true;
}

/* ---- elements ---------------------------------------------------------------------------------
 */

static bool is_container(const char *e)
{
    return str_eq(e, "pattern") || str_eq(e, "mask") || str_eq(e, "clipPath");
}

/* What is around a use, or the use itself, must not be used in turn. */
static bool note_use(struct work *w, const char *own)
{
    if (++w->uses > USES_MOST)
        return refuse(w, N_("The drawing is too complex."), "use");
    for (size_t i = 0; i <= w->r.depth; i++) {
        const char *id = i < w->r.depth ? w->own_id[i] : own;
        if (id == NULL)
            continue;
        if (w->nholders == REFS_MOST)
            return refuse(w, N_("The drawing is too complex."), "use");
        w->holder[w->nholders++] = id;
    }
    return true;
}

static bool note_id(struct work *w, const char *id)
{
    if (w->nids == REFS_MOST)
        return refuse(w, N_("The drawing is too complex."), "id");
    w->id[w->nids++] = (struct id){ id, w->r.name };
    return true;
}

static void write_open(struct work *w, const struct svg_attr *list, size_t n, bool root)
{
    struct buf *b = &w->out;
    buf_printf(b, "<%s", w->r.name);
    if (root)
        buf_str(b, " xmlns=\"http://www.w3.org/2000/svg\"");
    for (size_t i = 0; i < n; i++) {
        buf_printf(b, " %s=\"", list[i].name);
        put_escaped(b, list[i].value);
        buf_char(b, '"');
    }
    buf_str(b, w->r.empty ? "/>" : ">");
}

static bool keep_element(struct work *w)
{
    struct svg_attr list[SVG_ATTRS];
    size_t n = 0;
    bool root = w->elements == 1;
    const char *style = NULL;
    if (w->elements > ELEMENTS_MOST)
        return refuse(w, N_("The drawing is too complex."), "");
    for (size_t i = 0; i < w->r.nattrs; i++) {
        if (str_eq(w->r.attr[i].name, "style"))
            style = w->r.attr[i].value;
        else if (!take_attr(w, &w->r.attr[i], list, &n))
            return false;
    }
    if (style != NULL && !take_style(w, style, list, &n))
        return false;
    if (root && !take_size(w, list, n))
        return false;
    const char *id = value_of(list, n, "id");
    size_t at = w->r.depth - !w->r.empty; /* the reader has counted this element in */
    if (!w->r.empty) {
        w->own_id[at] = id;
        w->open[at] = w->r.name;
    }
    if (id != NULL && !note_id(w, id))
        return false;
    if (str_eq(w->r.name, "use") && !note_use(w, id))
        return false;
    w->containers += !w->r.empty && is_container(w->r.name);
    write_open(w, list, n, root);
    return true;
}

/* Goes past everything up to the end of the element just opened. */
static bool drop_element(struct work *w)
{
    if (w->r.empty)
        return true;
    for (size_t depth = w->r.depth; w->r.depth >= depth;) {
        enum svg_token t = svg_next(&w->r);
        if (t == SVG_BAD || t == SVG_END)
            return refuse(w, w->r.problem, "");
    }
    return true;
}

static bool take_open(struct work *w)
{
    const char *name = w->r.name;
    w->elements++;
    if (w->elements == 1 && !str_eq(name, "svg"))
        return refuse(w, N_("This is XML, but not a drawing."), name);
    if (LISTED(active, name))
        return refuse(w, N_("The drawing holds something active (a script, a link, an animation)."),
                      name);
    if (str_eq(name, "style"))
        return refuse(w, N_("The drawing has a style sheet: save it with presentation attributes."),
                      name);
    if (str_eq(name, "image"))
        return refuse(w, N_("The drawing holds another picture: send that picture itself."), name);
    if (LISTED(kept, name))
        return keep_element(w);
    if (str_eq(name, "metadata") || strchr(name, ':') != NULL)
        return drop_element(w);
    return refuse(w, N_("The drawing uses something that is not taken: save it as plain SVG."),
                  name);
}

static void take_close(struct work *w)
{
    const char *name = w->r.name;
    w->containers -= is_container(name);
    buf_printf(&w->out, "</%s>", name);
}

static bool holds_text(const char *e)
{
    return str_eq(e, "text") || str_eq(e, "tspan") || str_eq(e, "title") || str_eq(e, "desc");
}

/* ---- references -------------------------------------------------------------------------------
 */

static const char *element_of(const struct work *w, const char *id)
{
    for (size_t i = 0; i < w->nids; i++)
        if (str_eq(w->id[i].id, id))
            return w->id[i].element;
    return "";
}

static bool held(const struct work *w, const char *id)
{
    for (size_t i = 0; i < w->nholders; i++)
        if (str_eq(w->holder[i], id))
            return true;
    return false;
}

/* Copies of copies grow without bound, patterns within patterns as well. */
static bool check_refs(struct work *w)
{
    for (size_t i = 0; i < w->nrefs; i++) {
        const struct ref *f = &w->ref[i];
        const char *e = element_of(w, f->id);
        bool gradient = str_eq(e, "linearGradient") || str_eq(e, "radialGradient") || *e == '\0';
        if (f->by_use ? held(w, f->id) || f->in_container : f->in_container && !gradient)
            return refuse(w, N_("The drawing makes copies of copies: save it as plain SVG."),
                          f->id);
    }
    return true;
}

static bool take_all(struct work *w)
{
    for (;;) {
        switch (svg_next(&w->r)) {
        case SVG_END:
            return check_refs(w);
        case SVG_BAD:
            return refuse(w, w->r.problem, "");
        case SVG_OPEN:
            if (!take_open(w))
                return false;
            break;
        case SVG_CLOSE:
            take_close(w);
            break;
        case SVG_TEXT:
            if (w->r.depth > 0 && holds_text(w->open[w->r.depth - 1]))
                put_escaped(&w->out, w->r.text);
            break;
        }
    }
}

enum rc svg_clean(struct arena *a, const char *p, size_t n, struct svg *out, const char **problem,
                  const char **where)
{
    char *text;
    *where = "";
    *problem = N_("The drawing is too big: SVG may have 1 MB.");
    if (n > SVG_BYTES_MOST)
        return RC_INVALID;
    if (n >= 3 && memcmp(p, "\xef\xbb\xbf", 3) == 0) {
        p += 3;
        n -= 3;
    }
    *problem = N_("The drawing is not in UTF-8: save it so.");
    if (utf8_clean(a, p, n, UTF8_MULTILINE, &text) != RC_OK)
        return RC_INVALID;
    struct work *w = arena_new(a, struct work);
    w->arena = a;
    w->r = (struct svg_reader){ .arena = a, .p = text };
    buf_init(&w->out, a, (size_t)2 * SVG_BYTES_MOST);
    if (!take_all(w) || buf_rc(&w->out) != RC_OK) {
        *problem = w->problem == NULL ? N_("The drawing is too complex.") : w->problem;
        *where = w->where == NULL ? "" : w->where;
        return RC_INVALID;
    }
    /* What was written as references is text now, and is cleaned as text is. */
    *problem = N_("The drawing is not in UTF-8: save it so.");
    if (utf8_clean(a, w->out.p, w->out.n, UTF8_MULTILINE, &text) != RC_OK)
        return RC_INVALID;
    *out = (struct svg){ text, strlen(text), w->width, w->height };
    return RC_OK;
}
