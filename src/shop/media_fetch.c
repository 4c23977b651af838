/* media_fetch.c: the job media.fetch brings a picture of which only the address is known (an import
 * named it) into the library, as if it had been sent. Only hosts of the public Internet are asked,
 * redirects are not followed, and what came is judged like any other picture. Nobody waits for it:
 * until it is there, pages show the placeholder. Invariant: the row says why there is no picture.
 */
#include <string.h>

#include "app/ctx.h"
#include "app/job.h"
#include "base/log.h"
#include "base/str.h"
#include "base/time.h"
#include "gen/shop_q.h"
#include "platform/db.h"
#include "platform/http.h"
#include "platform/i18n.h"
#include "platform/image.h"
#include "shop/media.h"
#include "shop/media_int.h"

enum { FETCH_MS = 25000, FETCH_CONNECT_MS = 5000, ASK_AT_ONCE = 500, TRIES = 3 };
enum { WORK_MOST = 128 * 1024 * 1024 };

struct fetch {
    const struct job *job;
    struct uuid id;
    int32_t version;
    struct media_file file;
    const char *reason;
};

enum rc media_ask_fetch(struct db *db, struct uuid id, int64_t now)
{
    struct arena *a = db_arena(db);
    const char *text = uuid_str(a, id);
    return job_enqueue(db, "media.fetch", JOB_LOW, 0,
                       arena_printf(a, "%s:%s", text, instant_rfc3339(a, now)),
                       arena_printf(a, "{\"media\":\"%s\"}", text));
}

enum rc media_ask_fetches(struct db *db, int64_t now, size_t *n)
{
    struct uuid after = { { 0 } };
    enum rc rc = RC_OK;
    *n = 0;
    for (bool more = true; rc == RC_OK && more;) {
        struct shop_media_id_list list;
        rc = shop_q_media_addresses(db, after, ASK_AT_ONCE, &list);
        more = rc == RC_OK && list.n == ASK_AT_ONCE;
        for (size_t i = 0; rc == RC_OK && i < list.n; i++) {
            after = list.row[i].media_id;
            rc = media_ask_fetch(db, after, now);
            (*n)++;
        }
    }
    return rc;
}

/* The last part of the path, without query; "picture" when there is none. */
static const char *name_of(struct arena *a, const char *url)
{
    const char *from = strstr(url, "://");
    char *path = arena_strndup(a, from + 3, strcspn(from + 3, "?#"));
    const char *slash = strrchr(path, '/');
    return slash != NULL && slash[1] != '\0' ? slash + 1 : "picture";
}

static enum rc ask(struct app_ctx *app, struct arena *a, struct fetch *f, const char *url)
{
    struct http_answer answer;
    const struct http_ask question = { .method = "GET",
                                       .url = url,
                                       .connect_ms = FETCH_CONNECT_MS,
                                       .total_ms = FETCH_MS,
                                       .most = IMAGE_BYTES_MOST,
                                       .strangers = !app->conf->fetch_private };
    enum rc rc = http_ask(a, &question, &answer, NULL);
    f->reason = N_("Its host does not answer. It will show as soon as it was fetched.");
    if (rc == RC_LIMIT)
        f->reason = N_("The file is too big: a picture may have 24 MB.");
    if (rc == RC_INVALID)
        f->reason = N_("This is no address of a picture.");
    if (rc != RC_OK)
        return rc;
    if (answer.status >= 500)
        return RC_UPSTREAM;
    if (answer.status != 200) {
        f->reason = N_("Its host does not give it out. Check the address in the import file.");
        return RC_INVALID;
    }
    return media_take_bytes(app, a, f->job->tenant, answer.body, answer.nbody, name_of(a, url),
                            &f->file, &f->reason);
}

static enum rc fetched_in_tx(struct db *db, void *arg)
{
    const struct fetch *f = arg;
    const struct media_file *m = &f->file;
    int64_t n = 0;
    enum rc rc = shop_q_media_fetched(db, f->id, m->file_name, m->state, m->original, m->path,
                                      m->mime, m->sha256, m->bytes, m->width, m->height, &n);
    if (rc != RC_OK || n == 0)
        return rc;
    if (m->original != NULL)
        return media_ask(db, f->id, f->version + 1);
    return media_changed(db, f->id, f->job->now);
}

static enum rc unreached_in_tx(struct db *db, void *arg)
{
    const struct fetch *f = arg;
    return shop_q_media_unreached(db, f->id, f->reason, NULL);
}

enum rc media_fetch_job(struct app_ctx *app, const struct job *j)
{
    struct shop_media_address_maybe m;
    struct fetch f = { .job = j };
    const char *id = job_get(j, "media");
    if (id == NULL || uuid_parse(id, &f.id) != RC_OK)
        return RC_OK;
    enum rc rc = shop_q_media_address(j->db, f.id, &m);
    if (rc != RC_OK || !m.found)
        return rc;
    f.version = m.row.version;
    struct arena *a = arena_new_sized(WORK_MOST);
    enum rc got = ask(app, a, &f, m.row.source_url);
    rc = db_tx(j->db, DB_TX_RETRY, got == RC_OK ? fetched_in_tx : unreached_in_tx, &f);
    if (got != RC_OK)
        log_info("picture not fetched", "media=%s why=%s", id, f.reason);
    arena_free(a);
    /* A host that does not answer now may later; the last try leaves it at the reason. */
    return rc == RC_OK && got == RC_UPSTREAM && j->attempt < TRIES ? RC_UPSTREAM : rc;
}
