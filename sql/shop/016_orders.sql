-- Orders: what was sold, to whom, for how much, frozen at the sale; what of it stock promised, what left
-- the house, and who said what when. State, payment and fulfilment are three things. Head and lines are
-- compared when the transaction commits.
CREATE TABLE shop.orders (
    tenant_id          uuid NOT NULL DEFAULT app.tenant(),
    id                 uuid NOT NULL DEFAULT app.uuid7(),
    number             text NOT NULL CHECK (char_length(number) BETWEEN 1 AND 60),
    store_id           uuid NOT NULL,
    parent_id          uuid,
    cart_id            uuid,
    customer_id        uuid,
    person_key         bytea NOT NULL CHECK (octet_length(person_key) = 32),
    email              text CHECK (char_length(email) BETWEEN 3 AND 254 AND email = lower(email)),
    phone              text CHECK (char_length(phone) BETWEEN 3 AND 40),
    currency           text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    locale             text NOT NULL CHECK (locale ~ '^[a-z]{2,3}(-[A-Z]{2})?$'),
    prices_include_tax bool NOT NULL,
    tax_rounding       text NOT NULL CHECK (tax_rounding IN ('line', 'order')),
    rounding_mode      text NOT NULL CHECK (rounding_mode IN ('half_up', 'half_even', 'down', 'up')),
    items_minor        int8 NOT NULL CHECK (items_minor >= 0),
    shipping_minor     int8 NOT NULL CHECK (shipping_minor >= 0),
    fees_minor         int8 NOT NULL DEFAULT 0 CHECK (fees_minor >= 0),
    discount_minor     int8 NOT NULL DEFAULT 0 CHECK (discount_minor >= 0),
    tax_minor          int8 NOT NULL CHECK (tax_minor >= 0),
    tax_added_minor    int8 NOT NULL CHECK (tax_added_minor >= 0),
    rounding_minor     int8 NOT NULL DEFAULT 0,
    total_minor        int8 NOT NULL CHECK (total_minor >= 0),
    cancelled_minor    int8 NOT NULL DEFAULT 0,
    paid_minor         int8 NOT NULL DEFAULT 0 CHECK (paid_minor >= 0),
    refunded_minor     int8 NOT NULL DEFAULT 0 CHECK (refunded_minor >= 0),
    due_minor          int8 NOT NULL GENERATED ALWAYS AS
                       (greatest(total_minor - cancelled_minor - paid_minor, 0)) STORED,
    surplus_minor      int8 NOT NULL GENERATED ALWAYS AS
                       (greatest(paid_minor - refunded_minor - total_minor + cancelled_minor, 0)) STORED,
    state              text NOT NULL DEFAULT 'pending',
    payment_state      text NOT NULL DEFAULT 'pending' CHECK (payment_state IN
                       ('pending', 'authorized', 'partial', 'paid', 'partially_refunded', 'refunded')),
    fulfilment_state   text NOT NULL DEFAULT 'open' CHECK (fulfilment_state IN
                       ('open', 'partial', 'sent', 'delivered', 'cancelled', 'returned')),
    payment_method     text NOT NULL DEFAULT '' CHECK (char_length(payment_method) <= 40),
    shipping_method    text NOT NULL DEFAULT '' CHECK (char_length(shipping_method) <= 200),
    promised_from      date,
    promised_until     date,
    shown_hash         bytea CHECK (octet_length(shown_hash) = 32),
    source             text NOT NULL DEFAULT 'shop' CHECK (char_length(source) BETWEEN 1 AND 40),
    customer_note      text NOT NULL DEFAULT '' CHECK (char_length(customer_note) <= 1000),
    placed_at          timestamptz NOT NULL DEFAULT app.now(),
    erased_at          timestamptz,
    custom             jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(custom) = 'object'),
    version            int4 NOT NULL DEFAULT 1,
    created_at         timestamptz NOT NULL DEFAULT app.now(),
    updated_at         timestamptz NOT NULL DEFAULT app.now(),
    deleted_at         timestamptz,
    created_by         uuid,
    updated_by         uuid,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, number),
    CONSTRAINT order_is_the_sum_of_its_parts CHECK
        (total_minor = items_minor + shipping_minor + fees_minor + tax_added_minor + rounding_minor),
    CONSTRAINT order_tax_is_in_or_on_top CHECK (tax_added_minor <= tax_minor),
    CHECK (cancelled_minor BETWEEN 0 AND total_minor),
    CHECK (promised_from <= promised_until),
    FOREIGN KEY (tenant_id, store_id) REFERENCES app.stores (tenant_id, id),
    FOREIGN KEY (tenant_id, parent_id) REFERENCES shop.orders (tenant_id, id),
    FOREIGN KEY (tenant_id, cart_id) REFERENCES shop.carts (tenant_id, id) ON DELETE SET NULL (cart_id),
    FOREIGN KEY (tenant_id, customer_id) REFERENCES shop.customers (tenant_id, id)
) WITH (fillfactor = 85);
COMMENT ON TABLE shop.orders IS '@class E the head of an order; amounts are those of the sale';
COMMENT ON COLUMN shop.orders.items_minor IS 'what goods cost after discounts; fees and shipping likewise';
COMMENT ON COLUMN shop.orders.person_key IS 'keyed hash of the e-mail or phone: counts guests as people';
CREATE UNIQUE INDEX orders_cart ON shop.orders (tenant_id, cart_id)
    WHERE cart_id IS NOT NULL AND parent_id IS NULL;
