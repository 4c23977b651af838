-- Stock: on hand, held for carts, allocated to orders, per variant and warehouse. The CHECK is the
-- law that stock cannot be sold twice; every change of on_hand is one movement with a unique cause.
CREATE TABLE shop.warehouses (
    tenant_id  uuid NOT NULL DEFAULT app.tenant(),
    id         uuid NOT NULL DEFAULT app.uuid7(),
    code       text NOT NULL CHECK (code ~ '^[a-z0-9_-]{1,40}$'),
    name       text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 200),
    kind       text NOT NULL DEFAULT 'warehouse' CHECK (kind IN ('store', 'warehouse', 'transit')),
    seller_id  uuid NOT NULL,
    address    jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(address) = 'object'),
    priority   int4 NOT NULL DEFAULT 0,
    version    int4 NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT app.now(),
    updated_at timestamptz NOT NULL DEFAULT app.now(),
    deleted_at timestamptz,
    created_by uuid,
    updated_by uuid,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, seller_id) REFERENCES shop.sellers (tenant_id, id)
);
COMMENT ON TABLE shop.warehouses IS '@class E places that hold stock';
CREATE UNIQUE INDEX warehouses_code ON shop.warehouses (tenant_id, code) WHERE deleted_at IS NULL;
CREATE INDEX warehouses_seller ON shop.warehouses (tenant_id, seller_id);
SELECT app.protect('shop.warehouses');

CREATE TABLE shop.stock_levels (
    tenant_id       uuid NOT NULL DEFAULT app.tenant(),
    variant_id      uuid NOT NULL,
    warehouse_id    uuid NOT NULL,
    on_hand         int4 NOT NULL DEFAULT 0 CHECK (on_hand >= 0),
    held            int4 NOT NULL DEFAULT 0 CHECK (held >= 0),
    allocated       int4 NOT NULL DEFAULT 0 CHECK (allocated >= 0),
    backorder_limit int4 NOT NULL DEFAULT 0 CHECK (backorder_limit BETWEEN 0 AND 1000000),
    reorder_point   int4 CHECK (reorder_point >= 0),
    max_level       int4 CHECK (max_level >= 0),
    bin             text CHECK (char_length(bin) <= 40),
    available       int4 NOT NULL GENERATED ALWAYS AS (on_hand - held - allocated) STORED,
    created_at      timestamptz NOT NULL DEFAULT app.now(),
    updated_at      timestamptz NOT NULL DEFAULT app.now(),
    PRIMARY KEY (tenant_id, variant_id, warehouse_id),
    CONSTRAINT stock_not_sold_twice CHECK (held::int8 + allocated <= on_hand::int8 + backorder_limit),
    FOREIGN KEY (tenant_id, variant_id) REFERENCES shop.product_variants (tenant_id, id),
    FOREIGN KEY (tenant_id, warehouse_id) REFERENCES shop.warehouses (tenant_id, id)
) WITH (fillfactor = 80);
COMMENT ON TABLE shop.stock_levels IS '@class S what is there, held and promised, per variant and warehouse';
CREATE INDEX stock_levels_warehouse ON shop.stock_levels (tenant_id, warehouse_id);
CREATE INDEX stock_levels_low ON shop.stock_levels (tenant_id, variant_id)
    WHERE reorder_point IS NOT NULL AND on_hand - held - allocated <= reorder_point;
SELECT app.protect('shop.stock_levels');

CREATE TABLE shop.inventory_movements (
    tenant_id    uuid NOT NULL DEFAULT app.tenant(),
    id           uuid NOT NULL DEFAULT app.uuid7(),
    variant_id   uuid NOT NULL,
    warehouse_id uuid NOT NULL,
    kind         text NOT NULL CHECK (kind IN ('opening', 'receipt', 'sale', 'return', 'adjustment',
                                               'transfer_out', 'transfer_in', 'count')),
    quantity     int4 NOT NULL CHECK (quantity <> 0),
    balance      int4 NOT NULL CHECK (balance >= 0),
    cause_kind   text NOT NULL CHECK (char_length(cause_kind) BETWEEN 1 AND 40),
    cause_id     uuid NOT NULL,
    reason       text CHECK (char_length(reason) <= 500),
    created_at   timestamptz NOT NULL DEFAULT app.now(),
    created_by   uuid,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, cause_id, cause_kind, variant_id, warehouse_id),
    FOREIGN KEY (tenant_id, variant_id) REFERENCES shop.product_variants (tenant_id, id),
    FOREIGN KEY (tenant_id, warehouse_id) REFERENCES shop.warehouses (tenant_id, id)
);
COMMENT ON TABLE shop.inventory_movements IS '@class L every change of on_hand, once per cause';
CREATE INDEX inventory_movements_variant ON shop.inventory_movements (tenant_id, variant_id, id);
CREATE INDEX inventory_movements_warehouse ON shop.inventory_movements (tenant_id, warehouse_id, id);
SELECT app.protect('shop.inventory_movements');
