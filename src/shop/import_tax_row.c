/* import_tax_row.c: a row of a tax table as the WooCommerce export writes it: place, rate, class.
 * Lists (12345; 12346), the end left open (123*) and ranges (12345...12350) of postcodes become
 * areas with two bounds. Pure: no database. Invariant: a row without a reason holds only what the
 * tables take. */
#include <string.h>

#include "base/buf.h"
#include "base/str.h"
#include "base/utf8.h"
#include "platform/crypto.h"
#include "shop/address.h"
#include "shop/import_tax_int.h"
#include "shop/tax.h"

static const struct {
    const char *letters, *title; /* as a title without blanks and signs; as people read it */
    enum tax_column column;
} columns[] = {
    { "countrycode", "Country code", TAX_COUNTRY },
    { "country", "Country code", TAX_COUNTRY },
    { "statecode", "State code", TAX_STATE },
    { "state", "State code", TAX_STATE },
    { "postcodezip", "Postcode / ZIP", TAX_POSTCODE },
    { "zippostcode", "ZIP/Postcode", TAX_POSTCODE },
    { "postcode", "Postcode", TAX_POSTCODE },
    { "zip", "ZIP", TAX_POSTCODE },
    { "city", "City", TAX_CITY },
    { "rate", "Rate %", TAX_RATE },
    { "taxname", "Tax name", TAX_NAME },
    { "name", "Tax name", TAX_NAME },
    { "priority", "Priority", TAX_PRIORITY },
    { "compound", "Compound", TAX_COMPOUND },
    { "shipping", "Shipping", TAX_SHIPPING },
    { "taxclass", "Tax class", TAX_CLASS },
};

static const char *title_of(enum tax_column c)
{
    for (size_t i = 0; i < COUNT_OF(columns); i++)
        if (columns[i].column == c)
            return columns[i].title;
    return "";
}

static const char *letters_of(struct arena *a, const char *title)
{
    char *out = arena_strdup(a, title), *o = out;
    if (strncmp(title, "\xef\xbb\xbf", 3) == 0)
        title += 3;
    for (; *title != '\0'; title++) {
        char c = *title >= 'A' && *title <= 'Z' ? (char)(*title + 32) : *title;
        if (c >= 'a' && c <= 'z')
            *o++ = c;
    }
    *o = '\0';
    return out;
}

enum rc tax_header_read(struct arena *a, const struct csv_row *row, struct tax_header *out,
                        const char **unused, const char **problem)
{
    struct tax_header h;
    *unused = NULL;
    for (size_t i = 0; i < TAX_COLUMNS; i++)
        h.at[i] = SIZE_MAX;
    for (size_t i = 0; i < row->n; i++) {
        const char *letters = letters_of(a, row->field[i].p);
        size_t k = 0;
        while (k < COUNT_OF(columns) && !str_eq(columns[k].letters, letters))
            k++;
        if (k == COUNT_OF(columns) || h.at[columns[k].column] != SIZE_MAX) {
            if (*unused == NULL && *row->field[i].p != '\0' &&
                utf8_valid(row->field[i].p, row->field[i].n))
                *unused = row->field[i].p;
            continue;
        }
        h.at[columns[k].column] = i;
    }
    if (h.at[TAX_COUNTRY] == SIZE_MAX || h.at[TAX_RATE] == SIZE_MAX) {
        *problem = "the first line must name the columns, at least Country code and Rate %";
        return RC_INVALID;
    }
    *out = h;
    return RC_OK;
}

/* ---- cells ------------------------------------------------------------------------------------
 */
struct reading {
    const struct tax_header *h;
    struct arena *a;
    const struct csv_row *row;
    struct tax_row *out;
};

static void refuse(struct reading *r, enum tax_column c, const char *reason)
{
    if (r->out->bad_reason != NULL)
        return;
    r->out->bad_column = title_of(c);
    r->out->bad_reason = reason;
}

/* Trimmed; "" where there is none, and for a star: both mean any. */
static const char *cell(struct reading *r, enum tax_column c)
{
    size_t at = r->h->at[c];
    if (at >= r->row->n)
        return "";
    const struct csv_field *f = &r->row->field[at];
    char *clean;
    if (f->too_long || utf8_clean(r->a, f->p, f->n, 0, &clean) != RC_OK) {
        refuse(r, c, "is no text or too long");
        return "";
    }
    const char *s = str_trim(r->a, clean);
    return str_eq(s, "*") ? "" : s;
}

static bool yes(struct reading *r, enum tax_column c, bool otherwise)
{
    const char *s = str_lower(r->a, cell(r, c));
    if (*s == '\0')
        return otherwise;
    if (str_eq(s, "1") || str_eq(s, "yes") || str_eq(s, "true"))
        return true;
    if (!str_eq(s, "0") && !str_eq(s, "no") && !str_eq(s, "false"))
        refuse(r, c, "must be 1 or 0");
    return false;
}