CREATE INDEX orders_placed ON shop.orders (tenant_id, placed_at, id);
CREATE INDEX orders_state ON shop.orders (tenant_id, state, placed_at, id);
CREATE INDEX orders_customer ON shop.orders (tenant_id, customer_id, placed_at) WHERE customer_id IS NOT NULL;
CREATE INDEX orders_person ON shop.orders (tenant_id, person_key, placed_at);
CREATE INDEX orders_parent ON shop.orders (tenant_id, parent_id) WHERE parent_id IS NOT NULL;
CREATE INDEX orders_store ON shop.orders (tenant_id, store_id);
SELECT app.protect('shop.orders');
CREATE TRIGGER state_guard BEFORE UPDATE OF state ON shop.orders
    FOR EACH ROW EXECUTE FUNCTION app.guard_state('order', 'state');

CREATE TABLE shop.order_items (
    tenant_id        uuid NOT NULL DEFAULT app.tenant(),
    id               uuid NOT NULL DEFAULT app.uuid7(),
    order_id         uuid NOT NULL,
    position         int4 NOT NULL CHECK (position >= 0),
    kind             text NOT NULL CHECK (kind IN ('item', 'part', 'shipping', 'fee')),
    parent_item_id   uuid,
    product_id       uuid,
    variant_id       uuid,
    seller_id        uuid,
    sku              text NOT NULL DEFAULT '' CHECK (char_length(sku) <= 100),
    name             text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 300),
    options          text NOT NULL DEFAULT '' CHECK (char_length(options) <= 500),
    image            text NOT NULL DEFAULT '' CHECK (char_length(image) <= 400),
    tax_class        text NOT NULL DEFAULT '' CHECK (char_length(tax_class) <= 60),
    unit             text NOT NULL DEFAULT 'piece' CHECK (char_length(unit) BETWEEN 1 AND 20),
    weight_g         int4 NOT NULL DEFAULT 0 CHECK (weight_g >= 0),
    quantity         int4 NOT NULL CHECK (quantity BETWEEN 1 AND 1000000000),
    price_quantity   int4 NOT NULL DEFAULT 1 CHECK (price_quantity BETWEEN 1 AND 1000000),
    list_price_minor int8 NOT NULL CHECK (list_price_minor >= 0),
    unit_price_minor int8 NOT NULL CHECK (unit_price_minor >= 0),
    subtotal_minor   int8 NOT NULL,
    discount_minor   int8 NOT NULL DEFAULT 0,
    total_minor      int8 NOT NULL,
    tax_minor        int8 NOT NULL DEFAULT 0 CHECK (tax_minor >= 0),
    tax_added_minor  int8 NOT NULL DEFAULT 0 CHECK (tax_added_minor >= 0),
    refunded_minor   int8 NOT NULL DEFAULT 0,
    is_tracked       bool NOT NULL DEFAULT false,
    qty_sent         int4 NOT NULL DEFAULT 0 CHECK (qty_sent >= 0),
    qty_cancelled    int4 NOT NULL DEFAULT 0 CHECK (qty_cancelled >= 0),
    qty_returned     int4 NOT NULL DEFAULT 0,
    qty_restocked    int4 NOT NULL DEFAULT 0,
    created_at       timestamptz NOT NULL DEFAULT app.now(),
    updated_at       timestamptz NOT NULL DEFAULT app.now(),
    version          int4 NOT NULL DEFAULT 1,
    deleted_at       timestamptz,
    created_by       uuid,
    updated_by       uuid,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, order_id, position),
    CONSTRAINT line_is_price_by_quantity CHECK
        (abs(subtotal_minor * price_quantity - unit_price_minor * quantity)
         <= CASE WHEN price_quantity = 1 THEN 0 ELSE price_quantity * 1000::int8 END),
    CONSTRAINT line_is_never_below_zero CHECK (subtotal_minor >= 0 AND discount_minor BETWEEN 0 AND subtotal_minor),
    CONSTRAINT line_is_the_sum_of_its_parts CHECK (total_minor = subtotal_minor - discount_minor),
    CONSTRAINT line_tax_is_in_or_on_top CHECK (tax_added_minor IN (0, tax_minor)),
    CONSTRAINT line_is_not_refunded_above_its_price CHECK
        (refunded_minor BETWEEN 0 AND total_minor + tax_added_minor),
    CONSTRAINT line_sent_once CHECK (qty_sent + qty_cancelled <= quantity),
    CONSTRAINT line_restocked_once CHECK
        (0 <= qty_restocked AND qty_restocked <= qty_returned AND qty_returned <= qty_sent),
    FOREIGN KEY (tenant_id, order_id) REFERENCES shop.orders (tenant_id, id),
    FOREIGN KEY (tenant_id, parent_item_id) REFERENCES shop.order_items (tenant_id, id),
    FOREIGN KEY (tenant_id, product_id) REFERENCES shop.products (tenant_id, id),
    FOREIGN KEY (tenant_id, variant_id) REFERENCES shop.product_variants (tenant_id, id),
    FOREIGN KEY (tenant_id, seller_id) REFERENCES shop.sellers (tenant_id, id)
) WITH (fillfactor = 85);
COMMENT ON TABLE shop.order_items IS '@class E lines of an order, shipping and fees too; part = what a kit is made of, at no price of its own';
CREATE INDEX order_items_parent ON shop.order_items (tenant_id, parent_item_id) WHERE parent_item_id IS NOT NULL;
CREATE INDEX order_items_product ON shop.order_items (tenant_id, product_id) WHERE product_id IS NOT NULL;
CREATE INDEX order_items_variant ON shop.order_items (tenant_id, variant_id) WHERE variant_id IS NOT NULL;
CREATE INDEX order_items_seller ON shop.order_items (tenant_id, seller_id) WHERE seller_id IS NOT NULL;
SELECT app.protect('shop.order_items');

