/* http.c: which addresses are of the public Internet. What could break: a picture's address that
 * reaches this machine, its network or the cloud's metadata service. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#include "platform/http.h"
#include "suites.h"

static bool is_public(const char *text)
{
    struct sockaddr_storage s = { .ss_family = AF_INET };
    if (strchr(text, ':') == NULL) {
        ck_assert_int_eq(inet_pton(AF_INET, text, &((struct sockaddr_in *)&s)->sin_addr), 1);
    } else {
        s.ss_family = AF_INET6;
        ck_assert_int_eq(inet_pton(AF_INET6, text, &((struct sockaddr_in6 *)&s)->sin6_addr), 1);
    }
    return http_is_public((const struct sockaddr *)&s);
}

START_TEST(addresses)
{
    static const char *const inside[] = {
        "0.0.0.0",          "10.1.2.3",        "100.64.0.1",  "100.127.255.255",
        "127.0.0.1",        "169.254.169.254", "172.16.0.1",  "172.31.9.9",
        "192.168.1.1",      "192.0.0.8",       "198.18.0.1",  "198.19.255.1",
        "224.0.0.1",        "255.255.255.255", "::1",         "::",
        "fe80::1",          "fd00::5",         "fc00::",      "ff02::1",
        "::ffff:10.0.0.1",  "2002:7f00:1::",   "2001:db8::1", "64:ff9b::a00:1",
        "::ffff:127.0.0.1", "2001::1",         "203.0.113.9", "192.0.2.1",
        "2002:a9fe:a9fe::", "64:ff9b:1::1"
    };
    static const char *const outside[] = { "1.1.1.1",        "172.15.0.1",  "172.32.0.1",
                                           "100.63.0.1",     "100.128.0.1", "192.167.0.1",
                                           "198.17.0.1",     "8.8.8.8",     "2606:4700::1111",
                                           "2a00:1450::200e" };
    for (size_t i = 0; i < sizeof inside / sizeof *inside; i++)
        ck_assert_msg(!is_public(inside[i]), "%s is not public", inside[i]);
    for (size_t i = 0; i < sizeof outside / sizeof *outside; i++)
        ck_assert_msg(is_public(outside[i]), "%s is public", outside[i]);
    struct sockaddr other = { .sa_family = AF_UNIX };
    ck_assert(!http_is_public(&other));
}
END_TEST

START_TEST(strangers_address)
{
    struct arena *a = arena_new_sized(0);
    struct http_answer answer;
    struct http_ask ask = { .method = "GET", .url = "http://127.0.0.1:9/", .strangers = true };
    ck_assert_int_eq(http_ask(a, &ask, &answer, NULL), RC_UPSTREAM);
    ask.url = "file:///etc/passwd";
    ck_assert_int_eq(http_ask(a, &ask, &answer, NULL), RC_INVALID);
    arena_free(a);
}
END_TEST

Suite *suite_http(void)
{
    Suite *s = suite_create("http");
    TCase *c = tcase_create("addresses");
    tcase_add_test(c, addresses);
    tcase_add_test(c, strangers_address);
    suite_add_tcase(s, c);
    return s;
}
