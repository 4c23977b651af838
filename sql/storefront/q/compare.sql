-- Products named in an address: side by side, or looked at before. Never more than a dozen.

-- stmt: named_products(slugs text[], moment timestamptz) -> many named_product
-- row:  product_id uuid, slug text
-- plan: index
SELECT p.id AS product_id, p.slug
  FROM shop.products p
 WHERE p.slug = ANY ($1) AND p.deleted_at IS NULL AND p.status = 'active'
   AND $2 >= p.publish_from AND $2 < p.publish_until
 ORDER BY array_position($1, p.slug) LIMIT 12;

-- What these say about themselves: one row a value, in the order of attributes.
-- stmt: named_specs(chain text[], slugs text[]) -> many named_spec
-- row:  product_id uuid, attribute_id uuid, attribute_name text, value text, unit text?
-- plan: index
SELECT a.product_id, a.attribute_id,
       coalesce((SELECT t.value FROM app.translations t
                  WHERE t.resource = 'attribute' AND t.resource_id = a.attribute_id AND t.field = 'name'
                    AND t.locale = ANY ($1) ORDER BY array_position($1, t.locale) LIMIT 1), n.name) AS attribute_name,
       coalesce((SELECT t.value FROM app.translations t
                  WHERE t.resource = 'attribute_option' AND t.resource_id = a.option_id AND t.field = 'value'
                    AND t.locale = ANY ($1) ORDER BY array_position($1, t.locale) LIMIT 1),
                o.value, a.value_text) AS value,
       n.unit
  FROM shop.products p
  JOIN shop.product_attribute_values a ON a.product_id = p.id AND a.is_shown
  JOIN shop.attributes n ON n.id = a.attribute_id
  LEFT JOIN shop.attribute_options o ON o.id = a.option_id
 WHERE p.slug = ANY ($2) AND p.deleted_at IS NULL
 ORDER BY n.position, n.id, a.product_id, a.position LIMIT 500;

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
