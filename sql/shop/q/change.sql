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

-- Sets the price of a variant in a list for one window. NULL amount takes it away; other windows of
-- a sale list go (replace). Rows that are already so are left alone. Every change is logged, and a
-- reduction carries the lowest price of the 30 days before it.
-- stmt: price_clear(list uuid, variant uuid, keep_from timestamptz?) -> exec
-- writes
WITH gone AS (
    DELETE FROM shop.prices a
     WHERE a.price_list_id = $1 AND a.variant_id = $2 AND a.min_quantity = 1
       AND ($3::timestamptz IS NULL OR a.valid_from <> $3)
    RETURNING a.price_list_id, a.variant_id, a.valid_from, a.valid_until)
INSERT INTO shop.price_log (tenant_id, variant_id, price_list_id, min_quantity, amount_minor, valid_from, valid_until)
SELECT app.tenant(), g.variant_id, g.price_list_id, 1, NULL, g.valid_from, g.valid_until FROM gone g;

-- stmt: price_put(list uuid, variant uuid, amount int8, valid_from timestamptz, valid_until timestamptz, base_list uuid, moment timestamptz) -> exec
-- writes
WITH low AS (
    SELECT min(h.amount_minor) AS amount
      FROM (SELECT g.amount_minor
              FROM shop.price_log g
             WHERE g.variant_id = $2 AND g.min_quantity = 1 AND g.amount_minor IS NOT NULL
               AND greatest(g.created_at, g.valid_from) < greatest($4, $7)
               AND g.valid_until > greatest($4, $7) - interval '30 days'
               AND NOT EXISTS (SELECT 1 FROM shop.price_log later
                                WHERE later.variant_id = g.variant_id AND later.price_list_id = g.price_list_id
                                  AND later.min_quantity = 1 AND later.created_at > g.created_at
                                  AND later.created_at <= greatest($4, $7) - interval '30 days')
               AND (g.price_list_id <> $1 OR g.valid_from <> $4)
            UNION ALL
            SELECT a.amount_minor FROM shop.prices a
             WHERE a.variant_id = $2 AND a.price_list_id = $6 AND a.min_quantity = 1
               AND greatest($4, $7) >= a.valid_from AND greatest($4, $7) < a.valid_until) h),
put AS (
    INSERT INTO shop.prices AS p (tenant_id, price_list_id, variant_id, min_quantity, valid_from,
                                  valid_until, amount_minor, lowest_30d_minor)
    SELECT app.tenant(), $1, $2, 1, $4, $5, $3, CASE WHEN $1 <> $6 THEN low.amount END FROM low
    ON CONFLICT (tenant_id, variant_id, price_list_id, min_quantity, valid_from) DO UPDATE
       SET amount_minor = excluded.amount_minor, valid_until = excluded.valid_until,
           lowest_30d_minor = excluded.lowest_30d_minor, updated_at = app.now()
     WHERE (p.amount_minor, p.valid_until) IS DISTINCT FROM (excluded.amount_minor, excluded.valid_until)
    RETURNING p.price_list_id, p.variant_id, p.amount_minor, p.valid_from, p.valid_until)
INSERT INTO shop.price_log (tenant_id, variant_id, price_list_id, min_quantity, amount_minor, valid_from, valid_until)
SELECT app.tenant(), put.variant_id, put.price_list_id, 1, put.amount_minor, put.valid_from, put.valid_until FROM put;

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
