-- What staff keep besides products: price lists and groups, warehouses, types, categories by address.

-- stmt: desk_price_list(code text) -> maybe desk_list_row
-- row:  list_id uuid, name text, currency text, kind text, group_code text, priority int4, is_active bool,
-- row:  valid_from timestamptz, valid_until timestamptz
-- role: desk
-- plan: index
SELECT l.id AS list_id, l.name, l.currency, l.kind, coalesce(g.code, '') AS group_code, l.priority, l.is_active,
       l.valid_from, l.valid_until
  FROM shop.price_lists l
  LEFT JOIN shop.customer_groups g ON g.id = l.group_id
 WHERE l.code = $1 AND l.deleted_at IS NULL;

-- stmt: desk_price_lists() -> many desk_list_line
-- row:  code text, name text, currency text, kind text, group_code text, priority int4, is_active bool,
-- row:  valid_from timestamptz, valid_until timestamptz, prices int8
-- role: desk
-- plan: index
SELECT l.code, l.name, l.currency, l.kind, coalesce(g.code, '') AS group_code, l.priority, l.is_active, l.valid_from,
       l.valid_until, (SELECT count(*) FROM shop.prices p WHERE p.price_list_id = l.id) AS prices
  FROM shop.price_lists l
  LEFT JOIN shop.customer_groups g ON g.id = l.group_id
 WHERE l.deleted_at IS NULL ORDER BY l.kind, l.priority, l.code;

-- stmt: desk_price_list_put(id uuid, code text, name text, currency text, kind text, group_code text, priority int4, active bool, valid_from timestamptz, valid_until timestamptz) -> exec
-- role: desk
-- writes
INSERT INTO shop.price_lists AS l (tenant_id, id, code, name, currency, kind, group_id, priority, is_active, valid_from, valid_until)
SELECT app.tenant(), $1, $2, $3, $4, $5,
       (SELECT g.id FROM shop.customer_groups g WHERE g.code = $6 AND g.deleted_at IS NULL), $7, $8, $9, $10
ON CONFLICT (tenant_id, id) DO UPDATE
   SET name = excluded.name, priority = excluded.priority, is_active = excluded.is_active,
       valid_from = excluded.valid_from, valid_until = excluded.valid_until
 WHERE (l.name, l.priority, l.is_active, l.valid_from, l.valid_until)
       IS DISTINCT FROM (excluded.name, excluded.priority, excluded.is_active, excluded.valid_from, excluded.valid_until);

-- Products with a price in a list: what a change of the list changes.
-- stmt: desk_price_list_products(list uuid, most int4) -> many product_id
-- role: desk
-- plan: index
SELECT DISTINCT v.product_id
  FROM shop.prices p JOIN shop.product_variants v ON v.id = p.variant_id
 WHERE p.price_list_id = $1 LIMIT $2;

-- stmt: desk_prices(sku text) -> many desk_price
-- row:  list text, kind text, currency text, min_quantity int4, amount_minor int8, valid_from timestamptz, valid_until timestamptz
-- role: desk
-- plan: index
SELECT l.code AS list, l.kind, l.currency, p.min_quantity, p.amount_minor, p.valid_from, p.valid_until
  FROM shop.product_variants v
  JOIN shop.prices p ON p.variant_id = v.id
  JOIN shop.price_lists l ON l.id = p.price_list_id AND l.deleted_at IS NULL
 WHERE v.sku_norm = $1 AND v.deleted_at IS NULL ORDER BY l.kind, l.code, p.min_quantity, p.valid_from;

-- stmt: desk_variant(sku text) -> maybe desk_variant
-- row:  variant_id uuid, product_id uuid
-- role: desk
-- plan: index
SELECT v.id AS variant_id, v.product_id FROM shop.product_variants v WHERE v.sku_norm = $1 AND v.deleted_at IS NULL;

-- stmt: desk_group_put(id uuid, code text, name text) -> exec
-- role: desk
-- writes
INSERT INTO shop.customer_groups AS g (tenant_id, id, code, name) VALUES (app.tenant(), $1, $2, $3)
ON CONFLICT (tenant_id, code) WHERE deleted_at IS NULL DO UPDATE SET name = excluded.name WHERE g.name <> excluded.name;

-- stmt: desk_groups() -> many desk_group
-- row:  code text, name text, customers int8
-- role: desk
-- plan: index
SELECT g.code, g.name, (SELECT count(*) FROM shop.customers c WHERE c.group_id = g.id AND c.deleted_at IS NULL) AS customers
  FROM shop.customer_groups g WHERE g.deleted_at IS NULL ORDER BY g.code;

-- Into a group; an unknown code is none.
-- stmt: desk_member(email text, code text) -> exec
-- role: desk
-- writes
UPDATE shop.customers c SET group_id = (SELECT g.id FROM shop.customer_groups g WHERE g.code = $2 AND g.deleted_at IS NULL)
 WHERE c.email = $1 AND c.deleted_at IS NULL;

