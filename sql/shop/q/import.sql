-- What importers write. Every statement says whether it changed anything, and leaves rows that are
-- already so alone: a second run of a file changes nothing, not even a version.

-- What the shop already has under these keys: variants by SKU, products by code.
-- stmt: import_find(keys text[]) -> many import_found
-- row:  key text, is_code bool, product_id uuid, variant_id uuid?, kind text, slug text, status text
-- plan: index
SELECT v.sku_norm AS key, false AS is_code, v.product_id, v.id AS variant_id, p.kind, p.slug, p.status
  FROM shop.product_variants v
  JOIN shop.products p ON p.id = v.product_id
 WHERE v.sku_norm = ANY ($1) AND v.deleted_at IS NULL AND p.deleted_at IS NULL
UNION ALL
SELECT p.code AS key, true AS is_code, p.id AS product_id, NULL::uuid AS variant_id, p.kind, p.slug, p.status
  FROM shop.products p
 WHERE p.code = ANY ($1) AND p.deleted_at IS NULL;

-- stmt: import_product_add(id uuid, kind text, code text?, name text, slug text) -> exec
-- writes
INSERT INTO shop.products (tenant_id, id, kind, code, name, slug) VALUES (app.tenant(), $1, $2, $3, $4, $5);

-- NULL keeps what is there; "" takes a text away that may be missing.
-- stmt: import_product_set(id uuid, kind text?, name text?, summary text?, description text?, status text?, visibility text?, is_featured bool?, allows_reviews bool?, position int4?, tax_class text?, shipping_class text?, external_url text?, external_label text?, purchase_note text?, brand uuid?, has_brand bool, category uuid?, has_category bool) -> exec
-- writes
UPDATE shop.products p
   SET kind = n.kind, name = n.name, summary = n.summary, description = n.description, status = n.status,
       visibility = n.visibility, is_featured = n.is_featured, allows_reviews = n.allows_reviews,
       position = n.position, tax_class = n.tax_class, shipping_class = n.shipping_class,
       external_url = n.external_url, external_label = n.external_label, purchase_note = n.purchase_note,
       brand_id = n.brand_id, category_id = n.category_id
  FROM (SELECT o.id, coalesce($2, o.kind) AS kind, coalesce($3, o.name) AS name,
               coalesce($4, o.summary) AS summary, coalesce($5, o.description) AS description,
               coalesce($6, o.status) AS status, coalesce($7, o.visibility) AS visibility,
               coalesce($8, o.is_featured) AS is_featured, coalesce($9, o.allows_reviews) AS allows_reviews,
               coalesce($10, o.position) AS position, coalesce($11, o.tax_class) AS tax_class,
               CASE WHEN $12 IS NULL THEN o.shipping_class ELSE nullif($12, '') END AS shipping_class,
               CASE WHEN $13 IS NULL THEN o.external_url ELSE nullif($13, '') END AS external_url,
               CASE WHEN $14 IS NULL THEN o.external_label ELSE nullif($14, '') END AS external_label,
               CASE WHEN $15 IS NULL THEN o.purchase_note ELSE nullif($15, '') END AS purchase_note,
               CASE WHEN $17 THEN $16 ELSE o.brand_id END AS brand_id,
               CASE WHEN $19 THEN $18 ELSE o.category_id END AS category_id
          FROM shop.products o WHERE o.id = $1) n
 WHERE p.id = n.id
   AND (p.kind, p.name, p.summary, p.description, p.status, p.visibility, p.is_featured, p.allows_reviews,
        p.position, p.tax_class, p.shipping_class, p.external_url, p.external_label, p.purchase_note,
        p.brand_id, p.category_id)
       IS DISTINCT FROM
       (n.kind, n.name, n.summary, n.description, n.status, n.visibility, n.is_featured, n.allows_reviews,
        n.position, n.tax_class, n.shipping_class, n.external_url, n.external_label, n.purchase_note,
        n.brand_id, n.category_id);

-- stmt: import_variant_add(id uuid, product uuid, sku text, sku_norm text, options_key text) -> exec
-- writes
INSERT INTO shop.product_variants (tenant_id, id, product_id, sku, sku_norm, options_key)
VALUES (app.tenant(), $1, $2, $3, $4, $5);