-- Head and lines agree when the transaction ends. On the head for every insert and change of sums; on
-- lines for changes alone: a line added to an old order always touches the head.
CREATE FUNCTION shop.order_sums_agree() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
    o uuid := CASE TG_TABLE_NAME WHEN 'orders' THEN (to_jsonb(NEW) ->> 'id')::uuid
                                 ELSE (to_jsonb(NEW) ->> 'order_id')::uuid END;
    wrong text;
BEGIN
    SELECT h.number INTO wrong
      FROM shop.orders h
      LEFT JOIN LATERAL (
           SELECT coalesce(sum(total_minor) FILTER (WHERE kind IN ('item', 'part')), 0) AS items,
                  coalesce(sum(total_minor) FILTER (WHERE kind = 'shipping'), 0) AS shipping,
                  coalesce(sum(total_minor) FILTER (WHERE kind = 'fee'), 0) AS fees,
                  coalesce(sum(discount_minor), 0) AS discount, coalesce(sum(tax_minor), 0) AS tax,
                  coalesce(sum(tax_added_minor), 0) AS tax_added
             FROM shop.order_items i
            WHERE (i.tenant_id, i.order_id) = (h.tenant_id, h.id) AND i.deleted_at IS NULL) s ON true
     WHERE h.tenant_id = NEW.tenant_id AND h.id = o
       AND (h.items_minor, h.shipping_minor, h.fees_minor, h.discount_minor, h.tax_minor, h.tax_added_minor)
           IS DISTINCT FROM (s.items::int8, s.shipping::int8, s.fees::int8, s.discount::int8, s.tax::int8,
                             s.tax_added::int8);
    IF FOUND THEN
        RAISE EXCEPTION 'order % is not the sum of its lines', wrong
            USING ERRCODE = '23514', CONSTRAINT = 'order_sums_agree';
    END IF;
    RETURN NULL;
