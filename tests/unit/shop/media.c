/* media.c: tests of the library of pictures and its jobs, with the real kade-image. What could
 * break: a picture shown before it has sizes, a product page that is not told, one removed while it
 * is used, files left behind or taken from another, a damaged file that stays. */
#include "shop/media.h"

#include <check.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vips/vips.h>

#include "app/job.h"
#include "base/log.h"
#include "base/str.h"
#include "base/time.h"
#include "platform/fault.h"
#include "platform/image.h"
#include "platform/storage.h"
#include "shop_kit.h"

static struct {
    struct app_ctx *app;
    struct arena *a;
    struct uuid product;
} t;

static const struct media_text words = { "A red cup", "From the front", 400, 600 };

static void setup(void)
{
    t.app = shop_kit_open("kade_jobs");
    t.a = arena_new_sized(256 * 1024 * 1024);
    log_set_fd(-1);
    static const char csv[] = "SKU,Name,Regular price\nCUP,Cup,10\n";
    ck_assert_int_eq(shop_kit_import(t.app, csv, strlen(csv), false).rc, RC_OK);
    ck_assert_int_eq(uuid_parse(kit_value("SELECT id FROM shop.products LIMIT 1"), &t.product),
                     RC_OK);
    kit_sql(
        "DELETE FROM app.jobs; DELETE FROM shop.media_renditions; DELETE FROM shop.product_media;"
        "DELETE FROM shop.media; DELETE FROM app.outbox; DELETE FROM app.audit_logs");
    kit_scope(t.app->db, t.a, KIT_A);
}

static void teardown(void)
{
    db_scope_end(t.app->db);
    log_set_fd(STDERR_FILENO);
    arena_free(t.a);
    shop_kit_close(t.app);
}

static const char *draw(const char *name, int width, int height, double grey)
{
    VipsImage *black, *lit;
    const char *path = kit_path(name);
    ck_assert_int_eq(vips_black(&black, width, height, "bands", 3, NULL), 0);
    ck_assert_int_eq(vips_linear1(black, &lit, 1.0, grey, "uchar", TRUE, NULL), 0);
    ck_assert_int_eq(vips_image_write_to_file(lit, path, NULL), 0);
    g_object_unref(lit);
    g_object_unref(black);
    return path;
}

static enum rc take(const char *path, struct media_file *out)
{
    const char *problem = "";
    return media_take(t.app, t.a, kit()->shop[KIT_A].id, path, path, out, &problem);
}

struct step {
    const struct media_file *file;
    const struct media_text *text;
    struct uuid id;
    int32_t version;
    bool is_new, show;
    size_t n;
};

static enum rc add_in_tx(struct db *db, void *arg)
{
    struct step *s = arg;
    enum rc rc = media_add(db, s->file, s->text, &s->id, &s->is_new);
    return rc == RC_OK && s->show ? media_show(db, s->id, t.product, instant_now()) : rc;
}

static enum rc describe_in_tx(struct db *db, void *arg)
{
    struct step *s = arg;
    return media_describe(db, s->id, s->version, s->text, instant_now());
}

static enum rc replace_in_tx(struct db *db, void *arg)
{
    struct step *s = arg;
    return media_replace(db, s->id, s->version, s->file, instant_now());
}

static enum rc remove_in_tx(struct db *db, void *arg)
{
    struct step *s = arg;
    return media_remove(db, s->id, &s->n, instant_now());
}

static enum rc ask_in_tx(struct db *db, void *arg)
{
    struct step *s = arg;
    return media_ask_sizes(db, &s->n);
}

static enum rc tx(db_tx_fn *fn, struct step *s)
{
    return db_tx(t.app->db, DB_TX_RETRY, fn, s);
}

/* Runs what is ready; the scope is opened anew. */
static int jobs(void)
{
    int n = 0;
    db_scope_end(t.app->db);
    for (bool ran = true; ran; n += ran)
        ck_assert_int_eq(job_run_one(t.app, &ran), RC_OK);
    kit_scope(t.app->db, t.a, KIT_A);
    return n;
}

static const char *row(const char *what)
{
    return kit_value(arena_printf(t.a, "SELECT %s FROM shop.media WHERE deleted_at IS NULL", what));
}

static bool there(const char *key)
{
    bool yes = false;
    ck_assert_int_eq(storage_exists(t.app->conf, t.a, key, &yes), RC_OK);
    return yes;
}

static struct step added(const char *path, bool show)
{
    static struct media_file file;
    struct step s = { .file = &file, .text = &words, .show = show };
    ck_assert_int_eq(take(path, &file), RC_OK);
    ck_assert_int_eq(tx(add_in_tx, &s), RC_OK);
    ck_assert(s.is_new);
    return s;
}