-- Measures: NULL keeps, -1 takes away.
-- stmt: import_variant_set(id uuid, sku text?, barcode text?, options_key text?, stock_policy text?, weight_g int4?, length_mm int4?, width_mm int4?, height_mm int4?, max_quantity int4?, is_active bool?, position int4?, min_quantity int4?, unit text?, price_quantity int4?) -> exec
-- writes
UPDATE shop.product_variants v
   SET sku = n.sku, barcode = n.barcode, options_key = n.options_key, stock_policy = n.stock_policy,
       weight_g = n.weight_g, length_mm = n.length_mm, width_mm = n.width_mm, height_mm = n.height_mm,
       max_quantity = n.max_quantity, is_active = n.is_active, position = n.position,
       min_quantity = n.min_quantity, unit = n.unit, price_quantity = n.price_quantity
  FROM (SELECT o.id, coalesce($2, o.sku) AS sku,
               CASE WHEN $3 IS NULL THEN o.barcode ELSE nullif($3, '') END AS barcode,
               coalesce($4, o.options_key) AS options_key, coalesce($5, o.stock_policy) AS stock_policy,
               CASE WHEN $6 IS NULL THEN o.weight_g ELSE nullif($6, -1) END AS weight_g,
               CASE WHEN $7 IS NULL THEN o.length_mm ELSE nullif($7, -1) END AS length_mm,
               CASE WHEN $8 IS NULL THEN o.width_mm ELSE nullif($8, -1) END AS width_mm,
               CASE WHEN $9 IS NULL THEN o.height_mm ELSE nullif($9, -1) END AS height_mm,
               coalesce($10, o.max_quantity) AS max_quantity, coalesce($11, o.is_active) AS is_active,
               coalesce($12, o.position) AS position, coalesce($13, o.min_quantity) AS min_quantity,
               coalesce(nullif($14, ''), o.unit) AS unit, coalesce($15, o.price_quantity) AS price_quantity
          FROM shop.product_variants o WHERE o.id = $1) n
 WHERE v.id = n.id
   AND (v.sku, v.barcode, v.options_key, v.stock_policy, v.weight_g, v.length_mm, v.width_mm, v.height_mm,
        v.max_quantity, v.is_active, v.position, v.min_quantity, v.unit, v.price_quantity)
       IS DISTINCT FROM
       (n.sku, n.barcode, n.options_key, n.stock_policy, n.weight_g, n.length_mm, n.width_mm, n.height_mm,
        n.max_quantity, n.is_active, n.position, n.min_quantity, n.unit, n.price_quantity);

-- The options that pick a variant: exactly these.
-- stmt: import_variant_options(variant uuid, attributes uuid[], options uuid[]) -> one counted
-- writes
WITH want AS (SELECT a, o FROM unnest($2, $3) AS x (a, o)),
gone AS (
    DELETE FROM shop.variant_attribute_values v
     WHERE v.variant_id = $1 AND NOT EXISTS (SELECT 1 FROM want WHERE want.a = v.attribute_id)
    RETURNING 1),
put AS (
    INSERT INTO shop.variant_attribute_values AS v (tenant_id, variant_id, attribute_id, option_id)
    SELECT app.tenant(), $1, want.a, want.o FROM want
    ON CONFLICT (tenant_id, variant_id, attribute_id) DO UPDATE
       SET option_id = excluded.option_id, updated_at = app.now() WHERE v.option_id <> excluded.option_id
    RETURNING 1)
SELECT (SELECT count(*) FROM gone) + (SELECT count(*) FROM put) AS n;

-- An option or, for an attribute of text, the text (then its option is the nil UUID).
-- stmt: import_product_values(product uuid, attributes uuid[], positions int4[], options uuid[], texts text[], shown bool[], chosen bool[]) -> one counted
-- writes
WITH want AS (
    SELECT x.a, x.n, nullif(x.o, '00000000-0000-0000-0000-000000000000') AS o, x.t, x.s, x.d
      FROM unnest($2, $3, $4, $5, $6, $7) AS x (a, n, o, t, s, d)),
gone AS (
    DELETE FROM shop.product_attribute_values v
     WHERE v.product_id = $1
       AND NOT EXISTS (SELECT 1 FROM want WHERE want.a = v.attribute_id AND want.n = v.position)
    RETURNING 1),