END $$;
ALTER FUNCTION shop.order_sums_agree() OWNER TO kade_owner;
CREATE CONSTRAINT TRIGGER order_sums_agree
    AFTER INSERT OR UPDATE OF items_minor, shipping_minor, fees_minor, discount_minor, tax_minor,
                              tax_added_minor, total_minor ON shop.orders
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION shop.order_sums_agree();
CREATE CONSTRAINT TRIGGER order_sums_agree
    AFTER UPDATE OF kind, total_minor, discount_minor, tax_minor, tax_added_minor, deleted_at, order_id
    ON shop.order_items
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION shop.order_sums_agree();

CREATE TABLE shop.order_item_taxes (
    tenant_id     uuid NOT NULL DEFAULT app.tenant(),
    order_item_id uuid NOT NULL,
    position      int4 NOT NULL,
    order_id      uuid NOT NULL,
    rate_id       uuid,
    rate_ppm      int4 NOT NULL CHECK (rate_ppm BETWEEN 0 AND 10000000),
    name          text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 120),
    country       text NOT NULL DEFAULT '' CHECK (country ~ '^([A-Z]{2})?$'),
    region        text NOT NULL DEFAULT '' CHECK (char_length(region) <= 100),
    is_compound   bool NOT NULL DEFAULT false,
    reason        text NOT NULL DEFAULT 'rate' CHECK (reason IN ('rate', 'exempt', 'reverse_charge')),
    base_minor    int8 NOT NULL CHECK (base_minor >= 0),
    amount_minor  int8 NOT NULL CHECK (amount_minor >= 0),
    evidence      text NOT NULL DEFAULT '' CHECK (char_length(evidence) <= 500),
    created_at    timestamptz NOT NULL DEFAULT app.now(),
    created_by    uuid,
    PRIMARY KEY (tenant_id, order_item_id, position),
    CONSTRAINT no_tax_needs_a_proof CHECK (reason = 'rate' OR (amount_minor = 0 AND evidence <> '')),
    FOREIGN KEY (tenant_id, order_item_id) REFERENCES shop.order_items (tenant_id, id),
    FOREIGN KEY (tenant_id, order_id) REFERENCES shop.orders (tenant_id, id)
);
COMMENT ON TABLE shop.order_item_taxes IS '@class L tax of a line as it was at the sale';
CREATE INDEX order_item_taxes_order ON shop.order_item_taxes (tenant_id, order_id);
SELECT app.protect('shop.order_item_taxes');

CREATE TABLE shop.order_item_discounts (
    tenant_id     uuid NOT NULL DEFAULT app.tenant(),
    order_item_id uuid NOT NULL,
    position      int4 NOT NULL,
    order_id      uuid NOT NULL,
    source        text NOT NULL CHECK (source IN ('coupon', 'promotion', 'staff', 'exemption')),
    source_id     uuid,
    code          text NOT NULL DEFAULT '' CHECK (char_length(code) <= 40),
    label         text NOT NULL CHECK (char_length(label) BETWEEN 1 AND 200),
    amount_minor  int8 NOT NULL CHECK (amount_minor > 0),
    created_at    timestamptz NOT NULL DEFAULT app.now(),
    created_by    uuid,
    PRIMARY KEY (tenant_id, order_item_id, position),
    FOREIGN KEY (tenant_id, order_item_id) REFERENCES shop.order_items (tenant_id, id),
    FOREIGN KEY (tenant_id, order_id) REFERENCES shop.orders (tenant_id, id)
);
COMMENT ON TABLE shop.order_item_discounts IS '@class L what was taken off a line, and why';
CREATE INDEX order_item_discounts_order ON shop.order_item_discounts (tenant_id, order_id);
SELECT app.protect('shop.order_item_discounts');

