/* emvqr.c: writing and reading payment codes in EMVCo's merchant-presented format. Lengths are two
 * digits, so a value has at most 99 characters; the CRC closes over everything before it, its own
 * id and length included. Pure: nothing is asked, nothing is drawn (platform/totp.h draws).
 * Invariant: what emvqr_make writes, emvqr_parse reads back. */
#include "shop/emvqr.h"

#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/money.h"
#include "base/str.h"

enum {
    ID_FORMAT = 0,
    ID_INITIATION = 1,
    ID_CATEGORY = 52,
    ID_CURRENCY = 53,
    ID_AMOUNT = 54,
    ID_COUNTRY = 58,
    ID_NAME = 59,
    ID_CITY = 60,
    ID_MORE = 62,
    ID_CRC = 63,
    MORE_REFERENCE = 5,
    VALUE_MOST = 99,
    NAME_MOST = 25,
    CITY_MOST = 15,
    AMOUNT_MOST = 13,
    CRC_TEXT = 4
};

uint16_t emvqr_crc(const char *p, size_t n)
{
    uint16_t crc = 0xffff;
    for (size_t i = 0; i < n; i++) {
        crc = (uint16_t)(crc ^ (uint16_t)((unsigned char)p[i] << 8));
        for (int bit = 0; bit < 8; bit++)
            crc = (uint16_t)((crc & 0x8000) != 0 ? (crc << 1) ^ 0x1021 : crc << 1);
    }
    return crc;
}

static bool two_digits(const char *p, unsigned *out)
{
    if (p[0] < '0' || p[0] > '9' || p[1] < '0' || p[1] > '9')
        return false;
    *out = (unsigned)(p[0] - '0') * 10 + (unsigned)(p[1] - '0');
    return true;
}

/* Bytes of the first count characters: lengths count those, not bytes. 0: there are not so many. */
static size_t span(const char *p, size_t n, unsigned count)
{
    size_t at = 0;
    for (unsigned i = 0; i < count; i++) {
        if (at == n || ((unsigned char)p[at] & 0xc0) == 0x80)
            return 0;
        at++;
        while (at < n && ((unsigned char)p[at] & 0xc0) == 0x80)
            at++;
    }
    return at;
}

