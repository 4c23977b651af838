-- Pictures and files: taking them in, making their sizes, where they are used.

-- The same bytes are in a shop's library once.
-- stmt: media_add(id uuid, source_key text, file_name text, state text, original text?, path text?, mime text, sha256 text, bytes int8, width int4, height int4, alt_text text, caption text?, focal_x int4, focal_y int4) -> one media_added
-- row:  media_id uuid, version int4, is_new bool
-- role: desk
-- writes
WITH add AS (
    INSERT INTO shop.media AS m (tenant_id, id, source_key, file_name, state, original, path, mime, sha256, bytes,
                                 width, height, alt_text, caption, focal_x, focal_y)
    SELECT app.tenant(), $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15
     WHERE NOT EXISTS (SELECT 1 FROM shop.media o WHERE o.source_key = $2 AND o.deleted_at IS NULL)
    RETURNING m.id, m.version)
SELECT a.id AS media_id, a.version, true AS is_new FROM add a
UNION ALL
SELECT m.id AS media_id, m.version, false AS is_new FROM shop.media m WHERE m.source_key = $2 AND m.deleted_at IS NULL
 LIMIT 1;

-- stmt: media_get(id uuid) -> maybe media
-- row:  media_id uuid, version int4, kind text, state text, reason text?, file_name text?, original text?,
-- row:  path text?, mime text?, sha256 text?, width int4?, height int4?, alt_text text, caption text?,
-- row:  focal_x int4, focal_y int4, colour int4?, sizes int4, recipe int4
-- plan: index
SELECT m.id AS media_id, m.version, m.kind, m.state, m.reason, m.file_name, m.original, m.path, m.mime,
       m.sha256, m.width, m.height, m.alt_text, m.caption, m.focal_x, m.focal_y, m.colour, m.sizes, m.recipe
  FROM shop.media m WHERE m.id = $1 AND m.deleted_at IS NULL;

