/* The scoreboard: rows, counters that outlive processes, consistent reads while a writer writes,
 * and the text Prometheus reads. */
#include <check.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "app/score.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/time.h"

static struct arena *a;
static struct scoreboard *b;
static int fd;

static void setup(void)
{
    a = arena_new_sized(0);
    ck_assert_int_eq(scoreboard_open(-1, &fd, &b), RC_OK);
}

static void teardown(void)
{
    arena_free(a);
    close(fd);
}

static const char *metrics(void)
{
    struct buf out;
    buf_init(&out, a, 1024 * 1024);
    scoreboard_metrics(b, &out);
    ck_assert_int_eq(buf_rc(&out), RC_OK);
    return out.p;
}

static void has(const char *line)
{
    const char *text = metrics(), *at = strstr(text, line);
    ck_assert_msg(at != NULL && (at == text || at[-1] == '\n') && at[strlen(line)] == '\n',
                  "no line '%s' in\n%s", line, text);
}

START_TEST(a_row_tells_what_its_process_does)
{
    struct score_row row[SCORE_WORKERS];
    struct score *s = score_take(b, "shop", 4711);
    ck_assert_ptr_nonnull(s);
    ck_assert_ptr_eq(score_board(s), b);
    ck_assert_uint_eq(scoreboard_rows(b, row, SCORE_WORKERS), 1);
    ck_assert_int_eq(row[0].state, SCORE_STARTING);
    score_state(s, SCORE_IDLE);
    int64_t before = monotonic_us();
    score_state(s, SCORE_BUSY);
    score_begin(s, "cart", "/cart/items", "0123456789abcdef0123456789abcdef");
    score_deadline(s, 7);
    scoreboard_rows(b, row, SCORE_WORKERS);
    ck_assert_int_eq(row[0].pid, 4711);
    ck_assert_str_eq(row[0].pool, "shop");
    ck_assert_int_eq(row[0].state, SCORE_BUSY);
    ck_assert_str_eq(row[0].route, "/cart/items");
    ck_assert_str_eq(row[0].request_id, "0123456789abcdef0123456789abcdef");
    ck_assert_int_ge(row[0].busy_since, before);
    ck_assert_int_eq(row[0].deadline_s, 7);
    score_end(s, 200, 900, 2, 1, 300, 1, 0);
    score_state(s, SCORE_IDLE);
    scoreboard_rows(b, row, SCORE_WORKERS);
    ck_assert_int_eq(row[0].busy_since, 0);
    ck_assert_int_eq(row[0].deadline_s, 0);
    ck_assert_uint_eq(row[0].requests, 1);
    ck_assert_str_eq(row[0].route, "");
}
END_TEST

START_TEST(counters_outlive_rows)
{
    for (int pid = 1; pid <= 3; pid++) {
        struct score *s = score_take(b, "shop", pid);
        score_begin(s, "storefront", "/p/{slug:slug}", "x");
        score_end(s, 200, 700 * pid, 3, 1, 1000, 2, 1);
        score_begin(s, "storefront", "/p/{slug:slug}", "y");
        score_end(s, 404, 3000000, 1, 1, 500000, 0, 1);
        if (pid == 2)
            scoreboard_drop(b, pid); /* died */
        else
            score_release(s);
    }
    struct score_row row[4];
    ck_assert_uint_eq(scoreboard_rows(b, row, 4), 0);
    has("kade_requests_total{module=\"storefront\",route=\"/p/{slug:slug}\",class=\"2xx\"} 3");
    has("kade_requests_total{module=\"storefront\",route=\"/p/{slug:slug}\",class=\"4xx\"} 3");
    /* 700, 1400, 2100 us and three of 3 s */
    has("kade_request_seconds_bucket{module=\"storefront\",route=\"/p/{slug:slug}\",le=\"0.001\"} "
        "1");
    has("kade_request_seconds_bucket{module=\"storefront\",route=\"/p/{slug:slug}\",le=\"0.0025\"} "
        "3");
    has("kade_request_seconds_bucket{module=\"storefront\",route=\"/p/{slug:slug}\",le=\"2.5\"} 3");
    has("kade_request_seconds_bucket{module=\"storefront\",route=\"/p/{slug:slug}\",le=\"+Inf\"} "
        "6");
    has("kade_request_seconds_sum{module=\"storefront\",route=\"/p/{slug:slug}\"} 9.004200");
    has("kade_request_seconds_count{module=\"storefront\",route=\"/p/{slug:slug}\"} 6");
    has("kade_statements_total 12");
    has("kade_db_seconds_total 1.503000");
    has("kade_cache_reads_total{outcome=\"hit\"} 6");
    has("kade_cache_reads_total{outcome=\"miss\"} 6");
}
END_TEST

START_TEST(bounds_of_a_bucket_belong_to_it)
{
    struct score *s = score_take(b, "shop", 1);
    score_begin(s, "m", "/", "x");
    score_end(s, 200, 1000, 0, 0, 0, 0, 0);
    score_begin(s, "m", "/", "x");
    score_end(s, 200, 1001, 0, 0, 0, 0, 0);
    has("kade_request_seconds_bucket{module=\"m\",route=\"/\",le=\"0.001\"} 1");
    has("kade_request_seconds_bucket{module=\"m\",route=\"/\",le=\"0.0025\"} 2");
}
END_TEST

