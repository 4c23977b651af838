-- What a page must know of a picture besides its address, in one number: which sizes there are (bits
-- 0 to 6), its colour while it loads (bits 7 to 13, 0 = none, else 1 + class) and the quarter of its
-- width (bits 14 to 16) and height (bits 17 to 19) that stays in view when it is cropped. Cards keep it
-- beside the address, so a list asks for nothing more.
ALTER TABLE shop.media
    ADD COLUMN look int4 NOT NULL GENERATED ALWAYS AS
        (sizes | ((coalesce(colour, -1) + 1) << 7) | (((focal_x + 125) / 250) << 14) |
         (((focal_y + 125) / 250) << 17)) STORED;
COMMENT ON COLUMN shop.media.look IS 'sizes, colour and focal point as pages read them (shop/picture.h)';

ALTER TABLE shop.product_card_facts ADD COLUMN image_looks int4[] NOT NULL DEFAULT '{}';

CREATE OR REPLACE VIEW shop.product_card_source WITH (security_invoker = true) AS
SELECT p.tenant_id, p.id AS product_id, p.slug, p.kind, p.name, p.created_at AS listed_at,
       coalesce(v.sku, '') AS sku, coalesce(v.ids, '{}') AS variants,
       coalesce(v.tracked, '{}') AS tracked, coalesce(v.always, false) AS always,
       coalesce(c.variants, '{}') AS price_variants, coalesce(c.currencies, '{}') AS price_currencies,
       coalesce(c.kinds, '{}') AS price_kinds, coalesce(c.priorities, '{}') AS price_priorities,
       coalesce(c.amounts, '{}') AS price_amounts, coalesce(c.starts, '{}') AS price_starts,
       coalesce(c.ends, '{}') AS price_ends,
       coalesce(i.paths, '{}') AS image_paths, coalesce(i.alts, '{}') AS image_alts,
       coalesce(i.widths, '{}') AS image_widths, coalesce(i.heights, '{}') AS image_heights,
       coalesce(w.swatches, '{}') AS swatches, coalesce(w.labels, '{}') AS swatch_labels,
       coalesce(i.looks, '{}') AS image_looks
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
 WHERE p.deleted_at IS NULL;

CREATE OR REPLACE VIEW shop.product_cards WITH (security_invoker = true) AS
SELECT f.tenant_id, f.product_id, f.slug, f.kind, f.name, f.listed_at, f.sku, f.variants, f.always,
       coalesce(s.free, 0)::int8 AS free, coalesce(s.backorder, false) AS backorder,
       coalesce(s.reorder, -1)::int4 AS reorder,
       f.price_variants, f.price_currencies, f.price_kinds, f.price_priorities, f.price_amounts,
       f.price_starts, f.price_ends, f.image_paths, f.image_alts, f.image_widths, f.image_heights,
       f.swatches, f.swatch_labels,
       coalesce(r.rating_sum, 0)::int8 AS rating_sum, coalesce(r.rating_count, 0) AS rating_count,
       f.image_looks
  FROM shop.product_card_facts f
  LEFT JOIN shop.product_stats r ON (r.tenant_id, r.product_id) = (f.tenant_id, f.product_id)
  LEFT JOIN LATERAL (
       SELECT sum(greatest(l.available, 0)) AS free, max(l.reorder_point) AS reorder,
              bool_or(l.available + l.backorder_limit > 0 AND l.backorder_limit > 0) AS backorder
         FROM shop.stock_levels l
        WHERE l.tenant_id = f.tenant_id AND l.variant_id = ANY (f.tracked)) s ON true;

UPDATE shop.product_card_facts f SET image_looks = s.image_looks
  FROM shop.product_card_source s
 WHERE (s.tenant_id, s.product_id) = (f.tenant_id, f.product_id) AND f.image_looks <> s.image_looks;
