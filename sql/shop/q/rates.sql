-- Rates that cover a place, for the pure functions of tax.c and shipping.c to choose from. closeness:
-- country 1, region 2, city 4, postcode 8, of the area that matched.

-- stmt: tax_candidates(country text, region text, city text, postcode text, moment timestamptz) -> many tax_candidate
-- row:  id uuid, tax_class text, name text, country text, region text, rate_ppm int4, priority int4,
-- row:  is_compound bool, on_shipping bool, position int4, closeness int4
-- plan: index
SELECT r.id, r.tax_class, r.name, a.country, a.region, r.rate_ppm, r.priority, r.is_compound, r.on_shipping,
       r.position,
       (a.country <> '')::int4 + (a.region <> '')::int4 * 2 + (a.city <> '')::int4 * 4
       + (a.postcode_from <> '' OR a.postcode_to <> '~')::int4 * 8 AS closeness
  FROM shop.tax_zone_areas a
  JOIN shop.tax_zones z ON z.id = a.zone_id AND z.deleted_at IS NULL
  JOIN shop.tax_rates r ON r.zone_id = a.zone_id AND r.deleted_at IS NULL
   AND $5 >= r.valid_from AND $5 < r.valid_until
 WHERE a.country = ANY (ARRAY['', $1]) AND a.region = ANY (ARRAY['', $2]) AND a.city = ANY (ARRAY['', $3])
   AND a.postcode_from <= $4 AND a.postcode_to >= $4
 ORDER BY r.id LIMIT 1000;

-- stmt: tax_candidates_cart(cart uuid, country text, moment timestamptz) -> many tax_candidate
-- plan: index
SELECT r.id, r.tax_class, r.name, a.country, a.region, r.rate_ppm, r.priority, r.is_compound, r.on_shipping,
       r.position,
       (a.country <> '')::int4 + (a.region <> '')::int4 * 2 + (a.city <> '')::int4 * 4
       + (a.postcode_from <> '' OR a.postcode_to <> '~')::int4 * 8 AS closeness
  FROM (SELECT coalesce(nullif(k.country, ''), $2) AS country, coalesce(k.place_region, '') AS region,
               coalesce(k.place_city, '') AS city, coalesce(k.place_postcode, '') AS postcode
          FROM shop.carts c LEFT JOIN shop.checkouts k ON k.cart_id = c.id WHERE c.id = $1) p
  JOIN shop.tax_zone_areas a ON a.country = ANY (ARRAY['', p.country]) AND a.region = ANY (ARRAY['', p.region])
   AND a.city = ANY (ARRAY['', p.city]) AND a.postcode_from <= p.postcode AND a.postcode_to >= p.postcode
  JOIN shop.tax_zones z ON z.id = a.zone_id AND z.deleted_at IS NULL
  JOIN shop.tax_rates r ON r.zone_id = a.zone_id AND r.deleted_at IS NULL
   AND $3 >= r.valid_from AND $3 < r.valid_until
 ORDER BY r.id LIMIT 1000;

