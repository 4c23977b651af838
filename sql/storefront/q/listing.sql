-- Lists that search decides (shop/search.h): the cards of what it found, the words of its facets.

-- Cards of the products found, in their order. What is not to be shown any more at this very instant
-- is left out, though the index may still have it.
-- stmt: cards_found(chain text[], products uuid[], moment timestamptz) -> many card
-- plan: index
SELECT c.product_id, c.slug, c.kind,
       /*[frag tr]*/coalesce((SELECT t.value FROM app.translations t
                  WHERE t.resource = 'product' AND t.resource_id = c.product_id AND t.field = 'name'
                    AND t.locale = ANY ($1) ORDER BY array_position($1, t.locale) LIMIT 1),/*[/frag]*/
                c.name/*[frag tr]*/)/*[/frag]*/ AS name,
       c.listed_at, c.sku, c.variants, c.always, c.free, c.backorder, c.reorder,
       c.price_variants, c.price_currencies, c.price_kinds, c.price_priorities, c.price_amounts,
       c.price_starts, c.price_ends, c.image_paths, c.image_alts, c.image_widths, c.image_heights, c.image_looks,
       c.swatches, c.swatch_labels, c.rating_sum, c.rating_count, k.place AS sort_key
  FROM unnest($2) WITH ORDINALITY AS k (id, place)
  JOIN shop.products p ON p.id = k.id AND p.status = 'active' AND p.deleted_at IS NULL
                      AND p.visibility <> 'hidden'
                      AND $3 >= p.publish_from AND $3 < p.publish_until
  JOIN shop.product_cards c ON c.product_id = k.id
 ORDER BY k.place;

-- What sells best, for whoever found nothing.
-- stmt: cards_popular(chain text[], moment timestamptz, most int4) -> many card
-- tenant: $1
-- plan: index
SELECT c.product_id, c.slug, c.kind,
       /*[frag tr]*/coalesce((SELECT t.value FROM app.translations t
                  WHERE t.resource = 'product' AND t.resource_id = c.product_id AND t.field = 'name'
                    AND t.locale = ANY ($2) ORDER BY array_position($2, t.locale) LIMIT 1),/*[/frag]*/
                c.name/*[frag tr]*/)/*[/frag]*/ AS name,
       c.listed_at, c.sku, c.variants, c.always, c.free, c.backorder, c.reorder,
       c.price_variants, c.price_currencies, c.price_kinds, c.price_priorities, c.price_amounts,
       c.price_starts, c.price_ends, c.image_paths, c.image_alts, c.image_widths, c.image_heights, c.image_looks,
       c.swatches, c.swatch_labels, c.rating_sum, c.rating_count, k.popularity AS sort_key
  FROM (SELECT s.product_id, s.popularity
          FROM shop.product_search s
         WHERE s.tenant_id = $1 AND s.in_search AND s.in_stock
         ORDER BY s.popularity DESC, s.product_id LIMIT $4) k
  JOIN shop.products p ON p.id = k.product_id AND p.status = 'active' AND p.deleted_at IS NULL
                      AND $3 >= p.publish_from AND $3 < p.publish_until
  JOIN shop.product_cards c ON c.product_id = k.product_id
 ORDER BY k.popularity DESC, c.product_id;

-- What facet terms are called. Brands, categories, attributes and options come apart, for the group
-- of a term says which it is. code: as addresses name it; place: order of attributes and options.
-- stmt: facet_labels(chain text[], brands int4[], categories int4[], attributes int4[], options int4[]) -> many facet_label
-- row:  term int4, code text, label text, swatch text?, unit text?, place int4
-- tenant: $1
-- plan: index
SELECT f.term, b.slug AS code,
       /*[frag tr]*/coalesce((SELECT t.value FROM app.translations t
                  WHERE t.resource = 'brand' AND t.resource_id = b.id AND t.field = 'name'
                    AND t.locale = ANY ($2) ORDER BY array_position($2, t.locale) LIMIT 1),/*[/frag]*/ b.name/*[frag tr]*/)/*[/frag]*/ AS label, NULL::text AS swatch, NULL::text AS unit, 0 AS place
  FROM shop.facet_terms f
  JOIN shop.brands b ON b.id = f.ref AND b.deleted_at IS NULL
 WHERE f.tenant_id = $1 AND f.term = ANY ($3)
