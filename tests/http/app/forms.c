/* forms.c: what a form accepts and how it says no: 422 with the same form, values kept, one
 * sentence a field; bodies that are too large, broken or of another kind; files that never outlive
 * their request. */
#include "common.h"

#include <dirent.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/str.h"

START_TEST(a_refused_form_comes_back_with_values_and_reasons)
{
    struct kit *k = kit_default();
    struct kit_answer a = kit_post(k, "a.test", "/note", "title=&quantity=many%22%3E&secret=short");
    ck_status(a, 422);
    ck_has(a.body, "<title>Error: Note");
    ck_has(a.body, "Title: fill this in.");
    ck_has(a.body, "Quantity: enter a whole number.");
    ck_has(a.body, "value=\"many&quot;&gt;\"");
    ck_has(a.body, "Secret: use at least 8 characters.");
    ck_lacks(a.body, "short\""); /* a password is never echoed */
    ck_has(a.body, "data-field=\"title\"");
    ck_has(kit_header(&a, "Cache-Control"), "no-store");
    a = kit_post(k, "a.test", "/note", "title=012345678901234567890&quantity=100");
    ck_has(a.body, "at most 20 characters");
    ck_has(a.body, "from 1 to 99");
    a = kit_post(k, "a.test", "/note", "title=taken");
    ck_status(a, 422);
    ck_has(a.body, "That title is taken.");
    ck_has(a.body, "value=\"taken\"");
    ck_status(kit_post(k, "a.test", "/note", "title=%20fine%20&quantity=%D9%A3"), 303);
    kit_close(k);
}
END_TEST

static const struct {
    const char *body;
    int status;
} bodies[] = {
    { "title=a&title=b", 422 },
    { "title=a&colour=red", 422 },
    { "title=a&csrf=x&next=/", 303 },
    { "title=%", 400 },
    { "title=%0", 400 },
    { "title=%zz", 400 },
    { "title=%00", 400 },
    { "title=%ff", 400 },
    { "title=a%0ab", 422 },
    { "title=%C3%28", 400 },
    { "&&title=a&&", 303 },
    { "title", 422 },
    { "=a", 422 },
    { "", 422 },
};

START_TEST(damaged_and_doubled_fields_are_refused)
{
    struct kit *k = kit_default();
    for (size_t i = 0; i < COUNT_OF(bodies); i++) {
        struct kit_answer a = kit_post(k, "a.test", "/note", bodies[i].body);
        ck_assert_msg(a.status == bodies[i].status, "\"%s\": %d, not %d", bodies[i].body, a.status,
                      bodies[i].status);
    }
    kit_close(k);
}
END_TEST

START_TEST(json_routes_name_the_fields)
{
    struct kit *k = kit_default();
    struct kit_answer a = kit_post(k, "a.test", "/api/note", "title=&quantity=0");
    ck_status(a, 422);
    ck_assert_str_eq(a.type, "application/problem+json");
    ck_has(a.body, "\"field\":\"title\"");
    ck_has(a.body, "\"field\":\"quantity\"");
    kit_close(k);
}
END_TEST

START_TEST(bodies_have_a_size_and_a_kind)
{
    struct kit *k = kit_default();
    char *big = arena_alloc(k->arena, 70001);
    memset(big, 'a', 70000);
    memcpy(big, "title=", 6);
    ck_status(kit_post(k, "a.test", "/note", big), 413);
    struct kit_ask q = { .method = "POST", .host = "a.test", .path = "/note", .body = "title=a" };
    q.length = 1LL << 40; /* announced alone is enough */
    ck_status(kit_ask(k, &q), 413);
    q.length = 5000; /* shorter than announced */
    ck_status(kit_ask(k, &q), 400);
    q.length = 0;
    q.type = "application/json";
    ck_status(kit_ask(k, &q), 415);
    q.type = "text/plain";
    ck_status(kit_ask(k, &q), 415);
    q.type = "application/x-www-form-urlencoded; charset=UTF-8";
    ck_status(kit_ask(k, &q), 303);
    kit_close(k);
}
END_TEST

START_TEST(a_filter_ignores_what_does_not_fit)
{
    struct kit *k = kit_default();
    ck_assert_str_eq(kit_get(k, "a.test", "/list?price_min=5&sort=name").body, "5|name|-");
    ck_assert_str_eq(kit_get(k, "a.test", "/list?utm=x").body, "0||-");
    struct kit_answer a = kit_get(k, "a.test", "/list?price_min=cheap&sort=upside");
    ck_status(a, 200);
    ck_has(a.body, "0||Price from: enter a whole number.");
    kit_close(k);
}
END_TEST

/* ---- files ---- */

static size_t spooled(struct kit *k)
{
    DIR *d = opendir(arena_printf(k->arena, "%s/spool", k->dir));
    size_t n = 0;
    struct dirent *e;
    while (d && (e = readdir(d)))
        n += e->d_name[0] != '.';
    if (d)
        (void)closedir(d);
    return n;
}

static struct kit_answer upload(struct kit *k, const char *type, const char *body, size_t n)
{
    return kit_ask(k, &(struct kit_ask){ .method = "POST",
                                         .host = "a.test",
                                         .path = "/upload",
                                         .type = type,
                                         .body = body,
                                         .nbody = n });
}

#define FORM             "multipart/form-data; boundary=XyZ"
#define PART(head, body) "--XyZ\r\nContent-Disposition: form-data; " head "\r\n\r\n" body "\r\n"
#define END              "--XyZ--\r\n"