CREATE TABLE shop.order_addresses (
    tenant_id    uuid NOT NULL DEFAULT app.tenant(),
    order_id     uuid NOT NULL,
    kind         text NOT NULL CHECK (kind IN ('billing', 'shipping', 'installation')),
    name         text NOT NULL DEFAULT '' CHECK (char_length(name) <= 200),
    phone        text NOT NULL DEFAULT '' CHECK (char_length(phone) <= 40),
    company      text NOT NULL DEFAULT '' CHECK (char_length(company) <= 200),
    line1        text NOT NULL DEFAULT '' CHECK (char_length(line1) <= 200),
    line2        text NOT NULL DEFAULT '' CHECK (char_length(line2) <= 200),
    city         text NOT NULL DEFAULT '' CHECK (char_length(city) <= 120),
    region       text NOT NULL DEFAULT '' CHECK (char_length(region) <= 120),
    postcode     text NOT NULL DEFAULT '' CHECK (char_length(postcode) <= 20),
    country      text NOT NULL DEFAULT '' CHECK (country ~ '^([A-Z]{2})?$'),
    landmark     text NOT NULL DEFAULT '' CHECK (char_length(landmark) <= 200),
    instructions text NOT NULL DEFAULT '' CHECK (char_length(instructions) <= 500),
    created_at   timestamptz NOT NULL DEFAULT app.now(),
    updated_at   timestamptz NOT NULL DEFAULT app.now(),
    PRIMARY KEY (tenant_id, order_id, kind),
    FOREIGN KEY (tenant_id, order_id) REFERENCES shop.orders (tenant_id, id)
);
COMMENT ON TABLE shop.order_addresses IS '@class S addresses of an order, copied at the sale; erasure blanks people, keeps country, region, postcode';
SELECT app.protect('shop.order_addresses');

CREATE TABLE shop.order_notes (
    tenant_id  uuid NOT NULL DEFAULT app.tenant(),
    id         uuid NOT NULL DEFAULT app.uuid7(),
    order_id   uuid NOT NULL,
    body       text NOT NULL CHECK (char_length(body) BETWEEN 1 AND 4000),
    is_public  bool NOT NULL DEFAULT false,
    author     text NOT NULL DEFAULT '' CHECK (char_length(author) <= 200),
    version    int4 NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT app.now(),
    updated_at timestamptz NOT NULL DEFAULT app.now(),
    deleted_at timestamptz,
    created_by uuid,
    updated_by uuid,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, order_id) REFERENCES shop.orders (tenant_id, id)
);
COMMENT ON TABLE shop.order_notes IS '@class E words about an order: for the team, or for the customer too';
CREATE INDEX order_notes_order ON shop.order_notes (tenant_id, order_id, id);
SELECT app.protect('shop.order_notes');

CREATE TABLE shop.order_status_history (
    tenant_id  uuid NOT NULL DEFAULT app.tenant(),
    id         uuid NOT NULL DEFAULT app.uuid7(),
    order_id   uuid NOT NULL,
    machine    text NOT NULL CHECK (machine IN ('order', 'payment', 'fulfilment')),
    from_state text NOT NULL DEFAULT '',
    to_state   text NOT NULL,
    note       text NOT NULL DEFAULT '' CHECK (char_length(note) <= 1000),
    is_public  bool NOT NULL DEFAULT true,
    actor_kind text NOT NULL DEFAULT 'system'
               CHECK (actor_kind IN ('nobody', 'customer', 'user', 'operator', 'key', 'system')),
    actor_id   uuid,
    created_at timestamptz NOT NULL DEFAULT app.now(),
    created_by uuid,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, order_id) REFERENCES shop.orders (tenant_id, id)
);
COMMENT ON TABLE shop.order_status_history IS '@class L every change of state, with who and when';
CREATE INDEX order_status_history_order ON shop.order_status_history (tenant_id, order_id, id);
SELECT app.protect('shop.order_status_history');

CREATE TABLE shop.order_access_tokens (
    tenant_id  uuid NOT NULL DEFAULT app.tenant(),
    token_hash bytea NOT NULL CHECK (octet_length(token_hash) = 32),
    order_id   uuid NOT NULL,
    purpose    text NOT NULL CHECK (purpose IN ('done', 'track', 'lookup')),
    expires_at timestamptz NOT NULL,
    used_at    timestamptz,
    created_at timestamptz NOT NULL DEFAULT app.now(),
    updated_at timestamptz NOT NULL DEFAULT app.now(),
    PRIMARY KEY (tenant_id, token_hash),
    FOREIGN KEY (tenant_id, order_id) REFERENCES shop.orders (tenant_id, id)
);
COMMENT ON TABLE shop.order_access_tokens IS '@class S links that open one order; only the hash of the token is here; lookup works once';
CREATE INDEX order_access_tokens_order ON shop.order_access_tokens (tenant_id, order_id);
CREATE INDEX order_access_tokens_expires ON shop.order_access_tokens (tenant_id, expires_at);
SELECT app.protect('shop.order_access_tokens');

