-- One product's page. tags and trail (from the root down to its canonical category) come as arrays: a
-- statement of their own would cost more than they do. Every statement takes the slug, so that all of them leave in one trip before
-- it is known whether there is such a product.

-- stmt: product_page(chain text[], slug text, moment timestamptz) -> maybe product_page
-- row:  product_id uuid, kind text, slug text, name text, summary text, description text,
-- row:  brand_name text?, external_url text?, external_label text?, tax_class text,
-- row:  allows_reviews bool, visibility text, rating_sum int8, rating_count int4, updated_at timestamptz,
-- row:  tags text[], trail_slugs text[], trail_names text[], seo_title text?, seo_description text?,
-- row:  part_products uuid[], part_quantities int4[]
-- plan: index
SELECT p.id AS product_id, p.kind, p.slug,
       /*[frag tr]*/coalesce((SELECT t.value FROM app.translations t
                  WHERE t.resource = 'product' AND t.resource_id = p.id AND t.field = 'name'
                    AND t.locale = ANY ($1) ORDER BY array_position($1, t.locale) LIMIT 1),/*[/frag]*/ p.name/*[frag tr]*/)/*[/frag]*/ AS name,
       /*[frag tr]*/coalesce((SELECT t.value FROM app.translations t
                  WHERE t.resource = 'product' AND t.resource_id = p.id AND t.field = 'summary'
                    AND t.locale = ANY ($1) ORDER BY array_position($1, t.locale) LIMIT 1),/*[/frag]*/ p.summary/*[frag tr]*/)/*[/frag]*/ AS summary,
       /*[frag tr]*/coalesce((SELECT t.value FROM app.translations t
                  WHERE t.resource = 'product' AND t.resource_id = p.id AND t.field = 'description'
                    AND t.locale = ANY ($1) ORDER BY array_position($1, t.locale) LIMIT 1),/*[/frag]*/ p.description/*[frag tr]*/)/*[/frag]*/ AS description,
       b.name AS brand_name, p.external_url, p.external_label, p.tax_class, p.allows_reviews, p.visibility,
       coalesce(r.rating_sum, 0)::int8 AS rating_sum, coalesce(r.rating_count, 0) AS rating_count,
       p.updated_at,
       ARRAY(SELECT g.tag FROM shop.product_tags g WHERE g.product_id = p.id ORDER BY g.tag_norm LIMIT 60) AS tags,
       coalesce(w.slugs, '{}') AS trail_slugs, coalesce(w.names, '{}') AS trail_names,
       /*[frag tr]*/coalesce((SELECT t.value FROM app.translations t
                  WHERE t.resource = 'product' AND t.resource_id = p.id AND t.field = 'seo_title'
                    AND t.locale = ANY ($1) ORDER BY array_position($1, t.locale) LIMIT 1),/*[/frag]*/ p.seo ->> 'title'/*[frag tr]*/)/*[/frag]*/ AS seo_title,
       /*[frag tr]*/coalesce((SELECT t.value FROM app.translations t
                  WHERE t.resource = 'product' AND t.resource_id = p.id AND t.field = 'seo_description'
                    AND t.locale = ANY ($1) ORDER BY array_position($1, t.locale) LIMIT 1),/*[/frag]*/ p.seo ->> 'description'/*[frag tr]*/)/*[/frag]*/ AS seo_description,
       coalesce(k.products, '{}') AS part_products, coalesce(k.quantities, '{}') AS part_quantities
  FROM shop.products p
  LEFT JOIN LATERAL (
       SELECT array_agg(part.product_id ORDER BY i.position, part.id) AS products,
              array_agg(i.quantity ORDER BY i.position, part.id) AS quantities
         FROM shop.product_variants kit
         JOIN shop.kit_items i ON i.kit_id = kit.id
         JOIN shop.product_variants part ON part.id = i.variant_id
        WHERE kit.product_id = p.id AND kit.deleted_at IS NULL) k ON p.kind = 'bundle'
  LEFT JOIN shop.brands b ON b.id = p.brand_id
  LEFT JOIN shop.product_stats r ON r.product_id = p.id
  LEFT JOIN LATERAL (
       SELECT array_agg(g.slug ORDER BY x.depth DESC) AS slugs,
              array_agg(/*[frag tr]*/coalesce((SELECT t.value FROM app.translations t
                  WHERE t.resource = 'category' AND t.resource_id = g.id AND t.field = 'name'
                    AND t.locale = ANY ($1) ORDER BY array_position($1, t.locale) LIMIT 1),/*[/frag]*/ g.name/*[frag tr]*/)/*[/frag]*/
                ORDER BY x.depth DESC) AS names
         FROM shop.category_tree x
         JOIN shop.categories g ON g.id = x.ancestor_id AND g.deleted_at IS NULL
        WHERE x.descendant_id = p.category_id) w ON true
 WHERE p.slug = $2 AND p.deleted_at IS NULL AND p.status = 'active'
   AND $3 >= p.publish_from AND $3 < p.publish_until;