-- stmt: media_list(after uuid, most int4) -> many media_line
-- row:  media_id uuid, state text, reason text?, file_name text?, path text?, mime text?, bytes int8?,
-- row:  width int4?, height int4?, alt_text text, uses int8
-- plan: index
SELECT m.id AS media_id, m.state, m.reason, m.file_name, m.path, m.mime, m.bytes, m.width, m.height, m.alt_text,
       (SELECT count(*) FROM shop.product_media pm WHERE pm.media_id = m.id)
     + (SELECT count(*) FROM shop.categories g WHERE g.media_id = m.id AND g.deleted_at IS NULL)
     + (SELECT count(*) FROM shop.home_blocks h WHERE h.media_id = m.id AND h.deleted_at IS NULL)
     + (SELECT count(*) FROM shop.brands r WHERE r.media_id = m.id AND r.deleted_at IS NULL)
     + (SELECT count(*) FROM shop.collections o WHERE o.media_id = m.id AND o.deleted_at IS NULL)
     + (SELECT count(*) FROM app.tenant_settings s
         WHERE s.key IN ('theme.logo', 'theme.favicon') AND s.value #>> '{}' = m.id::text) AS uses
  FROM shop.media m
 WHERE m.deleted_at IS NULL AND m.id > $1
 ORDER BY m.id LIMIT $2;

-- Where a picture is shown.
-- stmt: media_uses(id uuid) -> many media_use
-- row:  resource text, resource_id uuid, version int4, name text, slug text
-- plan: index
SELECT 'product' AS resource, p.id AS resource_id, p.version, p.name, p.slug
  FROM shop.product_media pm
  JOIN shop.products p ON p.id = pm.product_id AND p.deleted_at IS NULL
 WHERE pm.media_id = $1
UNION ALL
SELECT 'category' AS resource, g.id AS resource_id, g.version, g.name, g.slug
  FROM shop.categories g WHERE g.media_id = $1 AND g.deleted_at IS NULL
UNION ALL
SELECT 'home' AS resource, h.id AS resource_id, h.version, h.key AS name, '' AS slug
  FROM shop.home_blocks h WHERE h.media_id = $1 AND h.deleted_at IS NULL
UNION ALL
SELECT 'brand' AS resource, r.id AS resource_id, r.version, r.name, r.slug
  FROM shop.brands r WHERE r.media_id = $1 AND r.deleted_at IS NULL
UNION ALL
SELECT 'collection' AS resource, o.id AS resource_id, o.version, o.name, o.slug
  FROM shop.collections o WHERE o.media_id = $1 AND o.deleted_at IS NULL
UNION ALL
SELECT 'theme' AS resource, $1 AS resource_id, 0 AS version, s.key AS name, '' AS slug
  FROM app.tenant_settings s
 WHERE s.key IN ('theme.logo', 'theme.favicon') AND s.value #>> '{}' = $1::text
 ORDER BY resource, name, resource_id;

-- Where the theme shows a picture.
-- stmt: theme_pictures(media text) -> many theme_picture
-- row:  key text
-- plan: index
SELECT s.key FROM app.tenant_settings s
 WHERE s.key IN ('theme.logo', 'theme.favicon') AND s.value #>> '{}' = $1 ORDER BY s.key;

-- stmt: media_describe(id uuid, version int4, alt_text text, caption text?, focal_x int4, focal_y int4) -> exec
-- role: desk
-- writes
UPDATE shop.media m SET alt_text = $3, caption = $4, focal_x = $5, focal_y = $6
 WHERE m.id = $1 AND m.version = $2 AND m.deleted_at IS NULL;

-- Another file behind the same row: what was shown stays until the new sizes are there.
-- stmt: media_replace(id uuid, version int4, source_key text, file_name text, state text, original text?, path text?, mime text, sha256 text, bytes int8, width int4, height int4) -> exec
-- role: desk
-- writes
UPDATE shop.media m
   SET source_key = $3, file_name = $4, original = $6, mime = $8, sha256 = $9, bytes = $10, recipe = 0, reason = NULL,
       state = CASE WHEN $5 = 'ready' OR m.state <> 'ready' THEN $5 ELSE m.state END,
       path = CASE WHEN $5 = 'ready' THEN $7 ELSE m.path END,
       sizes = CASE WHEN $5 = 'ready' THEN 0 ELSE m.sizes END,
       colour = CASE WHEN $5 = 'ready' THEN NULL ELSE m.colour END,
       width = CASE WHEN $5 = 'ready' OR m.state <> 'ready' THEN $11 ELSE m.width END,
       height = CASE WHEN $5 = 'ready' OR m.state <> 'ready' THEN $12 ELSE m.height END
 WHERE m.id = $1 AND m.version = $2 AND m.deleted_at IS NULL
   AND NOT EXISTS (SELECT 1 FROM shop.media o WHERE o.source_key = $3 AND o.deleted_at IS NULL AND o.id <> $1);

-- stmt: media_remove(id uuid, version int4, now timestamptz) -> exec
-- role: desk
-- writes
UPDATE shop.media m SET deleted_at = $3 WHERE m.id = $1 AND m.version = $2 AND m.deleted_at IS NULL;

-- The sizes of one original; nothing when another file has taken its place meanwhile.
-- stmt: media_made(id uuid, original text, path text, mime text, width int4, height int4, colour int4?, sizes int4, recipe int4) -> exec
-- role: desk
-- writes
UPDATE shop.media m
   SET state = 'ready', reason = NULL, path = $3, mime = $4, width = $5, height = $6, colour = $7, sizes = $8, recipe = $9
 WHERE m.id = $1 AND m.original = $2 AND m.deleted_at IS NULL;

-- stmt: media_refuse(id uuid, original text, reason text) -> exec
-- role: desk
-- writes
UPDATE shop.media m SET state = CASE WHEN m.state = 'ready' THEN 'ready' ELSE 'refused' END, reason = $3
 WHERE m.id = $1 AND m.original = $2 AND m.deleted_at IS NULL;

-- stmt: renditions_put(media uuid, formats text[], widths int4[], heights int4[], bytes int8[], paths text[]) -> exec
-- role: desk
-- writes
INSERT INTO shop.media_renditions (tenant_id, media_id, format, width, height, bytes, path)
SELECT app.tenant(), $1, x.format, x.width, x.height, x.bytes, x.path
  FROM unnest($2, $3, $4, $5, $6) AS x (format, width, height, bytes, path);

-- stmt: renditions_forget(media uuid) -> exec
-- role: desk
-- writes
DELETE FROM shop.media_renditions r WHERE r.media_id = $1;

-- stmt: renditions_of(media uuid) -> many rendition
-- row:  format text, width int4, height int4, bytes int8, path text
-- plan: index
SELECT r.format, r.width, r.height, r.bytes, r.path FROM shop.media_renditions r
 WHERE r.media_id = $1 ORDER BY r.format, r.width;

-- Pictures whose sizes another recipe made, or none yet.
-- stmt: media_stale(recipe int4, after uuid, most int4) -> many media_stale
-- row:  media_id uuid, version int4
-- plan: index
SELECT m.id AS media_id, m.version FROM shop.media m
 WHERE m.original IS NOT NULL AND m.deleted_at IS NULL AND m.state <> 'refused' AND m.recipe <> $1 AND m.id > $2
 ORDER BY m.id LIMIT $3;

-- Behind the product's other pictures; those of variants stand from 1000 on.
-- stmt: media_to_product(product uuid, media uuid) -> exec
-- role: desk
-- writes
INSERT INTO shop.product_media (tenant_id, product_id, media_id, position)
SELECT app.tenant(), $1, $2, least(999, coalesce(max(pm.position), 0) + 1)
  FROM shop.product_media pm WHERE pm.product_id = $1 AND pm.position < 1000
ON CONFLICT DO NOTHING;

-- A picture that is only an address yet.
-- stmt: media_address(id uuid) -> maybe media_address
-- row:  source_url text, version int4
-- plan: index
SELECT m.source_url, m.version FROM shop.media m
 WHERE m.id = $1 AND m.state = 'missing' AND m.source_url IS NOT NULL AND m.deleted_at IS NULL;

-- stmt: media_addresses(after uuid, most int4) -> many media_id
-- row:  media_id uuid
-- plan: index
SELECT m.id AS media_id FROM shop.media m
 WHERE m.state = 'missing' AND m.source_url ~ '^https?://' AND m.deleted_at IS NULL AND m.id > $1
 ORDER BY m.id LIMIT $2;

-- stmt: media_fetched(id uuid, file_name text, state text, original text?, path text?, mime text, sha256 text, bytes int8, width int4, height int4) -> exec
-- role: desk
-- writes
UPDATE shop.media m
   SET file_name = $2, state = $3, reason = NULL, original = $4, path = $5, mime = $6, sha256 = $7, bytes = $8,
       width = $9, height = $10
 WHERE m.id = $1 AND m.state = 'missing' AND m.deleted_at IS NULL;

-- stmt: media_unreached(id uuid, reason text) -> exec
-- role: desk
-- writes
UPDATE shop.media m SET reason = $2
 WHERE m.id = $1 AND m.state = 'missing' AND m.reason IS DISTINCT FROM $2 AND m.deleted_at IS NULL;

-- What a removed picture leaves behind; shared: a living row has the same bytes.
-- stmt: media_left(id uuid) -> maybe media_left
-- row:  original text?, path text?, shared bool
-- plan: index
SELECT m.original, CASE WHEN m.original IS NULL THEN m.path END AS path,
       EXISTS (SELECT 1 FROM shop.media o
                WHERE o.sha256 = m.sha256 AND o.id <> m.id AND o.deleted_at IS NULL) AS shared
  FROM shop.media m WHERE m.id = $1 AND m.deleted_at IS NOT NULL;
