/* money.c: integer money. Sums are checked, products go through 128 bits, shares are split by
 * largest remainder so that they sum to the total. Not for display (platform/fmt) and not for
 * rates between currencies. Invariant: no function here wraps or rounds without being told how. */
#include "base/money.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/log.h"
#include "base/str.h"

__extension__ typedef __int128 wide;

#define C2(code)                                                                                   \
    {                                                                                              \
        code, 2, 2                                                                                 \
    }
#define C0(code)                                                                                   \
    {                                                                                              \
        code, 0, 0                                                                                 \
    }
#define C3(code)                                                                                   \
    {                                                                                              \
        code, 3, 3                                                                                 \
    }
#define C4(code)                                                                                   \
    {                                                                                              \
        code, 4, 4                                                                                 \
    }

/* Active ISO 4217 codes that have a minor unit, sorted (metals, testing and "no currency" codes
 * have none and nothing can be sold in them). Iraqi fils are booked and never shown or charged. */
static const struct currency currencies[] = {
    C2("AED"), C2("AFN"), C2("ALL"), C2("AMD"), C2("AOA"), C2("ARS"), C2("AUD"), C2("AWG"),
    C2("AZN"), C2("BAM"), C2("BBD"), C2("BDT"), C3("BHD"), C0("BIF"), C2("BMD"), C2("BND"),
    C2("BOB"), C2("BOV"), C2("BRL"), C2("BSD"), C2("BTN"), C2("BWP"), C2("BYN"), C2("BZD"),
    C2("CAD"), C2("CDF"), C2("CHE"), C2("CHF"), C2("CHW"), C4("CLF"), C0("CLP"), C2("CNY"),
    C2("COP"), C2("COU"), C2("CRC"), C2("CUP"), C2("CVE"), C2("CZK"), C0("DJF"), C2("DKK"),
    C2("DOP"), C2("DZD"), C2("EGP"), C2("ERN"), C2("ETB"), C2("EUR"), C2("FJD"), C2("FKP"),
    C2("GBP"), C2("GEL"), C2("GHS"), C2("GIP"), C2("GMD"), C0("GNF"), C2("GTQ"), C2("GYD"),
    C2("HKD"), C2("HNL"), C2("HTG"), C2("HUF"), C2("IDR"), C2("ILS"), C2("INR"), { "IQD", 3, 0 },
    C2("IRR"), C0("ISK"), C2("JMD"), C3("JOD"), C0("JPY"), C2("KES"), C2("KGS"), C2("KHR"),
    C0("KMF"), C2("KPW"), C0("KRW"), C3("KWD"), C2("KYD"), C2("KZT"), C2("LAK"), C2("LBP"),
    C2("LKR"), C2("LRD"), C2("LSL"), C3("LYD"), C2("MAD"), C2("MDL"), C2("MGA"), C2("MKD"),
    C2("MMK"), C2("MNT"), C2("MOP"), C2("MRU"), C2("MUR"), C2("MVR"), C2("MWK"), C2("MXN"),
    C2("MXV"), C2("MYR"), C2("MZN"), C2("NAD"), C2("NGN"), C2("NIO"), C2("NOK"), C2("NPR"),
    C2("NZD"), C3("OMR"), C2("PAB"), C2("PEN"), C2("PGK"), C2("PHP"), C2("PKR"), C2("PLN"),
    C0("PYG"), C2("QAR"), C2("RON"), C2("RSD"), C2("RUB"), C0("RWF"), C2("SAR"), C2("SBD"),
    C2("SCR"), C2("SDG"), C2("SEK"), C2("SGD"), C2("SHP"), C2("SLE"), C2("SOS"), C2("SRD"),
    C2("SSP"), C2("STN"), C2("SVC"), C2("SYP"), C2("SZL"), C2("THB"), C2("TJS"), C2("TMT"),
    C3("TND"), C2("TOP"), C2("TRY"), C2("TTD"), C2("TWD"), C2("TZS"), C2("UAH"), C0("UGX"),
    C2("USD"), C2("USN"), C0("UYI"), C2("UYU"), C4("UYW"), C2("UZS"), C2("VED"), C2("VES"),
    C0("VND"), C0("VUV"), C2("WST"), C2("XAD"), C0("XAF"), C2("XCD"), C2("XCG"), C0("XOF"),
    C0("XPF"), C2("YER"), C2("ZAR"), C2("ZMW"), C2("ZWG"),
};

