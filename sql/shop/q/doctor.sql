-- Checks of the shop's derived tables, run for each shop by `kade doctor`. A row is a problem.

-- stmt: doctor_cards() -> many doctor_problem
-- row:  what text, id text, detail text
-- role: desk
SELECT 'card differs from its product' AS what, coalesce(s.product_id, f.product_id)::text AS id,
       coalesce(s.slug, f.slug) AS detail
  FROM shop.product_card_source s
  FULL JOIN shop.product_card_facts f ON (f.tenant_id, f.product_id) = (s.tenant_id, s.product_id)
 WHERE (s.slug, s.kind, s.name, s.listed_at, s.sku, s.variants, s.tracked, s.always, s.price_variants,
        s.price_currencies, s.price_kinds, s.price_priorities, s.price_amounts, s.price_starts, s.price_ends,
        s.image_paths, s.image_alts, s.image_widths, s.image_heights, s.image_looks, s.swatches, s.swatch_labels,
        s.quantities)
       IS DISTINCT FROM
       (f.slug, f.kind, f.name, f.listed_at, f.sku, f.variants, f.tracked, f.always, f.price_variants,
        f.price_currencies, f.price_kinds, f.price_priorities, f.price_amounts, f.price_starts, f.price_ends,
        f.image_paths, f.image_alts, f.image_widths, f.image_heights, f.image_looks, f.swatches, f.swatch_labels,
        f.quantities);

-- stmt: doctor_pages() -> many doctor_problem
-- role: desk
SELECT 'page differs from its product' AS what, coalesce(s.product_id, f.product_id)::text AS id,
       '' AS detail
  FROM shop.product_page_source s
  FULL JOIN shop.product_page_facts f ON (f.tenant_id, f.product_id) = (s.tenant_id, s.product_id)
 WHERE (s.tracked, s.words, s.parts, s.named, s.doc) IS DISTINCT FROM (f.tracked, f.words, f.parts, f.named, f.doc);

-- A filterable field's copies must say what the product's row says.
-- stmt: doctor_custom() -> many doctor_problem
-- role: desk
SELECT 'custom field without its copy' AS what, p.id::text AS id, p.slug || ' ' || f.name AS detail
  FROM app.custom_fields f
  JOIN shop.products p ON p.custom -> f.name IS NOT NULL AND p.deleted_at IS NULL
 WHERE f.resource = 'product' AND f.is_filterable AND f.deleted_at IS NULL
   AND NOT EXISTS (SELECT 1 FROM app.custom_field_values v WHERE v.field_id = f.id AND v.entity_id = p.id)
 UNION ALL
SELECT 'copy of a custom field without its value', v.entity_id::text, f.name
  FROM app.custom_field_values v
  JOIN app.custom_fields f ON f.id = v.field_id AND f.resource = 'product'
  LEFT JOIN shop.products p ON p.id = v.entity_id AND p.deleted_at IS NULL
 WHERE f.deleted_at IS NOT NULL OR NOT f.is_filterable OR p.id IS NULL OR p.custom -> f.name IS NULL
    OR (v.ref IS NOT NULL AND NOT (p.custom -> f.name) @> to_jsonb(v.value_text))
    OR (f.type = 'number' AND (p.custom ->> f.name) <> v.value_int::text)
    OR (f.type IN ('text', 'url', 'email', 'phone', 'color') AND (p.custom ->> f.name) <> v.value_text);
