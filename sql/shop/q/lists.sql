-- Keeping the lists of category pages in step with products. Run in the transaction of the change.

-- Takes the rows of these products out and says which categories they were in.
-- stmt: lists_forget(products uuid[]) -> many category_id
-- row:  category_id uuid
-- tenant: $1
-- writes
DELETE FROM shop.category_products cp WHERE cp.tenant_id = $1 AND cp.product_id = ANY ($2)
RETURNING cp.category_id AS category_id;

-- Puts the shown ones in again: in each of their categories and every ancestor. rank: sold out
-- last, then featured, then position, then newest first.
-- stmt: lists_enter(products uuid[], moment timestamptz) -> many category_id
-- tenant: $1
-- writes
INSERT INTO shop.category_products (tenant_id, category_id, rank, product_id, price_minor, in_stock, listed_us)
SELECT DISTINCT p.tenant_id, x.ancestor_id,
       ((CASE WHEN f.in_stock THEN 0 ELSE 1 END)::int8 << 61)
         | ((CASE WHEN p.is_featured THEN 0 ELSE 1 END)::int8 << 60)
         | (least(greatest(p.position, 0), 65535)::int8 << 44)
         | (17592186044415 - least(greatest(extract(epoch FROM p.created_at)::int8, 0), 17592186044415)),
       p.id, f.price, f.in_stock, (extract(epoch FROM p.created_at) * 1000000)::int8
  FROM shop.products p
  JOIN shop.product_categories pc ON pc.product_id = p.id
  JOIN shop.category_tree x ON x.descendant_id = pc.category_id
  JOIN LATERAL (
       SELECT coalesce(min(c.amount_minor), 9223372036854775807) AS price,
              p.kind = 'external' OR coalesce(bool_or(CASE WHEN p.kind = 'bundle' THEN
                EXISTS (SELECT 1 FROM shop.kit_stock k WHERE k.kit_id = v.id AND (k.always OR k.capacity > 0))
                ELSE v.stock_policy = 'always' OR (v.stock_policy = 'tracked'
                AND EXISTS (SELECT 1 FROM shop.stock_levels l
                             WHERE l.variant_id = v.id AND l.available + l.backorder_limit > 0)) END), false) AS in_stock
         FROM shop.product_variants v
         LEFT JOIN LATERAL (
              SELECT a.amount_minor
                FROM shop.prices a
                JOIN shop.price_lists l ON l.id = a.price_list_id
               WHERE a.variant_id = v.id AND a.min_quantity = 1 AND l.kind IN ('base', 'sale')
                 AND l.code IN ('base', 'sale') AND l.is_active AND l.deleted_at IS NULL
                 AND $3 >= greatest(a.valid_from, l.valid_from) AND $3 < least(a.valid_until, l.valid_until)
               ORDER BY a.amount_minor LIMIT 1) c ON true
        WHERE v.product_id = p.id AND v.is_active AND v.deleted_at IS NULL) f ON true
 WHERE p.tenant_id = $1 AND p.id = ANY ($2) AND p.status = 'active' AND p.deleted_at IS NULL
   AND p.visibility IN ('visible', 'catalog') AND $3 >= p.publish_from AND $3 < p.publish_until
ON CONFLICT DO NOTHING
RETURNING category_id;

-- Takes the counters of these categories for this transaction, in one order: whoever changes the
-- same lists at the same time waits here, so that the count that follows sees his rows.
-- stmt: lists_hold(categories uuid[]) -> exec
-- writes
INSERT INTO shop.category_stats AS s (tenant_id, category_id)
SELECT app.tenant(), g.id
  FROM (SELECT DISTINCT u.id FROM unnest($1) AS u (id)) g
  JOIN shop.categories c ON c.id = g.id
 ORDER BY g.id
ON CONFLICT (tenant_id, category_id) DO UPDATE SET product_count = s.product_count;

-- Sets the counters of these categories from the lists.
-- stmt: lists_count(categories uuid[]) -> exec
-- tenant: $1
-- writes
UPDATE shop.category_stats s SET product_count = n.n, updated_at = app.now()
  FROM (SELECT g.id, (SELECT count(*) FROM shop.category_products cp
                       WHERE cp.tenant_id = $1 AND cp.category_id = g.id) AS n
          FROM unnest($2) AS g (id)) n
 WHERE s.tenant_id = $1 AND s.category_id = n.id AND s.product_count <> n.n;

-- Products whose price or showing changed by the clock alone since an instant: an edge of a window.
-- stmt: lists_edges(since timestamptz, moment timestamptz, most int4) -> many product_id
-- row:  product_id uuid
-- plan: index
SELECT v.product_id
  FROM (SELECT a.variant_id FROM shop.prices a WHERE a.valid_from > $1 AND a.valid_from <= $2
        UNION ALL
        SELECT a.variant_id FROM shop.prices a WHERE a.valid_until > $1 AND a.valid_until <= $2) e
  JOIN shop.product_variants v ON v.id = e.variant_id AND v.deleted_at IS NULL