START_TEST(a_file_arrives_in_the_spool_and_goes_with_its_request)
{
    struct kit *k = kit_default();
    struct kit_answer a =
        upload(k, FORM,
               "--XyZ\r\nContent-Disposition: form-data; name=\"file\"; "
               "filename=\"C:\\dir\\my cat.png\"\r\nContent-Type: image/png\r\n\r\n"
               "\x89PNG\r\n--XyYnot\r\n\r\n" PART("name=\"title\"", "Cat") END,
               0);
    ck_status(a, 200);
    ck_has(a.body, "my cat.png|image/png|16|");
    ck_has(a.body, "|Cat");
    ck_lacks(a.body, "cat.png|/");
    ck_assert_uint_eq(spooled(k), 1);
    kit_close(k);
    k = kit_default();
    ck_assert_uint_eq(spooled(k), 0);
    kit_close(k);
}
END_TEST

static const struct {
    const char *type, *body;
    int status;
} multiparts[] = {
    { FORM, PART("name=\"file\"; filename=\"\"", "") END, 422 },
    { FORM, PART("name=\"title\"", "x") END, 422 },
    { FORM, "", 422 },
    { FORM, "--XyZ\r\n", 400 },
    { FORM, "--XyZ--", 422 },
    { FORM, "--other\r\n\r\n", 400 },
    { FORM, "junk" PART("name=\"title\"", "x") END, 400 },
    { FORM, PART("name=\"title\"", "x"), 400 },
    { FORM, PART("name=\"title\"", "x") END "trailing", 400 },
    { FORM, PART("filename=\"x\"", "x") END, 400 },
    { FORM, PART("name=\"title", "x") END, 400 },
    { FORM, PART("name=\"title\"; name=\"other\"", "x") END, 400 },
    { FORM, PART("name=\"other\"; filename=\"x\"", "x") END, 400 },
    { FORM, PART("name=\"file\"; filename=\"..\"", "x") END, 400 },
    { FORM, PART("name=\"file\"; filename=\"\xff\"", "x") END, 400 },
    { FORM, PART("name=\"title\"", "\xff") END, 400 },
    { FORM, "--XyZ\r\nContent-Disposition: attachment; name=\"title\"\r\n\r\nx\r\n" END, 400 },
    { FORM, "--XyZ\r\nNo colon\r\n\r\nx\r\n" END, 400 },
    { FORM, "--XyZ\r\n\r\nx\r\n" END, 400 },
    { "multipart/form-data", PART("name=\"title\"", "x") END, 400 },
    { "multipart/form-data; boundary=", PART("name=\"title\"", "x") END, 400 },
    { "multipart/form-data; boundary=\"X<Z\"", "--X<Z--", 400 },
    { "multipart/mixed; boundary=XyZ", END, 415 },
    { FORM,
      PART("name=\"file\"; filename=\"a\"", "1") PART("name=\"file\"; filename=\"b\"", "2") END,
      422 },
};

START_TEST(damaged_multiparts_are_refused_and_leave_nothing)
{
    struct kit *k = kit_default();
    for (size_t i = 0; i < COUNT_OF(multiparts); i++) {
        struct kit_answer a = upload(k, multiparts[i].type, multiparts[i].body, 0);
        ck_assert_msg(a.status == multiparts[i].status, "%zu \"%s\": %d, not %d", i,
                      multiparts[i].body, a.status, multiparts[i].status);
    }
    kit_close(k);
    k = kit_default();
    ck_assert_uint_eq(spooled(k), 0);
    kit_close(k);
}
END_TEST

static const char *long_part(struct kit *k, const char *before, size_t n, const char *after)
{
    char *fill = arena_alloc(k->arena, n + 1);
    memset(fill, 'n', n);
    return arena_printf(k->arena, "%s%s%s", before, fill, after);
}

START_TEST(files_names_and_parts_have_limits)
{
    struct kit *k = kit_default();
    const char *file =
        "--XyZ\r\nContent-Disposition: form-data; name=\"file\"; filename=\"f\"\r\n\r\n";
    ck_status(upload(k, FORM, long_part(k, file, 10000, "\r\n" END), 0), 200);
    ck_status(upload(k, FORM, long_part(k, file, 10001, "\r\n" END), 0), 413);
    ck_status(upload(k, FORM, long_part(k, file, 40000, "\r\n" END), 0), 413);
    ck_status(upload(k, FORM,
                     long_part(k,
                               "--XyZ\r\nContent-Disposition: form-data; name=\"file\"; "
                               "filename=\"",
                               300, "\"\r\n\r\nx\r\n" END),
                     0),
              413);
    ck_status(upload(k, FORM,
                     long_part(k, "--XyZ\r\nContent-Disposition: form-data; name=\"", 200,
                               "\"\r\n\r\nx\r\n" END),
                     0),
              413);
    ck_status(upload(k, FORM, long_part(k, "--XyZ\r\nX-Long: ", 5000, "\r\n\r\nx\r\n" END), 0),
              413);
    struct buf b;
    buf_init(&b, k->arena, 1 << 20);
    for (int i = 0; i < 250; i++)
        buf_printf(&b, PART("name=\"p%d\"", ""), i);
    buf_str(&b, END);
    ck_status(upload(k, FORM, b.p, b.n), 413);
    kit_close(k);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("forms");
    const TTest *const all[] = { a_refused_form_comes_back_with_values_and_reasons,
                                 damaged_and_doubled_fields_are_refused,
                                 json_routes_name_the_fields,
                                 bodies_have_a_size_and_a_kind,
                                 a_filter_ignores_what_does_not_fit,
                                 a_file_arrives_in_the_spool_and_goes_with_its_request,
                                 damaged_multiparts_are_refused_and_leave_nothing,
                                 files_names_and_parts_have_limits,
                                 NULL };
    kit_case(s, "forms", all);
    return kit_run(s);
}