/* Per cent with at most four decimals to parts per million, exactly. */
static int32_t ppm_of(struct reading *r, const char *s)
{
    int64_t n = 0;
    int decimals = -1, digits = 0;
    if (*s != '\0' && s[strlen(s) - 1] == '%')
        s = arena_strndup(r->a, s, strlen(s) - 1);
    for (; *s != '\0'; s++) {
        if (*s == '.' && decimals < 0) {
            decimals = 0;
            continue;
        }
        if (*s < '0' || *s > '9')
            break;
        digits++;
        if (decimals >= 4 && *s == '0')
            continue;
        if (decimals >= 4 || n > 1000000000)
            break;
        n = n * 10 + (*s - '0');
        decimals += decimals >= 0 ? 1 : 0;
    }
    for (int i = decimals < 0 ? 0 : decimals; i < 4; i++)
        n *= 10;
    if (*s != '\0' || digits == 0 || n > 10000000) {
        refuse(r, TAX_RATE, "must be a percentage from 0 to 1000 with at most four decimals");
        return 0;
    }
    return (int32_t)n;
}

static int32_t priority_of(struct reading *r, const char *s)
{
    int32_t n = 0;
    if (*s == '\0')
        return 1;
    for (; *s >= '0' && *s <= '9' && n <= 1000; s++)
        n = n * 10 + (*s - '0');
    if (*s != '\0' || n < 1 || n > 1000) {
        refuse(r, TAX_PRIORITY, "must be a number from 1 to 1000");
        return 1;
    }
    return n;
}

static const char *class_of(struct reading *r, const char *s)
{
    s = *s != '\0' ? utf8_slug(r->a, s) : "standard";
    if (*s == '\0' || utf8_length(s) > 60 || str_eq(s, "none"))
        refuse(r, TAX_CLASS, "must be a name of at most 60 letters and not none");
    return s;
}

/* ---- places -----------------------------------------------------------------------------------
 */
static const char *country_of(struct reading *r, const char *s)
{
    const char *c = tax_place(r->a, s, "", "", "").country;
    bool fits =
        *c == '\0' || (strlen(c) == 2 && c[0] >= 'A' && c[0] <= 'Z' && c[1] >= 'A' && c[1] <= 'Z');
    if (!fits)
        refuse(r, TAX_COUNTRY, "must be two letters, as LK, or empty for every country");
    return fits ? c : "";
}

/* A state nobody can choose at checkout never matches: that is worth a remark. */
static const char *region_of(struct reading *r, const char *country, const char *s)
{
    const char *region = tax_place(r->a, "", s, "", "").region;
    const struct address_country *c = address_country(country);
    if (utf8_length(region) > 100 || (*s != '\0' && *region == '\0')) {
        refuse(r, TAX_STATE, "is longer than 100 characters or no text");
        return "";
    }
    if (*region == '\0' || c == NULL || c->nregions == 0)
        return region;
    for (size_t i = 0; i < c->nregions; i++)
        if (str_eq(tax_place(r->a, "", c->regions[i].code, "", "").region, region))
            return region;
    r->out->note_column = title_of(TAX_STATE);
    r->out->note = "is no region of this country's addresses here, so it will not match";
    return region;
}

static size_t split(struct reading *r, const char *s, char ***out)
{
    size_t n = str_split(r->a, s, ';', out), kept = 0;
    for (size_t i = 0; i < n; i++) {
        char *part = str_trim(r->a, (*out)[i]);
        if (*part != '\0' && !str_eq(part, "*"))
            (*out)[kept++] = part;
    }
    return kept;
}

static bool is_code(const char *s)
{
    return *s != '\0' && strlen(s) <= 20;
}

static const char *code_of(struct reading *r, const char *s)
{
    size_t n = 0;
    for (const char *p = s; *p != '\0'; p++)
        n += strchr(" -.*", *p) == NULL ? 1 : 0;
    if (n > 20)
        return ""; /* tax_place would cut it */
    return tax_place(r->a, "", "", "", s).postcode;
}

