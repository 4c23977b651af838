/* time.c: instants as microseconds and their RFC 3339 and HTTP text, always UTC. Calendar
 * arithmetic is the proleptic Gregorian calendar in days; zones, local days and formats for people
 * are platform/fmt's. Invariant: instant_parse(instant_rfc3339(t)) == t for years 0000 to 9999. */
#include "base/time.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define SECOND INT64_C(1000000)
#define DAY    (86400 * SECOND)

static struct {
    int64_t offset; /* microseconds added to the wall clock */
} state;

struct date {
    int64_t year;
    int month, day;
};

struct civil {
    struct date date;
    int hour, minute, second, us, weekday; /* weekday: 0 = Sunday */
};

/* Days since 1970-01-01 of a date; years start in March here, so that the leap day comes last. */
static int64_t days_of(int64_t year, int month, int day)
{
    year -= month <= 2;
    int64_t era = (year >= 0 ? year : year - 399) / 400;
    int64_t of_era = year - era * 400;
    int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

static struct date date_of(int64_t days)
{
    int64_t z = days + 719468;
    int64_t era = (z >= 0 ? z : z - 146096) / 146097;
    int64_t of_era = z - era * 146097;
    int64_t yoe = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int64_t of_year = of_era - (365 * yoe + yoe / 4 - yoe / 100);
    int64_t month = (5 * of_year + 2) / 153;
    struct date d = { .day = (int)(of_year - (153 * month + 2) / 5 + 1),
                      .month = (int)(month < 10 ? month + 3 : month - 9) };
    d.year = yoe + era * 400 + (d.month <= 2);
    return d;
}

static struct civil civil_of(int64_t t)
{
    int64_t days = t / DAY, in_day = t % DAY;
    if (in_day < 0) {
        in_day += DAY;
        days--;
    }
    int64_t s = in_day / SECOND;
    return (struct civil){ .date = date_of(days),
                           .hour = (int)(s / 3600),
                           .minute = (int)(s / 60 % 60),
                           .second = (int)(s % 60),
                           .us = (int)(in_day % SECOND),
                           .weekday = (int)(((days + 4) % 7 + 7) % 7) };
}

static int put_date(struct date d, char out[INSTANT_TEXT])
{
    const char *sign = d.year < 0 ? "-" : d.year > 9999 ? "+" : "";
    return snprintf(out, INSTANT_TEXT, "%s%04lld-%02d-%02d", sign,
                    (long long)(d.year < 0 ? -d.year : d.year), d.month, d.day);
}

void date_format(int32_t days, char out[INSTANT_TEXT])
{
    if (days == INT32_MAX || days == INT32_MIN)
        snprintf(out, INSTANT_TEXT, days == INT32_MAX ? "infinity" : "-infinity");
    else
        put_date(date_of(days), out);
}

void instant_rfc3339_to(int64_t t, char out[INSTANT_TEXT])
{
    if (t == INSTANT_MAX || t == INSTANT_MIN) {
        snprintf(out, INSTANT_TEXT, t == INSTANT_MAX ? "infinity" : "-infinity");
        return;
    }
    struct civil c = civil_of(t);
    int n = put_date(c.date, out);
    n += snprintf(out + n, (size_t)(INSTANT_TEXT - n), "T%02d:%02d:%02d", c.hour, c.minute,
                  c.second);
    if (c.us) {
        n += snprintf(out + n, (size_t)(INSTANT_TEXT - n), ".%06d", c.us);
        while (out[n - 1] == '0')
            n--;
    }
    memcpy(out + n, "Z", 2);
}

char *instant_rfc3339(struct arena *a, int64_t t)
{
    char text[INSTANT_TEXT];
    instant_rfc3339_to(t, text);
    return arena_strdup(a, text);
}

/* Exactly n digits at *s. */
static bool digits(const char **s, int n, int *out)
{
    int v = 0;
    for (int i = 0; i < n; i++, (*s)++) {
        if (**s < '0' || **s > '9')
            return false;
        v = v * 10 + (**s - '0');
    }
    *out = v;
    return true;
}

static bool literal(const char **s, char upper, char lower)
{
    if (**s != upper && **s != lower)
        return false;
    (*s)++;
    return true;
}

static bool parse_date(const char **s, int64_t *days)
{
    static const int length[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    int year, month, day;
    if (!digits(s, 4, &year) || !literal(s, '-', '-') || !digits(s, 2, &month) ||
        !literal(s, '-', '-') || !digits(s, 2, &day))
        return false;
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    if (month < 1 || month > 12 || day < 1 || day > length[month - 1] + (month == 2 && leap))
        return false;
    *days = days_of(year, month, day);
    return true;
}

/* Digits past the sixth are cut. */
static bool parse_fraction(const char **s, int *us)
{
    *us = 0;
    if (**s != '.')
        return true;
    (*s)++;
    int n = 0;
    for (; **s >= '0' && **s <= '9'; (*s)++, n++) {
        if (n < 6)
            *us = *us * 10 + (**s - '0');
    }
    for (int i = n; i < 6; i++)
        *us *= 10;
    return n > 0;
}

static bool parse_offset(const char **s, int *minutes)
{
    *minutes = 0;
    if (literal(s, 'Z', 'z'))
        return true;
    int sign = **s == '-' ? -1 : 1, hour, minute;
    if (!literal(s, '+', '-') || !digits(s, 2, &hour) || !literal(s, ':', ':') ||
        !digits(s, 2, &minute) || hour > 23 || minute > 59)
        return false;
    *minutes = sign * (hour * 60 + minute);
    return true;
}

enum rc instant_parse(const char *s, int64_t *out)
{
    int64_t days;
    int hour, minute, second, us, offset;
    if (!parse_date(&s, &days) || !literal(&s, 'T', 't') || !digits(&s, 2, &hour) ||
        !literal(&s, ':', ':') || !digits(&s, 2, &minute) || !literal(&s, ':', ':') ||
        !digits(&s, 2, &second) || !parse_fraction(&s, &us) || !parse_offset(&s, &offset) || *s ||
        hour > 23 || minute > 59 || second > 60)
        return RC_INVALID;
    int64_t minutes = days * 1440 + hour * 60 + minute - offset;
    /* A leap second is the last of a UTC day; it becomes the first of the next, as in POSIX. */
    if (second == 60 && ((minutes % 1440) + 1440) % 1440 != 1439)
        return RC_INVALID;
    *out = (minutes * 60 + second) * SECOND + us;
    return RC_OK;
}

char *instant_http(struct arena *a, int64_t t)
{
    static const char days[] = "SunMonTueWedThuFriSat";
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    struct civil c = civil_of(t);
    return arena_printf(a, "%.3s, %02d %.3s %04lld %02d:%02d:%02d GMT", days + 3 * c.weekday,
                        c.date.day, months + 3 * (c.date.month - 1), (long long)c.date.year, c.hour,
                        c.minute, c.second);
}

static int64_t clock_us(clockid_t id)
{
    struct timespec ts;
    clock_gettime(id, &ts); /* cannot fail for these clocks */
    return (int64_t)ts.tv_sec * SECOND + ts.tv_nsec / 1000;
}

int64_t instant_now(void)
{
    return clock_us(CLOCK_REALTIME) + state.offset;
}

int64_t monotonic_us(void)
{
    return clock_us(CLOCK_MONOTONIC);
}

void instant_set_offset(int64_t seconds)
{
    state.offset = SECONDS(seconds);
}
