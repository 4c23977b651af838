-- What every shop has from its first minute; each may be asked for again.

-- stmt: setup_seller(id uuid, name text) -> exec
-- writes
INSERT INTO shop.sellers (tenant_id, id, code, name, kind) VALUES (app.tenant(), $1, 'house', $2, 'house')
ON CONFLICT DO NOTHING;

-- stmt: setup_warehouse(id uuid, name text) -> exec
-- writes
INSERT INTO shop.warehouses (tenant_id, id, code, name, kind, seller_id)
SELECT app.tenant(), $1, 'main', $2, 'warehouse', s.id FROM shop.sellers s WHERE s.kind = 'house'
ON CONFLICT DO NOTHING;

-- stmt: setup_price_list(id uuid, code text, name text, currency text, kind text, priority int4) -> exec
-- writes
INSERT INTO shop.price_lists (tenant_id, id, code, name, currency, kind, priority)
VALUES (app.tenant(), $1, $2, $3, $4, $5, $6)
ON CONFLICT DO NOTHING;

-- stmt: basics() -> maybe basic
-- row:  seller_id uuid, warehouse_id uuid, base_list_id uuid, sale_list_id uuid, currency text
-- plan: index
SELECT s.id AS seller_id, w.id AS warehouse_id, b.id AS base_list_id, d.id AS sale_list_id, b.currency
  FROM shop.sellers s
  JOIN shop.warehouses w ON w.seller_id = s.id AND w.code = 'main' AND w.deleted_at IS NULL
  JOIN shop.price_lists b ON b.code = 'base' AND b.deleted_at IS NULL
  JOIN shop.price_lists d ON d.code = 'sale' AND d.deleted_at IS NULL
 WHERE s.code = 'house' AND s.deleted_at IS NULL;

-- stmt: seed_trade() -> one seeded
-- row:  done bool?
-- writes
-- role: desk
SELECT shop.seed_trade(app.tenant()) AS done;
