-- Collections: what is in one as the index is asked for it, and how staff make and end them.

-- What a collection means to search_hits: narrow is the smallest of its groups of terms, others the rest.
-- stmt: collection_scope(slug text, moment timestamptz) -> maybe collection_scope
-- row:  collection_id uuid, by_hand bool, sort text, price_min int8?, price_max int8?, narrow int4[], others text[]
-- plan: index
SELECT k.id AS collection_id, k.by_hand, k.sort, (k.rule ->> 'price_min_minor')::int8 AS price_min,
       (k.rule ->> 'price_max_minor')::int8 AS price_max,
       coalesce((SELECT w.terms FROM shop.collection_terms w WHERE w.collection_id = k.id
                  ORDER BY cardinality(w.terms), w.key LIMIT 1), '{}') AS narrow,
       ARRAY(SELECT w.terms::text FROM shop.collection_terms w WHERE w.collection_id = k.id
              ORDER BY cardinality(w.terms), w.key OFFSET 1) AS others
  FROM shop.collections k
 WHERE k.slug = $1 AND k.is_active AND k.deleted_at IS NULL AND $2 >= k.valid_from AND $2 < k.valid_until;

-- stmt: collection_state(slug text) -> maybe collection_state
-- row:  collection_id uuid, version int4, name text, description text, rule text, sort text, by_hand bool, is_active bool,
-- row:  valid_from timestamptz, valid_until timestamptz, media_id uuid?, products uuid[], is_gone bool
-- role: desk
-- writes
SELECT k.id AS collection_id, k.version, k.name, k.description, k.rule::text AS rule, k.sort, k.by_hand, k.is_active,
       k.valid_from, k.valid_until, k.media_id,
       ARRAY(SELECT p.product_id FROM shop.collection_products p WHERE p.collection_id = k.id ORDER BY p.position) AS products,
       k.deleted_at IS NOT NULL AS is_gone
  FROM shop.slugs s
  JOIN shop.collections k ON k.id = s.resource_id
 WHERE s.resource = 'collection' AND s.slug = $1 AND k.slug = $1 FOR UPDATE OF k;

-- Which of these slugs and codes the keys of a rule do not know here; fixed keys are not asked.
-- stmt: collection_unknown(keys text[], vals text[]) -> many unknown_pair
-- row:  key text, value text
-- role: desk
-- plan: index
SELECT u.key, u.val AS value
  FROM unnest($1, $2) AS u (key, val)
 WHERE NOT EXISTS (SELECT 1 FROM shop.brands b WHERE u.key = 'brand' AND b.slug = u.val AND b.deleted_at IS NULL)
   AND NOT EXISTS (SELECT 1 FROM shop.categories g WHERE u.key = 'category' AND g.slug = u.val AND g.deleted_at IS NULL)
   AND NOT EXISTS (SELECT 1 FROM shop.attributes a
                     JOIN shop.attribute_options o ON o.attribute_id = a.id AND o.deleted_at IS NULL
                    WHERE 'f.' || a.code = u.key AND a.deleted_at IS NULL AND o.code = u.val)
   AND NOT EXISTS (SELECT 1 FROM app.custom_fields d
                    CROSS JOIN LATERAL pg_catalog.jsonb_array_elements(d.options) AS c (value)
                    WHERE 'f.' || d.name = u.key AND d.resource = 'product' AND d.is_filterable AND d.deleted_at IS NULL
                      AND c.value ->> 'code' = u.val);

-- stmt: collection_put(id uuid, slug text, name text, description text, rule jsonb, sort text, by_hand bool, active bool, valid_from timestamptz, valid_until timestamptz, media uuid?, place int4?) -> exec
-- role: desk
-- writes
INSERT INTO shop.collections AS k (tenant_id, id, slug, name, description, rule, sort, by_hand, is_active, valid_from,
                                   valid_until, media_id, position)
VALUES (app.tenant(), $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11,
        coalesce($12, 0))
ON CONFLICT (tenant_id, id) DO UPDATE
   SET name = excluded.name, description = excluded.description, rule = excluded.rule, sort = excluded.sort,
       by_hand = excluded.by_hand, is_active = excluded.is_active, valid_from = excluded.valid_from,
       valid_until = excluded.valid_until, media_id = excluded.media_id, position = coalesce($12, k.position),
       deleted_at = NULL
 WHERE k.deleted_at IS NOT NULL OR (k.name, k.description, k.rule, k.sort, k.by_hand, k.is_active, k.valid_from, k.valid_until, k.media_id, k.position)
       IS DISTINCT FROM
       (excluded.name, excluded.description, excluded.rule, excluded.sort, excluded.by_hand, excluded.is_active,
        excluded.valid_from, excluded.valid_until, excluded.media_id, coalesce($12, k.position));

-- What is in a collection by hand, as a whole; the order of the array is the order of the list.
-- stmt: collection_fill(id uuid, products uuid[]) -> exec
-- role: desk
-- writes
WITH gone AS (
    DELETE FROM shop.collection_products o WHERE o.collection_id = $1 AND NOT o.product_id = ANY ($2))
INSERT INTO shop.collection_products AS o (tenant_id, collection_id, product_id, position)
SELECT app.tenant(), $1, u.id, u.place::int4
  FROM unnest($2) WITH ORDINALITY AS u (id, place)
ON CONFLICT (tenant_id, collection_id, product_id) DO UPDATE
   SET position = excluded.position, updated_at = app.now() WHERE o.position <> excluded.position;

-- stmt: collection_remove(id uuid, now timestamptz) -> exec
-- role: desk
-- writes
UPDATE shop.collections k SET deleted_at = $2 WHERE k.id = $1 AND k.deleted_at IS NULL;

-- stmt: collection_list() -> many collection_line
-- row:  slug text, name text, by_hand bool, rule text, products int8, sort text, is_active bool,
-- row:  valid_from timestamptz, valid_until timestamptz, locales text
-- role: desk
-- plan: index
SELECT k.slug, k.name, k.by_hand, coalesce(k.rule ->> 'text', '') AS rule,
       (SELECT count(*) FROM shop.collection_products o WHERE o.collection_id = k.id) AS products, k.sort, k.is_active,
       k.valid_from, k.valid_until,
       coalesce((SELECT string_agg(DISTINCT t.locale, ' ' ORDER BY t.locale) FROM app.translations t
                  WHERE t.resource = 'collection' AND t.resource_id = k.id), '') AS locales
  FROM shop.collections k WHERE k.deleted_at IS NULL ORDER BY k.position, k.slug;
