/* log.c: tests of base/log.h. What could break: a value that starts a new line or pair, cutting,
 * the formats, redaction that lets through or takes too much. */
#include "base/log.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "suites.h"

static int fds[2];
static char got[65536];

static void begin(void)
{
    ck_assert_int_eq(pipe(fds), 0);
    log_set_fd(fds[1]);
}

/* What was logged since begin, without the time in front. */
static const char *logged(void)
{
    close(fds[1]);
    size_t n = 0;
    for (ssize_t k; (k = read(fds[0], got + n, sizeof(got) - 1 - n)) > 0;)
        n += (size_t)k;
    got[n] = '\0';
    close(fds[0]);
    log_set_fd(STDERR_FILENO);
    if (n == 0)
        return "";
    ck_assert_mem_eq(got, "ts=20", 5);
    return strchr(got, ' ') + 1;
}

START_TEST(one_line)
{
    begin();
    log_info("cache down", "server=%s n=%d", "unix:/run/m.sock", 3);
    ck_assert_str_eq(logged(), "lvl=info msg=\"cache down\" server=unix:/run/m.sock n=3\n");
}
END_TEST

START_TEST(formats)
{
    begin();
    log_warn("f",
             "d=%d u=%u ld=%ld lld=%lld zu=%zu i64=%" PRId64 " x=%04x c=%c pct=%d%% s=%.3s v=%.*s",
             -1, 4000000000u, -5L, 6LL, (size_t)7, INT64_MIN, 0xbeef, 'q', 50, "abcdef", 2, "xyz");
    ck_assert_str_eq(logged(), "lvl=warn msg=f d=-1 u=4000000000 ld=-5 lld=6 zu=7 "
                               "i64=-9223372036854775808 x=beef c=q pct=50% s=abc v=xy\n");
}
END_TEST

START_TEST(whole_values_are_quoted)
{
    const char *volatile null = NULL; /* volatile: the compiler need not know */
    begin();
    log_info("q", "a=%s b=%s c=%s d=%s e=%s:%d f=%s g=%5d", "", "x=y", "say \"hi\"", null, "a b", 7,
             "back\\slash", 3);
    ck_assert_str_eq(logged(), "lvl=info msg=q a=\"\" b=\"x=y\" c=\"say \\\"hi\\\"\" d=- "
                               "e=\"a b:7\" f=\"back\\\\slash\" g=\"    3\"\n");
}
END_TEST

START_TEST(literals_may_hold_blanks)
{
    begin();
    log_info("q", "why=\"must hold %d bytes\" n=%d", 32, 7);
    ck_assert_str_eq(logged(), "lvl=info msg=q why=\"must hold 32 bytes\" n=7\n");
}
END_TEST

START_TEST(nothing_can_forge_a_line)
{
    begin();
    log_error("m", "v=%s", "x\nts=2026 lvl=error msg=\"forged\"\r\x1b[31m\x7f\xc2\x9b\xff");
    const char *line = logged();
    ck_assert_str_eq(line, "lvl=error msg=m v=\"x\\nts=2026 lvl=error "
                           "msg=\\\"forged\\\"\\r\\x1b[31m\\x7f\\xc2\\x9b\\xff\"\n");
}
END_TEST

START_TEST(no_control_character_survives)
{
    for (int c = 1; c < 256; c++) {
        const char value[] = { 'a', (char)c, 'b', '\0' };
        begin();
        log_info("m", "v=%s w=1", value);
        const char *line = logged();
        ck_assert_uint_eq(strlen(line) - 1, strcspn(line, "\n"));
        for (const char *p = line; p[1]; p++)
            HOLDS((unsigned char)*p >= ' ', "%d", c);
        ck_assert_ptr_nonnull(strstr(line, " w=1\n"));
    }
}
END_TEST

START_TEST(text_of_people_stays_readable)
{
    begin();
    log_info("m", "v=%s", "ශ්‍රී ලංකා");
    ck_assert_str_eq(logged(), "lvl=info msg=m v=\"ශ්‍රී ලංකා\"\n");
}
END_TEST

START_TEST(long_values_are_cut)
{
    static char text[5000];
    for (size_t i = 0; i + 3 < sizeof(text); i += 3)
        memcpy(text + i, "\xe0\xb6\x9a", 3);
    begin();
    log_info("m", "v=%s w=1", text);
    const char *line = logged();
    ck_assert_uint_lt(strlen(line), 2200);
    ck_assert_ptr_nonnull(strstr(line, "\xe0\xb6\x9a...\" w=1\n")); /* whole characters */
    ck_assert_ptr_null(strstr(line, "\\x"));
}
END_TEST