enum rc emvqr_split(const char *p, size_t n, struct emvqr_piece out[EMVQR_PIECES], size_t *count)
{
    bool seen[100] = { false };
    size_t found = 0;
    while (n > 0) {
        unsigned id, length;
        if (n < 4 || !two_digits(p, &id) || !two_digits(p + 2, &length) || seen[id])
            return RC_INVALID;
        size_t bytes = span(p + 4, n - 4, length);
        if (bytes == 0)
            return RC_INVALID;
        if (found == EMVQR_PIECES)
            return RC_LIMIT;
        seen[id] = true;
        out[found++] = (struct emvqr_piece){ p + 4, bytes, id };
        p += 4 + bytes;
        n -= 4 + bytes;
    }
    *count = found;
    return RC_OK;
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

enum rc emvqr_parse(const char *text, struct emvqr_piece out[EMVQR_PIECES], size_t *count)
{
    size_t n = strlen(text), found = 0;
    unsigned crc = 0;
    if (n > EMVQR_MOST)
        return RC_LIMIT;
    enum rc rc = emvqr_split(text, n, out, &found);
    if (rc != RC_OK)
        return rc;
    if (found < 2 || out[0].id != ID_FORMAT || out[0].n != 2 || memcmp(out[0].value, "01", 2) != 0)
        return RC_INVALID;
    const struct emvqr_piece *last = &out[found - 1];
    if (last->id != ID_CRC || last->n != CRC_TEXT)
        return RC_INVALID;
    for (size_t i = 0; i < CRC_TEXT; i++) {
        int digit = hex_digit(last->value[i]);
        if (digit < 0)
            return RC_INVALID;
        crc = crc << 4 | (unsigned)digit;
    }
    if (crc != emvqr_crc(text, n - CRC_TEXT))
        return RC_INVALID;
    *count = found;
    return RC_OK;
}

static bool piece(struct buf *b, unsigned id, const char *value)
{
    size_t n = strlen(value);
    if (n == 0 || n > VALUE_MOST)
        return false;
    buf_printf(b, "%02u%02zu%s", id, n, value);
    return true;
}

/* Printable ASCII of a text, at most so many characters: other scripts have a template of their own
 * that no application needs. */
static const char *plain(struct arena *a, const char *s, size_t most)
{
    char *out = arena_alloc(a, most + 1);
    size_t n = 0;
    for (; *s != '\0' && n < most; s++)
        if (*s >= 0x20 && *s < 0x7f && (n > 0 || *s != ' '))
            out[n++] = *s;
    while (n > 0 && out[n - 1] == ' ')
        n--;
    out[n] = '\0';
    return out;
}

static bool only(const char *s, bool letters, size_t least, size_t most)
{
    size_t n = strlen(s);
    for (size_t i = 0; i < n; i++)
        if (!(s[i] >= '0' && s[i] <= '9') &&
            !(letters && ((s[i] >= 'A' && s[i] <= 'Z') || (s[i] >= 'a' && s[i] <= 'z') ||
                          s[i] == '.' || s[i] == '-')))
            return false;
    return n >= least && n <= most;
}

/* ISO 4217 numbers of the countries whose schemes use this format and that we have shops in. */
static const char *currency_number(const char *code)
{
    static const char *const known[][2] = { { "LKR", "144" }, { "INR", "356" }, { "USD", "840" },
                                            { "SGD", "702" }, { "THB", "764" }, { "MYR", "458" } };
    for (size_t i = 0; i < COUNT_OF(known); i++)
        if (str_eq(known[i][0], code))
            return known[i][1];
    return NULL;
}

enum rc emvqr_make(struct arena *a, const struct emvqr *what, const char **out)
{
    const struct currency *currency = currency_find(what->currency);
    const char *number = currency_number(what->currency);
    const char *name = plain(a, what->name, NAME_MOST), *city = plain(a, what->city, CITY_MOST);
    const char *reference = plain(a, what->reference, NAME_MOST);
    char amount[32], inner[VALUE_MOST + 8];
    struct buf b;
    if (currency == NULL || number == NULL || what->amount <= 0 || what->account_id < 26 ||
        what->account_id > 51 || !only(what->account, true, 1, VALUE_MOST - 4) ||
        !only(what->category, false, 4, 4) || !only(what->country, true, 2, 2))
        return RC_INVALID;
    money_plain(what->amount, currency, amount, sizeof(amount));
    if (strlen(amount) > AMOUNT_MOST)
        return RC_INVALID;
    buf_init(&b, a, EMVQR_MOST);
    buf_str(&b, "000201010212");
    (void)snprintf(inner, sizeof(inner), "00%02zu%s", strlen(what->account), what->account);
    bool ok = piece(&b, what->account_id, inner) && piece(&b, ID_CATEGORY, what->category) &&
              piece(&b, ID_CURRENCY, number) && piece(&b, ID_AMOUNT, amount) &&
              piece(&b, ID_COUNTRY, what->country) && piece(&b, ID_NAME, name) &&
              piece(&b, ID_CITY, city);
    if (ok && *reference != '\0') {
        (void)snprintf(inner, sizeof(inner), "%02d%02zu%s", MORE_REFERENCE, strlen(reference),
                       reference);
        ok = piece(&b, ID_MORE, inner);
    }
    buf_str(&b, "6304");
    if (!ok || buf_rc(&b) != RC_OK)
        return RC_INVALID;
    buf_printf(&b, "%04X", (unsigned)emvqr_crc(b.p, b.n));
    *out = b.p;
    return buf_rc(&b);
}