/* One entry to bounds, both in: bytes of the same kind are compared, "~" stands after all. */
static bool bounds(struct reading *r, const char *s, const char **from, const char **to)
{
    const char *dots = strstr(s, "...");
    size_t n = strlen(s);
    if (strspn(s, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz -.*") != n)
        return false;
    if (dots != NULL) {
        *from = code_of(r, arena_strndup(r->a, s, (size_t)(dots - s)));
        const char *last = code_of(r, dots + 3);
        *to = arena_printf(r->a, "%s~", last);
        return strchr(s, '*') == NULL && strstr(dots + 1, "...") == NULL && is_code(*from) &&
               is_code(last) && strlen(*from) == strlen(last) && strcmp(*from, last) <= 0;
    }
    if (strchr(s, '.') != NULL)
        return false;
    *from = code_of(r, s);
    *to = *from;
    if (n > 0 && s[n - 1] == '*')
        *to = arena_printf(r->a, "%s~", *from);
    return is_code(*from) && (strchr(s, '*') == NULL || strchr(s, '*') == s + n - 1);
}

static void take_areas(struct reading *r, char **codes, size_t ncodes, char **cities,
                       size_t ncities)
{
    struct tax_row *o = r->out;
    size_t n = (ncodes > 0 ? ncodes : 1) * (ncities > 0 ? ncities : 1), k = 0;
    if (n > TAX_AREAS_MAX) {
        refuse(r, TAX_POSTCODE, "names more than 2000 areas: make several rows of it");
        return;
    }
    const char **city = arena_array(r->a, const char *, n),
               **from = arena_array(r->a, const char *, n),
               **to = arena_array(r->a, const char *, n);
    for (size_t c = 0; c < (ncities > 0 ? ncities : 1); c++) {
        const char *name = ncities > 0 ? tax_place(r->a, "", "", cities[c], "").city : "";
        if (utf8_length(name) > 120 || (ncities > 0 && *name == '\0'))
            refuse(r, TAX_CITY, "is longer than 120 characters or no text");
        for (size_t p = 0; p < (ncodes > 0 ? ncodes : 1); p++, k++) {
            city[k] = name;
            from[k] = "";
            to[k] = "~";
            if (ncodes > 0 && !bounds(r, codes[p], &from[k], &to[k]))
                refuse(r, TAX_POSTCODE,
                       "must be codes as 12345, 123* or 12345...12350, separated by ;");
        }
    }
    o->city = (struct texts){ city, n };
    o->from = (struct texts){ from, n };
    o->to = (struct texts){ to, n };
}

static void zone_area(struct reading *r, struct buf *b, size_t i)
{
    const char *from = r->out->from.v[i], *to = r->out->to.v[i], *city = r->out->city.v[i];
    size_t n = strlen(to), same = strlen(from);
    if (*from == '\0' && *city == '\0')
        return;
    buf_str(b, i == 0 ? "/" : ";");
    buf_str(b, from);
    if (*from != '\0' && !str_eq(from, to)) {
        if (n == same + 1 && strncmp(from, to, same) == 0)
            buf_char(b, '*');
        else
            buf_printf(b, "...%.*s", (int)(n - 1), to);
    }
    if (*city != '\0')
        buf_printf(b, "@%s", city);
}

/* The place in one line; a long one keeps its beginning and a digest of the whole. */
static const char *zone_code(struct reading *r)
{
    const struct tax_row *o = r->out;
    struct buf b;
    buf_init(&b, r->a, 1024 * 1024);
    buf_printf(&b, "%s/%s", *o->country != '\0' ? o->country : "*",
               *o->region != '\0' ? o->region : "*");
    for (size_t i = 0; i < o->from.n; i++)
        zone_area(r, &b, i);
    if (buf_rc(&b) != RC_OK) {
        refuse(r, TAX_POSTCODE, "is too long");
        return "";
    }
    if (utf8_length(b.p) <= TAX_ZONE_CODE_MAX)
        return b.p;
    unsigned char digest[CRYPTO_HASH];
    crypto_digest(b.p, b.n, digest);
    return arena_printf(r->a, "%s/%s/#%s", *o->country != '\0' ? o->country : "*",
                        *o->region != '\0' ? o->region : "*",
                        crypto_base64url(r->a, digest, sizeof(digest)));
}

void tax_row_read(const struct tax_header *h, struct arena *a, const struct csv_row *row,
                  struct tax_row *out)
{
    struct reading r = { h, a, row, out };
    char **codes, **cities;
    *out = (struct tax_row){ .zone_code = "", .zone_name = "" };
    out->country = country_of(&r, cell(&r, TAX_COUNTRY));
    out->region = region_of(&r, out->country, cell(&r, TAX_STATE));
    size_t ncodes = split(&r, cell(&r, TAX_POSTCODE), &codes);
    size_t ncities = split(&r, cell(&r, TAX_CITY), &cities);
    take_areas(&r, codes, ncodes, cities, ncities);
    out->ppm = ppm_of(&r, cell(&r, TAX_RATE));
    out->name = cell(&r, TAX_NAME);
    if (*out->name == '\0')
        out->name = "Tax";
    if (utf8_length(out->name) > 120)
        refuse(&r, TAX_NAME, "is longer than 120 characters");
    out->priority = priority_of(&r, cell(&r, TAX_PRIORITY));
    out->compound = yes(&r, TAX_COMPOUND, false);
    out->on_shipping = yes(&r, TAX_SHIPPING, true);
    out->tax_class = class_of(&r, cell(&r, TAX_CLASS));
    if (out->bad_reason == NULL)
        out->zone_code = out->zone_name = zone_code(&r);
}