START_TEST(life)
{
    struct step s = added(draw("life.png", 450, 300, 200), true);
    ck_assert_str_eq(row("state || ' ' || coalesce(path, 'none') || ' ' || width || 'x' || height"),
                     "pending none 450x300");
    ck_assert_int_eq(kit_number("SELECT count(*) FROM app.audit_logs WHERE resource = 'media'"), 1);
    int64_t told = kit_number("SELECT count(*) FROM app.outbox WHERE topic = 'product.changed'");
    ck_assert_int_eq(jobs(), 1);
    ck_assert_str_eq(row("state || ' ' || sizes || ' ' || colour || ' ' || recipe"),
                     "ready 67 63 1");
    ck_assert_int_eq(kit_number("SELECT look FROM shop.media"),
                     67 + 64 * 128 + 2 * 16384 + 2 * 131072);
    ck_assert_int_eq(
        kit_number("SELECT count(*) FROM shop.media m JOIN shop.product_card_facts f "
                   "ON f.image_looks = ARRAY[m.look] AND f.image_paths = ARRAY[m.path]"),
        1);
    ck_assert(str_ends(row("path"), "/450.jpg"));
    ck_assert_int_eq(kit_number("SELECT count(*) FROM app.outbox WHERE topic = 'product.changed'"),
                     told + 1);
    ck_assert_int_eq(kit_number("SELECT count(*) FROM shop.media_renditions"), 9);
    ck_assert(there(row("path")) && there(row("original")));
    ck_assert_ptr_null(storage_url(t.app->conf, t.a, row("original")));
    /* Asked again it has nothing to do; of another recipe it has. */
    ck_assert_int_eq(tx(ask_in_tx, &s), RC_OK);
    ck_assert_uint_eq(s.n, 0);
    kit_sql("UPDATE shop.media SET recipe = 0");
    ck_assert_int_eq(tx(ask_in_tx, &s), RC_OK);
    ck_assert_uint_eq(s.n, 1);
    ck_assert_int_eq(jobs(), 1);
    ck_assert_int_eq(kit_number("SELECT count(*) FROM shop.media_renditions"), 9);
}
END_TEST

START_TEST(adding)
{
    struct media_file file;
    const char *path = draw("adding.png", 100, 100, 10);
    ck_assert_int_eq(take(path, &file), RC_OK);
    ck_assert_str_eq(file.file_name, "adding.png");
    struct media_text none = { "", NULL, 500, 500 }, far = { "x", NULL, 1001, 0 };
    struct step s = { .file = &file, .text = &none };
    ck_assert_int_eq(tx(add_in_tx, &s), RC_INVALID);
    s.text = &far;
    ck_assert_int_eq(tx(add_in_tx, &s), RC_INVALID);
    ck_assert_int_eq(kit_number("SELECT count(*) FROM shop.media"), 0);
    s.text = &words;
    ck_assert_int_eq(tx(add_in_tx, &s), RC_OK);
    struct uuid first = s.id;
    ck_assert_int_eq(tx(add_in_tx, &s), RC_OK);
    ck_assert(!s.is_new && uuid_cmp(first, s.id) == 0);
    ck_assert_int_eq(kit_number("SELECT count(*) FROM app.jobs"), 1);
}
END_TEST

START_TEST(hostile)
{
    struct media_file file;
    const char *path = draw("hostile.png", 300, 300, 10);
    ck_assert_int_eq(truncate(path, 500), 0);
    ck_assert_int_eq(take(path, &file), RC_INVALID);
    FILE *f = fopen(path, "w");
    ck_assert_ptr_nonnull(f);
    fputs("<svg viewBox='0 0 1 1' onload='x'/>", f);
    fclose(f);
    ck_assert_int_eq(take(path, &file), RC_INVALID);
    ck_assert_int_eq(take(kit_path("none.png"), &file), RC_NOTFOUND);
    ck_assert_int_eq(take("/", &file), RC_INVALID);
}
END_TEST

/* Taken while kade-image could not be asked: the job refuses it in words. */
START_TEST(refused_later)
{
    struct conf c = *t.app->conf;
    const struct conf *was = t.app->conf;
    const char *path = draw("later.png", 300, 300, 77);
    ck_assert_int_eq(truncate(path, 500), 0);
    c.helper_dir = "/nonexistent";
    t.app->conf = &c;
    struct step s = added(path, false);
    (void)s;
    ck_assert_int_eq(jobs(), 1); /* not yet: tried again later */
    ck_assert_str_eq(row("state"), "pending");
    t.app->conf = was;
    kit_sql("UPDATE app.jobs SET run_at = now() - interval '1 day'");
    ck_assert_int_eq(jobs(), 1);
    ck_assert(str_starts(row("state || ': ' || reason"), "refused: The picture is damaged"));
}
END_TEST