-- stmt: desk_warehouses() -> many desk_warehouse
-- row:  warehouse_id uuid, code text, name text, kind text, priority int4, variants int8, on_hand int8, available int8
-- role: desk
-- plan: index
SELECT w.id AS warehouse_id, w.code, w.name, w.kind, w.priority,
       (SELECT count(*) FROM shop.stock_levels l WHERE l.warehouse_id = w.id) AS variants,
       (SELECT coalesce(sum(l.on_hand), 0) FROM shop.stock_levels l WHERE l.warehouse_id = w.id)::int8 AS on_hand,
       (SELECT coalesce(sum(l.available), 0) FROM shop.stock_levels l WHERE l.warehouse_id = w.id)::int8 AS available
  FROM shop.warehouses w WHERE w.deleted_at IS NULL ORDER BY w.priority, w.code;

-- stmt: desk_warehouse_put(id uuid, code text, name text, kind text, priority int4) -> exec
-- role: desk
-- writes
INSERT INTO shop.warehouses AS w (tenant_id, id, code, name, kind, priority, seller_id)
SELECT app.tenant(), $1, $2, $3, $4, $5, s.id FROM shop.sellers s WHERE s.code = 'house' AND s.deleted_at IS NULL
ON CONFLICT (tenant_id, code) WHERE deleted_at IS NULL DO UPDATE
   SET name = excluded.name, kind = excluded.kind, priority = excluded.priority
 WHERE (w.name, w.kind, w.priority) IS DISTINCT FROM (excluded.name, excluded.kind, excluded.priority);

-- stmt: desk_stock(sku text) -> many desk_stock
-- row:  warehouse text, on_hand int4, held int4, allocated int4, available int4, backorder_limit int4, reorder_point int4?
-- role: desk
-- plan: index
SELECT w.code AS warehouse, l.on_hand, l.held, l.allocated, l.available, l.backorder_limit, l.reorder_point
  FROM shop.product_variants v
  JOIN shop.stock_levels l ON l.variant_id = v.id
  JOIN shop.warehouses w ON w.id = l.warehouse_id
 WHERE v.sku_norm = $1 AND v.deleted_at IS NULL ORDER BY w.priority, w.code;

-- stmt: desk_types() -> many desk_type
-- row:  code text, name text, attributes text, products int8
-- role: desk
-- plan: index
SELECT t.code, t.name,
       coalesce((SELECT string_agg(a.code || CASE WHEN x.picks_variant THEN ':variant' ELSE '' END, ', ' ORDER BY x.position, a.code)
                   FROM shop.product_type_attributes x JOIN shop.attributes a ON a.id = x.attribute_id
                  WHERE x.type_id = t.id), '') AS attributes,
       (SELECT count(*) FROM shop.products p WHERE p.type_id = t.id AND p.deleted_at IS NULL) AS products
  FROM shop.product_types t WHERE t.deleted_at IS NULL ORDER BY t.code;

-- stmt: desk_type_put(id uuid, code text, name text) -> one desk_type_id
-- row:  type_id uuid
-- role: desk
-- writes
INSERT INTO shop.product_types AS t (tenant_id, id, code, name) VALUES (app.tenant(), $1, $2, $3)
ON CONFLICT (tenant_id, code) WHERE deleted_at IS NULL DO UPDATE SET name = excluded.name
RETURNING t.id AS type_id;

-- Exactly these attributes, in this order; n counts those the shop knows and that may pick a variant
-- where they are to.
-- stmt: desk_type_fill(id uuid, codes text[], picks bool[]) -> one counted
-- role: desk
-- writes
WITH want AS (
    SELECT a.id, u.picks, u.place::int4 AS place
      FROM unnest($2, $3) WITH ORDINALITY AS u (code, picks, place)
      JOIN shop.attributes a ON a.code = u.code AND a.deleted_at IS NULL
                            AND (NOT u.picks OR a.input IN ('choice', 'colour', 'boolean'))),
gone AS (
    DELETE FROM shop.product_type_attributes x WHERE x.type_id = $1 AND NOT x.attribute_id IN (SELECT want.id FROM want)),
put AS (
    INSERT INTO shop.product_type_attributes AS x (tenant_id, type_id, attribute_id, picks_variant, position)
    SELECT app.tenant(), $1, want.id, want.picks, want.place FROM want
    ON CONFLICT (tenant_id, type_id, attribute_id) DO UPDATE
       SET picks_variant = excluded.picks_variant, position = excluded.position, updated_at = app.now())
SELECT count(*) AS n FROM want;

-- stmt: desk_category(slug text) -> maybe desk_category
-- row:  category_id uuid, version int4, name text, parent_id uuid?, is_hidden bool
-- role: desk
-- plan: index
SELECT g.id AS category_id, g.version, g.name, g.parent_id, g.is_hidden FROM shop.categories g
 WHERE g.slug = $1 AND g.deleted_at IS NULL;

-- stmt: desk_categories(most int4) -> many desk_category_line
-- row:  slug text, name text, parent text, products int4, is_hidden bool
-- role: desk
-- plan: index
SELECT g.slug, g.name, coalesce(u.slug, '') AS parent, coalesce(s.product_count, 0) AS products, g.is_hidden
  FROM shop.categories g
  LEFT JOIN shop.categories u ON u.id = g.parent_id
  LEFT JOIN shop.category_stats s ON s.category_id = g.id
 WHERE g.deleted_at IS NULL ORDER BY coalesce(u.position, g.position), u.id NULLS FIRST, g.position, g.id LIMIT $1;

-- stmt: desk_category_hide(id uuid, hidden bool) -> exec
-- role: desk
-- writes
UPDATE shop.categories g SET is_hidden = $2 WHERE g.id = $1 AND g.is_hidden <> $2;
