-- What the maps of a shop list: only what a visitor may open now. A map of many is cut in pieces by
-- the id it begins with, so that each piece is one walk along the key, however big the shop is.

-- stmt: product_pieces(moment timestamptz, most int4) -> many piece
-- row:  first_id uuid, changed timestamptz
-- plan: index
SELECT (array_agg(k.id ORDER BY k.id))[1] AS first_id, max(k.updated_at) AS changed
  FROM (SELECT p.id, p.updated_at, (row_number() OVER (ORDER BY p.id) - 1) / $2 AS piece
          FROM shop.products p
         WHERE p.status = 'active' AND p.deleted_at IS NULL AND p.visibility <> 'hidden'
           AND $1 >= p.publish_from AND $1 < p.publish_until) k
 GROUP BY k.piece ORDER BY k.piece LIMIT 50000;

-- stmt: products(first uuid, moment timestamptz, most int4) -> many entry
-- row:  slug text, changed timestamptz
-- plan: index
SELECT p.slug, p.updated_at AS changed
  FROM shop.products p
 WHERE p.id >= $1 AND p.status = 'active' AND p.deleted_at IS NULL AND p.visibility <> 'hidden'
   AND $2 >= p.publish_from AND $2 < p.publish_until
 ORDER BY p.id LIMIT $3;

-- stmt: category_pieces(most int4) -> many piece
-- plan: index
SELECT (array_agg(k.id ORDER BY k.id))[1] AS first_id, max(k.updated_at) AS changed
  FROM (SELECT g.id, g.updated_at, (row_number() OVER (ORDER BY g.id) - 1) / $1 AS piece
          FROM shop.categories g
          JOIN shop.category_stats s ON s.category_id = g.id AND s.product_count > 0
         WHERE g.deleted_at IS NULL AND NOT g.is_hidden) k
 GROUP BY k.piece ORDER BY k.piece LIMIT 50000;

-- stmt: categories(first uuid, most int4) -> many entry
-- plan: index
SELECT g.slug, g.updated_at AS changed
  FROM shop.categories g
  JOIN shop.category_stats s ON s.category_id = g.id AND s.product_count > 0
 WHERE g.id >= $1 AND g.deleted_at IS NULL AND NOT g.is_hidden
 ORDER BY g.id LIMIT $2;

-- The first two levels of the tree with their names, parents first.
-- stmt: map_categories(chain text[]) -> many branch
-- row:  category_id uuid, parent_id uuid?, slug text, name text
-- plan: index
SELECT g.id AS category_id, g.parent_id, g.slug,
       coalesce((SELECT t.value FROM app.translations t
                  WHERE t.resource = 'category' AND t.resource_id = g.id AND t.field = 'name'
                    AND t.locale = ANY ($1) ORDER BY array_position($1, t.locale) LIMIT 1), g.name) AS name
  FROM shop.categories g
  LEFT JOIN shop.categories up ON up.id = g.parent_id
  JOIN shop.category_stats s ON s.category_id = g.id AND s.product_count > 0
 WHERE (g.parent_id IS NULL OR (up.parent_id IS NULL AND up.deleted_at IS NULL AND NOT up.is_hidden))
   AND g.deleted_at IS NULL AND NOT g.is_hidden
 ORDER BY g.parent_id IS NOT NULL, coalesce(up.position, g.position), g.position, g.name_norm, g.id
 LIMIT 1000;

-- stmt: brands() -> many entry
-- plan: index
SELECT b.slug, b.updated_at AS changed
  FROM shop.brands b
 WHERE b.deleted_at IS NULL
   AND EXISTS (SELECT 1 FROM shop.products p
                WHERE p.brand_id = b.id AND p.status = 'active' AND p.deleted_at IS NULL
                  AND p.visibility IN ('visible', 'catalog'))
 ORDER BY b.id LIMIT 5000;

-- stmt: collections(moment timestamptz) -> many entry
-- plan: index
SELECT k.slug, k.updated_at AS changed
  FROM shop.collections k
 WHERE k.is_active AND k.deleted_at IS NULL AND $1 >= k.valid_from AND $1 < k.valid_until
 ORDER BY k.slug LIMIT 5000;

-- stmt: map_collections(chain text[], moment timestamptz) -> many map_collection
-- row:  slug text, name text
-- plan: index
SELECT k.slug,
       coalesce((SELECT t.value FROM app.translations t
                  WHERE t.resource = 'collection' AND t.resource_id = k.id AND t.field = 'name'
                    AND t.locale = ANY ($1) ORDER BY array_position($1, t.locale) LIMIT 1), k.name) AS name
  FROM shop.collections k
 WHERE k.is_active AND k.deleted_at IS NULL AND $2 >= k.valid_from AND $2 < k.valid_until
 ORDER BY k.position, k.slug LIMIT 500;