START_TEST(describing)
{
    struct step s = added(draw("words.png", 64, 64, 30), true);
    struct media_text other = { "A blue cup", NULL, 0, 1000 };
    s.version = 1;
    s.text = &other;
    ck_assert_int_eq(tx(describe_in_tx, &s), RC_OK);
    ck_assert_str_eq(row("alt_text || focal_x || focal_y"), "A blue cup01000");
    ck_assert_str_eq(kit_value("SELECT old_values ->> 'alt_text' FROM app.audit_logs "
                               "WHERE resource = 'media' AND action = 'update'"),
                     "A red cup");
    ck_assert_int_eq(tx(describe_in_tx, &s), RC_CONFLICT);
    s.text = &words;
    s.id = t.product;
    ck_assert_int_eq(tx(describe_in_tx, &s), RC_NOTFOUND);
}
END_TEST

START_TEST(removing)
{
    struct step s = added(draw("gone.png", 64, 64, 50), true);
    jobs();
    const char *path = row("path"), *original = row("original");
    ck_assert_int_eq(tx(remove_in_tx, &s), RC_CONFLICT);
    ck_assert_uint_eq(s.n, 1);
    const struct media_use *use;
    ck_assert_int_eq(media_uses(t.app->db, s.id, &use, &s.n), RC_OK);
    ck_assert_str_eq(use->name, "Cup");
    kit_sql("DELETE FROM shop.product_media");
    ck_assert_int_eq(tx(remove_in_tx, &s), RC_OK);
    ck_assert_int_eq(tx(remove_in_tx, &s), RC_NOTFOUND);
    ck_assert(there(path));
    ck_assert_int_eq(jobs(), 1);
    ck_assert(!there(path) && !there(original));
    ck_assert_int_eq(kit_number("SELECT count(*) FROM shop.media_renditions"), 0);
}
END_TEST

START_TEST(replacing)
{
    struct step s = added(draw("old.png", 64, 64, 90), true);
    jobs();
    const char *old = row("path");
    static struct media_file file;
    ck_assert_int_eq(take(draw("new.png", 220, 64, 90), &file), RC_OK);
    s.file = &file;
    s.version = (int32_t)kit_number("SELECT version FROM shop.media");
    ck_assert_int_eq(tx(replace_in_tx, &s), RC_OK);
    ck_assert_str_eq(row("state || ' ' || path"), arena_printf(t.a, "ready %s", old));
    ck_assert_int_eq(tx(replace_in_tx, &s), RC_CONFLICT);
    ck_assert_int_eq(jobs(), 1);
    ck_assert(str_ends(row("path"), "/220.jpg"));
    ck_assert_str_eq(row("width || 'x' || height"), "220x64");
    ck_assert(there(row("path")) && !there(old));
}
END_TEST

/* Every file call of taking and making fails once: never half a file, and the next try succeeds. */
START_TEST(faults)
{
#ifdef KADE_FAULT
    const char *path = draw("fault.png", 64, 64, 120);
    struct media_file file;
    unsigned n = 1;
    for (;; n++) {
        fault_arm(1u << FAULT_FILE, n);
        enum rc rc = take(path, &file);
        unsigned seen = fault_count();
        fault_arm(0, 0);
        if (rc == RC_OK && seen < n)
            break;
        ck_assert_msg(rc == RC_OK || rc == RC_UPSTREAM, "fault %u: %s", n, rc_name(rc));
    }
    ck_assert_uint_eq(n, 5); /* the file, two memory files, the start; then it is stored already */
    struct step s = { .file = &file, .text = &words };
    ck_assert_int_eq(tx(add_in_tx, &s), RC_OK);
    for (n = 1; n < 200; n++) {
        kit_sql(
            "UPDATE app.jobs SET run_at = now() - interval '1 day', attempts = 0, state = 'ready'");
        fault_arm(1u << FAULT_FILE, n);
        jobs();
        fault_arm(0, 0);
        const char *state = row("state");
        if (str_eq(state, "ready"))
            break;
        ck_assert_str_eq(state, "pending");
        ck_assert_int_eq(kit_number("SELECT count(*) FROM shop.media_renditions"), 0);
    }
    ck_assert_uint_gt(n, 10);
    ck_assert(there(row("path")));
#endif
}
END_TEST

/* ---- pictures of other hosts ------------------------------------------------------------------
 */

static struct {
    pid_t pid;
    int port;
} other;