static int by_code(const void *code, const void *currency)
{
    return strcmp(code, ((const struct currency *)currency)->code);
}

const struct currency *currency_find(const char *code)
{
    if (!code)
        return NULL;
    return bsearch(code, currencies, COUNT_OF(currencies), sizeof(currencies[0]), by_code);
}

static int64_t power10(unsigned n)
{
    int64_t v = 1;
    while (n-- > 0)
        v *= 10;
    return v;
}

int64_t currency_step(const struct currency *c)
{
    return power10(c->exponent - c->shown_exponent);
}

static enum rc narrow(wide v, int64_t *out)
{
    if (v < INT64_MIN || v > INT64_MAX)
        return RC_LIMIT;
    *out = (int64_t)v;
    return RC_OK;
}

enum rc money_add(int64_t a, int64_t b, int64_t *out)
{
    return narrow((wide)a + b, out);
}

enum rc money_sub(int64_t a, int64_t b, int64_t *out)
{
    return narrow((wide)a - b, out);
}

enum rc money_mul(int64_t amount, int64_t quantity, int64_t *out)
{
    return narrow((wide)amount * quantity, out);
}

/* n / den by mode; den > 0. */
static wide divide(wide n, int64_t den, enum rounding mode)
{
    wide q = n / den, rest = n % den;
    int away = n < 0 ? -1 : 1;
    wide twice = (rest < 0 ? -rest : rest) * 2;
    switch (mode) {
    case ROUND_HALF_UP:
        return twice >= den ? q + away : q;
    case ROUND_HALF_EVEN:
        return twice > den || (twice == den && q % 2 != 0) ? q + away : q;
    case ROUND_UP:
        return rest != 0 ? q + away : q;
    case ROUND_DOWN:
        break;
    }
    return q;
}

enum rc money_ratio(int64_t amount, int64_t num, int64_t den, enum rounding mode, int64_t *out)
{
    if (den <= 0)
        return RC_INVALID;
    return narrow(divide((wide)amount * num, den, mode), out);
}

enum rc money_round(int64_t amount, int64_t step, enum rounding mode, int64_t *out)
{
    if (step <= 0)
        return RC_INVALID;
    return narrow(divide(amount, step, mode) * step, out);
}

struct share {
    wide rest;
    size_t at;
    int64_t part;
};

static int by_rest(const void *x, const void *y)
{
    const struct share *a = x, *b = y;
    if (a->rest != b->rest)
        return a->rest > b->rest ? -1 : 1;
    return a->at < b->at ? -1 : 1;
}

enum rc money_split(int64_t total, const int64_t *weights, size_t n, int64_t *out)
{
    wide sum = 0;
    for (size_t i = 0; i < n; i++) {
        if (weights[i] < 0)
            return RC_INVALID;
        sum += weights[i];
    }
    if (sum == 0)
        return RC_INVALID;
    struct share *share = calloc(n, sizeof(*share));
    if (!share)
        memory_exhausted("money_split", n * sizeof(*share));
    int sign = total < 0 ? -1 : 1;
    wide whole = (wide)total * sign, left = whole;
    for (size_t i = 0; i < n; i++) {
        wide exact = whole * weights[i]; /* below 2^63 * 2^63 */
        wide part = exact / sum;         /* at most |total|; its sign is put back at once */
        share[i] = (struct share){ exact % sum, i, (int64_t)(part * sign) };
        left -= part;
    }
    /* The remainders sum to left * sum and each is below sum, so more than left of them are not 0:
     * no weight of 0 gets a unit. */
    if (left > 0)
        qsort(share, n, sizeof(*share), by_rest);
    for (size_t i = 0; i < n; i++)
        out[share[i].at] = share[i].part + ((wide)i < left ? sign : 0);
    free(share);
    return RC_OK;
}

enum rc money_parse(const char *s, const struct currency *c, int64_t *out)
{
    return str_decimal(s, c->exponent, out);
}

void money_plain(int64_t amount, const struct currency *c, char *out, size_t size)
{
    check_that(size >= 32);
    uint64_t u = amount < 0 ? 0 - (uint64_t)amount : (uint64_t)amount;
    uint64_t unit = (uint64_t)power10(c->exponent);
    const char *minus = amount < 0 ? "-" : "";
    unsigned long long major = u / unit, minor = u % unit;
    if (c->exponent == 0)
        snprintf(out, size, "%s%llu", minus, major);
    else
        snprintf(out, size, "%s%llu.%0*llu", minus, major, (int)c->exponent, minor);
}
