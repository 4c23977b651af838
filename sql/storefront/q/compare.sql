-- Products named in an address: side by side, or looked at before. Never more than a dozen.

-- stmt: named_products(slugs text[], moment timestamptz) -> many named_product
-- row:  product_id uuid, slug text
-- plan: index
SELECT p.id AS product_id, p.slug
  FROM shop.products p
 WHERE p.slug = ANY ($1) AND p.deleted_at IS NULL AND p.status = 'active'
   AND $2 >= p.publish_from AND $2 < p.publish_until
 ORDER BY array_position($1, p.slug) LIMIT 12;

-- What these say about themselves: one row a value, in the order of attributes; then the choices of
-- the shop's own fields.
-- stmt: named_specs(chain text[], slugs text[]) -> many named_spec
-- row:  product_id uuid, attribute_id uuid, attribute_name text, value text, unit text?
-- plan: index
SELECT x.product_id, x.attribute_id, x.attribute_name, x.value, x.unit
  FROM (
SELECT a.product_id, a.attribute_id,
       coalesce((SELECT t.value FROM app.translations t
                  WHERE t.resource = 'attribute' AND t.resource_id = a.attribute_id AND t.field = 'name'
                    AND t.locale = ANY ($1) ORDER BY array_position($1, t.locale) LIMIT 1), n.name) AS attribute_name,
       coalesce((SELECT t.value FROM app.translations t
                  WHERE t.resource = 'attribute_option' AND t.resource_id = a.option_id AND t.field = 'value'
                    AND t.locale = ANY ($1) ORDER BY array_position($1, t.locale) LIMIT 1),
                o.value, a.value_text) AS value,
       n.unit, 0 AS part, n.position AS place, a.position AS no
  FROM shop.products p
  JOIN shop.product_attribute_values a ON a.product_id = p.id AND a.is_shown
  JOIN shop.attributes n ON n.id = a.attribute_id
  LEFT JOIN shop.attribute_options o ON o.id = a.option_id
 WHERE p.slug = ANY ($2) AND p.deleted_at IS NULL
UNION ALL
SELECT p.id, f.id,
       coalesce((SELECT t.value FROM app.translations t
                  WHERE t.resource = 'custom_field' AND t.resource_id = f.id AND t.field = 'label'
                    AND t.locale = ANY ($1) ORDER BY array_position($1, t.locale) LIMIT 1), f.label),
       coalesce((SELECT t.value FROM app.translations t
                  WHERE t.resource = 'custom_field' AND t.resource_id = f.id AND t.field = 'option_' || (o.value ->> 'code')
                    AND t.locale = ANY ($1) ORDER BY array_position($1, t.locale) LIMIT 1), o.value ->> 'label'),
       NULL, 1, f.position, o.ordinality::int4
  FROM shop.products p
  JOIN app.custom_fields f ON f.resource = 'product' AND f.is_shown AND f.deleted_at IS NULL
                          AND f.type IN ('dropdown', 'multi_select')
  CROSS JOIN LATERAL jsonb_array_elements(f.options) WITH ORDINALITY AS o (value, ordinality)
 WHERE p.slug = ANY ($2) AND p.deleted_at IS NULL AND (p.custom -> f.name) @> (o.value -> 'code')) x
 ORDER BY x.part, x.place, x.attribute_id, x.product_id, x.no LIMIT 500;

-- What somebody typed to add a product: its code or its name in addresses.
-- stmt: named_find(slug text, sku text) -> maybe found_slug
-- row:  slug text
-- plan: index
SELECT p.slug FROM shop.products p WHERE p.slug = $1 AND p.deleted_at IS NULL AND p.status = 'active'
UNION ALL
SELECT p.slug
  FROM shop.product_variants v
  JOIN shop.products p ON p.id = v.product_id AND p.deleted_at IS NULL AND p.status = 'active'
 WHERE v.sku_norm = $2 AND v.deleted_at IS NULL
 LIMIT 1;
