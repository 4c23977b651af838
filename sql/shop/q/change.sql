-- Single changes by the library: names, states, prices, stock. Each is refused when the version the
-- caller saw is not the one that is there.

-- stmt: product_set_name(id uuid, version int4, name text, slug text) -> exec
-- writes
UPDATE shop.products p SET name = $3, slug = $4 WHERE p.id = $1 AND p.version = $2 AND p.deleted_at IS NULL;

-- stmt: product_set_status(id uuid, version int4, status text) -> exec
-- writes
UPDATE shop.products p SET status = $3 WHERE p.id = $1 AND p.version = $2 AND p.deleted_at IS NULL;

-- stmt: product_exists(id uuid) -> one exists
-- row:  yes bool
-- plan: index
SELECT EXISTS (SELECT 1 FROM shop.products p WHERE p.id = $1 AND p.deleted_at IS NULL) AS yes;

-- stmt: category_exists(id uuid) -> one exists
-- plan: index
SELECT EXISTS (SELECT 1 FROM shop.categories g WHERE g.id = $1 AND g.deleted_at IS NULL) AS yes;

-- stmt: category_set_name(id uuid, version int4, name text, name_norm text, slug text) -> exec
-- writes
UPDATE shop.categories g SET name = $3, name_norm = $4, slug = $5
 WHERE g.id = $1 AND g.version = $2 AND g.deleted_at IS NULL;

-- stmt: category_set_parent(id uuid, version int4, parent uuid?) -> exec
-- writes
UPDATE shop.categories g SET parent_id = $3 WHERE g.id = $1 AND g.version = $2 AND g.deleted_at IS NULL;

-- All products below a category: whose lists a move changes.
-- stmt: category_below(id uuid) -> many product_id
-- plan: index
SELECT DISTINCT pc.product_id
  FROM shop.category_tree x
  JOIN shop.product_categories pc ON pc.category_id = x.descendant_id
 WHERE x.ancestor_id = $1;

-- Takes a slug for a resource: 1 row when it is free or was its own before.
-- stmt: slug_take(resource text, slug text, id uuid) -> exec
-- writes
INSERT INTO shop.slugs AS s (tenant_id, resource, slug, resource_id) VALUES (app.tenant(), $1, $2, $3)
ON CONFLICT (tenant_id, resource, slug) DO UPDATE SET is_live = true, updated_at = app.now()
 WHERE s.resource_id = excluded.resource_id;

-- The other names of the resource only redirect from now on.
-- stmt: slug_retire(resource text, slug text, id uuid) -> exec
-- writes
UPDATE shop.slugs s SET is_live = false, updated_at = app.now()
 WHERE s.resource = $1 AND s.resource_id = $3 AND s.slug <> $2 AND s.is_live;

-- The first of base, base-2, base-3 ... that nobody has or had, taken for the resource.
-- stmt: slug_new(resource text, base text, id uuid) -> one slug
-- row:  slug text
-- writes
WITH RECURSIVE tried (n, slug) AS (
    SELECT 1, $2
    UNION ALL
    SELECT t.n + 1, $2 || '-' || (t.n + 1)
      FROM tried t
     WHERE t.n < 100000
       AND EXISTS (SELECT 1 FROM shop.slugs s WHERE s.resource = $1 AND s.slug = t.slug))
INSERT INTO shop.slugs (tenant_id, resource, slug, resource_id)
SELECT app.tenant(), $1, f.slug, $3 FROM (SELECT t.slug FROM tried t ORDER BY t.n DESC LIMIT 1) f
RETURNING slug;

-- stmt: variant_product(id uuid) -> maybe product_id
-- plan: index
SELECT v.product_id FROM shop.product_variants v WHERE v.id = $1 AND v.deleted_at IS NULL;

-- Sets the price of a variant in a list for one window; other windows of a sale list go first.
-- Rows that are already so are left alone. Every change is logged.
-- stmt: price_clear(list uuid, variant uuid, keep_from timestamptz?) -> exec
-- writes
WITH gone AS (
    DELETE FROM shop.prices a
     WHERE a.price_list_id = $1 AND a.variant_id = $2 AND a.min_quantity = 1
       AND ($3::timestamptz IS NULL OR a.valid_from <> $3)
    RETURNING a.price_list_id, a.variant_id, a.valid_from, a.valid_until)
INSERT INTO shop.price_log (tenant_id, variant_id, price_list_id, min_quantity, amount_minor, valid_from, valid_until)
SELECT app.tenant(), g.variant_id, g.price_list_id, 1, NULL, g.valid_from, g.valid_until FROM gone g;

