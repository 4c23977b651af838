/* slip.c: what buyers send to prove a transfer: a picture that decodes, or a PDF that is one from
 * its first line to its table of objects. It is kept as a private file, opened by staff alone and
 * never by a program of ours. A slip proves nothing by itself: money counts when staff or the bank
 * report it. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/audit.h"
#include "app/ctx.h"
#include "app/event.h"
#include "base/str.h"
#include "platform/crypto.h"
#include "platform/db.h"
#include "platform/fault.h"
#include "platform/i18n.h"
#include "platform/image.h"
#include "platform/storage.h"
#include "shop/payment_int.h"

enum { PDF_HEAD = 1024, PDF_TAIL = 1024, PDF_DIGITS = 12 };

static enum rc read_slip(struct arena *a, const char *file, const char **out, size_t *n)
{
    struct stat st;
    int fd = fault_here(FAULT_FILE, "slip open") ? -1 : open(file, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (fd < 0)
        return RC_UPSTREAM;
    enum rc rc = fstat(fd, &st) == 0 && S_ISREG(st.st_mode) ? RC_OK : RC_INVALID;
    if (rc == RC_OK && (st.st_size == 0 || st.st_size > SLIP_BYTES_MOST))
        rc = RC_INVALID;
    char *p = rc == RC_OK ? arena_alloc(a, (size_t)st.st_size + 1) : NULL;
    size_t at = 0;
    while (rc == RC_OK && at < (size_t)st.st_size) {
        ssize_t r = read(fd, p + at, (size_t)st.st_size - at);
        if (r <= 0 && errno != EINTR)
            rc = RC_UPSTREAM;
        at += r > 0 ? (size_t)r : 0;
    }
    close(fd);
    if (p != NULL)
        p[at] = '\0';
    *out = p;
    *n = at;
    return rc;
}

static const char *find(const char *p, size_t n, const char *what)
{
    return memmem(p, n, what, strlen(what));
}

/* The last "startxref" of the end leads to a table or to an object that holds it. */
static bool table_stands(const char *p, size_t n)
{
    size_t tail = n > PDF_TAIL ? n - PDF_TAIL : 0, at = 0;
    const char *mark = NULL;
    for (const char *s = p + tail; (s = find(s, (size_t)(p + n - s), "startxref")) != NULL; s++)
        mark = s;
    if (mark == NULL || find(mark, (size_t)(p + n - mark), "%%EOF") == NULL)
        return false;
    mark += strlen("startxref");
    while (*mark == '\r' || *mark == '\n' || *mark == ' ')
        mark++;
    int digits = 0;
    for (; *mark >= '0' && *mark <= '9' && digits < PDF_DIGITS; mark++, digits++)
        at = at * 10 + (size_t)(*mark - '0');
    if (digits == 0 || at + 8 > n)
        return false;
    if (memcmp(p + at, "xref", 4) == 0)
        return find(p + at, n - at, "trailer") != NULL;
    size_t end = at;
    while (end < n && end < at + 24 && p[end] != 'o')
        end++;
    return p[at] >= '0' && p[at] <= '9' && end + 3 <= n && memcmp(p + end, "obj", 3) == 0;
}

/* What acts when it is opened has no place on a slip. */
static bool acts(const char *p, size_t n)
{
    static const char *const names[] = { "/JavaScript", "/Launch", "/EmbeddedFile", "/RichMedia" };
    for (size_t i = 0; i < COUNT_OF(names); i++)
        if (find(p, n, names[i]) != NULL)
            return true;
    return false;
}

static bool is_pdf(const char *p, size_t n)
{
    size_t head = n < PDF_HEAD ? n : PDF_HEAD;
    return n > 8 && find(p, head, "%PDF-") != NULL && table_stands(p, n) && !acts(p, n);
}

static bool is_picture(enum image_kind k)
{
    return k == IMAGE_JPEG || k == IMAGE_PNG || k == IMAGE_WEBP;
}

enum rc payment_slip_take(struct app_ctx *app, struct arena *a, struct uuid tenant,
                          const char *file, struct payment_slip *out, const char **problem)
{
    struct image_head head;
    struct image_made made;
    const char *bytes = NULL, *why, *ext;
    size_t n = 0;
    enum rc rc = read_slip(a, file, &bytes, &n);
    *problem = N_("This is no slip we can take: use JPEG, PNG, WebP or PDF of at most 6 MB.");
    if (rc != RC_OK)
        return rc;
    struct payment_slip slip = { .bytes = (int64_t)n };
    if (image_head(bytes, n, &head, &why) == RC_OK && is_picture(head.kind)) {
        rc = image_make(app->conf, a, &head, bytes, n, false, &made, &why);
        slip.mime = image_mime(head.kind);
        ext = image_ext(head.kind);
    } else {
        rc = is_pdf(bytes, n) ? RC_OK : RC_INVALID;
        slip.mime = "application/pdf";
        ext = "pdf";
    }
    if (rc != RC_OK)
        return rc;
    slip.sha256 = crypto_sha256_hex(a, bytes, n);
    slip.path =
        storage_key(a, STORAGE_PRIVATE, tenant, slip.sha256, arena_printf(a, ".slip.%s", ext));
    rc = storage_put(app->conf, a, slip.path, slip.mime, bytes, n);
    if (rc == RC_OK)
        *out = slip;
    return rc;
}

struct telling {
    struct uuid id;
    const char *reference;
    const struct payment_slip *slip;
    int64_t now;
};

static enum rc told_in_tx(struct db *db, void *arg)
{
    const struct telling *t = arg;
    struct shop_payment_told_maybe p;
    int64_t added = 0;
    enum rc rc = shop_q_payment_told(db, t->id, t->reference, t->now, &p);
    if (rc != RC_OK)
        return rc;
    if (!p.found)
        return RC_CONFLICT;
    if (t->slip != NULL)
        rc = shop_q_payment_slip_add(db, uuid7_new(), t->id, t->slip->path, t->slip->mime,
                                     t->slip->sha256, t->slip->bytes, &added);
    if (rc == RC_OK)
        rc = audit_write(db, "payment.told", "order", p.row.order_id, NULL, NULL);
    return rc == RC_OK
               ? event_emit(db, "payment.slip", p.row.order_id, 0,
                            "number=%s payment=%s amount=%lld currency=%s locale=%s "
                            "slips=%lld",
                            p.row.number, uuid_str(db_arena(db), t->id), (long long)p.row.amount,
                            p.row.currency, p.row.locale, (long long)added)
               : rc;
}

enum rc payment_told(struct db *db, struct uuid id, const char *reference,
                     const struct payment_slip *slip, int64_t now)
{
    struct telling t = { .id = id, .reference = reference, .slip = slip, .now = now };
    return db_tx(db, DB_TX_RETRY, told_in_tx, &t);
}