static void answer(int fd, const char *file)
{
    char text[4096] = "", bytes[64 * 1024];
    if (read(fd, text, sizeof text - 1) <= 0)
        return;
    const char *status = strstr(text, " /busy") ? "503 Busy" : "404 Gone";
    size_t n = 0;
    FILE *f = strstr(text, " /cup.png?size=big ") ? fopen(file, "rb") : NULL;
    if (f != NULL) {
        n = fread(bytes, 1, sizeof bytes, f);
        fclose(f);
        status = "200 OK";
    } else if (strstr(text, " /page.png ")) {
        n = (size_t)snprintf(bytes, sizeof bytes, "<html>no picture</html>");
        status = "200 OK";
    }
    dprintf(fd, "HTTP/1.1 %s\r\nContent-Length: %zu\r\nConnection: close\r\n\r\n", status, n);
    if (write(fd, bytes, n) < 0)
        _exit(1);
}

static void other_start(const char *file)
{
    struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t n = sizeof at;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    ck_assert(fd >= 0 && bind(fd, (struct sockaddr *)&at, n) == 0 && listen(fd, 8) == 0);
    ck_assert_int_eq(getsockname(fd, (struct sockaddr *)&at, &n), 0);
    other.port = ntohs(at.sin_port);
    other.pid = fork();
    for (int c; other.pid == 0;) {
        c = accept(fd, NULL, NULL);
        answer(c, file);
        close(c);
    }
    close(fd);
}

static struct uuid named(const char *path)
{
    struct uuid id;
    kit_sql(arena_printf(
        t.a,
        "DELETE FROM app.jobs; DELETE FROM shop.media_renditions; DELETE FROM shop.product_media; "
        "DELETE FROM shop.media; SELECT set_config('kade.tenant', '%s', false); INSERT INTO "
        "shop.media "
        "(tenant_id, id, source_key, source_url, state, alt_text) VALUES ('%s', app.uuid7(), 'k', "
        "'http://127.0.0.1:%d%s', 'missing', 'Cup')",
        uuid_str(t.a, kit()->shop[KIT_A].id), uuid_str(t.a, kit()->shop[KIT_A].id), other.port,
        path));
    ck_assert_int_eq(uuid_parse(kit_value("SELECT id FROM shop.media"), &id), RC_OK);
    return id;
}

static enum rc fetch_in_tx(struct db *db, void *arg)
{
    struct step *s = arg;
    return media_ask_fetches(db, instant_now(), &s->n);
}

static void fetch(const char *path)
{
    struct step s = { .n = 0 };
    (void)named(path);
    ck_assert_int_eq(tx(fetch_in_tx, &s), RC_OK);
    ck_assert_uint_eq(s.n, 1);
    (void)jobs();
}

START_TEST(fetching)
{
    struct conf open = *t.app->conf;
    const struct conf *was = t.app->conf;
    other_start(draw("fetched.png", 300, 200, 90));
    /* Not from inside our own network, unless the installation says so. */
    fetch("/cup.png?size=big");
    ck_assert(str_starts(row("state || ': ' || reason"), "missing: Its host does not answer"));
    open.fetch_private = true;
    t.app->conf = &open;
    fetch("/cup.png?size=big");
    ck_assert_str_eq(row("state || ' ' || width || 'x' || height || ' ' || file_name"),
                     "ready 300x200 cup.png");
    ck_assert(there(row("path")) && there(row("original")));
    fetch("/gone.png");
    ck_assert(str_starts(row("state || ': ' || reason"), "missing: Its host does not give it out"));
    fetch("/page.png");
    ck_assert_str_eq(row("state || ': ' || reason"), "missing: This is XML, but not a drawing.");
    fetch("/busy.png");
    ck_assert(str_starts(row("state || ': ' || reason"), "missing: Its host does not answer"));
    ck_assert_str_eq(kit_value("SELECT state || attempts FROM app.jobs"), "ready1");
    t.app->conf = was;
    kill(other.pid, SIGKILL);
    waitpid(other.pid, NULL, 0);
}
END_TEST

int main(int argc, char **argv)
{
    (void)argc;
    kit_database();
    if (VIPS_INIT(argv[0]) != 0)
        return 1;
    Suite *s = suite_create("media");
    TCase *c = tcase_create("media");
    tcase_add_checked_fixture(c, setup, teardown);
    tcase_set_timeout(c, 120);
    tcase_add_test(c, life);
    tcase_add_test(c, adding);
    tcase_add_test(c, hostile);
    tcase_add_test(c, refused_later);
    tcase_add_test(c, describing);
    tcase_add_test(c, removing);
    tcase_add_test(c, replacing);
    tcase_add_test(c, faults);
    tcase_add_test(c, fetching);
    suite_add_tcase(s, c);
    return kit_run(s);
}