-- stmt: price_put(list uuid, variant uuid, amount int8, valid_from timestamptz, valid_until timestamptz) -> exec
-- writes
WITH put AS (
    INSERT INTO shop.prices AS p (tenant_id, price_list_id, variant_id, min_quantity, valid_from, valid_until, amount_minor)
    VALUES (app.tenant(), $1, $2, 1, $4, $5, $3)
    ON CONFLICT (tenant_id, variant_id, price_list_id, min_quantity, valid_from) DO UPDATE
       SET amount_minor = excluded.amount_minor, valid_until = excluded.valid_until,
           lowest_30d_minor = NULL, updated_at = app.now()
     WHERE (p.amount_minor, p.valid_until) IS DISTINCT FROM (excluded.amount_minor, excluded.valid_until)
    RETURNING p.price_list_id, p.variant_id, p.amount_minor, p.valid_from, p.valid_until)
INSERT INTO shop.price_log (tenant_id, variant_id, price_list_id, min_quantity, amount_minor, valid_from, valid_until)
SELECT app.tenant(), put.variant_id, put.price_list_id, 1, put.amount_minor, put.valid_from, put.valid_until FROM put;

-- All prices of a variant in a list: exactly these. Edges are microseconds since 1970, the smallest
-- and the largest int8 are open. n: rows put, changed or taken away, each in the log.
-- stmt: price_set(list uuid, variant uuid, quantities int4[], froms int8[], untils int8[], amounts int8[]) -> one counted
-- writes
WITH want AS (
    SELECT u.q, u.a,
           CASE WHEN u.f = -9223372036854775808 THEN '-infinity' ELSE timestamptz 'epoch' + u.f * interval '1 microsecond' END AS f,
           CASE WHEN u.t = 9223372036854775807 THEN 'infinity' ELSE timestamptz 'epoch' + u.t * interval '1 microsecond' END AS t
      FROM unnest($3, $4, $5, $6) AS u (q, f, t, a)),
gone AS (
    DELETE FROM shop.prices p
     WHERE p.price_list_id = $1 AND p.variant_id = $2
       AND NOT EXISTS (SELECT 1 FROM want w WHERE w.q = p.min_quantity AND w.f = p.valid_from)
    RETURNING p.min_quantity, NULL::int8 AS amount, p.valid_from, p.valid_until),
put AS (
    INSERT INTO shop.prices AS p (tenant_id, price_list_id, variant_id, min_quantity, valid_from, valid_until, amount_minor)
    SELECT app.tenant(), $1, $2, w.q, w.f, w.t, w.a FROM want w
    ON CONFLICT (tenant_id, variant_id, price_list_id, min_quantity, valid_from) DO UPDATE
       SET amount_minor = excluded.amount_minor, valid_until = excluded.valid_until,
           lowest_30d_minor = NULL, updated_at = app.now()
     WHERE (p.amount_minor, p.valid_until) IS DISTINCT FROM (excluded.amount_minor, excluded.valid_until)
    RETURNING p.min_quantity, p.amount_minor, p.valid_from, p.valid_until),
logged AS (
    INSERT INTO shop.price_log (tenant_id, variant_id, price_list_id, min_quantity, amount_minor, valid_from, valid_until)
    SELECT app.tenant(), $2, $1, x.min_quantity, x.amount, x.valid_from, x.valid_until
      FROM (SELECT gone.min_quantity, gone.amount, gone.valid_from, gone.valid_until FROM gone
              UNION ALL
            SELECT put.min_quantity, put.amount_minor, put.valid_from, put.valid_until FROM put) x
    RETURNING 1)
SELECT count(*) AS n FROM logged;

-- The lowest price of the 30 days before each reduction of a variant that has not begun, or whose
-- lowest is not known yet: what was asked in public, in the same currency, from the same quantity
-- on. Run after prices were written; a reduction that runs keeps what it began with.
-- stmt: price_lowest(variant uuid, moment timestamptz) -> exec
-- writes
WITH spans AS MATERIALIZED (
    SELECT l.currency, g.min_quantity, g.amount_minor, g.price_list_id, g.valid_from,
           greatest(g.created_at, g.valid_from) AS begins,
           least(g.valid_until, lead(g.created_at) OVER (PARTITION BY g.price_list_id, g.min_quantity, g.valid_from
                                                         ORDER BY g.created_at, g.id)) AS ends
      FROM shop.price_log g
      JOIN shop.price_lists l ON l.id = g.price_list_id AND l.kind IN ('base', 'sale')
     WHERE g.variant_id = $1),
due AS (
    SELECT p.price_list_id, p.min_quantity, p.valid_from, l.currency, greatest(p.valid_from, $2) AS start
      FROM shop.prices p
      JOIN shop.price_lists l ON l.id = p.price_list_id AND l.kind = 'sale'
     WHERE p.variant_id = $1 AND (p.lowest_30d_minor IS NULL OR p.valid_from > $2)),
