-- Products as rows of our own format (src/shop/export.c): lists joined to cells the importer reads
-- back, a page of products and their variants at a time.

-- stmt: export_shape() -> one export_shape
-- row:  locales text[], attributes int4, downloads int4
-- role: desk
SELECT ARRAY(SELECT DISTINCT t.locale FROM app.translations t WHERE t.resource = 'product' ORDER BY t.locale) AS locales,
       greatest(coalesce((SELECT max(c.n) FROM (SELECT count(DISTINCT a.attribute_id) AS n
                                                  FROM shop.product_attribute_values a GROUP BY a.product_id) c), 0),
                coalesce((SELECT max(c.n) FROM (SELECT count(*) AS n
                                                  FROM shop.variant_attribute_values a GROUP BY a.variant_id) c), 0))::int4 AS attributes,
       coalesce((SELECT max(d.position) FROM shop.product_downloads d), 0) AS downloads;

-- stmt: export_products(after uuid, most int4) -> many export_product
-- row:  product_id uuid, kind text, code text?, name text, slug text, summary text, description text,
-- row:  brand text?, type_code text?, status text, visibility text, tax_class text, shipping_class text?,
-- row:  is_featured bool, allows_reviews bool, position int4, external_url text?, external_label text?,
-- row:  purchase_note text?, seo_title text?, seo_description text?, publish_from timestamptz,
-- row:  publish_until timestamptz, download_limit int4?, download_days int4?, custom jsonb,
-- row:  categories text, tags text, images text, parts text, upsells text, cross_sells text, related text,
-- row:  attr_names text[], attr_values text[], attr_shown bool[], attr_chosen text[], attr_inputs text[],
-- row:  attr_units text[], text_locales text[], text_fields text[], text_values text[],
-- row:  download_names text[], download_urls text[]
-- role: desk
-- plan: index
SELECT p.id AS product_id, p.kind, p.code, p.name, p.slug, p.summary, p.description, b.name AS brand, y.code AS type_code,
       p.status, p.visibility, p.tax_class, p.shipping_class, p.is_featured, p.allows_reviews, p.position,
       p.external_url, p.external_label, p.purchase_note, p.seo ->> 'title' AS seo_title,
       p.seo ->> 'description' AS seo_description, p.publish_from, p.publish_until, p.download_limit,
       p.download_days, p.custom,
       coalesce((SELECT string_agg(w.path, ', ' ORDER BY pc.position, pc.category_id)
                   FROM shop.product_categories pc
                   JOIN LATERAL (SELECT string_agg(replace(g.name, ',', '\,'), ' > ' ORDER BY x.depth DESC) AS path
                                   FROM shop.category_tree x
                                   JOIN shop.categories g ON g.id = x.ancestor_id
                                  WHERE x.descendant_id = pc.category_id) w ON true
                  WHERE pc.product_id = p.id), '') AS categories,
       coalesce((SELECT string_agg(replace(t.tag, ',', '\,'), ', ' ORDER BY t.tag_norm)
                   FROM shop.product_tags t WHERE t.product_id = p.id), '') AS tags,
       coalesce((SELECT string_agg('media:' || m.media_id, ', ' ORDER BY m.position, m.media_id)
                   FROM shop.product_media m WHERE m.product_id = p.id AND m.position <= 1000), '') AS images,
       coalesce((SELECT string_agg(CASE WHEN k.quantity > 1 THEN k.quantity || ' x ' ELSE '' END || replace(v.sku, ',', '\,'), ', '
                                   ORDER BY k.position, v.id)
                   FROM shop.product_variants kit
                   JOIN shop.kit_items k ON k.kit_id = kit.id
                   JOIN shop.product_variants v ON v.id = k.variant_id
                  WHERE kit.product_id = p.id AND kit.deleted_at IS NULL), '') AS parts,
       coalesce(r.upsells, '') AS upsells, coalesce(r.cross_sells, '') AS cross_sells, coalesce(r.related, '') AS related,
       coalesce(a.names, '{}') AS attr_names, coalesce(a.vals, '{}') AS attr_values, coalesce(a.shown, '{}') AS attr_shown,
       coalesce(a.chosen, '{}') AS attr_chosen, coalesce(a.inputs, '{}') AS attr_inputs, coalesce(a.units, '{}') AS attr_units,
       coalesce(l.locales, '{}') AS text_locales, coalesce(l.fields, '{}') AS text_fields, coalesce(l.vals, '{}') AS text_values,
       coalesce(d.names, '{}') AS download_names, coalesce(d.urls, '{}') AS download_urls
  FROM shop.products p
  LEFT JOIN shop.brands b ON b.id = p.brand_id
  LEFT JOIN shop.product_types y ON y.id = p.type_id
  LEFT JOIN LATERAL (
       SELECT string_agg(n.sku, ', ' ORDER BY o.position, o.other_id) FILTER (WHERE o.kind = 'upsell') AS upsells,
              string_agg(n.sku, ', ' ORDER BY o.position, o.other_id) FILTER (WHERE o.kind = 'cross') AS cross_sells,
              string_agg(n.sku, ', ' ORDER BY o.position, o.other_id) FILTER (WHERE o.kind = 'related') AS related
         FROM shop.product_relations o
         JOIN LATERAL (SELECT replace(coalesce(q.code, (SELECT v.sku FROM shop.product_variants v
                                                 WHERE v.product_id = q.id AND v.deleted_at IS NULL
                                                 ORDER BY v.position, v.id LIMIT 1)), ',', '\,') AS sku
                         FROM shop.products q WHERE q.id = o.other_id AND q.deleted_at IS NULL) n ON true
        WHERE o.product_id = p.id) r ON true
  LEFT JOIN LATERAL (
       SELECT array_agg(c.name ORDER BY c.place, c.id) AS names, array_agg(c.vals ORDER BY c.place, c.id) AS vals,
              array_agg(c.shown ORDER BY c.place, c.id) AS shown, array_agg(c.chosen ORDER BY c.place, c.id) AS chosen,
              array_agg(c.input ORDER BY c.place, c.id) AS inputs, array_agg(c.unit ORDER BY c.place, c.id) AS units
         FROM (SELECT n.id, n.name, n.input, coalesce(n.unit, '') AS unit, n.position AS place, bool_and(v.is_shown) AS shown,
                      coalesce(max(replace(o.value, ',', '\,')) FILTER (WHERE v.is_default), '') AS chosen,
                      string_agg(coalesce(v.value_text, replace(o.value, ',', '\,')), ', ' ORDER BY v.position) AS vals
                 FROM shop.product_attribute_values v
                 JOIN shop.attributes n ON n.id = v.attribute_id
                 LEFT JOIN shop.attribute_options o ON o.id = v.option_id
                WHERE v.product_id = p.id GROUP BY n.id, n.name, n.input, n.unit, n.position) c) a ON true
  LEFT JOIN LATERAL (
       SELECT array_agg(t.locale ORDER BY t.locale, t.field) AS locales, array_agg(t.field ORDER BY t.locale, t.field) AS fields,
              array_agg(t.value ORDER BY t.locale, t.field) AS vals
         FROM app.translations t WHERE t.resource = 'product' AND t.resource_id = p.id) l ON true
  LEFT JOIN LATERAL (
       SELECT array_agg(x.name ORDER BY x.position) AS names, array_agg(x.url ORDER BY x.position) AS urls
         FROM shop.product_downloads x WHERE x.product_id = p.id) d ON true
 WHERE p.id > $1 AND p.deleted_at IS NULL
 ORDER BY p.id LIMIT $2;

