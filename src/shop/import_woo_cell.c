/* import_woo_cell.c: one cell at a time: text, yes or no, whole numbers, measures, amounts, local
 * times, lists. A bad cell marks the row with its column and reason and reads as empty, so that the
 * rest of the row is still looked at. Pure. */
#include <string.h>

#include "base/str.h"
#include "base/time.h"
#include "base/utf8.h"
#include "shop/import.h"
#include "shop/import_woo_int.h"

void woo_bad(struct reading *r, const char *column, const char *reason)
{
    if (r->it->bad_reason == NULL) {
        r->it->bad_column = column;
        r->it->bad_reason = reason;
    }
}

void woo_note(struct reading *r, const char *column, const char *reason)
{
    if (r->it->nnotes < ITEM_NOTES)
        r->it->note[r->it->nnotes++] = (struct item_note){ column, reason };
}

const char *woo_cell_at(struct reading *r, int i, const char *title, size_t max, unsigned flags)
{
    if (i == NONE)
        return NULL;
    if ((size_t)i >= r->row->n)
        return "";
    const struct csv_field *f = &r->row->field[i];
    char *clean;
    if (f->too_long || f->n > max) {
        woo_bad(r, title,
                arena_printf(r->a, "has %zu bytes; at most %zu are taken", f->n,
                             max < SHOP_IMPORT_FIELD_MAX ? max : (size_t)SHOP_IMPORT_FIELD_MAX));
        return "";
    }
    if (memchr(f->p, '\0', f->n) != NULL) {
        woo_bad(r, title, "holds a NUL byte");
        return "";
    }
    if (utf8_clean(r->a, f->p, f->n, flags, &clean) != RC_OK) {
        woo_bad(r, title,
                utf8_valid(f->p, f->n) ? "holds control characters"
                                       : "is not UTF-8; save the file as CSV in UTF-8");
        return "";
    }
    clean = str_trim(r->a, clean);
    /* Our own export marks what a spreadsheet would take for a formula. */
    bool marked = r->h->is_kade && clean[0] == '\'' && strchr("=+-@'", clean[1]) != NULL;
    return marked && clean[1] != '\0' ? clean + 1 : clean;
}

const char *woo_cell(struct reading *r, enum column c, size_t max)
{
    return woo_cell_at(r, r->h->col[c], r->h->title[c], max, 0);
}

const char *woo_long_cell(struct reading *r, enum column c, size_t max)
{
    return woo_cell_at(r, r->h->col[c], r->h->title[c], max, UTF8_MULTILINE);
}

const char *woo_short_text(struct reading *r, enum column c, size_t n)
{
    const char *s = woo_cell(r, c, n * 4 + 400);
    if (s != NULL && utf8_length(s) > n) {
        woo_bad(r, r->h->title[c],
                arena_printf(r->a, "has %zu characters; at most %zu fit", utf8_length(s), n));
        return "";
    }
    return s;
}

bool woo_is_yes(const char *s)
{
    return str_eq(s, "1") || str_ieq(s, "yes") || str_ieq(s, "true");
}
bool woo_is_no(const char *s)
{
    return str_eq(s, "0") || str_ieq(s, "no") || str_ieq(s, "false");
}

const bool *woo_yes_no(struct reading *r, enum column c, bool when_empty)
{
    const char *s = woo_cell(r, c, 100);
    if (s == NULL)
        return NULL;
    bool *v = arena_new(r->a, bool);
    *v = *s == '\0' ? when_empty : woo_is_yes(s);
    if (*s != '\0' && !woo_is_yes(s) && !woo_is_no(s))
        woo_bad(r, r->h->title[c],
                arena_printf(r->a, "\"%s\" is neither 1 nor 0", utf8_cut(r->a, s, 40)));
    return v;
}

const int32_t *woo_whole(struct reading *r, enum column c, int64_t min, int64_t max)
{
    const char *s = woo_cell(r, c, 100);
    int64_t v;
    if (str_empty(s))
        return NULL;
    if (str_decimal(s, 0, &v) != RC_OK) {
        woo_bad(r, r->h->title[c],
                arena_printf(r->a, "\"%s\" is no whole number", utf8_cut(r->a, s, 40)));
        return NULL;
    }
    if (v < min || v > max) {
        woo_bad(r, r->h->title[c],
                arena_printf(r->a, "%lld is outside %lld to %lld", (long long)v, (long long)min,
                             (long long)max));
        return NULL;
    }
    int32_t *out = arena_new(r->a, int32_t);
    *out = (int32_t)v;
    return out;
}

const int32_t *woo_measure(struct reading *r, enum column c, int64_t num, int64_t den)
{
    const char *s = woo_cell(r, c, 100);
    if (s == NULL)
        return NULL;
    int32_t *out = arena_new(r->a, int32_t);
    *out = -1;
    int64_t micro, v;
    if (*s == '\0')
        return out;
    if (str_decimal(s, 6, &micro) != RC_OK || micro < 0 ||
        money_ratio(micro, num, den * 1000000, ROUND_HALF_UP, &v) != RC_OK || v > 100000000) {
        woo_bad(r, r->h->title[c],
                arena_printf(r->a, "\"%s\" is no measure", utf8_cut(r->a, s, 40)));
        return out;
    }
    *out = (int32_t)v;
    return out;
}