low AS (
    SELECT d.price_list_id, d.min_quantity, d.valid_from,
           coalesce((SELECT min(s.amount_minor) FROM spans s
                      WHERE s.currency = d.currency AND s.min_quantity = d.min_quantity AND s.amount_minor IS NOT NULL
                        AND s.begins < s.ends AND s.begins < d.start AND s.ends > d.start - interval '30 days'
                        AND (s.price_list_id, s.valid_from) <> (d.price_list_id, d.valid_from)),
                    (SELECT min(b.amount_minor) FROM shop.prices b
                       JOIN shop.price_lists bl ON bl.id = b.price_list_id AND bl.kind = 'base' AND bl.currency = d.currency
                      WHERE b.variant_id = $1 AND b.min_quantity = d.min_quantity
                        AND d.start >= b.valid_from AND d.start < b.valid_until)) AS amount
      FROM due d)
UPDATE shop.prices p SET lowest_30d_minor = low.amount
  FROM low
 WHERE p.variant_id = $1 AND p.price_list_id = low.price_list_id AND p.min_quantity = low.min_quantity
   AND p.valid_from = low.valid_from AND p.lowest_30d_minor IS DISTINCT FROM low.amount;

-- Stock as counted. First the row, then, with it locked, its new value and the difference as one
-- movement. n = 0: it was so already. Less than is promised is refused by stock_not_sold_twice.
-- stmt: stock_ensure(variant uuid, warehouse uuid) -> exec
-- writes
INSERT INTO shop.stock_levels (tenant_id, variant_id, warehouse_id) VALUES (app.tenant(), $1, $2)
ON CONFLICT DO NOTHING;

-- stmt: stock_count(variant uuid, warehouse uuid, on_hand int4, backorder_limit int4, reorder_point int4?, cause_kind text, cause_id uuid) -> one counted
-- row:  n int8
-- writes
WITH was AS MATERIALIZED (
    SELECT l.tenant_id, l.variant_id, l.warehouse_id, l.on_hand AS before
      FROM shop.stock_levels l WHERE l.variant_id = $1 AND l.warehouse_id = $2 FOR NO KEY UPDATE),
put AS (
    UPDATE shop.stock_levels l
       SET on_hand = $3, backorder_limit = $4, reorder_point = $5, updated_at = app.now()
      FROM was
     WHERE (l.tenant_id, l.variant_id, l.warehouse_id) = (was.tenant_id, was.variant_id, was.warehouse_id)
       AND (l.on_hand, l.backorder_limit, l.reorder_point) IS DISTINCT FROM ($3, $4, $5)
    RETURNING l.tenant_id, l.variant_id, l.warehouse_id, l.on_hand, was.before),
moved AS (
    INSERT INTO shop.inventory_movements (tenant_id, variant_id, warehouse_id, kind, quantity, balance, cause_kind, cause_id)
    SELECT put.tenant_id, put.variant_id, put.warehouse_id,
           CASE WHEN EXISTS (SELECT 1 FROM shop.inventory_movements m
                              WHERE m.variant_id = $1 AND m.warehouse_id = $2) THEN 'count' ELSE 'opening' END,
           put.on_hand - put.before, put.on_hand, $6, $7
      FROM put WHERE put.on_hand <> put.before
    RETURNING 1)
SELECT count(*) AS n FROM put;

-- stmt: stock_level(variant uuid, warehouse uuid) -> maybe stock_level
-- row:  on_hand int4, held int4, allocated int4, backorder_limit int4, reorder_point int4?
-- plan: index
SELECT l.on_hand, l.held, l.allocated, l.backorder_limit, l.reorder_point
  FROM shop.stock_levels l WHERE l.variant_id = $1 AND l.warehouse_id = $2;

-- stmt: product_state(id uuid) -> maybe product_state
-- row:  name text, slug text, status text, version int4
-- plan: index
SELECT p.name, p.slug, p.status, p.version FROM shop.products p WHERE p.id = $1 AND p.deleted_at IS NULL;

-- stmt: price_now(list uuid, variant uuid) -> maybe price_now
-- row:  amount_minor int8
-- plan: index
SELECT a.amount_minor FROM shop.prices a
 WHERE a.price_list_id = $1 AND a.variant_id = $2 AND a.min_quantity = 1 AND a.valid_from = '-infinity';

-- stmt: category_state(id uuid) -> maybe category_state
-- row:  name text, slug text, parent_id uuid?
-- plan: index
SELECT g.name, g.slug, g.parent_id FROM shop.categories g WHERE g.id = $1 AND g.deleted_at IS NULL;