-- The methods of the closest zone; rates and holidays as arrays, with the local day and minute.
-- stmt: shipping_candidates(country text, region text, city text, postcode text, currency text, zone text, moment timestamptz) -> many shipping_candidate
-- row:  id uuid, code text, name text, carrier text, kind text, tax_class text, handling_days int4,
-- row:  days_min int4, days_max int4, work_days int4, delivery_days int4, cutoff_minute int4,
-- row:  holidays int4[], min_g int8[], max_g int8[], min_minor int8[], max_minor int8[], amounts int8[],
-- row:  per_kg int8[], free_from int8[], today date, minute int4
-- plan: index
SELECT m.id, m.code, m.name, m.carrier, m.kind, m.tax_class, m.handling_days, m.days_min, m.days_max,
       coalesce(c.work_days, 31) AS work_days, coalesce(c.delivery_days, 63) AS delivery_days,
       coalesce(c.cutoff_minute, 840) AS cutoff_minute,
       ARRAY(SELECT h.day - DATE '1970-01-01' FROM shop.calendar_holidays h
              WHERE h.calendar_id = c.id AND h.day >= ($7 AT TIME ZONE $6)::date ORDER BY h.day LIMIT 400) AS holidays,
       r.min_g, r.max_g, r.min_minor, r.max_minor, r.amounts, r.per_kg, r.free_from,
       ($7 AT TIME ZONE $6)::date AS today,
       (extract(hour FROM $7 AT TIME ZONE $6) * 60 + extract(minute FROM $7 AT TIME ZONE $6))::int4 AS minute
  FROM (SELECT z.id
          FROM shop.shipping_zone_areas a
          JOIN shop.shipping_zones z ON z.id = a.zone_id AND z.is_active AND z.deleted_at IS NULL
         WHERE a.country = ANY (ARRAY['', $1]) AND a.region = ANY (ARRAY['', $2]) AND a.city = ANY (ARRAY['', $3])
           AND a.postcode_from <= $4 AND a.postcode_to >= $4
         ORDER BY (a.country <> '')::int4 + (a.region <> '')::int4 * 2 + (a.city <> '')::int4 * 4
                  + (a.postcode_from <> '' OR a.postcode_to <> '~')::int4 * 8 DESC, z.position, z.id
         LIMIT 1) z
  JOIN shop.shipping_methods m ON m.zone_id = z.id AND m.is_active AND m.deleted_at IS NULL
  LEFT JOIN LATERAL (SELECT k.id, k.work_days, k.delivery_days, k.cutoff_minute FROM shop.calendars k
                      WHERE k.deleted_at IS NULL AND (k.id = m.calendar_id OR (m.calendar_id IS NULL AND k.code = 'main'))
                      LIMIT 1) c ON true
  JOIN LATERAL (SELECT array_agg(x.min_g ORDER BY x.id) AS min_g, array_agg(x.max_g ORDER BY x.id) AS max_g,
                       array_agg(x.min_minor ORDER BY x.id) AS min_minor, array_agg(x.max_minor ORDER BY x.id) AS max_minor,
                       array_agg(x.amount_minor ORDER BY x.id) AS amounts, array_agg(x.per_kg_minor ORDER BY x.id) AS per_kg,
                       array_agg(coalesce(x.free_from_minor, -1) ORDER BY x.id) AS free_from
                  FROM shop.shipping_rates x
                 WHERE x.method_id = m.id AND x.currency = $5 AND x.deleted_at IS NULL) r ON r.min_g IS NOT NULL
 ORDER BY m.position, m.id LIMIT 50;

-- What is sent when one of a product is bought: for asking what delivery costs before there is a cart.
-- stmt: product_parcel(product uuid, currency text, moment timestamptz) -> maybe product_parcel
-- row:  weight_g int8, value_minor int8
-- plan: index
SELECT coalesce(v.weight_g, 0)::int8 AS weight_g,
       coalesce((SELECT min(a.amount_minor) FROM shop.prices a
                   JOIN shop.price_lists l ON l.id = a.price_list_id
                  WHERE a.variant_id = v.id AND l.currency = $2 AND l.is_active AND l.deleted_at IS NULL
                    AND l.kind IN ('base', 'sale') AND a.min_quantity <= 1
                    AND $3 >= greatest(a.valid_from, l.valid_from) AND $3 < least(a.valid_until, l.valid_until)), 0)::int8
         AS value_minor
  FROM shop.product_variants v
 WHERE v.product_id = $1 AND v.is_active AND v.deleted_at IS NULL
 ORDER BY v.position, v.id LIMIT 1;

