/* stats.c: see stats.h. Not here: what is rated and who may (reviews), what is sold (orders).
 * Invariant: counters and the event that tells of them commit together; rows are locked in one
 * order, so that two orders of the same products wait for each other and never block. */
#include "shop/stats.h"

#include "app/event.h"
#include "base/arena.h"
#include "gen/shop_q.h"
#include "platform/db.h"

struct columns {
    struct uuid *product;
    int64_t *rating_sum, *rating_count, *sold, *viewed;
};

static struct columns columns_of(struct arena *a, const struct product_stats_change *c, size_t n)
{
    struct columns k = { arena_array(a, struct uuid, n), arena_array(a, int64_t, n),
                         arena_array(a, int64_t, n), arena_array(a, int64_t, n),
                         arena_array(a, int64_t, n) };
    for (size_t i = 0; i < n; i++) {
        k.product[i] = c[i].product;
        k.rating_sum[i] = c[i].rating_sum;
        k.rating_count[i] = c[i].rating_count;
        k.sold[i] = c[i].sold;
        k.viewed[i] = c[i].viewed;
    }
    return k;
}

enum rc product_stats_add(struct db *db, const struct product_stats_change *change, size_t n,
                          int64_t now)
{
    struct shop_stats_row_list rows = { 0 };
    if (n == 0)
        return RC_OK;
    struct columns k = columns_of(db_arena(db), change, n);
    struct db_pipe *p = db_pipe(db);
    shop_q_stats_rows_send(p, (struct uuids){ k.product, n }, NULL);
    shop_q_stats_add_send(p, (struct uuids){ k.product, n }, (struct int8s){ k.rating_sum, n },
                          (struct int8s){ k.rating_count, n }, (struct int8s){ k.sold, n },
                          (struct int8s){ k.viewed, n }, now, &rows);
    enum rc rc = db_pipe_run(p);
    for (size_t i = 0; rc == RC_OK && i < rows.n; i++)
        rc = event_emit(db, rows.row[i].rated ? "product.rated" : "product.counted",
                        rows.row[i].product_id, 0, "slug=%s", rows.row[i].slug);
    return rc;
}