CREATE TABLE shop.coupon_usage (
    tenant_id      uuid NOT NULL DEFAULT app.tenant(),
    coupon_id      uuid NOT NULL,
    order_id       uuid NOT NULL,
    code_id        uuid NOT NULL,
    person_key     bytea NOT NULL CHECK (octet_length(person_key) = 32),
    discount_minor int8 NOT NULL CHECK (discount_minor >= 0),
    returned_at    timestamptz,
    created_at     timestamptz NOT NULL DEFAULT app.now(),
    updated_at     timestamptz NOT NULL DEFAULT app.now(),
    PRIMARY KEY (tenant_id, coupon_id, order_id),
    FOREIGN KEY (tenant_id, coupon_id) REFERENCES shop.coupons (tenant_id, id),
    FOREIGN KEY (tenant_id, code_id) REFERENCES shop.coupon_codes (tenant_id, id),
    FOREIGN KEY (tenant_id, order_id) REFERENCES shop.orders (tenant_id, id)
);
COMMENT ON TABLE shop.coupon_usage IS '@class S a coupon spent on an order, once; returned_at when the order gave it back';
CREATE INDEX coupon_usage_order ON shop.coupon_usage (tenant_id, order_id);
CREATE INDEX coupon_usage_code ON shop.coupon_usage (tenant_id, code_id);
SELECT app.protect('shop.coupon_usage');

CREATE TABLE shop.stock_allocations (
    tenant_id     uuid NOT NULL DEFAULT app.tenant(),
    id            uuid NOT NULL DEFAULT app.uuid7(),
    order_item_id uuid NOT NULL,
    variant_id    uuid NOT NULL,
    warehouse_id  uuid NOT NULL,
    quantity      int4 NOT NULL CHECK (quantity > 0),
    sent          int4 NOT NULL DEFAULT 0 CHECK (sent >= 0),
    released      int4 NOT NULL DEFAULT 0 CHECK (released >= 0),
    open          int4 NOT NULL GENERATED ALWAYS AS (quantity - sent - released) STORED,
    created_at    timestamptz NOT NULL DEFAULT app.now(),
    updated_at    timestamptz NOT NULL DEFAULT app.now(),
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, order_item_id, variant_id, warehouse_id),
    CONSTRAINT allocation_used_once CHECK (sent + released <= quantity),
    FOREIGN KEY (tenant_id, order_item_id) REFERENCES shop.order_items (tenant_id, id),
    FOREIGN KEY (tenant_id, variant_id) REFERENCES shop.product_variants (tenant_id, id),
    FOREIGN KEY (tenant_id, warehouse_id) REFERENCES shop.warehouses (tenant_id, id)
) WITH (fillfactor = 85);
COMMENT ON TABLE shop.stock_allocations IS '@class S stock promised to a line: sent + released + open = quantity';
CREATE INDEX stock_allocations_variant ON shop.stock_allocations (tenant_id, variant_id, warehouse_id);
CREATE INDEX stock_allocations_warehouse ON shop.stock_allocations (tenant_id, warehouse_id);
SELECT app.protect('shop.stock_allocations');

CREATE TABLE shop.fulfilments (
    tenant_id    uuid NOT NULL DEFAULT app.tenant(),
    id           uuid NOT NULL DEFAULT app.uuid7(),
    number       text NOT NULL CHECK (char_length(number) BETWEEN 1 AND 60),
    order_id     uuid NOT NULL,
    warehouse_id uuid NOT NULL,
    seller_id    uuid NOT NULL,
    state        text NOT NULL DEFAULT 'open',
    version      int4 NOT NULL DEFAULT 1,
    created_at   timestamptz NOT NULL DEFAULT app.now(),
    updated_at   timestamptz NOT NULL DEFAULT app.now(),
    deleted_at   timestamptz,
    created_by   uuid,
    updated_by   uuid,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, number),
    FOREIGN KEY (tenant_id, order_id) REFERENCES shop.orders (tenant_id, id),
    FOREIGN KEY (tenant_id, warehouse_id) REFERENCES shop.warehouses (tenant_id, id),
    FOREIGN KEY (tenant_id, seller_id) REFERENCES shop.sellers (tenant_id, id)
);
COMMENT ON TABLE shop.fulfilments IS '@class E one packing job: what leaves one warehouse together';
CREATE INDEX fulfilments_order ON shop.fulfilments (tenant_id, order_id);
CREATE INDEX fulfilments_warehouse ON shop.fulfilments (tenant_id, warehouse_id, state);
CREATE INDEX fulfilments_seller ON shop.fulfilments (tenant_id, seller_id);
SELECT app.protect('shop.fulfilments');
CREATE TRIGGER state_guard BEFORE UPDATE OF state ON shop.fulfilments
    FOR EACH ROW EXECUTE FUNCTION app.guard_state('fulfilment', 'state');