bool woo_amount(struct reading *r, enum column c, int64_t *out)
{
    const char *s = woo_cell(r, c, 100);
    if (str_empty(s))
        return false;
    char *t = arena_strdup(r->a, s), *comma = strchr(t, ',');
    /* A single decimal comma with one or two digits behind it cannot mean thousands. */
    if (comma != NULL && strchr(t, '.') == NULL && strchr(comma + 1, ',') == NULL &&
        strlen(comma + 1) >= 1 && strlen(comma + 1) <= 2)
        *comma = '.';
    int64_t v, rounded;
    enum rc rc = money_parse(t, r->currency, &v);
    if (rc != RC_OK) {
        woo_bad(
            r, r->h->title[c],
            arena_printf(r->a, "\"%s\" is no amount in %s: write digits with at most %u decimals",
                         utf8_cut(r->a, s, 40), r->currency->code, r->currency->shown_exponent));
        return false;
    }
    if (v < 0) {
        woo_bad(r, r->h->title[c], "is below zero");
        return false;
    }
    int64_t step = currency_step(r->currency);
    if (v > INT64_MAX / 1000000 || money_round(v, step, ROUND_HALF_UP, &rounded) != RC_OK ||
        rounded != v) {
        woo_bad(r, r->h->title[c],
                arena_printf(r->a, "\"%s\" is finer than %s is charged, or too much",
                             utf8_cut(r->a, s, 40), r->currency->code));
        return false;
    }
    *out = v;
    return true;
}

static int two(const char *p)
{
    return p[0] >= '0' && p[0] <= '9' && p[1] >= '0' && p[1] <= '9' ? (p[0] - '0') * 10 + p[1] - '0'
                                                                    : -1;
}

static int days_in(int year, int month)
{
    static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return month == 2 && leap ? 29 : days[month - 1];
}

void woo_local_time(struct reading *r, enum column c, bool is_end, const char **text)
{
    const char *s = woo_cell(r, c, 100);
    *text = NULL;
    if (str_empty(s))
        return;
    int64_t at;
    if (instant_parse(s, &at) == RC_OK) { /* with its zone: taken as it is */
        *text = s;
        return;
    }
    size_t n = strlen(s);
    int year = n >= 10 && two(s) >= 19 ? two(s) * 100 + two(s + 2) : -1;
    int month = n >= 10 && s[4] == '-' ? two(s + 5) : -1;
    int day = n >= 10 && s[7] == '-' ? two(s + 8) : -1;
    int hour = 0, minute = 0, second = 0;
    bool timed = n > 10;
    if (timed) {
        hour = n >= 16 && (s[10] == ' ' || s[10] == 'T') ? two(s + 11) : -1;
        minute = n >= 16 && s[13] == ':' ? two(s + 14) : -1;
        second = n == 16 ? 0 : n == 19 && s[16] == ':' ? two(s + 17) : -1;
    }
    if (n < 10 || year < 1900 || two(s + 2) < 0 || month < 1 || month > 12 || day < 1 ||
        day > days_in(year, month) || hour < 0 || hour > 23 || minute < 0 || minute > 59 ||
        second < 0 || second > 59) {
        woo_bad(r, r->h->title[c],
                arena_printf(r->a, "\"%s\" is no date: write 2026-11-30 or 2026-11-30 09:00",
                             utf8_cut(r->a, s, 40)));
        return;
    }
    bool day_end = is_end && (!timed || (hour == 23 && minute == 59 && second == 59));
    if (day_end) {
        hour = 24; /* PostgreSQL reads 24:00:00 as the next midnight */
        minute = second = 0;
    }
    *text =
        arena_printf(r->a, "%04d-%02d-%02d %02d:%02d:%02d", year, month, day, hour, minute, second);
}

struct item_list woo_split_list(struct reading *r, const char *s, const char *title, size_t most,
                                size_t max_chars)
{
    struct item_list out = { .given = s != NULL };
    if (str_empty(s))
        return out;
    out.v = arena_array(r->a, const char *, most);
    char *part = arena_strdup(r->a, s), *w = part;
    for (const char *p = s;; p++) {
        if (*p == '\\' && p[1] == ',') {
            *w++ = *++p;
            continue;
        }
        if (*p != ',' && *p != '\0') {
            *w++ = *p;
            continue;
        }
        *w = '\0';
        const char *v = str_trim(r->a, part);
        w = part;
        if (*v != '\0' && out.n == most) {
            woo_bad(r, title, arena_printf(r->a, "lists more than %zu values", most));
            break;
        }
        if (*v != '\0' && utf8_length(v) > max_chars)
            woo_bad(r, title,
                    arena_printf(r->a, "\"%s...\" is longer than %zu characters",
                                 utf8_cut(r->a, v, 30), max_chars));
        else if (*v != '\0')
            out.v[out.n++] = v;
        if (*p == '\0')
            break;
    }
    return out;
}

struct item_list woo_list_cell(struct reading *r, enum column c, size_t most, size_t max_chars)
{
    return woo_split_list(r, woo_cell(r, c, 256 * 1024), r->h->title[c], most, max_chars);
}