put AS (
    INSERT INTO shop.product_attribute_values AS v (tenant_id, product_id, attribute_id, position, option_id, value_text, is_shown, is_default)
    SELECT app.tenant(), $1, want.a, want.n, want.o, want.t, want.s, want.d FROM want
    ON CONFLICT (tenant_id, product_id, attribute_id, position) DO UPDATE
       SET option_id = excluded.option_id, value_text = excluded.value_text, is_shown = excluded.is_shown,
           is_default = excluded.is_default, updated_at = app.now()
     WHERE (v.option_id, v.value_text, v.is_shown, v.is_default) IS DISTINCT FROM
           (excluded.option_id, excluded.value_text, excluded.is_shown, excluded.is_default)
    RETURNING 1)
SELECT (SELECT count(*) FROM gone) + (SELECT count(*) FROM put) AS n;

-- stmt: import_product_categories(product uuid, categories uuid[]) -> one counted
-- writes
WITH want AS (SELECT x.id, (x.n - 1)::int4 AS n FROM unnest($2) WITH ORDINALITY AS x (id, n)),
gone AS (
    DELETE FROM shop.product_categories c
     WHERE c.product_id = $1 AND NOT EXISTS (SELECT 1 FROM want WHERE want.id = c.category_id)
    RETURNING 1),
put AS (
    INSERT INTO shop.product_categories AS c (tenant_id, product_id, category_id, position)
    SELECT app.tenant(), $1, want.id, want.n FROM want
    ON CONFLICT (tenant_id, product_id, category_id) DO UPDATE
       SET position = excluded.position, updated_at = app.now() WHERE c.position <> excluded.position
    RETURNING 1)
SELECT (SELECT count(*) FROM gone) + (SELECT count(*) FROM put) AS n;

-- stmt: import_product_tags(product uuid, norms text[], tags text[]) -> one counted
-- writes
WITH want AS (SELECT n, t FROM unnest($2, $3) AS x (n, t)),
gone AS (
    DELETE FROM shop.product_tags g
     WHERE g.product_id = $1 AND NOT EXISTS (SELECT 1 FROM want WHERE want.n = g.tag_norm)
    RETURNING 1),
put AS (
    INSERT INTO shop.product_tags AS g (tenant_id, product_id, tag_norm, tag)
    SELECT app.tenant(), $1, want.n, want.t FROM want
    ON CONFLICT (tenant_id, product_id, tag_norm) DO UPDATE
       SET tag = excluded.tag, updated_at = app.now() WHERE g.tag <> excluded.tag
    RETURNING 1)
SELECT (SELECT count(*) FROM gone) + (SELECT count(*) FROM put) AS n;

-- A picture by its source; one that is ready stays so.
-- state: ready (a drawing), pending (its original lies in the store, sizes are to be made), missing.
-- stmt: import_media_put(id uuid, source_key text, source_url text, state text, reason text?, path text?, mime text?, sha256 text?, bytes int8?, width int4?, height int4?, alt_text text, original text?, file_name text?) -> one imported_media
-- row:  media_id uuid, state text, version int4, changed bool, asks bool
-- writes
WITH old AS (SELECT m.id, m.state, m.version FROM shop.media m WHERE m.source_key = $2 AND m.deleted_at IS NULL),
add AS (
    INSERT INTO shop.media AS m (tenant_id, id, source_key, source_url, state, reason, path, mime, sha256, bytes,
                                 width, height, alt_text, original, file_name)
    SELECT app.tenant(), $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14
     WHERE NOT EXISTS (SELECT 1 FROM old)
    ON CONFLICT DO NOTHING
    RETURNING m.id, m.state, m.version),
put AS (
    UPDATE shop.media m
       SET state = CASE WHEN $4 = 'ready' OR m.original IS DISTINCT FROM $13 THEN $4 ELSE m.state END,
           reason = CASE WHEN $4 = 'ready' OR m.original IS DISTINCT FROM $13 THEN NULL ELSE m.reason END,
           path = CASE WHEN $4 = 'ready' THEN $6 ELSE m.path END, original = $13,
           mime = CASE WHEN $4 = 'ready' OR m.original IS DISTINCT FROM $13 THEN $7 ELSE m.mime END,
           sha256 = $8, bytes = $9, file_name = coalesce($14, m.file_name),
           width = CASE WHEN $4 = 'ready' OR m.original IS DISTINCT FROM $13 THEN $10 ELSE m.width END,
           height = CASE WHEN $4 = 'ready' OR m.original IS DISTINCT FROM $13 THEN $11 ELSE m.height END,
           recipe = CASE WHEN m.original IS DISTINCT FROM $13 THEN 0 ELSE m.recipe END,
           sizes = CASE WHEN $4 = 'ready' THEN 0 ELSE m.sizes END,
           alt_text = CASE WHEN $12 = '' THEN m.alt_text ELSE $12 END
      FROM old
     WHERE m.id = old.id AND $4 <> 'missing'
       AND (($4 = 'ready' AND (m.state, m.path) IS DISTINCT FROM ('ready', $6))
            OR m.original IS DISTINCT FROM $13 OR ($12 <> '' AND m.alt_text <> $12))
    RETURNING m.id, m.state, m.version)
