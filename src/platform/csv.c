/* csv.c: pulls rows out of libcsv, which pushes them. The file is fed line by line, so that
 * at most one row is complete after each piece and the line a row began in is known. Invariant:
 * whatever bytes come in, memory stays below CSV_FIELD_HARD plus one row. */
#include "platform/csv.h"

#include <csv.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"

enum { PIECE = 64 * 1024, SNIFF = 4096, IN_FIELD = 2 /* libcsv's own state */ };

struct csv_reader {
    struct csv_parser parser;
    FILE *in;
    size_t max;
    struct arena *home, *rows;
    char buf[PIECE];
    size_t at, have;
    size_t line, row_line; /* line being read; line the current row began in */
    bool started, ended, row_done, broken, after_cr;
    struct csv_field *field;
    size_t n, cap, dropped;
    const char *problem;
};

static void *bounded_realloc(void *p, size_t n)
{
    return n > CSV_FIELD_HARD + 1024 ? NULL : realloc(p, n);
}

struct csv_reader *csv_open(struct arena *a, FILE *in, size_t max)
{
    struct csv_reader *r = arena_new(a, struct csv_reader);
    r->in = in;
    r->max = max;
    r->home = a;
    r->line = 1;
    check_that(csv_init(&r->parser, CSV_APPEND_NULL) == 0);
    csv_set_realloc_func(&r->parser, bounded_realloc);
    csv_set_blk_size(&r->parser, 4096);
    return r;
}

void csv_close(struct csv_reader *r)
{
    csv_free(&r->parser);
}

const char *csv_problem(const struct csv_reader *r)
{
    return r->problem;
}

/* All n bytes and a NUL behind them: a field may hold NULs of its own. */
static const char *copy_bytes(struct arena *a, const void *p, size_t n)
{
    char *copy = arena_alloc(a, n + 1);
    if (n > 0)
        memcpy(copy, p, n);
    return copy;
}

static void on_field(void *p, size_t n, void *arg)
{
    struct csv_reader *r = arg;
    if (r->n == CSV_ROW_COLUMNS) {
        r->dropped++;
        return;
    }
    if (r->n == r->cap) {
        size_t cap = r->cap == 0 ? 64 : r->cap * 2;
        struct csv_field *f = arena_array(r->rows, struct csv_field, cap);
        if (r->n > 0)
            memcpy(f, r->field, r->n * sizeof(*f));
        r->field = f;
        r->cap = cap;
    }
    bool too_long = n > r->max;
    const char *copy = too_long || p == NULL ? "" : copy_bytes(r->rows, p, n);
    r->field[r->n++] = (struct csv_field){ .p = copy, .n = n, .too_long = too_long };
}

static void on_row(int ending, void *arg)
{
    (void)ending;
    struct csv_reader *r = arg;
    r->row_done = true;
}

/* The header decides: the delimiter that occurs most often outside quotes in the first line. */
static unsigned char sniff_delimiter(const char *p, size_t n)
{
    static const char delimiters[] = { ',', ';', '\t' };
    size_t count[COUNT_OF(delimiters)] = { 0 }, best = 0;
    bool quoted = false;
    for (size_t i = 0; i < n && i < SNIFF && (quoted || (p[i] != '\n' && p[i] != '\r')); i++) {
        quoted ^= p[i] == '"';
        for (size_t d = 0; !quoted && d < COUNT_OF(delimiters); d++)
            count[d] += p[i] == delimiters[d];
    }
    for (size_t d = 1; d < COUNT_OF(delimiters); d++)
        if (count[d] > count[best])
            best = d;
    return (unsigned char)delimiters[best];
}

static enum rc refuse(struct csv_reader *r, const char *problem)
{
    r->broken = true;
    r->problem = problem;
    return RC_INVALID;
}

/* First bytes: byte order marks and the delimiter. */
static enum rc start(struct csv_reader *r)
{
    r->started = true;
    r->have = fread(r->buf, 1, sizeof(r->buf), r->in);
    const unsigned char *b = (const unsigned char *)r->buf;
    if (r->have >= 2 && ((b[0] == 0xff && b[1] == 0xfe) || (b[0] == 0xfe && b[1] == 0xff)))
        return refuse(r, "the file is UTF-16; save it as CSV in UTF-8 and try again");
    if (r->have >= 4 && memcmp(b, "PK\x03\x04", 4) == 0)
        return refuse(r,
                      "the file is a spreadsheet or archive, not CSV; export it as CSV in UTF-8");
    if (r->have >= 3 && memcmp(b, "\xef\xbb\xbf", 3) == 0)
        r->at = 3;
    csv_set_delim(&r->parser, sniff_delimiter(r->buf + r->at, r->have - r->at));
    return RC_OK;
}

static bool refill(struct csv_reader *r)
{
    r->at = 0;
    r->have = fread(r->buf, 1, sizeof(r->buf), r->in);
    return r->have > 0;
}

/* Feeds up to and with the next line end; counts lines. */
static enum rc feed_piece(struct csv_reader *r)
{
    size_t n = 0;
    char last = '\0';
    while (r->at + n < r->have) {
        last = r->buf[r->at + n++];
        if (last == '\n' || last == '\r')
            break;
    }
    if (r->parser.pstate == 0) /* no row has begun: not even a blank line's spaces count */
        r->row_line = r->line;
    size_t eaten = csv_parse(&r->parser, r->buf + r->at, n, on_field, on_row, r);
    if (eaten != n) {
        int e = csv_error(&r->parser);
        return refuse(r,
                      e == CSV_ENOMEM || e == CSV_ETOOBIG
                          ? arena_printf(r->home,
                                         "line %zu: a field is larger than %d MB; reading stopped",
                                         r->row_line, CSV_FIELD_HARD / 1024 / 1024)
                          : "the file cannot be read as CSV");
    }
    r->at += n;
    if (last == '\n')
        r->line += !r->after_cr;
    else if (last == '\r')
        r->line++;
    r->after_cr = last == '\r';
    return RC_OK;
}

static enum rc finish(struct csv_reader *r)
{
    r->ended = true;
    if (ferror(r->in))
        return refuse(r, "the file cannot be read to its end");
    /* libcsv tells of an open quote only in its strict mode, which refuses stray quotes as well. */
    if (r->parser.pstate == IN_FIELD && r->parser.quoted)
        return refuse(r,
                      arena_printf(r->home,
                                   "line %zu: a quote opened in this row is never closed; all that "
                                   "follows it was not read",
                                   r->row_line));
    return csv_fini(&r->parser, on_field, on_row, r) == 0
               ? RC_OK
               : refuse(r, "the file cannot be read as CSV");
}

enum rc csv_next(struct csv_reader *r, struct arena *row_arena, struct csv_row *out)
{
    r->rows = row_arena;
    r->field = NULL;
    r->n = r->cap = r->dropped = 0;
    r->row_done = false;
    while (!r->row_done) {
        enum rc rc = RC_OK;
        if (r->broken)
            return RC_INVALID;
        if (r->ended)
            return RC_NOTFOUND;
        if (!r->started)
            rc = start(r);
        if (rc == RC_OK && r->at == r->have && !refill(r))
            rc = finish(r);
        else if (rc == RC_OK)
            rc = feed_piece(r);
        if (rc != RC_OK)
            return rc;
    }
    *out = (struct csv_row){
        .line = r->row_line, .field = r->field, .n = r->n, .dropped = r->dropped
    };
    return RC_OK;
}
