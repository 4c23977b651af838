/* pdf_draw.c: libkade-pdf: a sheet drawn by pango and cairo. Everything is placed from the side a
 * line begins at, so that a sheet read from right to left is the mirror image; lines are broken and
 * letters joined by pango. Drawn twice: once to count the pages, once with their number on each.
 * Invariant: nothing but the sheet and the installed fonts decides what comes out. */
#include <cairo-pdf.h>
#include <pango/pangocairo.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "platform/pdf_int.h"

#define FONTS                                                                                      \
    "Noto Sans,Noto Sans Sinhala,Noto Sans Tamil,Noto Sans Arabic,Noto Naskh Arabic,sans-serif"

static const double paper_w = 595.276, paper_h = 841.890, margin = 48, foot = 40;

struct pen {
    const struct pdf_sheet *s;
    cairo_surface_t *surface;
    cairo_t *cr;
    PangoLayout *layout;
    double y;
    int page, pages; /* pages 0: still counting */
};
enum where { START, END };
struct look {
    double size;
    bool bold;
    double grey; /* 0 black */
};
static const struct look normal = { 9.5, false, 0.1 }, small = { 8, false, 0.35 },
                         strong = { 9.5, true, 0.05 };

static double inner(void)
{
    return paper_w - 2 * margin;
}

