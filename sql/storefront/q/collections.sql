-- A collection's own words; what is in it says the listing (shop/search.h).

-- stmt: collection(chain text[], slug text, moment timestamptz) -> maybe collection
-- row:  slug text, name text, description text, title text?, about text?, valid_until timestamptz,
-- row:  image_path text?, image_width int4, image_height int4, image_look int4
-- plan: index
SELECT k.slug,
       coalesce((SELECT t.value FROM app.translations t
                  WHERE t.resource = 'collection' AND t.resource_id = k.id AND t.field = 'name'
                    AND t.locale = ANY ($1) ORDER BY array_position($1, t.locale) LIMIT 1), k.name) AS name,
       coalesce((SELECT t.value FROM app.translations t
                  WHERE t.resource = 'collection' AND t.resource_id = k.id AND t.field = 'description'
                    AND t.locale = ANY ($1) ORDER BY array_position($1, t.locale) LIMIT 1), k.description) AS description,
       k.seo ->> 'title' AS title, k.seo ->> 'description' AS about, k.valid_until,
       m.path AS image_path, coalesce(m.width, 0) AS image_width, coalesce(m.height, 0) AS image_height,
       coalesce(m.look, 0) AS image_look
  FROM shop.collections k
  LEFT JOIN shop.media m ON m.id = k.media_id AND m.state = 'ready' AND m.deleted_at IS NULL
 WHERE k.slug = $2 AND k.is_active AND k.deleted_at IS NULL AND $3 >= k.valid_from AND $3 < k.valid_until;

-- stmt: collection_address(slug text) -> maybe address
-- plan: index
SELECT k.slug, k.deleted_at IS NULL AND k.is_active AS is_live, k.deleted_at IS NOT NULL AS is_gone
  FROM shop.slugs s
  JOIN shop.collections k ON k.id = s.resource_id
 WHERE s.resource = 'collection' AND s.slug = $1;
