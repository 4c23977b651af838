-- One product's page: one statement for itself, one for the cards beside it. What the page says of
-- variants, options, prices, properties and pictures is a document that was written when the product
-- changed (shop.product_page_facts); stock, ratings, brand, trail and whether it is shown are live.
-- Every statement takes the slug, so that all of them leave in one trip before it is known whether
-- there is such a product. Each table more is paid by every visitor: measure before adding one.

-- stmt: product_page(chain text[], slug text, moment timestamptz) -> maybe product_page
-- row:  product_id uuid, kind text, slug text, name text, summary text, description text,
-- row:  brand_name text?, brand_slug text?, external_url text?, external_label text?, tax_class text,
-- row:  allows_reviews bool, visibility text, rating_sum int8, rating_count int4, updated_at timestamptz,
-- row:  trail_slugs text[], trail_names text[], seo_title text?, seo_description text?, has_custom bool,
-- row:  publish_until timestamptz, doc text?, stock_variants uuid[], stock_available int4[],
-- row:  stock_backorder int4[], stock_reorder int4[], word_ids uuid[], words text[]
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
       /*[frag tr]*/coalesce((SELECT t.value FROM app.translations t
                  WHERE t.resource = 'brand' AND t.resource_id = b.id AND t.field = 'name'
                    AND t.locale = ANY ($1) ORDER BY array_position($1, t.locale) LIMIT 1),/*[/frag]*/ b.name/*[frag tr]*/)/*[/frag]*/ AS brand_name, b.slug AS brand_slug, p.external_url, p.external_label, p.tax_class, p.allows_reviews, p.visibility,
       coalesce(r.rating_sum, 0)::int8 AS rating_sum, coalesce(r.rating_count, 0) AS rating_count,
       p.updated_at,
       coalesce(w.slugs, '{}') AS trail_slugs, coalesce(w.names, '{}') AS trail_names,
       /*[frag tr]*/coalesce((SELECT t.value FROM app.translations t
                  WHERE t.resource = 'product' AND t.resource_id = p.id AND t.field = 'seo_title'
                    AND t.locale = ANY ($1) ORDER BY array_position($1, t.locale) LIMIT 1),/*[/frag]*/ p.seo ->> 'title'/*[frag tr]*/)/*[/frag]*/ AS seo_title,
       /*[frag tr]*/coalesce((SELECT t.value FROM app.translations t
                  WHERE t.resource = 'product' AND t.resource_id = p.id AND t.field = 'seo_description'
                    AND t.locale = ANY ($1) ORDER BY array_position($1, t.locale) LIMIT 1),/*[/frag]*/ p.seo ->> 'description'/*[frag tr]*/)/*[/frag]*/ AS seo_description,
       p.custom <> '{}' AS has_custom, p.publish_until, f.doc,
       coalesce(s.variants, '{}') AS stock_variants, coalesce(s.available, '{}') AS stock_available,
       coalesce(s.backorder, '{}') AS stock_backorder, coalesce(s.reorder, '{}') AS stock_reorder,
       /*[frag tr]*/coalesce(x.ids,/*[/frag]*/ '{}'::uuid[]/*[frag tr]*/)/*[/frag]*/ AS word_ids,
       /*[frag tr]*/coalesce(x.words,/*[/frag]*/ '{}'::text[]/*[frag tr]*/)/*[/frag]*/ AS words
  FROM shop.products p
  LEFT JOIN shop.product_page_facts f ON f.product_id = p.id
  LEFT JOIN shop.brands b ON b.id = p.brand_id
  LEFT JOIN shop.product_stats r ON r.product_id = p.id
  LEFT JOIN LATERAL (
       SELECT array_agg(g.slug) AS slugs, array_agg(g.name) AS names
         FROM (SELECT g.slug,
                      /*[frag tr]*/coalesce((SELECT t.value FROM app.translations t
                  WHERE t.resource = 'category' AND t.resource_id = g.id AND t.field = 'name'
                    AND t.locale = ANY ($1) ORDER BY array_position($1, t.locale) LIMIT 1),/*[/frag]*/ g.name/*[frag tr]*/)/*[/frag]*/ AS name
                 FROM shop.category_tree x
                 JOIN shop.categories g ON g.id = x.ancestor_id AND g.deleted_at IS NULL
                WHERE x.descendant_id = p.category_id
                ORDER BY x.depth DESC) g) w ON true
  LEFT JOIN LATERAL (
       SELECT array_agg(l.variant_id) AS variants, array_agg(l.available) AS available,
              array_agg(l.backorder_limit) AS backorder, array_agg(coalesce(l.reorder_point, -1)) AS reorder
         FROM unnest(f.tracked) AS t (id)
         JOIN shop.stock_levels l ON l.variant_id = t.id) s ON true
  /*[frag tr]*/LEFT JOIN LATERAL (
       SELECT array_agg(t.resource_id) AS ids, array_agg(t.value) AS words
         FROM (SELECT DISTINCT ON (t.resource_id) t.resource_id, t.value
                 FROM app.translations t
                WHERE t.resource IN ('attribute', 'attribute_option') AND t.field IN ('name', 'value')
                  AND t.resource_id = ANY (f.words) AND t.locale = ANY ($1)
                ORDER BY t.resource_id, array_position($1, t.locale)) t) x ON true/*[/frag]*/
 WHERE p.slug = $2 AND p.deleted_at IS NULL AND p.status = 'active'
   AND $3 >= p.publish_from AND $3 < p.publish_until;

-- The shop's own fields that shoppers may read: type says how a value is shown, path is the file of a
-- picture or file. Only asked for when the product has any.
-- stmt: product_fields(chain text[], product uuid) -> many custom_field
-- row:  attribute_id uuid, attribute_name text, option_value text, type text, path text?
-- plan: index
SELECT f.id AS attribute_id,
       /*[frag tr]*/coalesce((SELECT t.value FROM app.translations t
                  WHERE t.resource = 'custom_field' AND t.resource_id = f.id AND t.field = 'label'
                    AND t.locale = ANY ($1) ORDER BY array_position($1, t.locale) LIMIT 1),/*[/frag]*/ f.label/*[frag tr]*/)/*[/frag]*/ AS attribute_name,
       c.value AS option_value, f.type, m.path
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
 WHERE p.id = $2
 ORDER BY f.position, f.id, c.n LIMIT 500;

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
