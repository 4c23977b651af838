/* custom_value.c: values of custom fields: from text to JSON and back, every type with its own
 * rules, and whether a definition is sound. Pure. Invariant: what custom_read takes, custom_write
 * gives back in a form that custom_read takes for the same value. */
#include <regex.h>
#include <string.h>

#include "app/custom.h"
#include "base/buf.h"
#include "base/money.h"
#include "base/str.h"
#include "base/time.h"
#include "base/utf8.h"
#include "platform/json.h"

static const char *const type_names[CUSTOM_TYPES] = {
    "text",     "textarea", "number",   "decimal",      "currency", "date",
    "datetime", "time",     "dropdown", "multi_select", "checkbox", "url",
    "email",    "phone",    "color",    "file",         "image"
};

const char *custom_type_name(enum custom_type t)
{
    return (size_t)t < CUSTOM_TYPES ? type_names[t] : "text";
}

bool custom_type_parse(const char *word, enum custom_type *out)
{
    for (size_t i = 0; i < CUSTOM_TYPES; i++)
        if (str_eq(word, type_names[i])) {
            *out = (enum custom_type)i;
            return true;
        }
    return false;
}

struct reading {
    struct arena *a;
    const struct custom_field *f;
    const char *currency, *text;
    struct custom_value *out;
    const char *problem;
};

static enum rc bad(struct reading *r, const char *problem)
{
    r->problem = problem;
    return RC_INVALID;
}

static struct custom_copy *copy(struct reading *r, int kind)
{
    static struct custom_copy unused; /* fields that nobody narrows by have no copy */
    if (!r->f->is_filterable)
        return &unused;
    if (r->out->copy == NULL)
        r->out->copy = arena_array(r->a, struct custom_copy, CUSTOM_CHOICES_MOST);
    struct custom_copy *c = &r->out->copy[r->out->ncopies++];
    *c = (struct custom_copy){ .kind = kind };
    return c;
}

static const char *json_of_text(struct arena *a, const char *text)
{
    struct buf b;
    struct jw w;
    buf_init(&b, a, 256 * 1024);
    jw_init(&w, &b);
    jw_text(&w, text);
    return b.p;
}

static enum rc keep_text(struct reading *r, const char *text)
{
    r->out->json = json_of_text(r->a, text);
    copy(r, 0)->text = text;
    return RC_OK;
}

static enum rc keep_number(struct reading *r, const char *json, int64_t v)
{
    r->out->json = json;
    copy(r, 1)->number = v;
    return RC_OK;
}

/* ---- rules -------------------------------------------------------------------------------------
 */
/* A pattern that cannot blow up: no back references, and all its repeat counts multiplied stay
 * small, as the automaton grows with them. */
static bool pattern_is_small(const char *p)
{
    int64_t all = 1;
    if (strlen(p) > CUSTOM_PATTERN_MOST)
        return false;
    for (; *p != '\0'; p++) {
        if (*p == '\\' && p[1] != '\0') {
            p++;
            if (*p >= '1' && *p <= '9')
                return false;
        } else if (*p == '{') {
            int64_t most = 0, n = 0;
            for (p++; *p != '}' && *p != '\0'; p++) {
                n = *p >= '0' && *p <= '9' ? n * 10 + (*p - '0') : 0;
                if (n > 1000)
                    return false;
                most = n > most ? n : most;
            }
            all *= most > 1 ? most : 1;
            if (all > 1000 || *p == '\0')
                return false;
        }
    }
    return true;
}

static bool compile(struct arena *a, const char *pattern, regex_t *re)
{
    return pattern_is_small(pattern) &&
           regcomp(re, arena_printf(a, "^(%s)$", pattern), REG_EXTENDED | REG_NOSUB) == 0;
}

static bool matches(struct arena *a, const char *pattern, const char *text)
{
    regex_t re;
    if (!compile(a, pattern, &re))
        return false;
    bool yes = regexec(&re, text, 0, NULL, 0) == 0;
    regfree(&re);
    return yes;
}

