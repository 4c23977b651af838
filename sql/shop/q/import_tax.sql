-- What the importer of tax tables writes. A place is a zone whose code says where it is; what is already
-- so is left alone, so a second run of a file changes nothing.

-- stmt: import_tax_zones(codes text[]) -> many tax_zone_code
-- row:  id uuid, code text
-- role: desk
SELECT z.id, z.code FROM shop.tax_zones z WHERE z.code = ANY ($1) AND z.deleted_at IS NULL;

-- stmt: import_tax_zone_add(id uuid, code text, name text) -> exec
-- role: desk
-- writes
INSERT INTO shop.tax_zones (id, code, name) VALUES ($1, $2, $3);

-- stmt: import_tax_areas_add(zone uuid, country text, region text, cities text[], froms text[], tos text[]) -> exec
-- role: desk
-- writes
INSERT INTO shop.tax_zone_areas (zone_id, country, region, city, postcode_from, postcode_to)
SELECT $1, $2, $3, x.city, x.low, x.high
  FROM unnest($4::text[], $5::text[], $6::text[]) AS x (city, low, high);

-- stmt: import_tax_rate(zone uuid, tax_class text, priority int4, name text) -> maybe tax_rate_there
-- row:  id uuid, rate_ppm int4, is_compound bool, on_shipping bool
-- role: desk
-- plan: index
SELECT r.id, r.rate_ppm, r.is_compound, r.on_shipping
  FROM shop.tax_rates r
 WHERE r.zone_id = $1 AND r.tax_class = $2 AND r.priority = $3 AND r.name = $4
   AND r.valid_from = '-infinity' AND r.deleted_at IS NULL;

-- stmt: import_tax_rate_add(id uuid, zone uuid, tax_class text, priority int4, name text, rate_ppm int4, compound bool, shipping bool, position int4) -> exec
-- role: desk
-- writes
INSERT INTO shop.tax_rates (id, zone_id, tax_class, priority, name, rate_ppm, is_compound, on_shipping, position)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9);

-- stmt: import_tax_rate_set(id uuid, rate_ppm int4, compound bool, shipping bool) -> exec
-- role: desk
-- writes
UPDATE shop.tax_rates SET rate_ppm = $2, is_compound = $3, on_shipping = $4 WHERE id = $1;

-- stmt: import_tax_class_add(code text, name text) -> exec
-- role: desk
-- writes
INSERT INTO shop.tax_classes (code, name)
SELECT $1, $2 WHERE NOT EXISTS (SELECT FROM shop.tax_classes c WHERE c.code = $1 AND c.deleted_at IS NULL);