CREATE TABLE shop.fulfilment_items (
    tenant_id     uuid NOT NULL DEFAULT app.tenant(),
    fulfilment_id uuid NOT NULL,
    allocation_id uuid NOT NULL,
    order_item_id uuid NOT NULL,
    quantity      int4 NOT NULL CHECK (quantity > 0),
    created_at    timestamptz NOT NULL DEFAULT app.now(),
    updated_at    timestamptz NOT NULL DEFAULT app.now(),
    PRIMARY KEY (tenant_id, fulfilment_id, allocation_id),
    FOREIGN KEY (tenant_id, fulfilment_id) REFERENCES shop.fulfilments (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, allocation_id) REFERENCES shop.stock_allocations (tenant_id, id),
    FOREIGN KEY (tenant_id, order_item_id) REFERENCES shop.order_items (tenant_id, id)
);
COMMENT ON TABLE shop.fulfilment_items IS '@class C what of which line is in it';
CREATE INDEX fulfilment_items_allocation ON shop.fulfilment_items (tenant_id, allocation_id);
CREATE INDEX fulfilment_items_item ON shop.fulfilment_items (tenant_id, order_item_id);
SELECT app.protect('shop.fulfilment_items');

CREATE TABLE shop.shipments (
    tenant_id       uuid NOT NULL DEFAULT app.tenant(),
    id              uuid NOT NULL DEFAULT app.uuid7(),
    fulfilment_id   uuid NOT NULL,
    order_id        uuid NOT NULL,
    carrier         text NOT NULL DEFAULT '' CHECK (char_length(carrier) <= 60),
    tracking_number text CHECK (char_length(tracking_number) BETWEEN 1 AND 100),
    tracking_url    text NOT NULL DEFAULT '' CHECK (tracking_url = '' OR tracking_url ~ '^https://[^ ]+$'),
    label_file      text NOT NULL DEFAULT '' CHECK (char_length(label_file) <= 400),
    shipped_at      timestamptz,
    delivered_at    timestamptz,
    version         int4 NOT NULL DEFAULT 1,
    created_at      timestamptz NOT NULL DEFAULT app.now(),
    updated_at      timestamptz NOT NULL DEFAULT app.now(),
    deleted_at      timestamptz,
    created_by      uuid,
    updated_by      uuid,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, fulfilment_id),
    FOREIGN KEY (tenant_id, fulfilment_id) REFERENCES shop.fulfilments (tenant_id, id),
    FOREIGN KEY (tenant_id, order_id) REFERENCES shop.orders (tenant_id, id)
);
COMMENT ON TABLE shop.shipments IS '@class E a parcel on its way, with the carrier''s number and link';
CREATE UNIQUE INDEX shipments_tracking ON shop.shipments (tenant_id, carrier, tracking_number)
    WHERE tracking_number IS NOT NULL AND deleted_at IS NULL;
CREATE INDEX shipments_order ON shop.shipments (tenant_id, order_id);
SELECT app.protect('shop.shipments');

CREATE TABLE shop.shipment_events (
    tenant_id     uuid NOT NULL DEFAULT app.tenant(),
    id            uuid NOT NULL DEFAULT app.uuid7(),
    shipment_id   uuid NOT NULL,
    carrier_event text NOT NULL CHECK (char_length(carrier_event) BETWEEN 1 AND 200),
    code          text NOT NULL CHECK (char_length(code) BETWEEN 1 AND 60),
    place         text NOT NULL DEFAULT '' CHECK (char_length(place) <= 200),
    occurred_at   timestamptz NOT NULL,
    raw           jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(raw) = 'object'),
    created_at    timestamptz NOT NULL DEFAULT app.now(),
    created_by    uuid,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, shipment_id, carrier_event),
    FOREIGN KEY (tenant_id, shipment_id) REFERENCES shop.shipments (tenant_id, id)
);
COMMENT ON TABLE shop.shipment_events IS '@class L what a carrier told of a parcel, each once';
SELECT app.protect('shop.shipment_events');