/* Every family has HELP and TYPE just before its samples, and nothing appears twice. */
START_TEST(the_text_is_well_formed)
{
    struct score *s = score_take(b, "a\"b", 1);
    score_state(s, SCORE_IDLE);
    score_begin(s, "m", "/a\"b\\c", "x");
    score_end(s, 500, 1, 0, 0, 0, 0, 0);
    scoreboard_gauge(b, SCORE_JOBS_READY, 5);
    scoreboard_count(b, SCORE_RELOADS, 2);
    has("kade_requests_total{module=\"m\",route=\"/a\\\"b\\\\c\",class=\"5xx\"} 1");
    has("kade_workers{pool=\"a\\\"b\",state=\"busy\"} 1");
    has("kade_jobs_ready 5");
    has("kade_reloads_total 2");
    char family[64] = "";
    char *text = arena_strdup(a, metrics());
    unsigned n = 0;
    for (char *line; (line = strsep(&text, "\n")) != NULL && *line != '\0';) {
        if (strncmp(line, "# HELP ", 7) == 0) {
            (void)sscanf(line + 7, "%63s", family);
        } else if (strncmp(line, "# TYPE ", 7) == 0) {
            ck_assert_int_eq(strncmp(line + 7, family, strlen(family)), 0);
        } else {
            ck_assert_msg(strncmp(line, family, strlen(family)) == 0, "'%s' is not of %s", line,
                          family);
            n++;
        }
    }
    ck_assert_uint_gt(n, 30);
}
END_TEST

START_TEST(without_a_board_nothing_happens)
{
    score_state(NULL, SCORE_BUSY);
    score_begin(NULL, "m", "/", "x");
    score_deadline(NULL, 1);
    score_end(NULL, 200, 1, 1, 1, 1, 1, 1);
    score_release(NULL);
    scoreboard_count(NULL, SCORE_RELOADS, 1);
    scoreboard_gauge(NULL, SCORE_JOBS_READY, 1);
    ck_assert_ptr_null(score_board(NULL));
}
END_TEST

START_TEST(a_full_board_says_so)
{
    for (int pid = 1; pid <= SCORE_WORKERS; pid++)
        ck_assert_ptr_nonnull(score_take(b, "shop", pid));
    ck_assert_ptr_null(score_take(b, "shop", 9999));
    scoreboard_drop(b, 17);
    ck_assert_ptr_nonnull(score_take(b, "shop", 9999));
}
END_TEST

START_TEST(more_routes_than_places_are_not_counted)
{
    struct score *s = score_take(b, "shop", 1);
    for (int i = 0; i < SCORE_ROUTES + 50; i++) {
        score_begin(s, "m", arena_printf(a, "/r%d", i), "x");
        score_end(s, 200, 1, 0, 0, 0, 0, 0);
    }
    struct score_row row;
    scoreboard_rows(b, &row, 1);
    ck_assert_uint_eq(row.requests, SCORE_ROUTES + 50);
}
END_TEST

/* Another process writes as fast as it can, always two fields that belong together. */
START_TEST(a_reader_never_sees_half_a_row)
{
    static const char *const id[] = { "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
                                      "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb" };
    static const char *const route[] = { "/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "/b" };
    struct score *s = score_take(b, "shop", 1);
    score_begin(s, "m", route[0], id[0]);
    pid_t writer = fork();
    if (writer == 0)
        for (unsigned i = 0;; i++)
            score_begin(s, "m", route[i % 2], id[i % 2]);
    for (int whole = 0; whole < 20000;) {
        struct score_row row;
        scoreboard_rows(b, &row, 1);
        whole += row.whole;
        ck_assert_msg(!row.whole || row.route[1] == row.request_id[0], "%s with %s", row.route,
                      row.request_id);
    }
    kill(writer, SIGKILL); /* anywhere: the row must still be usable */
    waitpid(writer, NULL, 0);
    scoreboard_drop(b, 1);
    struct score *next = score_take(b, "shop", 2);
    ck_assert_ptr_eq(next, s);
    score_begin(next, "m", "/c", "c");
    struct score_row row;
    scoreboard_rows(b, &row, 1);
    ck_assert_str_eq(row.route, "/c");
}
END_TEST

START_TEST(the_same_board_is_found_by_its_number)
{
    scoreboard_count(b, SCORE_RELOADS, 3);
    struct scoreboard *again;
    int same;
    ck_assert_int_eq(scoreboard_open(fd, &same, &again), RC_OK);
    ck_assert_int_eq(same, fd);
    scoreboard_count(again, SCORE_RELOADS, 1);
    has("kade_reloads_total 4");
    int other[2];
    ck_assert_int_eq(pipe(other), 0);
    ck_assert_int_eq(scoreboard_open(other[0], &same, &again), RC_INVALID);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("score");
    TCase *c = tcase_create("score");
    tcase_add_checked_fixture(c, setup, teardown);
    tcase_add_test(c, a_row_tells_what_its_process_does);
    tcase_add_test(c, counters_outlive_rows);
    tcase_add_test(c, bounds_of_a_bucket_belong_to_it);
    tcase_add_test(c, the_text_is_well_formed);
    tcase_add_test(c, without_a_board_nothing_happens);
    tcase_add_test(c, a_full_board_says_so);
    tcase_add_test(c, more_routes_than_places_are_not_counted);
    tcase_add_test(c, a_reader_never_sees_half_a_row);
    tcase_add_test(c, the_same_board_is_found_by_its_number);
    suite_add_tcase(s, c);
    SRunner *sr = srunner_create(s);
    srunner_set_tap(sr, "-");
    srunner_run_all(sr, CK_SILENT);
    int failed = srunner_ntests_failed(sr);
    srunner_free(sr);
    return failed != 0;
}
