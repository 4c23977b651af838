-- Custom fields on products (src/shop/product_custom.h).

-- Fields put and fields taken away; the others stay.
-- stmt: product_custom_put(id uuid, put jsonb, gone text[]) -> exec
-- role: desk
-- writes
UPDATE shop.products p SET custom = (p.custom || $2) - $3::text[]
 WHERE p.id = $1 AND (p.custom || $2) - $3::text[] <> p.custom;

-- stmt: product_custom(id uuid) -> maybe product_custom
-- row:  custom jsonb, version int4
-- plan: index
SELECT p.custom, p.version FROM shop.products p WHERE p.id = $1 AND p.deleted_at IS NULL;

-- Products with a value of a field, in order of id.
-- stmt: product_custom_next(name text, after uuid, most int4) -> many custom_row
-- row:  product_id uuid, value jsonb
-- role: desk
-- plan: index
SELECT p.id AS product_id, p.custom -> $1 AS value
  FROM shop.products p
 WHERE p.id > $2 AND p.deleted_at IS NULL AND (p.custom -> $1) IS NOT NULL
 ORDER BY p.id LIMIT $3;
