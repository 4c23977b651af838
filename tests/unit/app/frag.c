/* frag.c: fragments over a real memcached: what makes a key, what a bump reaches, who fills and who
 * waits. Processes stand for workers: each test of concurrency runs eight of them. Not here: whole
 * pages (the http tests). Nothing depends on how fast the machine is. */
#include <sched.h>
#include <stdatomic.h>
#include <sys/mman.h>

#include "app/ctx.h"
#include "app/frag.h"
#include "app/tenant.h"
#include "base/time.h"
#include "kit.h"
#include "platform/crypto.h"

enum { WORKERS = 8 };

static struct arena *a;
static const char *path;
static pid_t server;
static struct app_ctx app;
static struct tenant shop;
static struct req r;
static struct buf out;
static const struct frag_spec spec = { "test.card", .layout = 1, .fresh_s = 60, .stale_s = 600 };
static const struct frag_tag tags[] = { { "product", "lamp" }, { "price", "lamp" }, { 0 } };

/* Shared between the processes of a test. */
static struct shared {
    atomic_int fills, hits_old, hits_new, start, value, confirmed, wrong;
} * sh;

static void connect_here(void)
{
    app.cache = cache_new(arena_printf(a, "unix:%s", path), 10000);
    r.cache = app.cache;
}

static void setup(void)
{
    ck_assert_int_eq(crypto_init(), RC_OK);
    a = arena_new_sized(0);
    path = kit_path(a, "m.sock");
    server = kit_memcached(path, "64");
    memset(&app, 0, sizeof app);
    memset(&shop, 0, sizeof shop);
    memset(&r, 0, sizeof r);
    shop.id.b[0] = 7;
    r = (struct req){ .magic = REQ_MAGIC, .app = &app, .arena = a, .tenant = &shop, .id = "rid" };
    r.locale = i18n_find("en");
    r.currency = "LKR";
    r.theme = "auto";
    connect_here();
    buf_init(&out, a, 1 << 21);
    sh = mmap(NULL, sizeof *sh, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    ck_assert_ptr_ne(sh, MAP_FAILED);
    instant_set_offset(0);
}

static void teardown(void)
{
    instant_set_offset(0);
    munmap(sh, sizeof *sh);
    cache_free(app.cache);
    kit_stop(server);
    arena_free(a);
    kit_rmtree();
}

static enum rc fill_text(struct req *q, void *arg, struct buf *to)
{
    (void)q;
    atomic_fetch_add(&sh->fills, 1);
    buf_str(to, arg);
    return RC_OK;
}

/* Renders with a filler that would write text; the content that came out. */
static const char *render_with(const struct frag_spec *s, const struct frag_tag *t,
                               const char *vary, const char *text)
{
    buf_clear(&out);
    char *arg = arena_strdup(a, text);
    ck_assert_int_eq(frag_render(&r, s, t, vary, fill_text, arg, &out), RC_OK);
    return arena_strndup(a, out.p, out.n);
}

static const char *render(const char *text)
{
    return render_with(&spec, tags, NULL, text);
}

START_TEST(filled_once_then_served)
{
    ck_assert_str_eq(render("one"), "one");
    ck_assert_str_eq(render("two"), "one");
    ck_assert_int_eq(sh->fills, 1);
}
END_TEST

START_TEST(warm_hit_takes_two_trips)
{
    render("one");
    cache_counters_reset(app.cache);
    render("two");
    ck_assert_uint_eq(cache_counters(app.cache).trips, 2);
    render_with(&spec, NULL, NULL, "x");
    cache_counters_reset(app.cache);
    ck_assert_str_eq(render_with(&spec, NULL, NULL, "y"), "x");
    ck_assert_uint_eq(cache_counters(app.cache).trips, 1); /* no tags, no generations */
}
END_TEST

START_TEST(appends_and_keeps_bytes)
{
    buf_str(&out, "before ");
    static char text[] = "a\x1e hole\x1f";
    ck_assert_int_eq(frag_render(&r, &spec, tags, NULL, fill_text, text, &out), RC_OK);
    ck_assert_int_eq(frag_render(&r, &spec, tags, NULL, fill_text, text, &out), RC_OK);
    ck_assert_str_eq(out.p, "before a\x1e hole\x1f"
                            "a\x1e hole\x1f");
    ck_assert_int_eq(sh->fills, 1);
}
END_TEST

START_TEST(everything_that_matters_is_in_the_key)
{
    struct tenant other = shop;
    other.id.b[0] = 8;
    const struct frag_spec relaid = { "test.card", .layout = 2, .fresh_s = 60, .stale_s = 600 };
    const struct frag_spec renamed = { "test.cards", .layout = 1, .fresh_s = 60, .stale_s = 600 };
    const struct frag_tag one[] = { { "product", "lamp" }, { 0 } };
    const struct frag_tag moved[] = { { "productl", "amp" }, { "price", "lamp" }, { 0 } };

    ck_assert_str_eq(render("base"), "base");
    r.tenant = &other;
    ck_assert_str_eq(render("tenant"), "tenant");
    r.tenant = NULL;
    ck_assert_str_eq(render("none"), "none");
    r.tenant = &shop;
    r.locale = i18n_find("ta");
    ck_assert_str_eq(render("locale"), "locale");
    r.locale = i18n_find("en");
    r.currency = "USD";
    ck_assert_str_eq(render("currency"), "currency");
    r.currency = "LKR";
    r.theme = "dark";
    ck_assert_str_eq(render("theme"), "theme");
    r.theme = "auto";
    ck_assert_str_eq(render_with(&relaid, tags, NULL, "layout"), "layout");
    ck_assert_str_eq(render_with(&renamed, tags, NULL, "name"), "name");
    ck_assert_str_eq(render_with(&spec, one, NULL, "tags"), "tags");
    ck_assert_str_eq(render_with(&spec, moved, NULL, "parts"), "parts");
    ck_assert_str_eq(render_with(&spec, tags, "page=2", "vary"), "vary");
    ck_assert_str_eq(render("again"), "base");
}
END_TEST

START_TEST(a_bump_reaches_its_tag_and_shop_only)
{
    const struct frag_tag rope[] = { { "product", "rope" }, { 0 } };
    struct uuid elsewhere = shop.id;
    elsewhere.b[1] = 1;
    render("lamp 1");
    render_with(&spec, rope, NULL, "rope 1");
    ck_assert(frag_bump(&app, elsewhere, "product", "lamp"));
    ck_assert(frag_bump(&app, shop.id, "product", "hat")); /* no such generation: nothing to do */
    ck_assert_str_eq(render("lamp 2"), "lamp 1");
    ck_assert(frag_bump(&app, shop.id, "price", "lamp"));
    ck_assert_str_eq(render("lamp 3"), "lamp 3");
    ck_assert_str_eq(render_with(&spec, rope, NULL, "rope 2"), "rope 1");
    const char *sinhala = "සිංහල නම සහ ඉතා දිගු එකක්: a b c";
    const struct frag_tag odd[] = { { "product", sinhala }, { 0 } };
    ck_assert_str_eq(render_with(&spec, odd, NULL, "odd 1"), "odd 1");
    ck_assert(frag_bump(&app, shop.id, "product", sinhala));
    ck_assert_str_eq(render_with(&spec, odd, NULL, "odd 2"), "odd 2");
}
END_TEST

static enum rc fill_slowly(struct req *q, void *arg, struct buf *to)
{
    (void)q;
    buf_str(to, arg); /* read the database, and then somebody commits and bumps */
    ck_assert(frag_bump(&app, shop.id, "product", "lamp"));
    return RC_OK;
}

START_TEST(a_bump_during_a_slow_fill_is_not_shadowed)
{
    static char old[] = "old";
    ck_assert_int_eq(frag_render(&r, &spec, tags, NULL, fill_slowly, old, &out), RC_OK);
    ck_assert_str_eq(out.p, "old");
    ck_assert_str_eq(render("new"), "new");
    ck_assert_str_eq(render("newer"), "new");
}
END_TEST

START_TEST(soft_expiry_is_within_a_tenth)
{
    render("one");
    instant_set_offset(53);
    ck_assert_str_eq(render("two"), "one");
    instant_set_offset(67);
    ck_assert_str_eq(render("three"), "three");
    instant_set_offset(-100000); /* the clock was set back: not fresh for a day */
    ck_assert_str_eq(render("four"), "four");
}
END_TEST

START_TEST(not_served_past_its_stale_time)
{
    render("one");
    instant_set_offset(60 + 600 + 10);
    struct frag_lookup l;
    frag_fetch(&r, &spec, tags, NULL, &l);
    ck_assert_int_eq(l.state, FRAG_FILL);
    ck_assert(!l.has_stale);
}
END_TEST

static enum rc fill_fails(struct req *q, void *arg, struct buf *to)
{
    const enum rc *rc = arg;
    buf_str(to, "half a page");
    q->err.rc = *rc;
    q->err.detail = "planted";
    return *rc;
}

START_TEST(stale_copy_when_the_database_is_away)
{
    enum rc rc = RC_UPSTREAM;
    render("good");
    instant_set_offset(120);
    buf_clear(&out);
    ck_assert_int_eq(frag_render(&r, &spec, tags, NULL, fill_fails, &rc, &out), RC_OK);
    ck_assert_str_eq(out.p, "good");
    ck_assert_int_eq(r.err.rc, RC_OK); /* nothing failed as far as the page is concerned */
    /* the lock stays: others do not run into the same wall */
    ck_assert_str_eq(render("tried"), "good");
}
END_TEST

START_TEST(errors_come_through_and_leave_nothing)
{
    enum rc rc = RC_NOTFOUND;
    buf_str(&out, "x");
    ck_assert_int_eq(frag_render(&r, &spec, tags, NULL, fill_fails, &rc, &out), RC_NOTFOUND);
    ck_assert_str_eq(out.p, "x");
    rc = RC_UPSTREAM; /* and no stale copy */
    ck_assert_int_eq(frag_render(&r, &spec, tags, NULL, fill_fails, &rc, &out), RC_UPSTREAM);
    ck_assert_str_eq(out.p, "x");
    ck_assert_str_eq(render("now"), "now"); /* the lock was given back */
}
END_TEST

static enum rc fill_personal(struct req *q, void *arg, struct buf *to)
{
    buf_str(to, arg);
    q->out.no_store = true;
    return RC_OK;
}

START_TEST(personal_content_is_not_stored)
{
    static char text[] = "Hello Nimal";
    ck_assert_int_eq(frag_render(&r, &spec, tags, NULL, fill_personal, text, &out), RC_OK);
    ck_assert_str_eq(out.p, "Hello Nimal");
    ck_assert(r.out.no_store);
    ck_assert_str_eq(render("public"), "public");
    ck_assert(r.out.no_store); /* still true of the page that holds both */
}
END_TEST

START_TEST(too_big_to_store_is_served_all_the_same)
{
    char *big = arena_alloc(a, (1 << 20) + 10);
    memset(big, 'x', 1 << 20);
    buf_clear(&out);
    ck_assert_int_eq(frag_render(&r, &spec, tags, NULL, fill_text, big, &out), RC_OK);
    ck_assert_uint_eq(out.n, 1 << 20);
    ck_assert_str_eq(render("small"), "small");
}
END_TEST

START_TEST(memcached_away_is_slower_not_an_error)
{
    render("one");
    kit_stop(server);
    ck_assert_str_eq(render("two"), "two");
    ck_assert_str_eq(render("three"), "three");
    ck_assert(!frag_bump(&app, shop.id, "product", "lamp")); /* the outbox repeats it */
    cache_free(app.cache);
    app.cache = r.cache = cache_new("", 100);
    ck_assert_str_eq(render("four"), "four");
    ck_assert(frag_bump(&app, shop.id, "product", "lamp")); /* there is nothing to reach */
    server = kit_memcached(path, "64");
}
END_TEST

START_TEST(memcached_frozen_is_one_timeout)
{
    render("one");
    cache_free(app.cache);
    app.cache = r.cache = cache_new(arena_printf(a, "unix:%s", path), 100);
    kit_freeze(server);
    const int64_t t0 = kit_ms();
    for (int i = 0; i < 50; i++)
        ck_assert_str_eq(render("two"), "two");
    ck_assert_int_lt(kit_ms() - t0, 3000); /* 50 timeouts were 5 s */
    kill(server, SIGCONT);
}
END_TEST

/* Adds the keys that begin with prefix, each once: the crawler may list a moved item twice, or say
 * that it is busy. */
static size_t dump_keys(const char *prefix, char found[][64], size_t n, size_t max)
{
    struct sockaddr_un sa = { .sun_family = AF_UNIX };
    snprintf(sa.sun_path, sizeof sa.sun_path, "%s", path);
    const int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    ck_assert_int_eq(connect(fd, (const struct sockaddr *)&sa, sizeof sa), 0);
    static const char ask[] = "lru_crawler metadump all\r\n";
    ck_assert_int_eq(write(fd, ask, sizeof ask - 1), sizeof ask - 1);
    FILE *f = fdopen(fd, "r");
    char line[512], want[32], key[64];
    snprintf(want, sizeof want, "key=%s%%3A", prefix);
    while (fgets(line, sizeof line, f) != NULL && strncmp(line, "END", 3) != 0 &&
           strncmp(line, "BUSY", 4) != 0) {
        if (strncmp(line, want, strlen(want)) != 0)
            continue;
        const char *from = line + strlen(want);
        snprintf(key, sizeof key, "%s:%.*s", prefix, (int)strcspn(from, " "), from);
        size_t i = 0;
        while (i < n && strcmp(found[i], key) != 0)
            i++;
        if (i == n && n < max)
            memcpy(found[n++], key, sizeof key);
    }
    fclose(f);
    return n;
}

/* All of them, want in number. */
static void keys_in_memcached(const char *prefix, char found[][64], size_t want)
{
    const struct timespec pause = { .tv_nsec = 5000000 };
    const int64_t end = kit_ms() + 30000;
    for (size_t n = 0; (n = dump_keys(prefix, found, n, want + 1)) != want;) {
        ck_assert_msg(n < want && kit_ms() < end, "%zu keys %s", n, prefix);
        nanosleep(&pause, NULL);
    }
}

START_TEST(an_evicted_generation_does_not_bring_back_old_entries)
{
    char keys[8][64];
    render("old");
    ck_assert(frag_bump(&app, shop.id, "product", "lamp"));
    render("new");
    keys_in_memcached("g", keys, 2);
    for (size_t i = 0; i < 2; i++)
        ck_assert(cache_delete(app.cache, keys[i]));
    ck_assert_str_eq(render("newest"), "newest");
}
END_TEST

START_TEST(rubbish_under_the_key_is_a_miss)
{
    char keys[8][64];
    static const char *const rubbish[] = { "", "x", "KRFGKRFGKRFGKRFGKRFGKRFGKRFG" };
    for (size_t i = 0; i < sizeof rubbish / sizeof *rubbish; i++) {
        const char *text = arena_printf(a, "text %zu", i);
        render(text);
        keys_in_memcached("f", keys, 1);
        ck_assert(cache_set(app.cache, keys[0], rubbish[i], strlen(rubbish[i]), 0));
        ck_assert_str_eq(render("clean"), "clean");
        ck_assert_str_eq(render("again"), "clean");
        ck_assert(cache_delete(app.cache, keys[0]));
    }
}
END_TEST

START_TEST(pages_carry_their_metadata)
{
    struct frag_lookup l;
    frag_fetch(&r, &spec, tags, "page", &l);
    ck_assert_int_eq(l.state, FRAG_FILL);
    frag_store(&r, &l, "title\0status", 12, "<p>body", 7);
    frag_fetch(&r, &spec, tags, "page", &l);
    ck_assert_int_eq(l.state, FRAG_HIT);
    ck_assert(!l.stale && l.nmeta == 12 && l.nbody == 7);
    ck_assert_int_eq(memcmp(l.meta, "title\0status", 12), 0);
    ck_assert_int_eq(memcmp(l.body, "<p>body", 7), 0);
    frag_store(&r, &l, NULL, 0, "no", 2); /* was a hit: not ours to store */
    frag_fetch(&r, &spec, tags, "page", &l);
    ck_assert_uint_eq(l.nbody, 7);
}
END_TEST

/* ---- what is known only when it was read ------------------------------------------------------
 */
static const struct frag_spec guarded = { "test.page", .layout = 1, .fresh_s = 60, .stale_s = 600,
                                          .guard = "card" };

static void store_page(const struct frag_tag *deps, int64_t until)
{
    struct frag_lookup l;
    frag_fetch(&r, &guarded, tags, NULL, &l);
    ck_assert_int_eq(l.state, FRAG_FILL);
    frag_store_as(&r, &l, deps, until, "m", 1, "page", 4);
}

static enum frag_state found(void)
{
    struct frag_lookup l;
    frag_fetch(&r, &guarded, tags, NULL, &l);
    frag_abandon(&r, &l, false);
    return l.state;
}

START_TEST(a_page_hangs_on_what_it_turned_out_to_show)
{
    static const struct frag_tag shows[] = { { "card", "7" }, { "card", "8" }, { 0 } };
    store_page(shows, INSTANT_MAX);
    ck_assert_int_eq(found(), FRAG_HIT);
    ck_assert(
        frag_bump(&app, shop.id, "card", "all")); /* the guard alone: somebody else's change */
    ck_assert(frag_bump(&app, shop.id, "card", "9"));
    ck_assert_int_eq(found(), FRAG_HIT);
    ck_assert(frag_bump(&app, shop.id, "card", "8"));
    ck_assert_int_eq(found(), FRAG_FILL);
    store_page(shows, INSTANT_MAX);
    ck_assert(frag_bump(&app, shop.id, "product", "lamp")); /* a tag named before */
    ck_assert_int_eq(found(), FRAG_FILL);
    store_page(NULL, INSTANT_MAX);
    ck_assert(frag_bump(&app, shop.id, "card", "8"));
    ck_assert_int_eq(found(), FRAG_HIT);
}
END_TEST

START_TEST(a_guarded_hit_takes_two_trips)
{
    static const struct frag_tag shows[] = { { "card", "7" }, { "card", "8" }, { 0 } };
    struct frag_lookup l;
    store_page(shows, INSTANT_MAX);
    cache_counters_reset(app.cache);
    frag_fetch(&r, &guarded, tags, NULL, &l);
    ck_assert_int_eq(l.state, FRAG_HIT);
    ck_assert_uint_eq(l.nbody, 4);
    ck_assert_uint_eq(l.nmeta, 1);
    ck_assert_uint_eq(cache_counters(app.cache).trips, 2);
}
END_TEST

/* The change came while the page was read: it may show what was before. */
START_TEST(a_change_during_the_build_is_not_stored_over)
{
    static const struct frag_tag shows[] = { { "card", "7" }, { 0 } };
    struct frag_lookup l;
    frag_fetch(&r, &guarded, tags, NULL, &l);
    ck_assert_int_eq(l.state, FRAG_FILL);
    ck_assert(frag_bump(&app, shop.id, "card", "all"));
    ck_assert(frag_bump(&app, shop.id, "card", "7"));
    frag_store_as(&r, &l, shows, INSTANT_MAX, NULL, 0, "old", 3);
    ck_assert_int_eq(found(), FRAG_FILL);
}
END_TEST

START_TEST(its_instant_ends_it_however_fresh)
{
    struct frag_lookup l;
    store_page(NULL, instant_now() + SECONDS(20));
    ck_assert_int_eq(found(), FRAG_HIT);
    instant_set_offset(21);
    frag_fetch(&r, &guarded, tags, NULL, &l);
    ck_assert_int_eq(l.state, FRAG_FILL);
    ck_assert(l.has_stale);    /* for when the database is away */
    struct frag_lookup beside; /* nobody is served it while somebody builds */
    frag_fetch(&r, &guarded, tags, NULL, &beside);
    ck_assert_int_eq(beside.state, FRAG_BUILD);
    frag_store_as(&r, &l, NULL, INSTANT_MAX, NULL, 0, "new", 3);
    ck_assert_int_eq(found(), FRAG_HIT);
}
END_TEST

/* ---- eight processes --------------------------------------------------------------------------
 */
static void in_processes(int n, void (*work)(int))
{
    pid_t pid[WORKERS];
    atomic_store(&sh->start, 0);
    for (int i = 0; i < n; i++) {
        pid[i] = fork();
        if (pid[i] == 0) {
            connect_here(); /* the parent's connection is its own */
            struct cache_value v;
            cache_get(app.cache, a, "warm", &v);
            atomic_fetch_add(&sh->start, 1);
            while (atomic_load(&sh->start) < n)
                sched_yield();
            work(i);
            _exit(0);
        }
    }
    for (int i = 0; i < n; i++) {
        int status;
        waitpid(pid[i], &status, 0);
        ck_assert_int_eq(status, 0);
    }
}

static enum rc fill_in_100_ms(struct req *q, void *arg, struct buf *to)
{
    const struct timespec pause = { .tv_nsec = 100000000 };
    nanosleep(&pause, NULL);
    return fill_text(q, arg, to);
}

static void render_expired(int i)
{
    (void)i;
    static char text[] = "new";
    struct buf b;
    buf_init(&b, a, 1000);
    if (frag_render(&r, &spec, tags, NULL, fill_in_100_ms, text, &b) != RC_OK)
        atomic_fetch_add(&sh->wrong, 1);
    if (strcmp(b.p, "new") == 0)
        atomic_fetch_add(&sh->hits_new, 1);
    else if (strcmp(b.p, "old") == 0)
        atomic_fetch_add(&sh->hits_old, 1);
}

START_TEST(eight_hit_one_expired_fragment)
{
    render("old");
    atomic_store(&sh->fills, 0);
    instant_set_offset(120);
    in_processes(WORKERS, render_expired);
    ck_assert_int_eq(sh->wrong, 0);
    ck_assert_int_eq(sh->fills, 1); /* one refills, nobody waits */
    ck_assert_int_ge(sh->hits_new, 1);
    ck_assert_int_eq(sh->hits_old + sh->hits_new, WORKERS);
    ck_assert_str_eq(render("x"), "new");
}
END_TEST

static enum rc fill_in_25_ms(struct req *q, void *arg, struct buf *to)
{
    const struct timespec pause = { .tv_nsec = 25000000 };
    nanosleep(&pause, NULL);
    return fill_text(q, arg, to);
}

static void render_cold(int i)
{
    (void)i;
    static char text[] = "new";
    struct buf b;
    buf_init(&b, a, 1000);
    if (frag_render(&r, &spec, tags, NULL, fill_in_25_ms, text, &b) != RC_OK ||
        strcmp(b.p, "new") != 0)
        atomic_fetch_add(&sh->wrong, 1);
}

/* The others wait 60 ms for the one who fills; a machine that is too busy to fill a fragment in
 * that time gets another try with a new generation. */
START_TEST(eight_hit_one_cold_fragment)
{
    bool once = false;
    for (int round = 0; round < 20 && !once; round++) {
        render_with(&spec, tags, "other", "generations exist");
        ck_assert(frag_bump(&app, shop.id, "product", "lamp"));
        atomic_store(&sh->fills, 0);
        in_processes(WORKERS, render_cold);
        ck_assert_int_eq(sh->wrong, 0);
        once = sh->fills == 1;
    }
    ck_assert(once);
}
END_TEST

static void render_beside_a_filler(int i)
{
    (void)i;
    static char text[] = "own";
    struct buf b;
    buf_init(&b, a, 1000);
    const int64_t t0 = kit_ms();
    if (frag_render(&r, &spec, tags, NULL, fill_text, text, &b) != RC_OK ||
        strcmp(b.p, "own") != 0 || kit_ms() - t0 > 8000)
        atomic_fetch_add(&sh->wrong, 1);
}

START_TEST(nobody_waits_for_a_slow_filler_for_long)
{
    struct frag_lookup l;
    frag_fetch(&r, &spec, tags, NULL, &l);
    ck_assert_int_eq(l.state, FRAG_FILL); /* and it takes its time */
    in_processes(WORKERS, render_beside_a_filler);
    ck_assert_int_eq(sh->wrong, 0);
    ck_assert_int_eq(sh->fills, WORKERS); /* each built its own and stored nothing */
    frag_store(&r, &l, NULL, 0, "the filler's", 12);
    ck_assert_str_eq(render("x"), "the filler's");
}
END_TEST

/* One changes a value and bumps, the others read it through fragments. Nobody may see a value older
 * than the last one whose bump was confirmed before he asked. */
static enum rc fill_value(struct req *q, void *arg, struct buf *to)
{
    (void)q;
    (void)arg;
    const int v = atomic_load(&sh->value);
    if (v % 3 == 0) {
        const struct timespec pause = { .tv_nsec = 1000000 };
        nanosleep(&pause, NULL);
    }
    buf_int(to, v);
    return RC_OK;
}

static void read_or_write(int i)
{
    const struct timespec pause = { .tv_nsec = 2000000 };
    if (i == 0) {
        for (int k = 1; k <= 150; k++) {
            atomic_store(&sh->value, k); /* the commit */
            if (!frag_bump(&app, shop.id, "product", "lamp"))
                atomic_fetch_add(&sh->wrong, 1);
            atomic_store(&sh->confirmed, k);
            nanosleep(&pause, NULL);
        }
        atomic_store(&sh->confirmed, 1000000);
        return;
    }
    for (int known; (known = atomic_load(&sh->confirmed)) < 1000000;) {
        struct arena_mark_at m = arena_mark(a);
        struct buf b;
        buf_init(&b, a, 100);
        if (frag_render(&r, &spec, tags, NULL, fill_value, NULL, &b) != RC_OK ||
            strtol(b.p, NULL, 10) < known)
            atomic_fetch_add(&sh->wrong, 1);
        atomic_fetch_add(&sh->hits_new, 1);
        arena_rewind(a, m);
    }
}

START_TEST(nobody_sees_what_a_confirmed_bump_replaced)
{
    in_processes(WORKERS, read_or_write);
    ck_assert_int_eq(sh->wrong, 0);
    ck_assert_int_gt(sh->hits_new, 500);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("frag");
    TCase *t = tcase_create("frag");
    tcase_add_checked_fixture(t, setup, teardown);
    tcase_set_timeout(t, 60);
    tcase_add_test(t, filled_once_then_served);
    tcase_add_test(t, warm_hit_takes_two_trips);
    tcase_add_test(t, appends_and_keeps_bytes);
    tcase_add_test(t, everything_that_matters_is_in_the_key);
    tcase_add_test(t, a_bump_reaches_its_tag_and_shop_only);
    tcase_add_test(t, a_bump_during_a_slow_fill_is_not_shadowed);
    tcase_add_test(t, soft_expiry_is_within_a_tenth);
    tcase_add_test(t, not_served_past_its_stale_time);
    tcase_add_test(t, stale_copy_when_the_database_is_away);
    tcase_add_test(t, errors_come_through_and_leave_nothing);
    tcase_add_test(t, personal_content_is_not_stored);
    tcase_add_test(t, too_big_to_store_is_served_all_the_same);
    tcase_add_test(t, memcached_away_is_slower_not_an_error);
    tcase_add_test(t, memcached_frozen_is_one_timeout);
    tcase_add_test(t, an_evicted_generation_does_not_bring_back_old_entries);
    tcase_add_test(t, rubbish_under_the_key_is_a_miss);
    tcase_add_test(t, pages_carry_their_metadata);
    tcase_add_test(t, a_page_hangs_on_what_it_turned_out_to_show);
    tcase_add_test(t, a_guarded_hit_takes_two_trips);
    tcase_add_test(t, a_change_during_the_build_is_not_stored_over);
    tcase_add_test(t, its_instant_ends_it_however_fresh);
    tcase_add_test(t, eight_hit_one_expired_fragment);
    tcase_add_test(t, eight_hit_one_cold_fragment);
    tcase_add_test(t, nobody_waits_for_a_slow_filler_for_long);
    tcase_add_test(t, nobody_sees_what_a_confirmed_bump_replaced);
    suite_add_tcase(s, t);
    return kit_run(s);
}
