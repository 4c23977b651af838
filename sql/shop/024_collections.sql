-- Collections as pages show them: by rule (a saved filter) or by hand (products in an order).

ALTER TABLE shop.collections
    ADD COLUMN by_hand bool NOT NULL DEFAULT false,
    ALTER COLUMN rule SET DEFAULT '{"filters": []}';
COMMENT ON TABLE shop.collections IS '@class E lists of products by rule or by hand';
COMMENT ON COLUMN shop.collections.rule IS '{"text": as staff wrote it, "filters": [[key, value]], "price_min_minor", "price_max_minor"}: of one key any, of several all; keys as addresses of lists have them';
COMMENT ON COLUMN shop.collections.by_hand IS 'what is in it says shop.collection_products, not the rule';

CREATE TABLE shop.collection_products (
    tenant_id     uuid NOT NULL DEFAULT app.tenant(),
    collection_id uuid NOT NULL,
    product_id    uuid NOT NULL,
    position      int4 NOT NULL,
    created_at    timestamptz NOT NULL DEFAULT app.now(),
    updated_at    timestamptz NOT NULL DEFAULT app.now(),
    PRIMARY KEY (tenant_id, collection_id, product_id),
    FOREIGN KEY (tenant_id, collection_id) REFERENCES shop.collections (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, product_id) REFERENCES shop.products (tenant_id, id) ON DELETE CASCADE
);
COMMENT ON TABLE shop.collection_products IS '@class C products of a collection that is made by hand';
CREATE INDEX collection_products_product ON shop.collection_products (tenant_id, product_id);
SELECT app.protect('shop.collection_products');
SELECT app.desk_writes('shop.collection_products');

-- What a rule means to the listing index: the facet terms of each of its keys. A key without any
-- term is one no product has. in_stock, sale and rating are the fixed terms of shop/search_term.h.
CREATE VIEW shop.collection_terms WITH (security_invoker = true) AS
SELECT k.tenant_id, k.id AS collection_id, f.value ->> 0 AS key,
       coalesce(array_agg(t.term ORDER BY t.term) FILTER (WHERE t.term IS NOT NULL), '{}') AS terms
  FROM shop.collections k
  CROSS JOIN LATERAL pg_catalog.jsonb_array_elements(k.rule -> 'filters') AS f (value)
  LEFT JOIN LATERAL (
       SELECT CASE f.value ->> 0 WHEN 'in_stock' THEN 1 WHEN 'sale' THEN 65537
                                 ELSE 131072 + (f.value ->> 1)::int4 END AS term
        WHERE f.value ->> 0 IN ('in_stock', 'sale', 'rating')
       UNION ALL
       SELECT m.term
         FROM (SELECT b.id FROM shop.brands b
                WHERE f.value ->> 0 = 'brand' AND b.slug = f.value ->> 1 AND b.deleted_at IS NULL
               UNION ALL
               SELECT g.id FROM shop.categories g
                WHERE f.value ->> 0 = 'category' AND g.slug = f.value ->> 1 AND g.deleted_at IS NULL
               UNION ALL
               SELECT o.id
                 FROM shop.attributes a
                 JOIN shop.attribute_options o ON o.attribute_id = a.id AND o.deleted_at IS NULL
                WHERE f.value ->> 0 LIKE 'f.%' AND a.code = substr(f.value ->> 0, 3) AND a.deleted_at IS NULL
                  AND o.code = f.value ->> 1
               UNION ALL
               SELECT (c.value ->> 'id')::uuid
                 FROM app.custom_fields d
                 CROSS JOIN LATERAL pg_catalog.jsonb_array_elements(d.options) AS c (value)
                WHERE f.value ->> 0 LIKE 'f.%' AND d.resource = 'product' AND d.name = substr(f.value ->> 0, 3)
                  AND d.is_filterable AND d.deleted_at IS NULL AND c.value ->> 'code' = f.value ->> 1) x
         JOIN shop.facet_terms m ON m.tenant_id = k.tenant_id AND m.ref = x.id) t ON true
 GROUP BY k.tenant_id, k.id, f.value ->> 0;
COMMENT ON VIEW shop.collection_terms IS 'facet terms of each key of a collection''s rule';
ALTER VIEW shop.collection_terms OWNER TO kade_owner;
GRANT SELECT ON shop.collection_terms TO kade_rt;

ALTER TABLE shop.home_blocks DROP CONSTRAINT home_blocks_rule_check;
ALTER TABLE shop.home_blocks ADD CONSTRAINT home_blocks_rule_check
    CHECK (rule IN ('featured', 'newest', 'deals', 'category', 'chosen', 'collection'));
COMMENT ON COLUMN shop.home_blocks.argument IS 'rule category and collection: its slug; chosen: SKUs; slot: the name of the place';