SELECT coalesce(old.id, add.id) AS media_id, coalesce(put.state, old.state, add.state) AS state,
       coalesce(put.version, old.version, add.version) AS version,
       add.id IS NOT NULL OR put.id IS NOT NULL AS changed,
       (add.state = 'pending' OR put.state = 'pending') IS TRUE AS asks
  FROM (SELECT 1) one
  LEFT JOIN old ON true
  LEFT JOIN add ON true
  LEFT JOIN put ON true;

-- Pictures of a product (variant NULL) or of one of its variants, in order, exactly these. A picture
-- that both name is the product's in its place and shows the variant.
-- stmt: import_product_media(product uuid, variant uuid?, media uuid[]) -> one counted
-- writes
WITH want AS (SELECT x.id, min(x.n)::int4 + CASE WHEN $2 IS NULL THEN 0 ELSE 1000 END AS n
                FROM unnest($3) WITH ORDINALITY AS x (id, n) GROUP BY x.id),
gone AS (
    DELETE FROM shop.product_media g
     WHERE g.product_id = $1
       AND (g.position > 1000) = ($2 IS NOT NULL)
       AND ($2 IS NULL OR g.variant_id = $2)
       AND NOT EXISTS (SELECT 1 FROM want WHERE want.id = g.media_id)
    RETURNING 1),
put AS (
    INSERT INTO shop.product_media AS g (tenant_id, product_id, media_id, variant_id, position)
    SELECT app.tenant(), $1, want.id, $2, want.n FROM want
    ON CONFLICT (tenant_id, product_id, media_id) DO UPDATE
       SET position = CASE WHEN $2 IS NULL THEN excluded.position ELSE g.position END,
           variant_id = coalesce(g.variant_id, excluded.variant_id), updated_at = app.now()
     WHERE CASE WHEN $2 IS NULL THEN g.position <> excluded.position ELSE g.variant_id IS NULL END
    RETURNING 1)
SELECT (SELECT count(*) FROM gone) + (SELECT count(*) FROM put) AS n;

-- stmt: import_relations(product uuid, kind text, others uuid[]) -> one counted
-- writes
WITH want AS (SELECT x.id, min(x.n)::int4 AS n FROM unnest($3) WITH ORDINALITY AS x (id, n)
               WHERE x.id <> $1 GROUP BY x.id),
gone AS (
    DELETE FROM shop.product_relations r
     WHERE r.product_id = $1 AND r.kind = $2 AND NOT EXISTS (SELECT 1 FROM want WHERE want.id = r.other_id)
    RETURNING 1),
put AS (
    INSERT INTO shop.product_relations AS r (tenant_id, product_id, kind, other_id, position)
    SELECT app.tenant(), $1, $2, want.id, want.n FROM want
    ON CONFLICT (tenant_id, product_id, kind, other_id) DO UPDATE
       SET position = excluded.position, updated_at = app.now() WHERE r.position <> excluded.position
    RETURNING 1)
SELECT (SELECT count(*) FROM gone) + (SELECT count(*) FROM put) AS n;

-- Parts of a bundle with their quantities: exactly these.
-- stmt: import_parts(kit uuid, variants uuid[], quantities int4[]) -> one counted
-- writes
WITH want AS (SELECT x.id, min(x.n)::int4 AS n, sum(x.q)::int4 AS q
                FROM unnest($2, $3) WITH ORDINALITY AS x (id, q, n) WHERE x.id <> $1 GROUP BY x.id),
gone AS (
    DELETE FROM shop.kit_items k
     WHERE k.kit_id = $1 AND NOT EXISTS (SELECT 1 FROM want WHERE want.id = k.variant_id)
    RETURNING 1),
