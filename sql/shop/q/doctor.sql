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
        s.image_paths, s.image_alts, s.image_widths, s.image_heights, s.image_looks, s.swatches, s.swatch_labels)
       IS DISTINCT FROM
       (f.slug, f.kind, f.name, f.listed_at, f.sku, f.variants, f.tracked, f.always, f.price_variants,
        f.price_currencies, f.price_kinds, f.price_priorities, f.price_amounts, f.price_starts, f.price_ends,
        f.image_paths, f.image_alts, f.image_widths, f.image_heights, f.image_looks, f.swatches, f.swatch_labels);
