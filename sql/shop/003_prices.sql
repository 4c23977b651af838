-- Prices: lists (base, sale, group, contract, seller), the price of a variant in a list from a
-- quantity on and within a window, and the ledger of every price ever set. What applies is decided
-- when it is read, against the instant of the reader; nothing flips prices at midnight.
CREATE TABLE shop.price_lists (
    tenant_id   uuid NOT NULL DEFAULT app.tenant(),
    id          uuid NOT NULL DEFAULT app.uuid7(),
    code        text NOT NULL CHECK (code ~ '^[a-z0-9_-]{1,60}$'),
    name        text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 200),
    currency    text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    kind        text NOT NULL CHECK (kind IN ('base', 'sale', 'group', 'contract', 'seller')),
    store_id    uuid,
    group_id    uuid,
    seller_id   uuid,
    priority    int4 NOT NULL DEFAULT 0 CHECK (priority BETWEEN -1000 AND 1000),
    is_active   bool NOT NULL DEFAULT true,
    valid_from  timestamptz NOT NULL DEFAULT '-infinity',
    valid_until timestamptz NOT NULL DEFAULT 'infinity',
    version     int4 NOT NULL DEFAULT 1,
    created_at  timestamptz NOT NULL DEFAULT app.now(),
    updated_at  timestamptz NOT NULL DEFAULT app.now(),
    deleted_at  timestamptz,
    created_by  uuid,
    updated_by  uuid,
    PRIMARY KEY (tenant_id, id),
    CHECK (valid_from < valid_until),
    CHECK (kind <> 'group' OR group_id IS NOT NULL),
    CHECK (kind <> 'seller' OR seller_id IS NOT NULL),
    FOREIGN KEY (tenant_id, store_id) REFERENCES app.stores (tenant_id, id),
    FOREIGN KEY (tenant_id, group_id) REFERENCES shop.customer_groups (tenant_id, id),
    FOREIGN KEY (tenant_id, seller_id) REFERENCES shop.sellers (tenant_id, id)
);
COMMENT ON TABLE shop.price_lists IS '@class E lists of prices; base is what is struck through when a sale applies';
CREATE UNIQUE INDEX price_lists_code ON shop.price_lists (tenant_id, code) WHERE deleted_at IS NULL;
CREATE INDEX price_lists_store ON shop.price_lists (tenant_id, store_id) WHERE store_id IS NOT NULL;
CREATE INDEX price_lists_group ON shop.price_lists (tenant_id, group_id) WHERE group_id IS NOT NULL;
CREATE INDEX price_lists_seller ON shop.price_lists (tenant_id, seller_id) WHERE seller_id IS NOT NULL;
SELECT app.protect('shop.price_lists');

CREATE TABLE shop.prices (
    tenant_id        uuid NOT NULL DEFAULT app.tenant(),
    price_list_id    uuid NOT NULL,
    variant_id       uuid NOT NULL,
    min_quantity     int4 NOT NULL DEFAULT 1 CHECK (min_quantity BETWEEN 1 AND 1000000),
    valid_from       timestamptz NOT NULL DEFAULT '-infinity',
    valid_until      timestamptz NOT NULL DEFAULT 'infinity',
    amount_minor     int8 NOT NULL CHECK (amount_minor >= 0),
    lowest_30d_minor int8 CHECK (lowest_30d_minor >= 0),
    created_at       timestamptz NOT NULL DEFAULT app.now(),
    updated_at       timestamptz NOT NULL DEFAULT app.now(),
    PRIMARY KEY (tenant_id, variant_id, price_list_id, min_quantity, valid_from),
    CHECK (valid_from < valid_until),
    FOREIGN KEY (tenant_id, price_list_id) REFERENCES shop.price_lists (tenant_id, id),
    FOREIGN KEY (tenant_id, variant_id) REFERENCES shop.product_variants (tenant_id, id) ON DELETE CASCADE
);
COMMENT ON TABLE shop.prices IS '@class S price of a variant in a list, from a quantity on, within a window';
CREATE INDEX prices_list ON shop.prices (tenant_id, price_list_id, valid_until);
-- Edges of windows: which products need a look because a sale began or ended.
CREATE INDEX prices_from ON shop.prices (tenant_id, valid_from) WHERE valid_from > '-infinity';
CREATE INDEX prices_until ON shop.prices (tenant_id, valid_until) WHERE valid_until < 'infinity';
SELECT app.protect('shop.prices');

CREATE TABLE shop.price_log (
    tenant_id     uuid NOT NULL DEFAULT app.tenant(),
    id            uuid NOT NULL DEFAULT app.uuid7(),
    variant_id    uuid NOT NULL,
    price_list_id uuid NOT NULL,
    min_quantity  int4 NOT NULL,
    amount_minor  int8,
    valid_from    timestamptz NOT NULL,
    valid_until   timestamptz NOT NULL,
    created_at    timestamptz NOT NULL DEFAULT app.now(),
    created_by    uuid,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, variant_id) REFERENCES shop.product_variants (tenant_id, id),
    FOREIGN KEY (tenant_id, price_list_id) REFERENCES shop.price_lists (tenant_id, id)
);
COMMENT ON TABLE shop.price_log IS '@class L every price ever set; amount NULL = taken away';
CREATE INDEX price_log_variant ON shop.price_log (tenant_id, variant_id, created_at);
CREATE INDEX price_log_list ON shop.price_log (tenant_id, price_list_id);
SELECT app.protect('shop.price_log');