put AS (
    INSERT INTO shop.kit_items AS k (tenant_id, kit_id, variant_id, quantity, position)
    SELECT app.tenant(), $1, want.id, want.q, want.n FROM want
    ON CONFLICT (tenant_id, kit_id, variant_id) DO UPDATE
       SET quantity = excluded.quantity, position = excluded.position, updated_at = app.now()
     WHERE (k.quantity, k.position) <> (excluded.quantity, excluded.position)
    RETURNING 1)
SELECT (SELECT count(*) FROM gone) + (SELECT count(*) FROM put) AS n;

-- stmt: import_category_find(parent uuid?, name_norm text) -> maybe category_id
-- plan: index
SELECT g.id AS category_id FROM shop.categories g
 WHERE coalesce(g.parent_id, '00000000-0000-0000-0000-000000000000') = coalesce($1, '00000000-0000-0000-0000-000000000000')
   AND g.name_norm = $2 AND g.deleted_at IS NULL
 ORDER BY g.code IS NOT NULL, g.id LIMIT 1;

-- stmt: import_category_add(id uuid, parent uuid?, code text?, slug text, name text, name_norm text) -> exec
-- writes
INSERT INTO shop.categories (tenant_id, id, parent_id, code, slug, name, name_norm, position)
SELECT app.tenant(), $1, $2, $3, $4, $5, $6,
       coalesce((SELECT max(g.position) + 1 FROM shop.categories g
                  WHERE g.parent_id IS NOT DISTINCT FROM $2 AND g.deleted_at IS NULL), 0);

-- stmt: import_category_code(codes text[]) -> many category_code
-- row:  category_id uuid, code text, name text, parent_id uuid?, version int4
-- plan: index
SELECT g.id AS category_id, g.code, g.name, g.parent_id, g.version FROM shop.categories g
 WHERE g.code = ANY ($1) AND g.deleted_at IS NULL;

-- Text, place and picture of a category, where the file gives them.
-- stmt: import_category_set(id uuid, description text, position int4, media uuid?) -> exec
-- writes
UPDATE shop.categories g SET description = $2, position = $3, media_id = $4
 WHERE g.id = $1 AND (g.description, g.position, g.media_id) IS DISTINCT FROM ($2, $3, $4);

-- stmt: import_attribute(id uuid, code text, name text, input text, unit text?) -> one attribute_id
-- row:  attribute_id uuid, input text
-- writes
WITH add AS (
    INSERT INTO shop.attributes AS a (tenant_id, id, code, name, input, unit, position)
    SELECT app.tenant(), $1, $2, $3, $4, $5, (SELECT coalesce(max(x.position) + 1, 0) FROM shop.attributes x)
     WHERE NOT EXISTS (SELECT 1 FROM shop.attributes x WHERE x.code = $2 AND x.deleted_at IS NULL)
    ON CONFLICT DO NOTHING
    RETURNING a.id, a.input)
SELECT coalesce(o.id, (SELECT add.id FROM add)) AS attribute_id, coalesce(o.input, (SELECT add.input FROM add)) AS input
  FROM (SELECT 1) one
  LEFT JOIN shop.attributes o ON o.code = $2 AND o.deleted_at IS NULL;

-- Options of a number stand in the order of their numbers.
-- stmt: import_option(id uuid, attribute uuid, code text, value text, swatch text?, number_micro int8?) -> one option_id
-- row:  option_id uuid
-- writes
WITH add AS (
    INSERT INTO shop.attribute_options AS o (tenant_id, id, attribute_id, code, value, swatch, number_micro, position)
    SELECT app.tenant(), $1, $2, $3, $4, $5, $6,
           CASE WHEN $6 IS NULL THEN (SELECT coalesce(max(x.position) + 1, 0) FROM shop.attribute_options x WHERE x.attribute_id = $2)
                ELSE greatest(least($6 / 1000, 2147483647), -2147483648)::int4 END
     WHERE NOT EXISTS (SELECT 1 FROM shop.attribute_options x
                        WHERE x.attribute_id = $2 AND x.code = $3 AND x.deleted_at IS NULL)
    ON CONFLICT DO NOTHING
    RETURNING o.id)
