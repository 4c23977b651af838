-- Brands: the index of those that have something to show, and one with what it says about itself.

-- stmt: brands(chain text[]) -> many brand_name
-- row:  slug text, name text
-- plan: index
SELECT b.slug,
       coalesce((SELECT t.value FROM app.translations t
                  WHERE t.resource = 'brand' AND t.resource_id = b.id AND t.field = 'name'
                    AND t.locale = ANY ($1) ORDER BY array_position($1, t.locale) LIMIT 1), b.name) AS name
  FROM shop.brands b
 WHERE b.deleted_at IS NULL
   AND EXISTS (SELECT 1 FROM shop.products p
                WHERE p.brand_id = b.id AND p.status = 'active' AND p.deleted_at IS NULL
                  AND p.visibility IN ('visible', 'catalog'))
 ORDER BY name, b.id LIMIT 2000;

-- stmt: brand(chain text[], slug text) -> maybe brand
-- row:  slug text, name text, description text, image_path text?, image_width int4, image_height int4, image_look int4
-- plan: index
SELECT b.slug,
       coalesce((SELECT t.value FROM app.translations t
                  WHERE t.resource = 'brand' AND t.resource_id = b.id AND t.field = 'name'
                    AND t.locale = ANY ($1) ORDER BY array_position($1, t.locale) LIMIT 1), b.name) AS name,
       coalesce((SELECT t.value FROM app.translations t
                  WHERE t.resource = 'brand' AND t.resource_id = b.id AND t.field = 'description'
                    AND t.locale = ANY ($1) ORDER BY array_position($1, t.locale) LIMIT 1), b.description) AS description,
       m.path AS image_path, coalesce(m.width, 0) AS image_width, coalesce(m.height, 0) AS image_height,
       coalesce(m.look, 0) AS image_look
  FROM shop.brands b
  LEFT JOIN shop.media m ON m.id = b.media_id AND m.state = 'ready'
 WHERE b.slug = $2 AND b.deleted_at IS NULL;

-- stmt: brand_address(slug text) -> maybe address
-- plan: index
SELECT b.slug, (b.deleted_at IS NULL) AS is_live, (b.deleted_at IS NOT NULL) AS is_gone
  FROM shop.slugs s
  JOIN shop.brands b ON b.id = s.resource_id
 WHERE s.resource = 'brand' AND s.slug = $1;
