-- stmt: host(host text) -> maybe shop_row
-- row:  tenant_id uuid, slug text, name text, status text, store_id uuid, store_code text
-- row:  locale text, currency text, zone text, country text?, prices_include_tax bool
-- row:  settings jsonb, flags jsonb
-- No tenant needed: the function decides it.
SELECT f.tenant_id, f.slug, f.name, f.status, f.store_id, f.store_code, f.locale, f.currency,
       f.zone, f.country, f.prices_include_tax, f.settings, f.flags
  FROM app.shop_by_host($1) f;

-- stmt: shop_by_slug(slug text) -> maybe shop_row
SELECT f.tenant_id, f.slug, f.name, f.status, f.store_id, f.store_code, f.locale, f.currency,
       f.zone, f.country, f.prices_include_tax, f.settings, f.flags
  FROM app.shop_by_slug($1) f;

-- stmt: shop_by_id(id uuid) -> maybe shop_row
SELECT f.tenant_id, f.slug, f.name, f.status, f.store_id, f.store_code, f.locale, f.currency,
       f.zone, f.country, f.prices_include_tax, f.settings, f.flags
  FROM app.shop_by_id($1) f;

-- stmt: setting_put(key text, value jsonb) -> exec
-- role: desk
-- writes
INSERT INTO app.tenant_settings (key, value) VALUES ($1, $2)
    ON CONFLICT (tenant_id, key) DO UPDATE SET value = excluded.value;

-- stmt: setting_remove(key text) -> exec
-- plan: index
-- role: desk
-- writes
DELETE FROM app.tenant_settings WHERE key = $1;

-- stmt: flag_put(flag text, is_on bool, rollout_ppm int4) -> exec
-- role: desk
-- writes
INSERT INTO app.feature_flags (flag, is_on, rollout_ppm) VALUES ($1, $2, $3)
    ON CONFLICT (tenant_id, flag) DO UPDATE SET is_on = excluded.is_on, rollout_ppm = excluded.rollout_ppm;