SELECT coalesce((SELECT o.id FROM shop.attribute_options o
                  WHERE o.attribute_id = $2 AND o.code = $3 AND o.deleted_at IS NULL),
                (SELECT add.id FROM add)) AS option_id;

-- stmt: import_brand(id uuid, slug text, name text) -> one brand_id
-- row:  brand_id uuid
-- writes
WITH add AS (
    INSERT INTO shop.brands AS b (tenant_id, id, slug, name)
    SELECT app.tenant(), $1, $2, $3
     WHERE NOT EXISTS (SELECT 1 FROM shop.brands x WHERE x.slug = $2 AND x.deleted_at IS NULL)
    ON CONFLICT DO NOTHING
    RETURNING b.id),
named AS (
    INSERT INTO shop.slugs (tenant_id, resource, slug, resource_id)
    SELECT app.tenant(), 'brand', $2, add.id FROM add
    ON CONFLICT DO NOTHING)
SELECT coalesce((SELECT b.id FROM shop.brands b WHERE b.slug = $2 AND b.deleted_at IS NULL),
                (SELECT add.id FROM add)) AS brand_id;

-- First variant of each product: the parts of a set are named by product.
-- stmt: import_first_variants(products uuid[]) -> many import_first_variant
-- row:  product_id uuid, variant_id uuid
-- plan: index
SELECT DISTINCT ON (v.product_id) v.product_id, v.id AS variant_id
  FROM shop.product_variants v
 WHERE v.product_id = ANY ($1) AND v.deleted_at IS NULL
 ORDER BY v.product_id, v.position, v.id;

-- A local date and time of the shop as an instant.
-- stmt: import_local_time(local text, zone text) -> one instant
-- row:  at timestamptz
SELECT ($1::timestamp AT TIME ZONE $2) AS at;

-- stmt: import_category_rename(id uuid, name text, name_norm text) -> exec
-- writes
UPDATE shop.categories g SET name = $2, name_norm = $3 WHERE g.id = $1 AND g.deleted_at IS NULL;

-- ---- what only our own format says ------------------------------------------------------------------

-- "" takes a text away; edges are microseconds since 1970 and open at the ends of int8; -1 takes a
-- number away.
-- stmt: import_product_more(id uuid, seo_title text?, seo_description text?, type uuid?, has_type bool, publish_from int8?, publish_until int8?, download_limit int4?, download_days int4?) -> exec
-- role: desk
-- writes
UPDATE shop.products p
   SET seo = n.seo, type_id = n.type_id, publish_from = n.publish_from, publish_until = n.publish_until,
       download_limit = n.download_limit, download_days = n.download_days
  FROM (SELECT o.id,
               jsonb_strip_nulls(o.seo
                 || CASE WHEN $2 IS NULL THEN '{}' ELSE jsonb_build_object('title', nullif($2, '')) END
                 || CASE WHEN $3 IS NULL THEN '{}' ELSE jsonb_build_object('description', nullif($3, '')) END) AS seo,
               CASE WHEN $5 THEN $4 ELSE o.type_id END AS type_id,
               CASE WHEN $6 IS NULL THEN o.publish_from WHEN $6 = -9223372036854775808 THEN '-infinity'
                    ELSE timestamptz 'epoch' + $6 * interval '1 microsecond' END AS publish_from,
               CASE WHEN $7 IS NULL THEN o.publish_until WHEN $7 = 9223372036854775807 THEN 'infinity'
                    ELSE timestamptz 'epoch' + $7 * interval '1 microsecond' END AS publish_until,
               CASE WHEN $8 IS NULL THEN o.download_limit ELSE nullif($8, -1) END AS download_limit,
               CASE WHEN $9 IS NULL THEN o.download_days ELSE nullif($9, -1) END AS download_days
          FROM shop.products o WHERE o.id = $1) n
 WHERE p.id = n.id
   AND (p.seo, p.type_id, p.publish_from, p.publish_until, p.download_limit, p.download_days)
       IS DISTINCT FROM (n.seo, n.type_id, n.publish_from, n.publish_until, n.download_limit, n.download_days);

-- stmt: import_downloads(product uuid, names text[], urls text[]) -> one counted
-- role: desk
-- writes
WITH want AS (SELECT u.name, u.url, u.n::int4 AS n FROM unnest($2, $3) WITH ORDINALITY AS u (name, url, n)),
gone AS (
    DELETE FROM shop.product_downloads d
     WHERE d.product_id = $1 AND NOT EXISTS (SELECT 1 FROM want WHERE want.n = d.position)
    RETURNING 1),