UNION
SELECT p.id FROM shop.products p WHERE p.publish_from > $1 AND p.publish_from <= $2 AND p.publish_from > '-infinity'
UNION
SELECT p.id FROM shop.products p WHERE p.publish_until > $1 AND p.publish_until <= $2 AND p.publish_until < 'infinity'
 LIMIT $3;

-- Bundles that have a variant of these products as a part: what they are changes with it.
-- stmt: kits_of(products uuid[]) -> many product_id
-- plan: index
SELECT DISTINCT kit.product_id
  FROM shop.product_variants part
  JOIN shop.kit_items k ON k.variant_id = part.id
  JOIN shop.product_variants kit ON kit.id = k.kit_id AND kit.deleted_at IS NULL
 WHERE part.product_id = ANY ($1);

-- stmt: product_versions(products uuid[]) -> many product_version
-- row:  product_id uuid, version int4, slug text
-- plan: index
SELECT p.id AS product_id, p.version, p.slug FROM shop.products p WHERE p.id = ANY ($1) ORDER BY p.id;

-- Ids of every category above and including these: whose pages show a change of a product.
-- stmt: category_slugs(categories uuid[]) -> many category_slug
-- row:  category_id uuid, slug text
-- plan: index
SELECT g.id AS category_id, g.slug FROM shop.categories g WHERE g.id = ANY ($1) ORDER BY g.id;

-- Takes the rows of what these products show for this transaction, in one order: whoever changes another
-- part of the same product waits here, so that the copies that follow are made from both changes.
-- stmt: facts_hold(products uuid[]) -> many product_id
-- role: desk
-- writes
-- plan: index
SELECT f.product_id FROM shop.product_card_facts f WHERE f.product_id = ANY ($1) ORDER BY f.product_id FOR NO KEY UPDATE;

-- Copies what cards show of these products; a product that is gone loses its row.
-- stmt: card_facts_put(products uuid[]) -> exec
-- writes
WITH gone AS (
    DELETE FROM shop.product_card_facts f
     WHERE f.product_id = ANY ($1)
       AND NOT EXISTS (SELECT 1 FROM shop.products p WHERE p.id = f.product_id AND p.deleted_at IS NULL))
INSERT INTO shop.product_card_facts AS f (tenant_id, product_id, slug, kind, name, listed_at, sku, variants, tracked,
       always, price_variants, price_currencies, price_kinds, price_priorities, price_amounts, price_starts,
       price_ends, image_paths, image_alts, image_widths, image_heights, image_looks, swatches, swatch_labels,
       quantities)
SELECT s.tenant_id, s.product_id, s.slug, s.kind, s.name, s.listed_at, s.sku, s.variants, s.tracked,
       s.always, s.price_variants, s.price_currencies, s.price_kinds, s.price_priorities, s.price_amounts,
       s.price_starts, s.price_ends, s.image_paths, s.image_alts, s.image_widths, s.image_heights,
       s.image_looks, s.swatches, s.swatch_labels, s.quantities
  FROM shop.product_card_source s
 WHERE s.product_id = ANY ($1)
 ORDER BY s.product_id
ON CONFLICT (tenant_id, product_id) DO UPDATE
   SET slug = excluded.slug, kind = excluded.kind, name = excluded.name, listed_at = excluded.listed_at,
       sku = excluded.sku, variants = excluded.variants, tracked = excluded.tracked, always = excluded.always,
       price_variants = excluded.price_variants, price_currencies = excluded.price_currencies,
       price_kinds = excluded.price_kinds, price_priorities = excluded.price_priorities,
       price_amounts = excluded.price_amounts, price_starts = excluded.price_starts,
       price_ends = excluded.price_ends, image_paths = excluded.image_paths, image_alts = excluded.image_alts,
       image_widths = excluded.image_widths, image_heights = excluded.image_heights, image_looks = excluded.image_looks,
       swatches = excluded.swatches, swatch_labels = excluded.swatch_labels,
       quantities = excluded.quantities, updated_at = app.now();

-- The same for what their pages show. A document that says what it said is left alone.
-- stmt: page_facts_put(products uuid[]) -> exec
-- writes
WITH gone AS (
    DELETE FROM shop.product_page_facts f
     WHERE f.product_id = ANY ($1)
       AND NOT EXISTS (SELECT 1 FROM shop.products p WHERE p.id = f.product_id AND p.deleted_at IS NULL))
INSERT INTO shop.product_page_facts AS f (tenant_id, product_id, tracked, words, parts, named, doc)
SELECT s.tenant_id, s.product_id, s.tracked, s.words, s.parts, s.named, s.doc
  FROM shop.product_page_source s
 WHERE s.product_id = ANY ($1)
 ORDER BY s.product_id
ON CONFLICT (tenant_id, product_id) DO UPDATE
   SET tracked = excluded.tracked, words = excluded.words, parts = excluded.parts, named = excluded.named,
       doc = excluded.doc, updated_at = app.now()
 WHERE (f.tracked, f.words, f.parts, f.named, f.doc)
       IS DISTINCT FROM (excluded.tracked, excluded.words, excluded.parts, excluded.named, excluded.doc);