UNION ALL
SELECT f.term, g.slug,
       /*[frag tr]*/coalesce((SELECT t.value FROM app.translations t
                  WHERE t.resource = 'category' AND t.resource_id = g.id AND t.field = 'name'
                    AND t.locale = ANY ($2) ORDER BY array_position($2, t.locale) LIMIT 1),/*[/frag]*/ g.name/*[frag tr]*/)/*[/frag]*/,
       NULL, NULL, g.position
  FROM shop.facet_terms f
  JOIN shop.categories g ON g.id = f.ref AND g.deleted_at IS NULL AND NOT g.is_hidden
 WHERE f.tenant_id = $1 AND f.term = ANY ($4)
UNION ALL
SELECT f.term, a.code,
       /*[frag tr]*/coalesce((SELECT t.value FROM app.translations t
                  WHERE t.resource = 'attribute' AND t.resource_id = a.id AND t.field = 'name'
                    AND t.locale = ANY ($2) ORDER BY array_position($2, t.locale) LIMIT 1),/*[/frag]*/ a.name/*[frag tr]*/)/*[/frag]*/,
       NULL, a.unit, a.position
  FROM shop.facet_terms f
  JOIN shop.attributes a ON a.id = f.ref AND a.deleted_at IS NULL
 WHERE f.tenant_id = $1 AND f.term = ANY ($5)
UNION ALL
SELECT f.term, o.code,
       /*[frag tr]*/coalesce((SELECT t.value FROM app.translations t
                  WHERE t.resource = 'attribute_option' AND t.resource_id = o.id AND t.field = 'value'
                    AND t.locale = ANY ($2) ORDER BY array_position($2, t.locale) LIMIT 1),/*[/frag]*/ o.value/*[frag tr]*/)/*[/frag]*/,
       o.swatch, NULL, o.position
  FROM shop.facet_terms f
  JOIN shop.attribute_options o ON o.id = f.ref AND o.deleted_at IS NULL
 WHERE f.tenant_id = $1 AND f.term = ANY ($6)
UNION ALL
SELECT f.term, d.name,
       /*[frag tr]*/coalesce((SELECT t.value FROM app.translations t
                  WHERE t.resource = 'custom_field' AND t.resource_id = d.id AND t.field = 'label'
                    AND t.locale = ANY ($2) ORDER BY array_position($2, t.locale) LIMIT 1),/*[/frag]*/ d.label/*[frag tr]*/)/*[/frag]*/,
       NULL, NULL, d.position
  FROM shop.facet_terms f
  JOIN app.custom_fields d ON d.id = f.ref AND d.is_filterable AND d.deleted_at IS NULL
 WHERE f.tenant_id = $1 AND f.term = ANY ($5)
UNION ALL
SELECT f.term, c.value ->> 'code',
       /*[frag tr]*/coalesce((SELECT t.value FROM app.translations t
                  WHERE t.resource = 'custom_field' AND t.resource_id = d.id AND t.field = 'option_' || (c.value ->> 'code')
                    AND t.locale = ANY ($2) ORDER BY array_position($2, t.locale) LIMIT 1),/*[/frag]*/ c.value ->> 'label'/*[frag tr]*/)/*[/frag]*/,
       NULL, NULL, c.place::int4
  FROM app.custom_fields d
  CROSS JOIN LATERAL pg_catalog.jsonb_array_elements(d.options) WITH ORDINALITY AS c (value, place)
  JOIN shop.facet_terms f ON f.tenant_id = $1 AND f.ref = (c.value ->> 'id')::uuid
 WHERE d.resource = 'product' AND d.is_filterable AND d.deleted_at IS NULL AND f.term = ANY ($6);