static enum rc check_length(struct reading *r, size_t most)
{
    size_t n = utf8_length(r->text);
    if (r->f->max_length > 0 && (size_t)r->f->max_length < most)
        most = (size_t)r->f->max_length;
    if (n > most)
        return bad(r, arena_printf(r->a, "has %zu characters; at most %zu fit", n, most));
    return RC_OK;
}

static enum rc check_pattern(struct reading *r)
{
    if (str_empty(r->f->pattern) || matches(r->a, r->f->pattern, r->text))
        return RC_OK;
    return bad(r, !str_empty(r->f->message)
                      ? r->f->message
                      : arena_printf(r->a, "does not fit the pattern %s", r->f->pattern));
}

static enum rc check_range(struct reading *r, int64_t v)
{
    if ((r->f->has_min && v < r->f->min) || (r->f->has_max && v > r->f->max))
        return bad(r, !str_empty(r->f->message) ? r->f->message
                                                : "is outside the range that is allowed");
    return RC_OK;
}

/* ---- types -------------------------------------------------------------------------------------
 */
static enum rc read_text(struct reading *r)
{
    enum rc rc =
        check_length(r, r->f->type == CUSTOM_TEXTAREA ? CUSTOM_TEXTAREA_MOST : CUSTOM_TEXT_MOST);
    if (rc == RC_OK && r->f->type != CUSTOM_TEXTAREA && strpbrk(r->text, "\n\t") != NULL)
        rc = bad(r, "has more than one line");
    if (rc == RC_OK)
        rc = check_pattern(r);
    return rc == RC_OK ? keep_text(r, r->text) : rc;
}

static enum rc read_number(struct reading *r)
{
    int64_t v;
    if (str_decimal(r->text, 0, &v) != RC_OK)
        return bad(r, "is no whole number");
    if (v > INT64_C(9007199254740991) || v < -INT64_C(9007199254740991))
        return bad(r, "is too large");
    enum rc rc = check_range(r, v);
    return rc == RC_OK ? keep_number(r, arena_printf(r->a, "%lld", (long long)v), v) : rc;
}

static const char *micro_text(struct arena *a, int64_t micro)
{
    uint64_t u = micro < 0 ? (uint64_t)0 - (uint64_t)micro : (uint64_t)micro;
    char *s = arena_printf(a, "%s%llu.%06llu", micro < 0 ? "-" : "",
                           (unsigned long long)(u / 1000000), (unsigned long long)(u % 1000000));
    size_t n = strlen(s);
    while (s[n - 1] == '0')
        s[--n] = '\0';
    if (s[n - 1] == '.')
        s[--n] = '\0';
    return s;
}

static enum rc read_decimal(struct reading *r)
{
    int64_t micro;
    if (str_decimal(r->text, 6, &micro) != RC_OK)
        return bad(r, "is no number with at most six decimals");
    enum rc rc = check_range(r, micro);
    return rc == RC_OK ? keep_number(r, json_of_text(r->a, micro_text(r->a, micro)), micro) : rc;
}

static enum rc read_currency(struct reading *r)
{
    char **part;
    size_t n = str_split(r->a, r->text, ' ', &part);
    const struct currency *c = currency_find(n == 2 ? part[1] : r->currency);
    int64_t minor;
    if (n > 2 || c == NULL || money_parse(part[0], c, &minor) != RC_OK)
        return bad(r, "is no amount like 12.50 or 12.50 USD");
    enum rc rc = check_range(r, minor);
    return rc == RC_OK ? keep_number(r,
                                     arena_printf(r->a, "{\"minor\":%lld,\"currency\":\"%s\"}",
                                                  (long long)minor, c->code),
                                     minor)
                       : rc;
}

static enum rc read_moment(struct reading *r)
{
    bool day = r->f->type == CUSTOM_DATE;
    int64_t at;
    const char *full = day ? arena_printf(r->a, "%sT00:00:00Z", r->text) : r->text;
    if ((day && strlen(r->text) != 10) || instant_parse(full, &at) != RC_OK)
        return bad(r, day ? "is no date like 2026-11-30"
                          : "is no instant like 2026-11-30T09:00:00+05:30");
    r->out->json = json_of_text(r->a, day ? r->text : instant_rfc3339(r->a, at));
    copy(r, 2)->number = at;
    return RC_OK;
}