-- stmt: product_variants(slug text) -> many variant
-- row:  variant_id uuid, sku text, barcode text?, stock_policy text, free int8, backorder bool,
-- row:  reorder int4, weight_g int4?, length_mm int4?, width_mm int4?, height_mm int4?,
-- row:  min_quantity int4, max_quantity int4, unit text, price_quantity int4
-- plan: index
SELECT v.id AS variant_id, v.sku, v.barcode,
       CASE WHEN p.kind <> 'bundle' THEN v.stock_policy WHEN k.always THEN 'always' ELSE 'tracked' END AS stock_policy,
       coalesce(k.free, s.free, 0)::int8 AS free, coalesce(k.capacity > k.free, s.backorder, false) AS backorder,
       coalesce(s.reorder, -1) AS reorder,
       v.weight_g, v.length_mm, v.width_mm, v.height_mm, v.min_quantity, v.max_quantity, v.unit,
       v.price_quantity
  FROM shop.products p
  JOIN shop.product_variants v ON v.product_id = p.id AND v.is_active AND v.deleted_at IS NULL
  LEFT JOIN LATERAL (
       SELECT sum(greatest(l.available, 0)) AS free, max(l.reorder_point) AS reorder,
              bool_or(l.available + l.backorder_limit > 0 AND l.backorder_limit > 0) AS backorder
         FROM shop.stock_levels l WHERE l.variant_id = v.id) s ON p.kind <> 'bundle'
  LEFT JOIN LATERAL (SELECT x.always, x.free, x.capacity FROM shop.kit_stock x
                      WHERE x.kit_id = v.id) k ON p.kind = 'bundle'
 WHERE p.slug = $1 AND p.deleted_at IS NULL
 ORDER BY v.position, v.id LIMIT 1000;

-- stmt: product_prices(slug text, currency text) -> many price
-- row:  variant_id uuid, kind text, priority int4, min_quantity int4, amount_minor int8,
-- row:  lowest_30d_minor int8?, valid_from timestamptz, valid_until timestamptz
-- plan: index
SELECT a.variant_id, l.kind, l.priority, a.min_quantity, a.amount_minor, a.lowest_30d_minor,
       greatest(a.valid_from, l.valid_from) AS valid_from,
       least(a.valid_until, l.valid_until) AS valid_until
  FROM shop.products p
  JOIN shop.product_variants v ON v.product_id = p.id AND v.is_active AND v.deleted_at IS NULL
  JOIN shop.prices a ON a.variant_id = v.id
  JOIN shop.price_lists l ON l.id = a.price_list_id
 WHERE p.slug = $1 AND p.deleted_at IS NULL AND l.currency = $2
   AND l.kind IN ('base', 'sale') AND l.is_active AND l.deleted_at IS NULL
 LIMIT 10000;

-- stmt: product_options(chain text[], slug text) -> many variant_option
-- row:  variant_id uuid, attribute_id uuid, attribute_name text, option_id uuid, option_value text,
-- row:  swatch text?, input text, is_default bool
-- plan: index
SELECT a.variant_id, a.attribute_id,
       /*[frag tr]*/coalesce((SELECT t.value FROM app.translations t
                  WHERE t.resource = 'attribute' AND t.resource_id = a.attribute_id AND t.field = 'name'
                    AND t.locale = ANY ($1) ORDER BY array_position($1, t.locale) LIMIT 1),/*[/frag]*/ n.name/*[frag tr]*/)/*[/frag]*/ AS attribute_name,
       a.option_id,
       /*[frag tr]*/coalesce((SELECT t.value FROM app.translations t
                  WHERE t.resource = 'attribute_option' AND t.resource_id = a.option_id AND t.field = 'value'
                    AND t.locale = ANY ($1) ORDER BY array_position($1, t.locale) LIMIT 1),/*[/frag]*/ o.value/*[frag tr]*/)/*[/frag]*/ AS option_value,
       o.swatch, n.input,
       EXISTS (SELECT 1 FROM shop.product_attribute_values d
                WHERE d.product_id = p.id AND d.option_id = a.option_id AND d.is_default) AS is_default
  FROM shop.products p
  JOIN shop.product_variants v ON v.product_id = p.id AND v.is_active AND v.deleted_at IS NULL
  JOIN shop.variant_attribute_values a ON a.variant_id = v.id
  JOIN shop.attributes n ON n.id = a.attribute_id
  JOIN shop.attribute_options o ON o.id = a.option_id
 WHERE p.slug = $2 AND p.deleted_at IS NULL
 ORDER BY n.position, n.id, o.position, o.id LIMIT 5000;