-- stmt: export_variants(products uuid[]) -> many export_variant
-- row:  product_id uuid, variant_id uuid, sku text, barcode text?, stock_policy text, weight_g int4?,
-- row:  length_mm int4?, width_mm int4?, height_mm int4?, min_quantity int4, max_quantity int4, unit text,
-- row:  price_quantity int4, is_active bool, position int4, cost int8?, images text,
-- row:  option_names text[], option_values text[], option_inputs text[],
-- row:  price_lists text[], price_quantities int4[], price_amounts int8[], price_starts int8[], price_ends int8[],
-- row:  stock_codes text[], stock_pieces int4[], reorder_point int4?, backorder_limit int4
-- role: desk
-- plan: index
SELECT v.product_id, v.id AS variant_id, v.sku, v.barcode, v.stock_policy, v.weight_g, v.length_mm, v.width_mm, v.height_mm,
       v.min_quantity, v.max_quantity, v.unit, v.price_quantity, v.is_active, v.position, c.last_cost_minor AS cost,
       coalesce((SELECT string_agg('media:' || m.media_id, ', ' ORDER BY m.position, m.media_id)
                   FROM shop.product_media m WHERE m.product_id = v.product_id AND m.variant_id = v.id), '') AS images,
       coalesce(o.names, '{}') AS option_names, coalesce(o.vals, '{}') AS option_values, coalesce(o.inputs, '{}') AS option_inputs,
       coalesce(p.lists, '{}') AS price_lists, coalesce(p.quantities, '{}') AS price_quantities,
       coalesce(p.amounts, '{}') AS price_amounts, coalesce(p.starts, '{}') AS price_starts, coalesce(p.ends, '{}') AS price_ends,
       coalesce(s.codes, '{}') AS stock_codes, coalesce(s.pieces, '{}') AS stock_pieces, s.reorder AS reorder_point,
       coalesce(s.backorder, 0) AS backorder_limit
  FROM shop.product_variants v
  LEFT JOIN shop.variant_costs c ON c.variant_id = v.id
  LEFT JOIN LATERAL (
       SELECT array_agg(n.name ORDER BY n.position, n.id) AS names,
              array_agg(replace(t.value, ',', '\,') ORDER BY n.position, n.id) AS vals,
              array_agg(n.input ORDER BY n.position, n.id) AS inputs
         FROM shop.variant_attribute_values a
         JOIN shop.attributes n ON n.id = a.attribute_id
         JOIN shop.attribute_options t ON t.id = a.option_id
        WHERE a.variant_id = v.id) o ON true
  LEFT JOIN LATERAL (
       SELECT array_agg(x.code ORDER BY x.code, x.min_quantity, x.valid_from) AS lists,
              array_agg(x.min_quantity ORDER BY x.code, x.min_quantity, x.valid_from) AS quantities,
              array_agg(x.amount_minor ORDER BY x.code, x.min_quantity, x.valid_from) AS amounts,
              array_agg(x.starts ORDER BY x.code, x.min_quantity, x.valid_from) AS starts,
              array_agg(x.ends ORDER BY x.code, x.min_quantity, x.valid_from) AS ends
         FROM (SELECT l.code, a.min_quantity, a.amount_minor, a.valid_from,
                      CASE WHEN a.valid_from = '-infinity' THEN -9223372036854775808
                           ELSE (extract(epoch FROM a.valid_from) * 1000000)::int8 END AS starts,
                      CASE WHEN a.valid_until = 'infinity' THEN 9223372036854775807
                           ELSE (extract(epoch FROM a.valid_until) * 1000000)::int8 END AS ends
                 FROM shop.prices a JOIN shop.price_lists l ON l.id = a.price_list_id AND l.deleted_at IS NULL
                WHERE a.variant_id = v.id) x) p ON true
  LEFT JOIN LATERAL (
       SELECT array_agg(w.code ORDER BY w.code) AS codes, array_agg(x.on_hand ORDER BY w.code) AS pieces,
              max(x.reorder_point) FILTER (WHERE w.code = 'main') AS reorder,
              max(x.backorder_limit) FILTER (WHERE w.code = 'main') AS backorder
         FROM shop.stock_levels x JOIN shop.warehouses w ON w.id = x.warehouse_id AND w.deleted_at IS NULL
        WHERE x.variant_id = v.id) s ON true
 WHERE v.product_id = ANY ($1) AND v.deleted_at IS NULL
 ORDER BY v.product_id, v.position, v.id;
