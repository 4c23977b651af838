-- What pages show of products is written when it changes, not gathered when it is looked at.
--
-- Cards: a bundle's availability is counted from the stock of its parts, which its card now names
-- (tracked, quantities), so that no list has to go through kits, variants and products again. A part
-- that is not sold any more is named by the nil UUID, of which there is never any stock.
--
-- Product pages: one document a product. Gathering variants, options, prices, properties and
-- pictures from ten tables for every visitor was most of the work of a page that is not in the
-- cache; product_changed() writes the document in the transaction of the change, as it does with the
-- cards. Stock, ratings, names of brand and categories, the shop's own fields and whether the product
-- is shown at all are read live. doctor_cards and doctor_pages compare with the sources.
--
-- The document is JSON, its rows are arrays in the order of the members that
-- src/shop/product_facts.c reads them into (append at the end of both, and write all documents anew):
--   variants [id, sku, barcode, stock_policy, weight_g, length_mm, width_mm, height_mm, min_quantity,
--             max_quantity, unit, price_quantity]
--   options  [variant, attribute, attribute name, option, value, swatch, input, is_default]
--   prices   [variant, currency, kind, priority, min_quantity, amount, lowest of 30 days, from, until]
--   specs    [attribute, attribute name, option, value, unit, input]
--   images   [id, path, alt text, width, height, look, variant]
--   parts    [kit's variant, variant, product, quantity, stock_policy, is sold]
--   tags     ["..."]
ALTER TABLE shop.product_card_facts ADD COLUMN quantities int4[] NOT NULL DEFAULT '{}';
COMMENT ON COLUMN shop.product_card_facts.tracked IS 'variants whose stock is counted; of a bundle those of its parts';
COMMENT ON COLUMN shop.product_card_facts.quantities IS 'of a bundle: how many of each of tracked are in it';

CREATE OR REPLACE VIEW shop.product_card_source WITH (security_invoker = true) AS
SELECT p.tenant_id, p.id AS product_id, p.slug, p.kind, p.name, p.created_at AS listed_at,
       coalesce(v.sku, '') AS sku, coalesce(v.ids, '{}') AS variants,
       coalesce(CASE WHEN p.kind = 'bundle' THEN b.tracked ELSE v.tracked END, '{}') AS tracked,
       coalesce(CASE WHEN p.kind = 'bundle' THEN b.always ELSE v.always END, false) AS always,
       coalesce(c.variants, '{}') AS price_variants, coalesce(c.currencies, '{}') AS price_currencies,
       coalesce(c.kinds, '{}') AS price_kinds, coalesce(c.priorities, '{}') AS price_priorities,
       coalesce(c.amounts, '{}') AS price_amounts, coalesce(c.starts, '{}') AS price_starts,
       coalesce(c.ends, '{}') AS price_ends,
       coalesce(i.paths, '{}') AS image_paths, coalesce(i.alts, '{}') AS image_alts,
       coalesce(i.widths, '{}') AS image_widths, coalesce(i.heights, '{}') AS image_heights,
       coalesce(w.swatches, '{}') AS swatches, coalesce(w.labels, '{}') AS swatch_labels,
       coalesce(i.looks, '{}') AS image_looks, coalesce(b.quantities, '{}') AS quantities
  FROM shop.products p
  LEFT JOIN LATERAL (
       SELECT min(x.sku) AS sku, array_agg(x.id ORDER BY x.position, x.id) AS ids,
              array_agg(x.id ORDER BY x.position, x.id) FILTER (WHERE x.stock_policy = 'tracked') AS tracked,
              bool_or(x.stock_policy = 'always') AS always
         FROM shop.product_variants x
        WHERE (x.tenant_id, x.product_id) = (p.tenant_id, p.id)
          AND x.is_active AND x.deleted_at IS NULL) v ON true
  LEFT JOIN LATERAL (
       SELECT array_agg(o.variant_id ORDER BY o.variant_id, o.priority, o.kind, o.starts, o.amount_minor) AS variants,
              array_agg(o.currency ORDER BY o.variant_id, o.priority, o.kind, o.starts, o.amount_minor) AS currencies,
              array_agg(o.kind ORDER BY o.variant_id, o.priority, o.kind, o.starts, o.amount_minor) AS kinds,
              array_agg(o.priority ORDER BY o.variant_id, o.priority, o.kind, o.starts, o.amount_minor) AS priorities,
              array_agg(o.amount_minor ORDER BY o.variant_id, o.priority, o.kind, o.starts, o.amount_minor) AS amounts,
              array_agg(o.starts ORDER BY o.variant_id, o.priority, o.kind, o.starts, o.amount_minor) AS starts,
              array_agg(o.ends ORDER BY o.variant_id, o.priority, o.kind, o.starts, o.amount_minor) AS ends
         FROM (SELECT a.variant_id, l.currency, l.kind, l.priority, a.amount_minor,
                      (extract(epoch FROM greatest(a.valid_from, l.valid_from, '1000-01-01Z')) * 1000000)::int8 AS starts,
                      (extract(epoch FROM least(a.valid_until, l.valid_until, '9999-01-01Z')) * 1000000)::int8 AS ends
                 FROM shop.product_variants x
                 JOIN shop.prices a ON (a.tenant_id, a.variant_id) = (x.tenant_id, x.id)
                 JOIN shop.price_lists l ON (l.tenant_id, l.id) = (a.tenant_id, a.price_list_id)
                WHERE (x.tenant_id, x.product_id) = (p.tenant_id, p.id)
                  AND x.is_active AND x.deleted_at IS NULL AND a.min_quantity = 1
                  AND l.kind IN ('base', 'sale') AND l.is_active AND l.deleted_at IS NULL) o) c ON true
  LEFT JOIN LATERAL (
       SELECT array_agg(f.path ORDER BY f.position, f.id) AS paths,
              array_agg(f.alt_text ORDER BY f.position, f.id) AS alts,
              array_agg(f.width ORDER BY f.position, f.id) AS widths,
              array_agg(f.height ORDER BY f.position, f.id) AS heights,
              array_agg(f.look ORDER BY f.position, f.id) AS looks
         FROM (SELECT m.id, m.path, m.alt_text, coalesce(m.width, 0) AS width,
                      coalesce(m.height, 0) AS height, m.look, pm.position
                 FROM shop.product_media pm
                 JOIN shop.media m ON (m.tenant_id, m.id) = (pm.tenant_id, pm.media_id)
                WHERE (pm.tenant_id, pm.product_id) = (p.tenant_id, p.id)
                  AND m.state = 'ready' AND m.kind = 'image' AND m.deleted_at IS NULL
                ORDER BY pm.position, m.id LIMIT 3) f) i ON true
  LEFT JOIN LATERAL (
       SELECT array_agg(o.swatch ORDER BY o.position, o.id) AS swatches,
              array_agg(o.value ORDER BY o.position, o.id) AS labels
         FROM (SELECT DISTINCT o.id, o.swatch, o.value, o.position
                 FROM shop.product_variants x
                 JOIN shop.variant_attribute_values a ON (a.tenant_id, a.variant_id) = (x.tenant_id, x.id)
                 JOIN shop.attribute_options o ON (o.tenant_id, o.id) = (a.tenant_id, a.option_id)
                WHERE (x.tenant_id, x.product_id) = (p.tenant_id, p.id)
                  AND x.is_active AND x.deleted_at IS NULL AND o.swatch IS NOT NULL
                ORDER BY o.position, o.id LIMIT 5) o) w ON true
  LEFT JOIN LATERAL (
       SELECT array_agg(CASE WHEN k.counts THEN k.variant_id ELSE '00000000-0000-0000-0000-000000000000' END
                        ORDER BY k.position, k.variant_id) FILTER (WHERE NOT k.always) AS tracked,
              array_agg(k.quantity ORDER BY k.position, k.variant_id) FILTER (WHERE NOT k.always) AS quantities,
              bool_and(k.always) AS always
         FROM (SELECT i.variant_id, i.quantity, i.position, part.stock_policy = 'tracked' AND o.sold AS counts,
                      part.stock_policy = 'always' AND o.sold AS always
                 FROM shop.kit_items i
                 JOIN shop.product_variants part ON (part.tenant_id, part.id) = (i.tenant_id, i.variant_id)
                 JOIN shop.products pp ON (pp.tenant_id, pp.id) = (part.tenant_id, part.product_id)
                 CROSS JOIN LATERAL (SELECT part.is_active AND part.deleted_at IS NULL AND pp.status = 'active'
                                            AND pp.deleted_at IS NULL AS sold) o
                WHERE (i.tenant_id, i.kit_id) = (p.tenant_id, v.ids[1])) k) b ON p.kind = 'bundle'
 WHERE p.deleted_at IS NULL;

UPDATE shop.product_card_facts f SET tracked = s.tracked, quantities = s.quantities, always = s.always
  FROM shop.product_card_source s
 WHERE s.kind = 'bundle' AND (s.tenant_id, s.product_id) = (f.tenant_id, f.product_id);

-- Rows of other shops are kept out by the policies alone: naming the tenant in every join again costs
-- a node of the plan each. unnest, so that stock is looked up by variant at every size of a shop.
CREATE OR REPLACE VIEW shop.product_cards WITH (security_invoker = true) AS
SELECT f.tenant_id, f.product_id, f.slug, f.kind, f.name, f.listed_at, f.sku, f.variants, f.always,
       coalesce(CASE WHEN f.kind = 'bundle' THEN k.free ELSE s.free END, 0)::int8 AS free,
       coalesce(CASE WHEN f.kind = 'bundle' THEN k.capacity > k.free ELSE s.backorder END, false) AS backorder,
       coalesce(s.reorder, -1)::int4 AS reorder,
       f.price_variants, f.price_currencies, f.price_kinds, f.price_priorities, f.price_amounts,
       f.price_starts, f.price_ends, f.image_paths, f.image_alts, f.image_widths, f.image_heights,
       f.swatches, f.swatch_labels,
       coalesce(r.rating_sum, 0)::int8 AS rating_sum, coalesce(r.rating_count, 0) AS rating_count,
       f.image_looks
  FROM shop.product_card_facts f
  LEFT JOIN shop.product_stats r ON r.product_id = f.product_id
  LEFT JOIN LATERAL (
       SELECT sum(greatest(l.available, 0)) AS free, max(l.reorder_point) AS reorder,
              bool_or(l.available + l.backorder_limit > 0 AND l.backorder_limit > 0) AS backorder
         FROM unnest(f.tracked) AS t (id)
         JOIN shop.stock_levels l ON l.variant_id = t.id) s ON f.kind <> 'bundle'
  LEFT JOIN LATERAL (
       SELECT min(x.free / x.quantity) AS free, min(x.capacity / x.quantity) AS capacity
         FROM (SELECT t.quantity, coalesce(sum(greatest(l.available, 0)), 0) AS free,
                      coalesce(sum(greatest(l.available + l.backorder_limit, 0)), 0) AS capacity
                 FROM unnest(f.tracked, f.quantities) WITH ORDINALITY AS t (id, quantity, n)
                 LEFT JOIN shop.stock_levels l ON l.variant_id = t.id
                GROUP BY t.n, t.quantity) x) k ON f.kind = 'bundle';

CREATE VIEW shop.product_page_source WITH (security_invoker = true) AS
SELECT p.tenant_id, p.id AS product_id,
       ARRAY(SELECT w.id
               FROM (SELECT x.id
                       FROM shop.product_variants x
                      WHERE (x.tenant_id, x.product_id) = (p.tenant_id, p.id) AND x.is_active
                        AND x.deleted_at IS NULL AND x.stock_policy = 'tracked' AND p.kind <> 'bundle'
                      UNION
                     SELECT i.variant_id
                       FROM shop.product_variants x
                       JOIN shop.kit_items i ON (i.tenant_id, i.kit_id) = (x.tenant_id, x.id)
                      WHERE (x.tenant_id, x.product_id) = (p.tenant_id, p.id) AND x.is_active
                        AND x.deleted_at IS NULL AND p.kind = 'bundle') w
              ORDER BY w.id LIMIT 1000) AS tracked,
       ARRAY(SELECT w.id
               FROM (SELECT a.attribute_id AS id
                       FROM shop.product_attribute_values a
                      WHERE (a.tenant_id, a.product_id) = (p.tenant_id, p.id) AND a.is_shown
                      UNION
                     SELECT a.option_id
                       FROM shop.product_attribute_values a
                      WHERE (a.tenant_id, a.product_id) = (p.tenant_id, p.id) AND a.is_shown
                      UNION
                     SELECT unnest(ARRAY[a.attribute_id, a.option_id])
                       FROM shop.product_variants x
                       JOIN shop.variant_attribute_values a ON (a.tenant_id, a.variant_id) = (x.tenant_id, x.id)
                      WHERE (x.tenant_id, x.product_id) = (p.tenant_id, p.id) AND x.is_active
                        AND x.deleted_at IS NULL) w
              WHERE w.id IS NOT NULL ORDER BY w.id) AS words,
       ARRAY(SELECT part.product_id
               FROM shop.product_variants x
               JOIN shop.kit_items k ON (k.tenant_id, k.kit_id) = (x.tenant_id, x.id)
               JOIN shop.product_variants part ON (part.tenant_id, part.id) = (k.tenant_id, k.variant_id)
                    AND part.deleted_at IS NULL
              WHERE (x.tenant_id, x.product_id) = (p.tenant_id, p.id) AND x.is_active AND x.deleted_at IS NULL
                AND p.kind = 'bundle'
              GROUP BY part.product_id ORDER BY min(k.position), part.product_id LIMIT 24) AS parts,
       ARRAY(SELECT y.other_id
               FROM shop.product_relations y
              WHERE (y.tenant_id, y.product_id) = (p.tenant_id, p.id)
              GROUP BY y.other_id
              ORDER BY min(CASE y.kind WHEN 'upsell' THEN 0 WHEN 'related' THEN 1 ELSE 2 END),
                       min(y.position), y.other_id LIMIT 24) AS named,
       json_build_object(
       'variants', (
       SELECT coalesce(json_agg(json_build_array(x.id, x.sku, x.barcode, x.stock_policy, x.weight_g,
                 x.length_mm, x.width_mm, x.height_mm, x.min_quantity, x.max_quantity, x.unit,
                 x.price_quantity) ORDER BY x.position, x.id), '[]')
         FROM (SELECT y.id, y.sku, y.barcode, y.stock_policy, y.weight_g, y.length_mm, y.width_mm, y.height_mm,
                      y.min_quantity, y.max_quantity, y.unit, y.price_quantity, y.position
                 FROM shop.product_variants y
                WHERE (y.tenant_id, y.product_id) = (p.tenant_id, p.id) AND y.is_active
                  AND y.deleted_at IS NULL
                ORDER BY y.position, y.id LIMIT 1000) x),
       'options', (
       SELECT coalesce(json_agg(json_build_array(o.variant_id, o.attribute_id, o.name, o.option_id,
                 o.value, o.swatch, o.input, o.is_default) ORDER BY o.first, o.attribute_id, o.position, o.option_id, o.variant_id), '[]')
         FROM (SELECT a.variant_id, a.attribute_id, n.name, a.option_id, q.value, q.swatch, n.input,
                      EXISTS (SELECT 1 FROM shop.product_attribute_values d
                               WHERE (d.tenant_id, d.product_id) = (p.tenant_id, p.id)
                                 AND d.option_id = a.option_id AND d.is_default) AS is_default,
                      n.position AS first, q.position
                 FROM shop.product_variants x
                 JOIN shop.variant_attribute_values a ON (a.tenant_id, a.variant_id) = (x.tenant_id, x.id)
                 JOIN shop.attributes n ON (n.tenant_id, n.id) = (a.tenant_id, a.attribute_id)
                 JOIN shop.attribute_options q ON (q.tenant_id, q.id) = (a.tenant_id, a.option_id)
                WHERE (x.tenant_id, x.product_id) = (p.tenant_id, p.id) AND x.is_active
                  AND x.deleted_at IS NULL
                ORDER BY n.position, n.id, q.position, q.id, a.variant_id LIMIT 5000) o),
       'prices', (
       SELECT coalesce(json_agg(json_build_array(o.variant_id, o.currency, o.kind, o.priority,
                 o.min_quantity, o.amount_minor, o.lowest_30d_minor, o.starts, o.ends)
                 ORDER BY o.variant_id, o.currency, o.kind, o.priority, o.min_quantity, o.starts, o.amount_minor), '[]')
         FROM (SELECT a.variant_id, l.currency, l.kind, l.priority, a.min_quantity, a.amount_minor,
                      a.lowest_30d_minor,
                      (extract(epoch FROM greatest(a.valid_from, l.valid_from, '1000-01-01Z')) * 1000000)::int8 AS starts,
                      (extract(epoch FROM least(a.valid_until, l.valid_until, '9999-01-01Z')) * 1000000)::int8 AS ends
                 FROM shop.product_variants x
                 JOIN shop.prices a ON (a.tenant_id, a.variant_id) = (x.tenant_id, x.id)
                 JOIN shop.price_lists l ON (l.tenant_id, l.id) = (a.tenant_id, a.price_list_id)
                WHERE (x.tenant_id, x.product_id) = (p.tenant_id, p.id) AND x.is_active
                  AND x.deleted_at IS NULL AND l.kind IN ('base', 'sale') AND l.is_active
                  AND l.deleted_at IS NULL) o),
       'specs', (
       SELECT coalesce(json_agg(json_build_array(o.attribute_id, o.name, o.option_id, o.value, o.unit, o.input)
                 ORDER BY o.first, o.attribute_id, o.position), '[]')
         FROM (SELECT a.attribute_id, n.name, CASE WHEN n.input <> 'boolean' THEN a.option_id END AS option_id,
                      CASE WHEN n.input = 'boolean' THEN q.code ELSE coalesce(q.value, a.value_text) END AS value,
                      n.unit, n.input, n.position AS first, a.position
                 FROM shop.product_attribute_values a
                 JOIN shop.attributes n ON (n.tenant_id, n.id) = (a.tenant_id, a.attribute_id)
                 LEFT JOIN shop.attribute_options q ON (q.tenant_id, q.id) = (a.tenant_id, a.option_id)
                WHERE (a.tenant_id, a.product_id) = (p.tenant_id, p.id) AND a.is_shown
                ORDER BY n.position, n.id, a.position LIMIT 500) o),
       'images', (
       SELECT coalesce(json_agg(json_build_array(o.id, o.path, o.alt_text, o.width, o.height, o.look, o.variant_id)
                 ORDER BY o.position, o.id), '[]')
         FROM (SELECT m.id, m.path, m.alt_text, coalesce(m.width, 0) AS width,
                      coalesce(m.height, 0) AS height, m.look, pm.variant_id, pm.position
                 FROM shop.product_media pm
                 JOIN shop.media m ON (m.tenant_id, m.id) = (pm.tenant_id, pm.media_id)
                WHERE (pm.tenant_id, pm.product_id) = (p.tenant_id, p.id)
                  AND m.state = 'ready' AND m.kind = 'image' AND m.deleted_at IS NULL
                ORDER BY pm.position, m.id LIMIT 60) o),
       'parts', (
       SELECT coalesce(json_agg(json_build_array(o.kit_id, o.variant_id, o.product_id, o.quantity, o.stock_policy,
                 o.sold) ORDER BY o.position, o.variant_id, o.kit_id), '[]')
         FROM (SELECT i.kit_id, i.variant_id, part.product_id, i.quantity, part.stock_policy, i.position,
                      part.is_active AND part.deleted_at IS NULL AND pp.status = 'active'
                        AND pp.deleted_at IS NULL AS sold
                 FROM shop.product_variants x
                 JOIN shop.kit_items i ON (i.tenant_id, i.kit_id) = (x.tenant_id, x.id)
                 JOIN shop.product_variants part ON (part.tenant_id, part.id) = (i.tenant_id, i.variant_id)
                 JOIN shop.products pp ON (pp.tenant_id, pp.id) = (part.tenant_id, part.product_id)
                WHERE (x.tenant_id, x.product_id) = (p.tenant_id, p.id) AND x.is_active
                  AND x.deleted_at IS NULL AND p.kind = 'bundle'
                ORDER BY i.position, i.variant_id LIMIT 200) o),
       'tags', (
       SELECT coalesce(json_agg(o.tag ORDER BY o.tag_norm), '[]')
         FROM (SELECT g.tag, g.tag_norm
                 FROM shop.product_tags g
                WHERE (g.tenant_id, g.product_id) = (p.tenant_id, p.id)
                ORDER BY g.tag_norm LIMIT 60) o))::text AS doc
  FROM shop.products p
 WHERE p.deleted_at IS NULL;
COMMENT ON VIEW shop.product_page_source IS 'what product_page_facts must say';
ALTER VIEW shop.product_page_source OWNER TO kade_owner;
GRANT SELECT ON shop.product_page_source TO kade_rt;

CREATE TABLE shop.product_page_facts (
    tenant_id  uuid NOT NULL DEFAULT app.tenant(),
    product_id uuid NOT NULL,
    tracked    uuid[] NOT NULL,
    words      uuid[] NOT NULL,
    parts      uuid[] NOT NULL,
    named      uuid[] NOT NULL,
    doc        text NOT NULL CHECK (doc LIKE '{%'),
    created_at timestamptz NOT NULL DEFAULT app.now(),
    updated_at timestamptz NOT NULL DEFAULT app.now(),
    PRIMARY KEY (tenant_id, product_id),
    FOREIGN KEY (tenant_id, product_id) REFERENCES shop.products (tenant_id, id) ON DELETE CASCADE
);
-- A document stays in its row while the row fits on a page.
ALTER TABLE shop.product_page_facts ALTER COLUMN doc SET STORAGE MAIN, ALTER COLUMN doc SET COMPRESSION lz4;
COMMENT ON TABLE shop.product_page_facts IS '@class S what the page of a product shows, copied from its variants, prices, properties and pictures';
COMMENT ON COLUMN shop.product_page_facts.tracked IS 'variants whose stock is counted; of a bundle those of its parts';
COMMENT ON COLUMN shop.product_page_facts.words IS 'attributes and options whose words the document holds: to be translated';
COMMENT ON COLUMN shop.product_page_facts.parts IS 'products a bundle is made of';
COMMENT ON COLUMN shop.product_page_facts.named IS 'products the shop named to go with it, best first';
SELECT app.protect('shop.product_page_facts');
SELECT app.desk_writes('shop.product_page_facts');

INSERT INTO shop.product_page_facts (tenant_id, product_id, tracked, words, parts, named, doc)
SELECT s.tenant_id, s.product_id, s.tracked, s.words, s.parts, s.named, s.doc
  FROM shop.product_page_source s;