static enum rc read_time(struct reading *r)
{
    const char *t = r->text;
    for (int i = 0; i < 5; i++)
        if (i == 2 ? t[i] != ':' : t[i] < '0' || t[i] > '9')
            return bad(r, "is no time like 09:30");
    int64_t minutes = ((t[0] - '0') * 10 + t[1] - '0') * 60 + (t[3] - '0') * 10 + t[4] - '0';
    if (t[5] != '\0' || minutes >= 24 * 60 || t[3] > '5')
        return bad(r, "is no time like 09:30");
    return keep_number(r, json_of_text(r->a, t), minutes);
}

static const struct custom_choice *choice_of(const struct reading *r, const char *text)
{
    for (size_t i = 0; i < r->f->nchoices; i++)
        if (str_ieq(r->f->choice[i].code, text) || str_ieq(r->f->choice[i].label, text))
            return &r->f->choice[i];
    return NULL;
}

static enum rc not_a_choice(struct reading *r, const char *text)
{
    struct buf b;
    buf_init(&b, r->a, 4096);
    buf_printf(&b, "\"%s\" is none of the choices", utf8_cut(r->a, text, 40));
    for (size_t i = 0; i < r->f->nchoices && i < 8; i++)
        buf_printf(&b, "%s%s", i == 0 ? ": " : ", ", utf8_cut(r->a, r->f->choice[i].label, 40));
    return bad(r, b.p);
}

static enum rc read_choice(struct reading *r)
{
    const struct custom_choice *c = choice_of(r, r->text);
    if (c == NULL)
        return not_a_choice(r, r->text);
    r->out->json = json_of_text(r->a, c->code);
    struct custom_copy *k = copy(r, 0);
    k->text = c->code;
    k->ref = c->id;
    return RC_OK;
}

static enum rc read_choices(struct reading *r)
{
    char **part;
    size_t n = str_split(r->a, r->text, ',', &part), taken = 0;
    struct buf b;
    struct jw w;
    bool have[CUSTOM_CHOICES_MOST] = { false };
    for (size_t i = 0; i < n; i++) {
        const char *word = str_trim(r->a, part[i]);
        const struct custom_choice *c = choice_of(r, word);
        if (*word == '\0')
            continue;
        if (c == NULL)
            return not_a_choice(r, word);
        taken += !have[c - r->f->choice];
        have[c - r->f->choice] = true;
    }
    if (taken == 0)
        return RC_OK;
    buf_init(&b, r->a, 64 * 1024);
    jw_init(&w, &b);
    jw_array(&w);
    for (size_t i = 0; i < r->f->nchoices && i < CUSTOM_CHOICES_MOST; i++)
        if (have[i]) {
            struct custom_copy *k = copy(r, 0);
            jw_text(&w, r->f->choice[i].code);
            k->text = r->f->choice[i].code;
            k->ref = r->f->choice[i].id;
        }
    jw_end_array(&w);
    r->out->json = b.p;
    return RC_OK;
}

static enum rc read_switch(struct reading *r)
{
    static const char *const yes[] = { "1", "yes", "true", "on" }, *const no[] = { "0", "no",
                                                                                   "false", "off" };
    for (size_t i = 0; i < COUNT_OF(yes); i++) {
        if (str_ieq(r->text, yes[i]))
            return keep_number(r, "true", 1);
        if (str_ieq(r->text, no[i]))
            return keep_number(r, "false", 0);
    }
    return bad(r, "is neither yes nor no");
}

static enum rc read_url(struct reading *r)
{
    enum rc rc = check_length(r, 2000);
    const char *host = str_starts(r->text, "https://")  ? r->text + 8
                       : str_starts(r->text, "http://") ? r->text + 7
                                                        : "";
    if (rc == RC_OK && (*host == '\0' || *host == '/' || strpbrk(r->text, " \n\t\"<>\\^`{|}")))
        rc = bad(r, "is no address that begins with https:// or http://");
    if (rc == RC_OK)
        rc = check_pattern(r);
    return rc == RC_OK ? keep_text(r, r->text) : rc;
}

