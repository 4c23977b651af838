-- Made-up products by the thousand, for benchmarks and for trying how a big shop feels: one
-- statement a table and chunk. The keys are made from a seed by shop/demo_bulk.c.

-- How many are there, and how many of them are made up.
-- stmt: bulk_have() -> one bulk_have
-- row:  products int8, bulk int8
-- role: desk
SELECT (SELECT count(*) FROM shop.products p WHERE p.deleted_at IS NULL) AS products,
       (SELECT count(*) FROM shop.products p WHERE p.code >= 'BULK-' AND p.code < 'BULK.') AS bulk;

-- stmt: bulk_products(ids uuid[], kinds text[], codes text[], names text[], slugs text[], summaries text[], descriptions text[], brands uuid[], categories uuid[], featured bool[], created int8[]) -> exec
-- role: desk
-- writes
INSERT INTO shop.products (tenant_id, id, kind, code, name, slug, summary, description, brand_id, category_id,
                           is_featured, status, created_at, updated_at)
SELECT app.tenant(), u.id, u.kind, u.code, u.name, u.slug, u.summary, u.description, u.brand, u.category, u.featured,
       'active', to_timestamp(u.created / 1000000.0), to_timestamp(u.created / 1000000.0)
  FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
       AS u (id, kind, code, name, slug, summary, description, brand, category, featured, created);

-- stmt: bulk_slugs(ids uuid[], slugs text[]) -> exec
-- role: desk
-- writes
INSERT INTO shop.slugs (tenant_id, resource, slug, resource_id)
SELECT app.tenant(), 'product', u.slug, u.id FROM unnest($1, $2) AS u (id, slug);

-- stmt: bulk_categories(products uuid[], categories uuid[]) -> exec
-- role: desk
-- writes
INSERT INTO shop.product_categories (tenant_id, product_id, category_id)
SELECT app.tenant(), u.product, u.category FROM unnest($1, $2) AS u (product, category);

-- stmt: bulk_variants(ids uuid[], products uuid[], skus text[], barcodes text[], options_keys text[], weights int4[], positions int4[]) -> exec
-- role: desk
-- writes
INSERT INTO shop.product_variants (tenant_id, id, product_id, sku, sku_norm, barcode, options_key, weight_g, position)
SELECT app.tenant(), u.id, u.product, u.sku, u.sku, nullif(u.barcode, ''), u.options_key, u.weight, u.position
  FROM unnest($1, $2, $3, $4, $5, $6, $7) AS u (id, product, sku, barcode, options_key, weight, position);

-- stmt: bulk_prices(list uuid, variants uuid[], amounts int8[], lowest int8[]) -> exec
-- role: desk
-- writes
WITH put AS (
    INSERT INTO shop.prices (tenant_id, price_list_id, variant_id, amount_minor, lowest_30d_minor)
    SELECT app.tenant(), $1, u.variant, u.amount, nullif(u.lowest, -1) FROM unnest($2, $3, $4) AS u (variant, amount, lowest)
    RETURNING variant_id, amount_minor, valid_from, valid_until)
INSERT INTO shop.price_log (tenant_id, variant_id, price_list_id, min_quantity, amount_minor, valid_from, valid_until)
SELECT app.tenant(), put.variant_id, $1, 1, put.amount_minor, put.valid_from, put.valid_until FROM put;

-- stmt: bulk_stock(warehouse uuid, variants uuid[], on_hand int4[], reorder int4[], cause uuid) -> exec
-- role: desk
-- writes
WITH put AS (
    INSERT INTO shop.stock_levels (tenant_id, variant_id, warehouse_id, on_hand, reorder_point)
    SELECT app.tenant(), u.variant, $1, u.on_hand, nullif(u.reorder, 0) FROM unnest($2, $3, $4) AS u (variant, on_hand, reorder)
    RETURNING variant_id, on_hand)
INSERT INTO shop.inventory_movements (tenant_id, variant_id, warehouse_id, kind, quantity, balance, cause_kind, cause_id)
SELECT app.tenant(), put.variant_id, $1, 'opening', put.on_hand, put.on_hand, 'demo', $5 FROM put WHERE put.on_hand > 0;

-- stmt: bulk_values(products uuid[], attributes uuid[], options uuid[]) -> exec
-- role: desk
-- writes
INSERT INTO shop.product_attribute_values (tenant_id, product_id, attribute_id, option_id)
SELECT app.tenant(), u.product, u.attribute, u.option FROM unnest($1, $2, $3) AS u (product, attribute, option);

-- stmt: bulk_variant_values(variants uuid[], attributes uuid[], options uuid[]) -> exec
-- role: desk
-- writes
INSERT INTO shop.variant_attribute_values (tenant_id, variant_id, attribute_id, option_id)
SELECT app.tenant(), u.variant, u.attribute, u.option FROM unnest($1, $2, $3) AS u (variant, attribute, option);

-- stmt: bulk_media(products uuid[], media uuid[], positions int4[]) -> exec
-- role: desk
-- writes
INSERT INTO shop.product_media (tenant_id, product_id, media_id, position)
SELECT app.tenant(), u.product, u.media, u.position FROM unnest($1, $2, $3) AS u (product, media, position)
ON CONFLICT DO NOTHING;

-- stmt: bulk_tags(products uuid[], norms text[], tags text[]) -> exec
-- role: desk
-- writes
INSERT INTO shop.product_tags (tenant_id, product_id, tag_norm, tag)
SELECT app.tenant(), u.product, u.norm, u.tag FROM unnest($1, $2, $3) AS u (product, norm, tag)
ON CONFLICT DO NOTHING;

-- stmt: bulk_stats(products uuid[], rating_sum int8[], rating_count int4[], sold int8[], viewed int8[], popularity int8[]) -> exec
-- role: desk
-- writes
INSERT INTO shop.product_stats (tenant_id, product_id, rating_sum, rating_count, sold, viewed, popularity)
SELECT app.tenant(), u.product, u.rating_sum, u.rating_count, u.sold, u.viewed, u.popularity
  FROM unnest($1, $2, $3, $4, $5, $6) AS u (product, rating_sum, rating_count, sold, viewed, popularity);