put AS (
    INSERT INTO shop.product_downloads AS d (tenant_id, product_id, position, name, url)
    SELECT app.tenant(), $1, want.n, want.name, want.url FROM want
    ON CONFLICT (tenant_id, product_id, position) DO UPDATE
       SET name = excluded.name, url = excluded.url, updated_at = app.now()
     WHERE (d.name, d.url) <> (excluded.name, excluded.url)
    RETURNING 1)
SELECT (SELECT count(*) FROM gone) + (SELECT count(*) FROM put) AS n;

-- What a variant costs the shop; NULL takes it away.
-- stmt: import_cost(variant uuid, currency text, amount int8?) -> one counted
-- role: desk
-- writes
WITH gone AS (
    DELETE FROM shop.variant_costs c WHERE c.variant_id = $1 AND $3::int8 IS NULL RETURNING 1),
put AS (
    INSERT INTO shop.variant_costs AS c (tenant_id, variant_id, currency, average_cost_minor, last_cost_minor)
    SELECT app.tenant(), $1, $2, $3, $3 WHERE $3 IS NOT NULL
    ON CONFLICT (tenant_id, variant_id) DO UPDATE
       SET currency = excluded.currency, average_cost_minor = excluded.average_cost_minor,
           last_cost_minor = excluded.last_cost_minor, updated_at = app.now()
     WHERE (c.currency, c.last_cost_minor) IS DISTINCT FROM (excluded.currency, excluded.last_cost_minor)
    RETURNING 1)
SELECT (SELECT count(*) FROM gone) + (SELECT count(*) FROM put) AS n;

-- stmt: import_lists() -> many priced_in
-- row:  id uuid, code text, kind text, currency text
SELECT l.id, l.code, l.kind, l.currency FROM shop.price_lists l WHERE l.deleted_at IS NULL ORDER BY l.code;

-- stmt: import_warehouses() -> many import_warehouse
-- row:  id uuid, code text, name text
SELECT w.id, w.code, w.name FROM shop.warehouses w WHERE w.deleted_at IS NULL ORDER BY w.priority, w.code;

-- stmt: import_types() -> many import_type
-- row:  id uuid, code text, name text
SELECT t.id, t.code, t.name FROM shop.product_types t WHERE t.deleted_at IS NULL ORDER BY t.code;

-- stmt: import_media_there(id uuid) -> one exists
-- plan: index
SELECT EXISTS (SELECT 1 FROM shop.media m WHERE m.id = $1 AND m.deleted_at IS NULL) AS yes;

-- stmt: import_slug_set(id uuid, slug text) -> exec
-- role: desk
-- writes
UPDATE shop.products p SET slug = $2 WHERE p.id = $1 AND p.slug <> $2;

-- Pieces in a warehouse besides the main one, as counted; limits there stay what they are.
-- stmt: import_stock(variant uuid, warehouse uuid, on_hand int4, cause uuid) -> one counted
-- role: desk
-- writes
WITH was AS MATERIALIZED (
    SELECT l.tenant_id, l.variant_id, l.warehouse_id, l.on_hand AS before
      FROM shop.stock_levels l WHERE l.variant_id = $1 AND l.warehouse_id = $2 FOR NO KEY UPDATE),
put AS (
    UPDATE shop.stock_levels l SET on_hand = $3, updated_at = app.now()
      FROM was
     WHERE (l.tenant_id, l.variant_id, l.warehouse_id) = (was.tenant_id, was.variant_id, was.warehouse_id)
       AND l.on_hand <> $3
    RETURNING l.tenant_id, l.variant_id, l.warehouse_id, l.on_hand, was.before),
moved AS (
    INSERT INTO shop.inventory_movements (tenant_id, variant_id, warehouse_id, kind, quantity, balance, cause_kind, cause_id)
    SELECT put.tenant_id, put.variant_id, put.warehouse_id,
           CASE WHEN EXISTS (SELECT 1 FROM shop.inventory_movements m
                              WHERE m.variant_id = $1 AND m.warehouse_id = $2) THEN 'count' ELSE 'opening' END,
           put.on_hand - put.before, put.on_hand, 'import', $4
      FROM put
    RETURNING 1)
SELECT count(*) AS n FROM put;