static enum rc read_email(struct reading *r)
{
    const char *at = strrchr(r->text, '@');
    bool ok = at != NULL && at > r->text && at - r->text <= 64 && strlen(at + 1) >= 3 &&
              strlen(at + 1) <= 255 && strchr(at + 1, '.') != NULL && at[1] != '.' &&
              !str_ends(at, ".") && strstr(at, "..") == NULL &&
              strpbrk(r->text, " \n\t\"<>(),;:\\[]?&") == NULL &&
              memchr(r->text, '@', (size_t)(at - r->text)) == NULL;
    return ok ? keep_text(r, str_lower(r->a, r->text)) : bad(r, "is no e-mail address");
}

/* Blanks, hyphens, points and brackets are how people write; what is kept is E.164. */
static enum rc read_phone(struct reading *r)
{
    char *e164 = arena_strdup(r->a, r->text), *w = e164;
    for (const char *p = r->text; *p != '\0'; p++)
        if (strchr(" -.()", *p) == NULL)
            *w++ = *p;
    *w = '\0';
    size_t digits = strspn(*e164 == '+' ? e164 + 1 : e164, "0123456789");
    if (*e164 != '+' || e164[1] == '0' || digits < 7 || digits > 15 || e164[1 + digits] != '\0')
        return bad(r, "is no phone number with its country, like +94 77 123 4567");
    return keep_text(r, e164);
}

static enum rc read_color(struct reading *r)
{
    const char *c = str_lower(r->a, r->text);
    if (strlen(c) != 7 || *c != '#' || strspn(c + 1, "0123456789abcdef") != 6)
        return bad(r, "is no colour like #1a2b3c");
    return keep_text(r, c);
}

static enum rc read_media(struct reading *r)
{
    struct uuid id;
    if (uuid_parse(r->text, &id) != RC_OK)
        return bad(r, "is not the id of a file of the shop");
    return keep_text(r, uuid_str(r->a, id));
}

enum rc custom_read(struct arena *a, const struct custom_field *f, const char *currency,
                    const char *text, struct custom_value *out, const char **problem)
{
    static enum rc (*const readers[CUSTOM_TYPES])(struct reading *) = {
        read_text,   read_text,  read_number, read_decimal, read_currency, read_moment,
        read_moment, read_time,  read_choice, read_choices, read_switch,   read_url,
        read_email,  read_phone, read_color,  read_media,   read_media
    };
    struct custom_value v = { 0 };
    struct reading r = {
        .a = a, .f = f, .currency = currency, .text = str_trim(a, text), .out = &v
    };
    enum rc rc = *r.text == '\0' ? RC_OK : readers[f->type](&r);
    if (rc == RC_OK && v.json == NULL && f->is_required)
        rc = bad(&r, "is required");
    if (rc != RC_OK)
        *problem = r.problem;
    else
        *out = v;
    return rc;
}

/* ---- back to text ------------------------------------------------------------------------------
 */
static const char *choices_text(struct arena *a, const struct json *value)
{
    struct buf b;
    buf_init(&b, a, 64 * 1024);
    for (size_t i = 0; i < json_size(value); i++)
        buf_printf(&b, "%s%s", i > 0 ? ", " : "", json_text(json_at(value, i), ""));
    return b.p;
}

const char *custom_write(struct arena *a, const struct custom_field *f, const struct json *value)
{
    char money[40];
    if (value == NULL || json_is_null(value))
        return "";
    if (f->type == CUSTOM_NUMBER)
        return arena_printf(a, "%lld", (long long)json_int(value, 0));
    if (f->type == CUSTOM_CHECKBOX)
        return json_bool(value, false) ? "yes" : "no";
    if (f->type == CUSTOM_MULTI_SELECT)
        return choices_text(a, value);
    if (f->type == CUSTOM_CURRENCY) {
        const char *code = json_text(json_get(value, "currency"), "");
        const struct currency *c = currency_find(code);
        if (c == NULL)
            return "";
        money_plain(json_int(json_get(value, "minor"), 0), c, money, sizeof(money));
        return arena_printf(a, "%s %s", money, code);
    }
    return json_text(value, "");
}

