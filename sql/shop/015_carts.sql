-- Carts: what a guest's session or a customer has put together, what they have typed at checkout, links
-- that hand out a copy, and stock held while they decide. One active cart per session and per customer.
CREATE TABLE shop.carts (
    tenant_id      uuid NOT NULL DEFAULT app.tenant(),
    id             uuid NOT NULL DEFAULT app.uuid7(),
    token_hash     bytea CHECK (octet_length(token_hash) = 32),
    customer_id    uuid,
    store_id       uuid NOT NULL,
    currency       text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    status         text NOT NULL DEFAULT 'active'
                   CHECK (status IN ('active', 'converted', 'merged', 'expired')),
    version        int4 NOT NULL DEFAULT 1,
    merged_into_id uuid,
    expires_at     timestamptz NOT NULL,
    created_at     timestamptz NOT NULL DEFAULT app.now(),
    updated_at     timestamptz NOT NULL DEFAULT app.now(),
    PRIMARY KEY (tenant_id, id),
    CHECK (status <> 'active' OR num_nonnulls(token_hash, customer_id) >= 1),
    FOREIGN KEY (tenant_id, store_id) REFERENCES app.stores (tenant_id, id),
    FOREIGN KEY (tenant_id, customer_id) REFERENCES shop.customers (tenant_id, id)
) WITH (fillfactor = 80);
COMMENT ON TABLE shop.carts IS '@class S a guest''s (hash of the session token) or a customer''s cart; version counts its changes';
CREATE UNIQUE INDEX carts_token ON shop.carts (tenant_id, token_hash)
    WHERE token_hash IS NOT NULL AND status = 'active';
CREATE UNIQUE INDEX carts_of_customer ON shop.carts (tenant_id, customer_id)
    WHERE customer_id IS NOT NULL AND status = 'active';
CREATE INDEX carts_customer ON shop.carts (tenant_id, customer_id) WHERE customer_id IS NOT NULL;
CREATE INDEX carts_store ON shop.carts (tenant_id, store_id);
CREATE INDEX carts_expires ON shop.carts (tenant_id, expires_at) WHERE status = 'active';
SELECT app.protect('shop.carts');

CREATE TABLE shop.cart_items (
    tenant_id          uuid NOT NULL DEFAULT app.tenant(),
    id                 uuid NOT NULL DEFAULT app.uuid7(),
    cart_id            uuid NOT NULL,
    variant_id         uuid NOT NULL,
    seller_id          uuid NOT NULL,
    choice_hash        text NOT NULL DEFAULT '' CHECK (char_length(choice_hash) <= 64),
    quantity           int4 NOT NULL CHECK (quantity BETWEEN 1 AND 1000000),
    price_at_add_minor int8 NOT NULL CHECK (price_at_add_minor >= 0),
    saved_at           timestamptz,
    removed_at         timestamptz,
    created_at         timestamptz NOT NULL DEFAULT app.now(),
    updated_at         timestamptz NOT NULL DEFAULT app.now(),
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, cart_id, variant_id, seller_id, choice_hash),
    FOREIGN KEY (tenant_id, cart_id) REFERENCES shop.carts (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, variant_id) REFERENCES shop.product_variants (tenant_id, id),
    FOREIGN KEY (tenant_id, seller_id) REFERENCES shop.sellers (tenant_id, id)
);
COMMENT ON TABLE shop.cart_items IS '@class S lines of a cart; saved_at: for later, removed_at: can still be taken back';
COMMENT ON COLUMN shop.cart_items.price_at_add_minor IS 'unit price the shopper last saw; a difference is named';
CREATE INDEX cart_items_variant ON shop.cart_items (tenant_id, variant_id);
CREATE INDEX cart_items_seller ON shop.cart_items (tenant_id, seller_id);
SELECT app.protect('shop.cart_items');

CREATE TABLE shop.cart_coupons (
    tenant_id  uuid NOT NULL DEFAULT app.tenant(),
    cart_id    uuid NOT NULL,
    code_id    uuid NOT NULL,
    created_at timestamptz NOT NULL DEFAULT app.now(),
    updated_at timestamptz NOT NULL DEFAULT app.now(),
    PRIMARY KEY (tenant_id, cart_id, code_id),
    FOREIGN KEY (tenant_id, cart_id) REFERENCES shop.carts (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, code_id) REFERENCES shop.coupon_codes (tenant_id, id) ON DELETE CASCADE
);
COMMENT ON TABLE shop.cart_coupons IS '@class C codes typed into a cart; whether they apply is decided when it is read';
CREATE INDEX cart_coupons_code ON shop.cart_coupons (tenant_id, code_id);
SELECT app.protect('shop.cart_coupons');

CREATE TABLE shop.cart_shares (
    tenant_id   uuid NOT NULL DEFAULT app.tenant(),
    token_hash  bytea NOT NULL CHECK (octet_length(token_hash) = 32),
    variant_ids uuid[] NOT NULL,
    quantities  int4[] NOT NULL,
    expires_at  timestamptz NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT app.now(),
    updated_at  timestamptz NOT NULL DEFAULT app.now(),
    PRIMARY KEY (tenant_id, token_hash),
    CHECK (cardinality(variant_ids) BETWEEN 1 AND 200 AND cardinality(variant_ids) = cardinality(quantities))
);
COMMENT ON TABLE shop.cart_shares IS '@class S what a shared link shows: a copy of the lines at that moment, nothing of the person';
CREATE INDEX cart_shares_expires ON shop.cart_shares (tenant_id, expires_at);
SELECT app.protect('shop.cart_shares');

