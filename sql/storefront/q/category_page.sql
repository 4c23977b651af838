-- Categories as pages show them: one, its trail, its children, the two-level tree, the menu.

-- stmt: category_page(chain text[], slug text) -> maybe category_page
-- row:  category_id uuid, slug text, name text, description text, product_count int4
-- plan: index
SELECT g.id AS category_id, g.slug,
       coalesce((SELECT t.value FROM app.translations t
                  WHERE t.resource = 'category' AND t.resource_id = g.id AND t.field = 'name'
                    AND t.locale = ANY ($1) ORDER BY array_position($1, t.locale) LIMIT 1), g.name) AS name,
       coalesce((SELECT t.value FROM app.translations t
                  WHERE t.resource = 'category' AND t.resource_id = g.id AND t.field = 'description'
                    AND t.locale = ANY ($1) ORDER BY array_position($1, t.locale) LIMIT 1), g.description) AS description,
       coalesce(s.product_count, 0) AS product_count
  FROM shop.categories g
  LEFT JOIN shop.category_stats s ON s.category_id = g.id
 WHERE g.slug = $2 AND g.deleted_at IS NULL AND NOT g.is_hidden;

-- Ancestors of a category from the root down, itself last.
-- stmt: category_trail(chain text[], slug text) -> many crumb
-- row:  category_id uuid, slug text, name text
-- plan: index
SELECT a.id AS category_id, a.slug,
       coalesce((SELECT t.value FROM app.translations t
                  WHERE t.resource = 'category' AND t.resource_id = a.id AND t.field = 'name'
                    AND t.locale = ANY ($1) ORDER BY array_position($1, t.locale) LIMIT 1), a.name) AS name
  FROM shop.categories g
  JOIN shop.category_tree x ON x.descendant_id = g.id
  JOIN shop.categories a ON a.id = x.ancestor_id AND a.deleted_at IS NULL
 WHERE g.slug = $2 AND g.deleted_at IS NULL
 ORDER BY x.depth DESC LIMIT 13;

-- stmt: category_children(chain text[], slug text) -> many category_tile
-- row:  category_id uuid, parent_id uuid?, slug text, name text, description text, product_count int4,
-- row:  image_path text?, image_alt text, image_width int4, image_height int4, image_look int4
-- plan: index
SELECT g.id AS category_id, g.parent_id, g.slug,
       coalesce((SELECT t.value FROM app.translations t
                  WHERE t.resource = 'category' AND t.resource_id = g.id AND t.field = 'name'
                    AND t.locale = ANY ($1) ORDER BY array_position($1, t.locale) LIMIT 1), g.name) AS name,
       ''::text AS description, s.product_count,
       m.path AS image_path, coalesce(m.alt_text, '') AS image_alt,
       coalesce(m.width, 0) AS image_width, coalesce(m.height, 0) AS image_height, coalesce(m.look, 0) AS image_look
  FROM shop.categories up
  JOIN shop.categories g ON g.parent_id = up.id AND g.deleted_at IS NULL AND NOT g.is_hidden
  JOIN shop.category_stats s ON s.category_id = g.id AND s.product_count > 0
  LEFT JOIN shop.media m ON m.id = g.media_id AND m.state = 'ready'
 WHERE up.slug = $2 AND up.deleted_at IS NULL
 ORDER BY g.position, g.name_norm, g.id LIMIT 60;

-- The first two levels; branches that show nothing are left out.
-- stmt: category_tree_page(chain text[]) -> many category_tile
-- plan: index
SELECT g.id AS category_id, g.parent_id, g.slug,
       coalesce((SELECT t.value FROM app.translations t
                  WHERE t.resource = 'category' AND t.resource_id = g.id AND t.field = 'name'
                    AND t.locale = ANY ($1) ORDER BY array_position($1, t.locale) LIMIT 1), g.name) AS name,
       coalesce((SELECT t.value FROM app.translations t
                  WHERE t.resource = 'category' AND t.resource_id = g.id AND t.field = 'description'
                    AND t.locale = ANY ($1) ORDER BY array_position($1, t.locale) LIMIT 1), g.description) AS description,
       s.product_count, m.path AS image_path, coalesce(m.alt_text, '') AS image_alt,
       coalesce(m.width, 0) AS image_width, coalesce(m.height, 0) AS image_height, coalesce(m.look, 0) AS image_look
  FROM shop.categories g
  LEFT JOIN shop.categories up ON up.id = g.parent_id
  JOIN shop.category_stats s ON s.category_id = g.id AND s.product_count > 0
  LEFT JOIN shop.media m ON m.id = g.media_id AND m.state = 'ready'
 WHERE (g.parent_id IS NULL OR (up.parent_id IS NULL AND up.deleted_at IS NULL AND NOT up.is_hidden))
   AND g.deleted_at IS NULL AND NOT g.is_hidden
 ORDER BY g.parent_id IS NOT NULL, coalesce(up.position, g.position), g.position, g.name_norm, g.id
 LIMIT 600;

-- The roots, for the menu of every page and the tiles of the home page.
-- stmt: category_menu(chain text[], most int4) -> many category_tile
-- plan: index
SELECT g.id AS category_id, g.parent_id, g.slug,
       /*[frag tr]*/coalesce((SELECT t.value FROM app.translations t
                  WHERE t.resource = 'category' AND t.resource_id = g.id AND t.field = 'name'
                    AND t.locale = ANY ($1) ORDER BY array_position($1, t.locale) LIMIT 1),/*[/frag]*/ g.name/*[frag tr]*/)/*[/frag]*/ AS name,
       ''::text AS description, s.product_count, m.path AS image_path, coalesce(m.alt_text, '') AS image_alt,
       coalesce(m.width, 0) AS image_width, coalesce(m.height, 0) AS image_height, coalesce(m.look, 0) AS image_look
  FROM shop.categories g
  JOIN shop.category_stats s ON s.category_id = g.id AND s.product_count > 0
  LEFT JOIN shop.media m ON m.id = g.media_id AND m.state = 'ready'
 WHERE g.parent_id IS NULL AND g.deleted_at IS NULL AND NOT g.is_hidden
 ORDER BY g.position, g.name_norm, g.id LIMIT $2;

-- stmt: category_address(slug text) -> maybe address
-- plan: index
SELECT g.slug, (g.deleted_at IS NULL AND NOT g.is_hidden) AS is_live, (g.deleted_at IS NOT NULL) AS is_gone
  FROM shop.slugs s
  JOIN shop.categories g ON g.id = s.resource_id
 WHERE s.resource = 'category' AND s.slug = $1;