/* ---- definitions -------------------------------------------------------------------------------
 */
static bool is_name(const char *s)
{
    return s != NULL && *s >= 'a' && *s <= 'z' && strlen(s) <= 60 &&
           strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789_") == strlen(s);
}

/* A code that fits everywhere: small letters, digits and underscores of the label, or its place. */
static const char *code_of(struct arena *a, const char *label, size_t place)
{
    char *s = arena_strdup(a, utf8_slug(a, label)), *w = s;
    for (const char *p = s; *p != '\0'; p++)
        if ((*p >= 'a' && *p <= 'z') || (*p >= '0' && *p <= '9'))
            *w++ = *p;
        else if (w > s && w[-1] != '_')
            *w++ = '_';
    while (w > s && w[-1] == '_')
        w--;
    *w = '\0';
    if (strlen(s) > 40)
        s[40] = '\0';
    return *s != '\0' ? s : arena_printf(a, "choice_%zu", place + 1);
}

static const char *choices_problem(struct arena *a, struct custom_field *f)
{
    bool wants = f->type == CUSTOM_DROPDOWN || f->type == CUSTOM_MULTI_SELECT;
    if (wants != (f->nchoices > 0))
        return wants ? "needs choices" : "is of a type that has no choices";
    if (f->nchoices > CUSTOM_CHOICES_MOST)
        return "has more than 200 choices";
    for (size_t i = 0; i < f->nchoices; i++) {
        struct custom_choice *c = &f->choice[i];
        if (str_empty(c->label) || utf8_length(c->label) > 100 || strchr(c->label, ',') != NULL)
            return "has a choice that is empty, longer than 100 characters or has a comma";
        if (str_empty(c->code))
            c->code = code_of(a, c->label, i);
        for (size_t k = 0; k < i; k++)
            if (str_eq(f->choice[k].code, c->code) || str_ieq(f->choice[k].label, c->label))
                return "has the same choice twice";
    }
    return NULL;
}

enum rc custom_check(struct arena *a, struct custom_field *f, const char *currency,
                     const char **problem)
{
    const char *bad_choice = choices_problem(a, f), *why = NULL;
    struct custom_value v;
    regex_t re;
    bool textual = f->type <= CUSTOM_TEXTAREA || f->type == CUSTOM_URL;
    bool ranged = f->type >= CUSTOM_NUMBER && f->type <= CUSTOM_CURRENCY;
    if (!is_name(f->name))
        why = "has a name that is not small letters, digits and underscores";
    else if (str_empty(f->label) || utf8_length(f->label) > 120)
        why = "has a label that is empty or longer than 120 characters";
    else if (bad_choice != NULL)
        why = bad_choice;
    else if (f->is_filterable &&
             (f->type == CUSTOM_TEXTAREA || f->type == CUSTOM_FILE || f->type == CUSTOM_IMAGE))
        why = "is of a type that lists cannot be narrowed by";
    else if ((f->has_min || f->has_max) && !ranged)
        why = "is of a type that has no range";
    else if (f->has_min && f->has_max && f->min > f->max)
        why = "has a range whose end is before its start";
    else if (!str_empty(f->pattern) && !textual)
        why = "is of a type that has no pattern";
    else if (!str_empty(f->pattern) && !compile(a, f->pattern, &re))
        why = "has a pattern that is none, or is too large";
    else if (!str_empty(f->pattern))
        regfree(&re);
    if (why == NULL && !str_empty(f->preset) &&
        custom_read(a, f, currency, f->preset, &v, &why) != RC_OK)
        why = arena_printf(a, "has a default that %s", why);
    if (why == NULL)
        return RC_OK;
    *problem = why;
    return RC_INVALID;
}