START_TEST(long_lines_are_cut_at_the_end)
{
    static char text[2000];
    memset(text, '\x01', sizeof(text) - 1); /* four bytes each when escaped */
    begin();
    log_info("m", "a=%s b=%s c=%s d=%s", text, text, text, text);
    const char *line = logged();
    ck_assert_uint_le(strlen(line), 16384);
    ck_assert_int_eq(line[strlen(line) - 1], '\n');
}
END_TEST

START_TEST(context_request_and_level)
{
    log_set_context("prog", "worker");
    log_set_context("pool", "shop");
    log_set_context("pool", "admin"); /* replaces */
    log_set_request("r-1");
    log_set_level(LOG_WARN_);
    begin();
    log_info("hidden", "n=%d", 1);
    log_warn("shown", "n=%d", 2);
    log_set_request(NULL);
    log_warn("again", " ");
    ck_assert_mem_eq(logged(), "lvl=warn", 8);
    ck_assert_ptr_nonnull(strstr(got, "lvl=warn prog=worker pool=admin rid=r-1 msg=shown n=2\n"));
    ck_assert_ptr_nonnull(strstr(got, "lvl=warn prog=worker pool=admin msg=again\n"));
    ck_assert_ptr_null(strstr(got, "hidden"));
}
END_TEST

START_TEST(a_broken_log_changes_nothing)
{
    log_set_fd(-1);
    errno = ENOENT;
    log_error("m", "v=%s", "x");
    ck_assert_int_eq(errno, ENOENT);
    log_set_fd(STDERR_FILENO);
}
END_TEST

START_TEST(redaction)
{
    static const char *const at[][2] = {
        { "mail to nimal@example.lk failed", "mail to n***@example.lk failed" },
        { "<a.b+c@x.test>", "<a***@x.test>" },
        { "නිමල්@example.lk", "න***@example.lk" },
        { "password=hunter2&x=1", "password=***&x=1" },
        { "{\"password\": \"a b\\\"c\", \"n\": 1}", "{\"password\": ***, \"n\": 1}" },
        { "Authorization: Bearer abc.def", "Authorization: ***" },
        { "Bearer abc", "Bearer ***" },
        { "token=", "token=***" },
        { "/wishlist/s/Zm9vYmFyYmF6cXV4MTIzNDU2Nzg5MGFiY2RlZmdo", "/wishlist/s/***" },
        { "d41d8cd98f00b204e9800998ecf8427e", "***" },
        { "call +94 77 123 4567 now", "call *** now" },
        { "0771234567", "***" },
        { "card 4111 1111 1111 1111.", "card ***." },
        /* what must stay */
        { "", "" },
        { "order ORD-2026-000123 of 12 items", "order ORD-2026-000123 of 12 items" },
        { "018f2d5e-1111-7222-8333-123456789012", "018f2d5e-1111-7222-8333-123456789012" },
        { "at 2026-11-20 09:30:00", "at 2026-11-20 09:30:00" },
        { "solar-panel-450w-mono-half-cut-cells", "solar-panel-450w-mono-half-cut-cells" },
        { "12 x 4500.00 LKR", "12 x 4500.00 LKR" },
        { "a @ b", "a @ b" },
        { "ශ්‍රී ලංකා", "ශ්‍රී ලංකා" },
    };
    struct arena *a = arena_new_sized(0);
    for (size_t i = 0; i < COUNT_OF(at); i++)
        ck_assert_str_eq(log_redact(a, at[i][0]), at[i][1]);
    arena_free(a);
}
END_TEST

START_TEST(failed_check)
{
    check_that(1 + 1 == 3);
}
END_TEST

Suite *suite_log(void)
{
    Suite *s =
        SUITE_OF("log", one_line, formats, whole_values_are_quoted, literals_may_hold_blanks,
                 nothing_can_forge_a_line, no_control_character_survives,
                 text_of_people_stays_readable, long_values_are_cut, long_lines_are_cut_at_the_end,
                 context_request_and_level, a_broken_log_changes_nothing, redaction);
    if (!is_forking())
        return s;
    TCase *ends = tcase_create("log ends");
    tcase_add_test_raise_signal(ends, failed_check, 6);
    suite_add_tcase(s, ends);
    return s;
}
