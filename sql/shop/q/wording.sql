-- What the shop's own words are called in other languages: which row a name means, whose pages show it.

-- Key: slug of a brand or category; code of an attribute, "attribute/option"; name of a field.
-- stmt: wording_target(resource text, key text, below text) -> maybe wording_target
-- row:  target_id uuid
-- role: desk
-- plan: index
SELECT b.id AS target_id FROM shop.brands b WHERE $1 = 'brand' AND b.slug = $2 AND b.deleted_at IS NULL
UNION ALL
SELECT g.id FROM shop.categories g WHERE $1 = 'category' AND g.slug = $2 AND g.deleted_at IS NULL
UNION ALL
SELECT a.id FROM shop.attributes a WHERE $1 = 'attribute' AND a.code = $2 AND a.deleted_at IS NULL
UNION ALL
SELECT o.id
  FROM shop.attributes a
  JOIN shop.attribute_options o ON o.attribute_id = a.id AND o.deleted_at IS NULL
 WHERE $1 = 'attribute_option' AND a.code = $2 AND o.code = $3 AND a.deleted_at IS NULL
UNION ALL
SELECT f.id FROM app.custom_fields f
 WHERE $1 = 'custom_field' AND f.resource = 'product' AND f.name = $2 AND f.deleted_at IS NULL
 LIMIT 1;

-- Products whose words in the search index hold it; the first so many.
-- stmt: wording_products(resource text, id uuid, most int4) -> many product_id
-- role: desk
-- plan: index
SELECT x.product_id
  FROM (SELECT p.id AS product_id FROM shop.products p WHERE $1 = 'brand' AND p.brand_id = $2 AND p.deleted_at IS NULL
        UNION
        SELECT v.product_id FROM shop.product_attribute_values v WHERE $1 = 'attribute_option' AND v.option_id = $2
        UNION
        SELECT m.product_id
          FROM shop.variant_attribute_values w
          JOIN shop.product_variants m ON m.id = w.variant_id AND m.deleted_at IS NULL
         WHERE $1 = 'attribute_option' AND w.option_id = $2) x
 LIMIT $3;