static void choose(struct pen *p, struct look l, double width, enum where w)
{
    PangoFontDescription *f = pango_font_description_from_string(FONTS);
    pango_font_description_set_absolute_size(f, l.size * PANGO_SCALE);
    pango_font_description_set_weight(f, l.bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
    pango_layout_set_font_description(p->layout, f);
    pango_font_description_free(f);
    pango_layout_set_width(p->layout, (int)(width * PANGO_SCALE));
    pango_layout_set_wrap(p->layout, PANGO_WRAP_WORD_CHAR);
    pango_layout_set_alignment(p->layout,
                               (w == START) != p->s->rtl ? PANGO_ALIGN_LEFT : PANGO_ALIGN_RIGHT);
    cairo_set_source_rgb(p->cr, l.grey, l.grey, l.grey);
}

/* On a sheet read from right to left each line keeps its own order: an address in Latin letters, an
 * amount with its currency. */
static void words(struct pen *p, const char *text)
{
    if (!p->s->rtl) {
        pango_layout_set_text(p->layout, text, -1);
        return;
    }
    gchar **line = g_strsplit(text, "\n", -1);
    GString *all = g_string_new(NULL);
    for (gchar **l = line; *l; l++)
        g_string_append_printf(all, "%s\u2068%s\u2069", l == line ? "" : "\n", *l);
    pango_layout_set_text(p->layout, all->str, -1);
    g_string_free(all, TRUE);
    g_strfreev(line);
}

static double height(struct pen *p)
{
    int w, h;
    pango_layout_get_size(p->layout, &w, &h);
    return (double)h / PANGO_SCALE;
}

/* from: distance from the side where lines begin. Returns the height. */
static double put(struct pen *p, double from, double width, double y, const char *text,
                  struct look l, enum where w)
{
    if (text == NULL || *text == '\0')
        return 0;
    choose(p, l, width, w);
    words(p, text);
    cairo_move_to(p->cr, margin + (p->s->rtl ? inner() - from - width : from), y);
    pango_cairo_show_layout(p->cr, p->layout);
    return height(p);
}

static double measure(struct pen *p, double width, const char *text, struct look l)
{
    if (text == NULL || *text == '\0')
        return 0;
    choose(p, l, width, START);
    words(p, text);
    return height(p);
}

static void rule(struct pen *p, double grey)
{
    cairo_set_source_rgb(p->cr, grey, grey, grey);
    cairo_set_line_width(p->cr, 0.5);
    cairo_move_to(p->cr, margin, p->y);
    cairo_line_to(p->cr, paper_w - margin, p->y);
    cairo_stroke(p->cr);
}

static void end_page(struct pen *p)
{
    if (p->pages > 1) {
        char number[32];
        snprintf(number, sizeof number, "%d / %d", p->page, p->pages);
        (void)put(p, inner() - 100, 100, paper_h - foot, number, small, END);
        (void)put(p, 0, inner() - 110, paper_h - foot, p->s->title, small, START);
    }
    cairo_show_page(p->cr);
    p->page++;
    p->y = margin;
}

/* Room for so much; a new page where there is none. True: it is a new one. */
static bool room(struct pen *p, double h)
{
    if (p->y + h <= paper_h - margin - foot || p->y <= margin)
        return false;
    end_page(p);
    return true;
}

/* ---- parts ------------------------------------------------------------------------------------
 */

static void colour_of(const char *text, double rgb[3])
{
    unsigned long v = text && *text == '#' ? strtoul(text + 1, NULL, 16) : 0x1976d2;
    for (int i = 0; i < 3; i++)
        rgb[i] = (double)(v >> (16 - 8 * i) & 255) / 255;
}

static void draw_head(struct pen *p)
{
    const struct pdf_sheet *s = p->s;
    double rgb[3], half = inner() / 2 - 12;
    colour_of(s->colour, rgb);
    double a = put(p, 0, half, p->y, s->brand, (struct look){ 16, true, 0.05 }, START);
    double b = put(p, half + 24, half, p->y, s->title, (struct look){ 14, true, 0.05 }, END);
    p->y += (a > b ? a : b) + 6;
    cairo_set_source_rgb(p->cr, rgb[0], rgb[1], rgb[2]);
    cairo_rectangle(p->cr, margin, p->y, inner(), 3);
    cairo_fill(p->cr);
    p->y += 12;
    p->y += put(p, 0, inner(), p->y, s->from, small, START) + 14;
}

static void draw_parties(struct pen *p)
{
    const struct pdf_sheet *s = p->s;
    double half = inner() / 2 - 12, left = p->y, right = p->y;
    left += put(p, 0, half, left, s->to_label, small, START) + 2;
    left += put(p, 0, half, left, s->to, normal, START);
    for (size_t i = 0; i < s->nfacts; i++) {
        double a = put(p, half + 24, half * 0.5, right, s->fact[i].label, small, START);
        double b = put(p, half + 24 + half * 0.5, half * 0.5, right, s->fact[i].value, normal, END);
        right += (a > b ? a : b) + 2;
    }
    p->y = (left > right ? left : right) + 18;
}

/* Widths: the name takes what the figures leave. */
static double cell_width(const struct pdf_table *t)
{
    return t->head[2] && t->head[3] ? 86 : 104;
}

static double name_width(const struct pdf_table *t)
{
    double w = inner();
    for (int i = 1; i <= PDF_CELLS; i++)
        if (t->head[i])
            w -= cell_width(t) + 8;
    return w;
}

static void draw_cells(struct pen *p, const struct pdf_table *t, const char *const *cell,
                       struct look l)
{
    double at = name_width(t) + 8;
    for (int i = 0; i < PDF_CELLS; i++) {
        if (!t->head[i + 1])
            continue;
        (void)put(p, at, cell_width(t), p->y, cell[i], l, END);
        at += cell_width(t) + 8;
    }
}

static void draw_table_head(struct pen *p, const struct pdf_table *t)
{
    double h = measure(p, name_width(t), t->head[0], small);
    for (int i = 1; i <= PDF_CELLS; i++) {
        double c = t->head[i] ? measure(p, cell_width(t), t->head[i], small) : 0;
        h = c > h ? c : h;
    }
    (void)put(p, 0, name_width(t), p->y, t->head[0], small, START);
    draw_cells(p, t, t->head + 1, small);
    p->y += h + 4;
    rule(p, 0.6);
    p->y += 5;
}

static void draw_table(struct pen *p, const struct pdf_table *t)
{
    if (t->n == 0)
        return;
    (void)room(p, 60);
    draw_table_head(p, t);
    for (size_t i = 0; i < t->n; i++) {
        const struct pdf_row *r = &t->row[i];
        double name = measure(p, name_width(t), r->name, normal);
        double detail = measure(p, name_width(t), r->detail, small);
        if (room(p, name + detail + 8))
            draw_table_head(p, t);
        (void)put(p, 0, name_width(t), p->y, r->name, normal, START);
        (void)put(p, 0, name_width(t), p->y + name, r->detail, small, START);
        draw_cells(p, t, r->cell, normal);
        p->y += name + detail + 4;
        rule(p, 0.88);
        p->y += 4;
    }
    p->y += 8;
}

static void draw_sums(struct pen *p)
{
    const struct pdf_sheet *s = p->s;
    double width = inner() * 0.55, figures = 120;
    for (size_t i = 0; i < s->nsums; i++) {
        struct look l = s->sum[i].strong ? strong : normal;
        double h = measure(p, width - figures - 8, s->sum[i].label, l);
        (void)room(p, h + 6);
        (void)put(p, inner() - width, width - figures - 8, p->y, s->sum[i].label, l, START);
        (void)put(p, inner() - figures, figures, p->y, s->sum[i].amount, l, END);
        p->y += h + 4;
    }
    p->y += 12;
}

static void draw_notes(struct pen *p)
{
    const struct pdf_sheet *s = p->s;
    for (size_t i = 0; i < s->nnotes; i++) {
        double width = inner() - 120;
        double h = measure(p, width, s->note[i].label, small) +
                   measure(p, width, s->note[i].value, normal);
        (void)room(p, h + 10);
        p->y += put(p, 0, width, p->y, s->note[i].label, small, START);
        p->y += put(p, 0, width, p->y, s->note[i].value, normal, START) + 10;
    }
}

/* The path is made of bars: "M<x> <y>h<w>v1h-<w>z". */
static void draw_qr(struct pen *p)
{
    const double side = 84;
    const char *at = p->s->qr_path;
    int x, y, w, used;
    if (p->s->qr_size <= 0 || at == NULL)
        return;
    (void)room(p, side);
    double unit = side / p->s->qr_size, left = p->s->rtl ? margin : paper_w - margin - side;
    double top = p->y;
    cairo_set_source_rgb(p->cr, 0, 0, 0);
    while (sscanf(at, "M%d %dh%dv1h-%*dz%n", &x, &y, &w, &used) == 3) {
        cairo_rectangle(p->cr, left + x * unit, top + y * unit, w * unit, unit);
        at += used;
    }
    cairo_fill(p->cr);
}

/* ---- the whole --------------------------------------------------------------------------------
 */

struct sink {
    void (*put)(void *, const void *, size_t);
    void *arg;
};

static cairo_status_t on_bytes(void *closure, const unsigned char *data, unsigned length)
{
    const struct sink *s = closure;
    if (s->put)
        s->put(s->arg, data, length);
    return CAIRO_STATUS_SUCCESS;
}

static void describe(struct pen *p)
{
    char date[32];
    time_t t = (time_t)(p->s->date / 1000000);
    struct tm tm;
    cairo_pdf_surface_set_metadata(p->surface, CAIRO_PDF_METADATA_TITLE, p->s->title);
    cairo_pdf_surface_set_metadata(p->surface, CAIRO_PDF_METADATA_AUTHOR, p->s->brand);
    if (gmtime_r(&t, &tm) && strftime(date, sizeof date, "%Y-%m-%dT%H:%M:%SZ", &tm) > 0)
        cairo_pdf_surface_set_metadata(p->surface, CAIRO_PDF_METADATA_CREATE_DATE, date);
}

static bool draw(const struct pdf_sheet *s, int *pages, struct sink *sink)
{
    struct pen p = { .s = s, .page = 1, .pages = *pages, .y = margin };
    p.surface = cairo_pdf_surface_create_for_stream(on_bytes, sink, paper_w, paper_h);
    p.cr = cairo_create(p.surface);
    p.layout = pango_cairo_create_layout(p.cr);
    describe(&p);
    PangoContext *context = pango_layout_get_context(p.layout);
    pango_context_set_base_dir(context, s->rtl ? PANGO_DIRECTION_RTL : PANGO_DIRECTION_LTR);
    pango_context_set_language(context, pango_language_from_string(s->language));
    pango_layout_context_changed(p.layout);
    pango_layout_set_auto_dir(p.layout, FALSE);
    draw_head(&p);
    draw_parties(&p);
    draw_table(&p, &s->goods);
    draw_sums(&p);
    draw_table(&p, &s->taxes);
    draw_qr(&p);
    draw_notes(&p);
    *pages = p.page;
    end_page(&p);
    g_object_unref(p.layout);
    cairo_destroy(p.cr);
    cairo_surface_finish(p.surface);
    bool good = cairo_surface_status(p.surface) == CAIRO_STATUS_SUCCESS;
    cairo_surface_destroy(p.surface);
    return good && *pages <= PDF_PAGES_MOST;
}

bool kade_pdf_write(const struct pdf_sheet *s, void (*to)(void *, const void *, size_t), void *arg)
{
    int pages = 0;
    struct sink nowhere = { NULL, NULL }, sink = { to, arg };
    return draw(s, &pages, &nowhere) && draw(s, &pages, &sink);
}