-- Properties, then the shop's own fields that shoppers may read: type says how a value is shown
-- (input of the attribute or type of the field), path is the file of a picture or file.
-- stmt: product_specs(chain text[], slug text) -> many spec
-- row:  attribute_id uuid, attribute_name text, option_value text, unit text?, type text, path text?
-- plan: index
SELECT x.attribute_id, x.attribute_name, x.option_value, x.unit, x.type, x.path
  FROM (SELECT a.attribute_id,
               /*[frag tr]*/coalesce((SELECT t.value FROM app.translations t
                          WHERE t.resource = 'attribute' AND t.resource_id = a.attribute_id AND t.field = 'name'
                            AND t.locale = ANY ($1) ORDER BY array_position($1, t.locale) LIMIT 1),/*[/frag]*/ n.name/*[frag tr]*/)/*[/frag]*/ AS attribute_name,
               CASE WHEN n.input = 'boolean' THEN o.code ELSE
               coalesce(/*[frag tr]*/(SELECT t.value FROM app.translations t
                          WHERE t.resource = 'attribute_option' AND t.resource_id = a.option_id AND t.field = 'value'
                            AND t.locale = ANY ($1) ORDER BY array_position($1, t.locale) LIMIT 1),/*[/frag]*/ o.value, a.value_text) END AS option_value,
               n.unit, n.input AS type, NULL::text AS path, 0 AS part, n.position AS place, a.position AS within
          FROM shop.products p
          JOIN shop.product_attribute_values a ON a.product_id = p.id AND a.is_shown
          JOIN shop.attributes n ON n.id = a.attribute_id
          LEFT JOIN shop.attribute_options o ON o.id = a.option_id
         WHERE p.slug = $2 AND p.deleted_at IS NULL
        UNION ALL
        SELECT f.id,
               /*[frag tr]*/coalesce((SELECT t.value FROM app.translations t
                          WHERE t.resource = 'custom_field' AND t.resource_id = f.id AND t.field = 'label'
                            AND t.locale = ANY ($1) ORDER BY array_position($1, t.locale) LIMIT 1),/*[/frag]*/ f.label/*[frag tr]*/)/*[/frag]*/,
               c.value, NULL, f.type, m.path, 1, f.position, c.n
          FROM shop.products p
          JOIN app.custom_fields f ON f.resource = 'product' AND f.is_shown AND f.deleted_at IS NULL
          CROSS JOIN LATERAL (
               SELECT /*[frag tr]*/coalesce((SELECT t.value FROM app.translations t
                                  WHERE t.resource = 'custom_field' AND t.resource_id = f.id
                                    AND t.field = 'option_' || (o.value ->> 'code')
                                    AND t.locale = ANY ($1) ORDER BY array_position($1, t.locale) LIMIT 1),/*[/frag]*/ o.value ->> 'label'/*[frag tr]*/)/*[/frag]*/ AS value,
                      o.ordinality::int4 AS n
                 FROM jsonb_array_elements(f.options) WITH ORDINALITY AS o (value, ordinality)
                WHERE f.type IN ('dropdown', 'multi_select')
                  AND (p.custom -> f.name) @> (o.value -> 'code')
               UNION ALL
               SELECT CASE WHEN f.type = 'currency' THEN (p.custom -> f.name ->> 'minor') || ' ' || (p.custom -> f.name ->> 'currency')
                           ELSE coalesce(/*[frag tr]*/(SELECT t.value FROM app.translations t
                                  WHERE f.type IN ('text', 'textarea') AND t.resource = 'product' AND t.resource_id = p.id
                                    AND t.field = 'custom_' || f.name
                                    AND t.locale = ANY ($1) ORDER BY array_position($1, t.locale) LIMIT 1),/*[/frag]*/ p.custom ->> f.name) END, 0
                WHERE f.type NOT IN ('dropdown', 'multi_select') AND (p.custom ->> f.name) IS NOT NULL) c
          LEFT JOIN shop.media m ON f.type IN ('file', 'image') AND m.id::text = c.value AND m.state = 'ready'
                                AND m.deleted_at IS NULL
         WHERE p.slug = $2 AND p.deleted_at IS NULL AND p.custom <> '{}') x
 ORDER BY x.part, x.place, x.attribute_id, x.within LIMIT 500;

-- stmt: product_images(slug text) -> many image
-- row:  media_id uuid, path text, alt_text text, width int4, height int4, look int4, variant_id uuid?
-- plan: index
SELECT m.id AS media_id, m.path, m.alt_text, coalesce(m.width, 0) AS width,
       coalesce(m.height, 0) AS height, m.look, pm.variant_id
  FROM shop.products p
  JOIN shop.product_media pm ON pm.product_id = p.id
  JOIN shop.media m ON m.id = pm.media_id
 WHERE p.slug = $1 AND p.deleted_at IS NULL
   AND m.state = 'ready' AND m.kind = 'image' AND m.deleted_at IS NULL
 ORDER BY pm.position, m.id LIMIT 60;

-- Where an address that shows nothing leads: to the name the product has now, or nowhere any more.
-- stmt: product_address(slug text, moment timestamptz) -> maybe address
-- row:  slug text, is_live bool, is_gone bool
-- plan: index
SELECT p.slug,
       (p.status = 'active' AND p.deleted_at IS NULL AND $2 >= p.publish_from AND $2 < p.publish_until) AS is_live,
       (p.status = 'archived' OR p.deleted_at IS NOT NULL OR $2 >= p.publish_until) AS is_gone
  FROM shop.slugs s
  JOIN shop.products p ON p.id = s.resource_id
 WHERE s.resource = 'product' AND s.slug = $1;