CREATE TABLE shop.checkouts (
    tenant_id       uuid NOT NULL DEFAULT app.tenant(),
    cart_id         uuid NOT NULL,
    email           text NOT NULL DEFAULT '' CHECK (char_length(email) <= 254),
    name            text NOT NULL DEFAULT '' CHECK (char_length(name) <= 200),
    phone           text NOT NULL DEFAULT '' CHECK (char_length(phone) <= 40),
    company         text NOT NULL DEFAULT '' CHECK (char_length(company) <= 200),
    line1           text NOT NULL DEFAULT '' CHECK (char_length(line1) <= 200),
    line2           text NOT NULL DEFAULT '' CHECK (char_length(line2) <= 200),
    city            text NOT NULL DEFAULT '' CHECK (char_length(city) <= 120),
    region          text NOT NULL DEFAULT '' CHECK (char_length(region) <= 120),
    postcode        text NOT NULL DEFAULT '' CHECK (char_length(postcode) <= 20),
    country         text NOT NULL DEFAULT '' CHECK (country ~ '^([A-Z]{2})?$'),
    landmark        text NOT NULL DEFAULT '' CHECK (char_length(landmark) <= 200),
    instructions    text NOT NULL DEFAULT '' CHECK (char_length(instructions) <= 500),
    billing         jsonb CHECK (jsonb_typeof(billing) = 'object'),
    shipping_method uuid,
    payment_method  text NOT NULL DEFAULT '' CHECK (char_length(payment_method) <= 40),
    note            text NOT NULL DEFAULT '' CHECK (char_length(note) <= 1000),
    created_at      timestamptz NOT NULL DEFAULT app.now(),
    updated_at      timestamptz NOT NULL DEFAULT app.now(),
    PRIMARY KEY (tenant_id, cart_id),
    FOREIGN KEY (tenant_id, cart_id) REFERENCES shop.carts (tenant_id, id) ON DELETE CASCADE
);
COMMENT ON TABLE shop.checkouts IS '@class S what was typed at checkout so far, so that nothing typed is lost';
SELECT app.protect('shop.checkouts');

CREATE TABLE shop.stock_holds (
    tenant_id    uuid NOT NULL DEFAULT app.tenant(),
    id           uuid NOT NULL DEFAULT app.uuid7(),
    cart_id      uuid NOT NULL,
    variant_id   uuid NOT NULL,
    warehouse_id uuid NOT NULL,
    quantity     int4 NOT NULL CHECK (quantity > 0),
    state        text NOT NULL DEFAULT 'live' CHECK (state IN ('live', 'converted', 'released', 'expired')),
    expires_at   timestamptz NOT NULL,
    created_at   timestamptz NOT NULL DEFAULT app.now(),
    updated_at   timestamptz NOT NULL DEFAULT app.now(),
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, cart_id) REFERENCES shop.carts (tenant_id, id),
    FOREIGN KEY (tenant_id, variant_id) REFERENCES shop.product_variants (tenant_id, id),
    FOREIGN KEY (tenant_id, warehouse_id) REFERENCES shop.warehouses (tenant_id, id)
) WITH (fillfactor = 80);
COMMENT ON TABLE shop.stock_holds IS '@class S stock kept for a cart at checkout until it is placed or the hold runs out';
CREATE UNIQUE INDEX stock_holds_live ON shop.stock_holds (tenant_id, cart_id, variant_id, warehouse_id)
    WHERE state = 'live';
CREATE INDEX stock_holds_cart ON shop.stock_holds (tenant_id, cart_id);
CREATE INDEX stock_holds_variant ON shop.stock_holds (tenant_id, variant_id);
CREATE INDEX stock_holds_warehouse ON shop.stock_holds (tenant_id, warehouse_id);
CREATE INDEX stock_holds_expires ON shop.stock_holds (tenant_id, expires_at) WHERE state = 'live';
SELECT app.protect('shop.stock_holds');

CREATE TABLE shop.stock_alerts (
    tenant_id  uuid NOT NULL DEFAULT app.tenant(),
    variant_id uuid NOT NULL,
    kind       text NOT NULL CHECK (kind IN ('low', 'out')),
    is_on      bool NOT NULL,
    crossings  int4 NOT NULL DEFAULT 1 CHECK (crossings > 0),
    crossed_at timestamptz NOT NULL DEFAULT app.now(),
    created_at timestamptz NOT NULL DEFAULT app.now(),
    updated_at timestamptz NOT NULL DEFAULT app.now(),
    PRIMARY KEY (tenant_id, variant_id, kind),
    FOREIGN KEY (tenant_id, variant_id) REFERENCES shop.product_variants (tenant_id, id)
);
COMMENT ON TABLE shop.stock_alerts IS '@class S which mark a variant is below; one event per crossing';
SELECT app.protect('shop.stock_alerts');