-- stmt: shipping_candidates_cart(cart uuid, country text, currency text, zone text, moment timestamptz) -> many shipping_candidate
-- plan: index
SELECT m.id, m.code, m.name, m.carrier, m.kind, m.tax_class, m.handling_days, m.days_min, m.days_max,
       coalesce(c.work_days, 31) AS work_days, coalesce(c.delivery_days, 63) AS delivery_days,
       coalesce(c.cutoff_minute, 840) AS cutoff_minute,
       ARRAY(SELECT h.day - DATE '1970-01-01' FROM shop.calendar_holidays h
              WHERE h.calendar_id = c.id AND h.day >= ($5 AT TIME ZONE $4)::date ORDER BY h.day LIMIT 400) AS holidays,
       r.min_g, r.max_g, r.min_minor, r.max_minor, r.amounts, r.per_kg, r.free_from,
       ($5 AT TIME ZONE $4)::date AS today,
       (extract(hour FROM $5 AT TIME ZONE $4) * 60 + extract(minute FROM $5 AT TIME ZONE $4))::int4 AS minute
  FROM (SELECT z.id
          FROM (SELECT coalesce(nullif(k.country, ''), $2) AS country, coalesce(k.place_region, '') AS region,
                       coalesce(k.place_city, '') AS city, coalesce(k.place_postcode, '') AS postcode
                  FROM shop.carts t LEFT JOIN shop.checkouts k ON k.cart_id = t.id WHERE t.id = $1) p
          JOIN shop.shipping_zone_areas a ON a.country = ANY (ARRAY['', p.country])
           AND a.region = ANY (ARRAY['', p.region]) AND a.city = ANY (ARRAY['', p.city])
           AND a.postcode_from <= p.postcode AND a.postcode_to >= p.postcode
          JOIN shop.shipping_zones z ON z.id = a.zone_id AND z.is_active AND z.deleted_at IS NULL
         ORDER BY (a.country <> '')::int4 + (a.region <> '')::int4 * 2 + (a.city <> '')::int4 * 4
                  + (a.postcode_from <> '' OR a.postcode_to <> '~')::int4 * 8 DESC, z.position, z.id
         LIMIT 1) z
  JOIN shop.shipping_methods m ON m.zone_id = z.id AND m.is_active AND m.deleted_at IS NULL
  LEFT JOIN LATERAL (SELECT k.id, k.work_days, k.delivery_days, k.cutoff_minute FROM shop.calendars k
                      WHERE k.deleted_at IS NULL AND (k.id = m.calendar_id OR (m.calendar_id IS NULL AND k.code = 'main'))
                      LIMIT 1) c ON true
  JOIN LATERAL (SELECT array_agg(x.min_g ORDER BY x.id) AS min_g, array_agg(x.max_g ORDER BY x.id) AS max_g,
                       array_agg(x.min_minor ORDER BY x.id) AS min_minor, array_agg(x.max_minor ORDER BY x.id) AS max_minor,
                       array_agg(x.amount_minor ORDER BY x.id) AS amounts, array_agg(x.per_kg_minor ORDER BY x.id) AS per_kg,
                       array_agg(coalesce(x.free_from_minor, -1) ORDER BY x.id) AS free_from
                  FROM shop.shipping_rates x
                 WHERE x.method_id = m.id AND x.currency = $3 AND x.deleted_at IS NULL) r ON r.min_g IS NOT NULL
 ORDER BY m.position, m.id LIMIT 50;

-- stmt: payment_offers(cart uuid, country text, currency text) -> many payment_offer
-- row:  id uuid, code text, provider text, name text, instructions text, config jsonb, fee_minor int8,
-- row:  min_minor int8, max_minor int8?, hold_minutes int4?
-- plan: index
SELECT m.id, m.code, m.provider, m.name, m.instructions, m.config, m.fee_minor, m.min_minor, m.max_minor,
       m.hold_minutes
  FROM shop.carts c
  LEFT JOIN shop.checkouts k ON k.cart_id = c.id
  LEFT JOIN shop.customers u ON u.id = c.customer_id
  JOIN shop.payment_methods m ON m.tenant_id = c.tenant_id AND m.is_active AND m.deleted_at IS NULL
   AND (m.currencies = '{}' OR $3 = ANY (m.currencies))
   AND (m.countries = '{}' OR coalesce(nullif(k.country, ''), $2) = ANY (m.countries))
   AND (m.group_id IS NULL OR m.group_id = u.group_id)
 WHERE c.id = $1
 ORDER BY m.position, m.id LIMIT 50;
