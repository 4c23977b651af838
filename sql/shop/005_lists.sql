-- The index table behind category pages: one row per category (and each of its ancestors) and shown
-- product, with what the page sorts and narrows by. No private text, no policy (sql/unprotected):
-- tenant_id = $1 is bound by the generated code and rows are joined back to protected tables. It is
-- written in the transaction of the change, and can be rebuilt from the truth at any time.
CREATE TABLE shop.category_products (
    tenant_id   uuid NOT NULL,
    category_id uuid NOT NULL,
    rank        int8 NOT NULL,
    product_id  uuid NOT NULL,
    price_minor int8 NOT NULL,
    in_stock    bool NOT NULL,
    listed_us   int8 NOT NULL,
    PRIMARY KEY (tenant_id, category_id, rank, product_id)
);
COMMENT ON TABLE shop.category_products IS '@class X products of a category and below it in the order of the page';
COMMENT ON COLUMN shop.category_products.rank IS 'sold out last, featured first, then position, then newest first';
COMMENT ON COLUMN shop.category_products.price_minor IS 'lowest price when it was listed, the largest int8 without one; sorts and narrows, is never shown';
COMMENT ON COLUMN shop.category_products.listed_us IS 'created_at in microseconds since 1970';
CREATE INDEX category_products_price ON shop.category_products (tenant_id, category_id, price_minor, product_id);
CREATE INDEX category_products_newest ON shop.category_products (tenant_id, category_id, listed_us, product_id);
CREATE INDEX category_products_product ON shop.category_products (tenant_id, product_id);
SELECT app.protect('shop.category_products');

-- All a product card needs beside the name in the page's language: its variants, every price that
-- may apply (which one does is decided by the caller's price resolver), stock, first pictures,
-- colours, rating. One row per product that is not deleted; a page picks a few by id.
CREATE VIEW shop.product_cards WITH (security_invoker = true) AS
SELECT p.tenant_id, p.id AS product_id, p.slug, p.kind, p.name, p.created_at AS listed_at,
       coalesce(v.sku, '') AS sku, coalesce(v.ids, '{}') AS variants,
       coalesce(v.always, false) AS always, coalesce(v.free, 0)::int8 AS free,
       coalesce(v.backorder, false) AS backorder, coalesce(v.reorder, -1)::int4 AS reorder,
       coalesce(c.variants, '{}') AS price_variants, coalesce(c.currencies, '{}') AS price_currencies,
       coalesce(c.kinds, '{}') AS price_kinds, coalesce(c.priorities, '{}') AS price_priorities,
       coalesce(c.amounts, '{}') AS price_amounts, coalesce(c.starts, '{}') AS price_starts,
       coalesce(c.ends, '{}') AS price_ends,
       coalesce(i.paths, '{}') AS image_paths, coalesce(i.alts, '{}') AS image_alts,
       coalesce(i.widths, '{}') AS image_widths, coalesce(i.heights, '{}') AS image_heights,
       coalesce(w.swatches, '{}') AS swatches, coalesce(w.labels, '{}') AS swatch_labels,
       coalesce(r.rating_sum, 0)::int8 AS rating_sum, coalesce(r.rating_count, 0) AS rating_count
  FROM shop.products p
  LEFT JOIN shop.product_stats r ON (r.tenant_id, r.product_id) = (p.tenant_id, p.id)
  LEFT JOIN LATERAL (
       SELECT min(x.sku) AS sku, array_agg(x.id ORDER BY x.position, x.id) AS ids,
              bool_or(x.stock_policy = 'always') AS always, sum(s.free) AS free,
              bool_or(s.backorder) AS backorder, max(s.reorder) AS reorder
         FROM shop.product_variants x
         LEFT JOIN LATERAL (
              SELECT sum(greatest(l.available, 0)) AS free, max(l.reorder_point) AS reorder,
                     bool_or(l.available + l.backorder_limit > 0 AND l.backorder_limit > 0) AS backorder
                FROM shop.stock_levels l
               WHERE (l.tenant_id, l.variant_id) = (x.tenant_id, x.id)) s ON x.stock_policy = 'tracked'
        WHERE (x.tenant_id, x.product_id) = (p.tenant_id, p.id)
          AND x.is_active AND x.deleted_at IS NULL) v ON true
  LEFT JOIN LATERAL (
       SELECT array_agg(a.variant_id) AS variants, array_agg(l.currency) AS currencies,
              array_agg(l.kind) AS kinds, array_agg(l.priority) AS priorities,
              array_agg(a.amount_minor) AS amounts,
              array_agg((extract(epoch FROM greatest(a.valid_from, l.valid_from, '1000-01-01Z')) * 1000000)::int8) AS starts,
              array_agg((extract(epoch FROM least(a.valid_until, l.valid_until, '9999-01-01Z')) * 1000000)::int8) AS ends
         FROM shop.product_variants x
         JOIN shop.prices a ON (a.tenant_id, a.variant_id) = (x.tenant_id, x.id)
         JOIN shop.price_lists l ON (l.tenant_id, l.id) = (a.tenant_id, a.price_list_id)
        WHERE (x.tenant_id, x.product_id) = (p.tenant_id, p.id)
          AND x.is_active AND x.deleted_at IS NULL AND a.min_quantity = 1
          AND l.kind IN ('base', 'sale') AND l.is_active AND l.deleted_at IS NULL) c ON true
  LEFT JOIN LATERAL (
       SELECT array_agg(f.path ORDER BY f.position, f.id) AS paths,
              array_agg(f.alt_text ORDER BY f.position, f.id) AS alts,
              array_agg(f.width ORDER BY f.position, f.id) AS widths,
              array_agg(f.height ORDER BY f.position, f.id) AS heights
         FROM (SELECT m.id, m.path, m.alt_text, coalesce(m.width, 0) AS width,
                      coalesce(m.height, 0) AS height, pm.position
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
COMMENT ON VIEW shop.product_cards IS 'what cards show; pick products by id first';
ALTER VIEW shop.product_cards OWNER TO kade_owner;
GRANT SELECT ON shop.product_cards TO kade_rt;
