-- Money: ways to pay, attempts to pay and what became of them, what was given back, and the documents
-- that prove it. Every amount of a payment derives from its events; every event counts once, whoever
-- reports it and however often.
CREATE TABLE shop.payment_methods (
    tenant_id     uuid NOT NULL DEFAULT app.tenant(),
    id            uuid NOT NULL DEFAULT app.uuid7(),
    code          text NOT NULL CHECK (code ~ '^[a-z0-9_]{1,40}$'),
    provider      text NOT NULL CHECK (provider ~ '^[a-z0-9_]{1,40}$'),
    name          text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 120),
    instructions  text NOT NULL DEFAULT '' CHECK (char_length(instructions) <= 2000),
    is_active     bool NOT NULL DEFAULT true,
    config        jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(config) = 'object'),
    config_sealed bytea,
    currencies    text[] NOT NULL DEFAULT '{}',
    countries     text[] NOT NULL DEFAULT '{}',
    min_minor     int8 NOT NULL DEFAULT 0 CHECK (min_minor >= 0),
    max_minor     int8 CHECK (max_minor > 0),
    fee_minor     int8 NOT NULL DEFAULT 0 CHECK (fee_minor >= 0),
    group_id      uuid,
    hold_minutes  int4 CHECK (hold_minutes > 0),
    position      int4 NOT NULL DEFAULT 0,
    version       int4 NOT NULL DEFAULT 1,
    created_at    timestamptz NOT NULL DEFAULT app.now(),
    updated_at    timestamptz NOT NULL DEFAULT app.now(),
    deleted_at    timestamptz,
    created_by    uuid,
    updated_by    uuid,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, group_id) REFERENCES shop.customer_groups (tenant_id, id)
);
COMMENT ON TABLE shop.payment_methods IS '@class E ways to pay and when they are offered; empty currencies or countries: any';
COMMENT ON COLUMN shop.payment_methods.config IS 'what pages may show, as bank details; secrets are in config_sealed';
COMMENT ON COLUMN shop.payment_methods.hold_minutes IS 'an unpaid order is cancelled after that; NULL: never (paid on delivery)';
CREATE UNIQUE INDEX payment_methods_code ON shop.payment_methods (tenant_id, code) WHERE deleted_at IS NULL;
CREATE INDEX payment_methods_group ON shop.payment_methods (tenant_id, group_id) WHERE group_id IS NOT NULL;
SELECT app.protect('shop.payment_methods');
SELECT app.desk_writes('shop.payment_methods');

CREATE TABLE shop.payments (
    tenant_id            uuid NOT NULL DEFAULT app.tenant(),
    id                   uuid NOT NULL DEFAULT app.uuid7(),
    order_id             uuid NOT NULL,
    method_id            uuid NOT NULL,
    provider             text NOT NULL CHECK (provider ~ '^[a-z0-9_]{1,40}$'),
    attempt_key          text NOT NULL CHECK (char_length(attempt_key) BETWEEN 1 AND 100),
    provider_ref         text CHECK (char_length(provider_ref) BETWEEN 1 AND 200),
    currency             text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    amount_minor         int8 NOT NULL CHECK (amount_minor >= 0),
    authorized_minor     int8 NOT NULL DEFAULT 0 CHECK (authorized_minor >= 0),
    captured_minor       int8 NOT NULL DEFAULT 0 CHECK (captured_minor >= 0),
    refund_pending_minor int8 NOT NULL DEFAULT 0 CHECK (refund_pending_minor >= 0),
    refunded_minor       int8 NOT NULL DEFAULT 0 CHECK (refunded_minor >= 0),
    disputed_minor       int8 NOT NULL DEFAULT 0 CHECK (disputed_minor >= 0),
    state                text NOT NULL DEFAULT 'created' CHECK (state IN
                         ('created', 'action_needed', 'authorized', 'captured', 'failed', 'voided')),
    problem              text NOT NULL DEFAULT '' CHECK (char_length(problem) <= 500),
    expires_at           timestamptz,
    version              int4 NOT NULL DEFAULT 1,
    created_at           timestamptz NOT NULL DEFAULT app.now(),
    updated_at           timestamptz NOT NULL DEFAULT app.now(),
    deleted_at           timestamptz,
    created_by           uuid,
    updated_by           uuid,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, attempt_key),
    CONSTRAINT not_refunded_above_captured CHECK (refunded_minor + refund_pending_minor <= captured_minor),
    FOREIGN KEY (tenant_id, order_id) REFERENCES shop.orders (tenant_id, id),
    FOREIGN KEY (tenant_id, method_id) REFERENCES shop.payment_methods (tenant_id, id)
) WITH (fillfactor = 85);
COMMENT ON TABLE shop.payments IS '@class E attempts to pay; the row exists before a gateway is called';
CREATE UNIQUE INDEX payments_ref ON shop.payments (tenant_id, provider, provider_ref)
    WHERE provider_ref IS NOT NULL;
CREATE INDEX payments_order ON shop.payments (tenant_id, order_id);
CREATE INDEX payments_method ON shop.payments (tenant_id, method_id);
CREATE INDEX payments_open ON shop.payments (tenant_id, created_at)
    WHERE state IN ('created', 'action_needed', 'authorized');
CREATE INDEX payments_expires ON shop.payments (tenant_id, expires_at)
    WHERE expires_at IS NOT NULL AND state IN ('created', 'action_needed');
SELECT app.protect('shop.payments');

CREATE TABLE shop.gateway_events (
    tenant_id   uuid NOT NULL DEFAULT app.tenant(),
    id          uuid NOT NULL DEFAULT app.uuid7(),
    provider    text NOT NULL CHECK (provider ~ '^[a-z0-9_]{1,40}$'),
    event_ref   text NOT NULL CHECK (char_length(event_ref) BETWEEN 1 AND 200),
    body        text NOT NULL CHECK (octet_length(body) <= 262144),
    received_at timestamptz NOT NULL DEFAULT app.now(),
    applied_at  timestamptz,
    problem     text NOT NULL DEFAULT '' CHECK (char_length(problem) <= 500),
    created_at  timestamptz NOT NULL DEFAULT app.now(),
    updated_at  timestamptz NOT NULL DEFAULT app.now(),
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, provider, event_ref)
);
COMMENT ON TABLE shop.gateway_events IS '@class S what a gateway delivered, each delivery once';
CREATE INDEX gateway_events_open ON shop.gateway_events (tenant_id, received_at) WHERE applied_at IS NULL;
SELECT app.protect('shop.gateway_events');

CREATE TABLE shop.payment_events (
    tenant_id    uuid NOT NULL DEFAULT app.tenant(),
    id           uuid NOT NULL DEFAULT app.uuid7(),
    payment_id   uuid NOT NULL,
    kind         text NOT NULL CHECK (kind IN ('authorize', 'capture', 'refund', 'void', 'fail', 'dispute',
                                               'dispute_won')),
    provider_ref text NOT NULL CHECK (char_length(provider_ref) BETWEEN 1 AND 200),
    amount_minor int8 NOT NULL CHECK (amount_minor >= 0),
    source       text NOT NULL CHECK (source IN ('webhook', 'return', 'poll', 'staff')),
    detail       jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(detail) = 'object'),
    occurred_at  timestamptz NOT NULL DEFAULT app.now(),
    created_at   timestamptz NOT NULL DEFAULT app.now(),
    created_by   uuid,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, payment_id, kind, provider_ref),
    FOREIGN KEY (tenant_id, payment_id) REFERENCES shop.payments (tenant_id, id)
);
COMMENT ON TABLE shop.payment_events IS '@class L what happened to a payment; provider_ref names the charge or refund, so each effect counts once';
SELECT app.protect('shop.payment_events');

CREATE TABLE shop.refunds (
    tenant_id    uuid NOT NULL DEFAULT app.tenant(),
    id           uuid NOT NULL DEFAULT app.uuid7(),
    number       text NOT NULL CHECK (char_length(number) BETWEEN 1 AND 60),
    order_id     uuid NOT NULL,
    payment_id   uuid NOT NULL,
    amount_minor int8 NOT NULL CHECK (amount_minor > 0),
    reason       text NOT NULL DEFAULT '' CHECK (char_length(reason) <= 500),
    method       text NOT NULL DEFAULT 'original' CHECK (method IN ('original', 'bank', 'cash', 'store_credit')),
    attempt_key  text NOT NULL CHECK (char_length(attempt_key) BETWEEN 1 AND 100),
    provider_ref text CHECK (char_length(provider_ref) BETWEEN 1 AND 200),
    state        text NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'sent', 'done', 'failed', 'closed')),
    problem      text NOT NULL DEFAULT '' CHECK (char_length(problem) <= 500),
    version      int4 NOT NULL DEFAULT 1,
    created_at   timestamptz NOT NULL DEFAULT app.now(),
    updated_at   timestamptz NOT NULL DEFAULT app.now(),
    deleted_at   timestamptz,
    created_by   uuid,
    updated_by   uuid,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, number),
    UNIQUE (tenant_id, attempt_key),
    FOREIGN KEY (tenant_id, order_id) REFERENCES shop.orders (tenant_id, id),
    FOREIGN KEY (tenant_id, payment_id) REFERENCES shop.payments (tenant_id, id)
);
COMMENT ON TABLE shop.refunds IS '@class E money on its way back; failed keeps its amount pending, closed lets go of it';
CREATE INDEX refunds_order ON shop.refunds (tenant_id, order_id);
CREATE INDEX refunds_payment ON shop.refunds (tenant_id, payment_id);
CREATE INDEX refunds_open ON shop.refunds (tenant_id, created_at) WHERE state IN ('pending', 'sent', 'failed');
SELECT app.protect('shop.refunds');

CREATE TABLE shop.refund_items (
    tenant_id     uuid NOT NULL DEFAULT app.tenant(),
    refund_id     uuid NOT NULL,
    order_item_id uuid NOT NULL,
    quantity      int4 NOT NULL DEFAULT 0 CHECK (quantity >= 0),
    amount_minor  int8 NOT NULL CHECK (amount_minor >= 0),
    tax_minor     int8 NOT NULL DEFAULT 0 CHECK (tax_minor BETWEEN 0 AND amount_minor),
    disposition   text NOT NULL DEFAULT 'none' CHECK (disposition IN ('none', 'sellable', 'damaged', 'lost')),
    created_at    timestamptz NOT NULL DEFAULT app.now(),
    created_by    uuid,
    PRIMARY KEY (tenant_id, refund_id, order_item_id),
    FOREIGN KEY (tenant_id, refund_id) REFERENCES shop.refunds (tenant_id, id),
    FOREIGN KEY (tenant_id, order_item_id) REFERENCES shop.order_items (tenant_id, id)
);
COMMENT ON TABLE shop.refund_items IS '@class L what a refund gives back of which line; only sellable goes back to stock';
CREATE INDEX refund_items_item ON shop.refund_items (tenant_id, order_item_id);
SELECT app.protect('shop.refund_items');

CREATE TABLE shop.documents (
    tenant_id   uuid NOT NULL DEFAULT app.tenant(),
    id          uuid NOT NULL DEFAULT app.uuid7(),
    kind        text NOT NULL CHECK (kind IN ('invoice', 'credit_note', 'cancellation', 'delivery_note', 'receipt')),
    series      text NOT NULL CHECK (series ~ '^[a-z0-9_.-]{1,60}$'),
    number_no   int8 NOT NULL CHECK (number_no > 0),
    number      text NOT NULL CHECK (char_length(number) BETWEEN 1 AND 60),
    order_id    uuid NOT NULL,
    refund_id   uuid,
    corrects_id uuid,
    currency    text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    total_minor int8 NOT NULL,
    tax_minor   int8 NOT NULL DEFAULT 0,
    issued_at   timestamptz NOT NULL DEFAULT app.now(),
    content     jsonb NOT NULL CHECK (jsonb_typeof(content) = 'object'),
    created_at  timestamptz NOT NULL DEFAULT app.now(),
    created_by  uuid,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, series, number_no),
    UNIQUE (tenant_id, kind, number),
    CHECK (kind NOT IN ('credit_note', 'cancellation') OR corrects_id IS NOT NULL),
    FOREIGN KEY (tenant_id, order_id) REFERENCES shop.orders (tenant_id, id),
    FOREIGN KEY (tenant_id, refund_id) REFERENCES shop.refunds (tenant_id, id),
    FOREIGN KEY (tenant_id, corrects_id) REFERENCES shop.documents (tenant_id, id)
);
COMMENT ON TABLE shop.documents IS '@class L invoices and what corrects them, numbered without a hole; content is all that is printed';
CREATE INDEX documents_order ON shop.documents (tenant_id, order_id);
CREATE UNIQUE INDEX documents_refund ON shop.documents (tenant_id, refund_id, kind) WHERE refund_id IS NOT NULL;
CREATE INDEX documents_corrects ON shop.documents (tenant_id, corrects_id) WHERE corrects_id IS NOT NULL;
-- An order is invoiced once; what follows corrects it.
CREATE UNIQUE INDEX documents_invoice ON shop.documents (tenant_id, order_id) WHERE kind = 'invoice';
SELECT app.protect('shop.documents');

CREATE TABLE shop.document_files (
    tenant_id   uuid NOT NULL DEFAULT app.tenant(),
    document_id uuid NOT NULL,
    locale      text NOT NULL CHECK (locale ~ '^[a-z]{2,3}(-[A-Z]{2})?$'),
    path        text NOT NULL CHECK (char_length(path) BETWEEN 1 AND 400),
    sha256      text NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
    bytes       int8 NOT NULL CHECK (bytes > 0),
    created_at  timestamptz NOT NULL DEFAULT app.now(),
    created_by  uuid,
    PRIMARY KEY (tenant_id, document_id, locale),
    FOREIGN KEY (tenant_id, document_id) REFERENCES shop.documents (tenant_id, id)
);
COMMENT ON TABLE shop.document_files IS '@class L the drawn document: the same bytes for ever';
SELECT app.protect('shop.document_files');

CREATE TABLE shop.tax_ledger_entries (
    tenant_id    uuid NOT NULL DEFAULT app.tenant(),
    id           uuid NOT NULL DEFAULT app.uuid7(),
    document_id  uuid NOT NULL,
    name         text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 120),
    country      text NOT NULL DEFAULT '' CHECK (country ~ '^([A-Z]{2})?$'),
    region       text NOT NULL DEFAULT '' CHECK (char_length(region) <= 100),
    rate_ppm     int4 NOT NULL CHECK (rate_ppm BETWEEN 0 AND 10000000),
    reason       text NOT NULL DEFAULT 'rate' CHECK (reason IN ('rate', 'exempt', 'reverse_charge')),
    base_minor   int8 NOT NULL,
    amount_minor int8 NOT NULL,
    period       date NOT NULL,
    created_at   timestamptz NOT NULL DEFAULT app.now(),
    created_by   uuid,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, document_id, name, country, region, rate_ppm, reason),
    FOREIGN KEY (tenant_id, document_id) REFERENCES shop.documents (tenant_id, id)
);
COMMENT ON TABLE shop.tax_ledger_entries IS '@class L tax by document, rate and month (period is its first day); credit notes are negative';
CREATE INDEX tax_ledger_entries_period ON shop.tax_ledger_entries (tenant_id, period);
SELECT app.protect('shop.tax_ledger_entries');

-- What a shop needs before its first order: the machines' states and transitions, number series, a tax
-- class, a calendar, cash on delivery. Asked for again it adds only what is missing. Runs with the rights
-- of its caller (staff, jobs, migrations).
CREATE FUNCTION shop.seed_trade(shop uuid) RETURNS bool
    LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    INSERT INTO app.states (tenant_id, machine, code, label, colour, category, position, is_system)
    SELECT seed_trade.shop, s.machine, s.code, s.label, s.colour, s.category, s.position, true
      FROM (VALUES
        ('order', 'draft', 'Draft', 'neutral', 'draft', 0),
        ('order', 'pending', 'Waiting for payment', 'warn', 'open', 1),
        ('order', 'confirmed', 'Confirmed', 'info', 'open', 2),
        ('order', 'processing', 'Being packed', 'info', 'picking', 3),
        ('order', 'ready_for_pickup', 'Ready for pickup', 'info', 'ready', 4),
        ('order', 'shipped', 'On its way', 'info', 'sent', 5),
        ('order', 'delivered', 'Delivered', 'good', 'received', 6),
        ('order', 'installed', 'Installed', 'good', 'received', 7),
        ('order', 'completed', 'Completed', 'good', 'done', 8),
        ('order', 'cancelled', 'Cancelled', 'bad', 'cancelled', 9),
        ('fulfilment', 'open', 'Open', 'neutral', 'open', 0),
        ('fulfilment', 'picking', 'Picking', 'info', 'picking', 1),
        ('fulfilment', 'packed', 'Packed', 'info', 'ready', 2),
        ('fulfilment', 'handed_over', 'Handed over', 'info', 'sent', 3),
        ('fulfilment', 'delivered', 'Delivered', 'good', 'received', 4),
        ('fulfilment', 'failed', 'Not delivered', 'bad', 'problem', 5),
        ('fulfilment', 'cancelled', 'Cancelled', 'bad', 'cancelled', 6))
        AS s (machine, code, label, colour, category, position)
    ON CONFLICT DO NOTHING;
    INSERT INTO app.state_transitions (tenant_id, machine, from_code, to_code, permission)
    SELECT seed_trade.shop, t.machine, t.a, t.b, 'shop.order.write'
      FROM (VALUES
        ('order', 'draft', 'pending'), ('order', 'draft', 'cancelled'),
        ('order', 'pending', 'confirmed'), ('order', 'pending', 'cancelled'),
        ('order', 'confirmed', 'processing'), ('order', 'confirmed', 'cancelled'),
        ('order', 'processing', 'ready_for_pickup'), ('order', 'processing', 'shipped'),
        ('order', 'processing', 'cancelled'), ('order', 'ready_for_pickup', 'delivered'),
        ('order', 'ready_for_pickup', 'cancelled'), ('order', 'shipped', 'delivered'),
        ('order', 'delivered', 'installed'), ('order', 'delivered', 'completed'),
        ('order', 'installed', 'completed'),
        ('fulfilment', 'open', 'picking'), ('fulfilment', 'open', 'packed'),
        ('fulfilment', 'open', 'cancelled'), ('fulfilment', 'picking', 'packed'),
        ('fulfilment', 'picking', 'open'), ('fulfilment', 'picking', 'cancelled'),
        ('fulfilment', 'packed', 'handed_over'), ('fulfilment', 'packed', 'picking'),
        ('fulfilment', 'packed', 'cancelled'), ('fulfilment', 'handed_over', 'delivered'),
        ('fulfilment', 'handed_over', 'failed'), ('fulfilment', 'failed', 'handed_over'),
        ('fulfilment', 'failed', 'cancelled'))
        AS t (machine, a, b)
    ON CONFLICT DO NOTHING;
    INSERT INTO app.number_series (tenant_id, series, pattern)
    SELECT seed_trade.shop, n.series, n.pattern
      FROM (VALUES ('order', 'ORD-{yyyy}-{no:6}'), ('fulfilment', 'FUL-{yyyy}-{no:6}'),
                   ('refund', 'REF-{yyyy}-{no:6}'), ('invoice', 'INV-{no:6}'),
                   ('credit_note', 'CN-{no:6}'), ('delivery_note', 'DN-{no:6}')) AS n (series, pattern)
    ON CONFLICT DO NOTHING;
    INSERT INTO shop.tax_classes (tenant_id, code, name)
    SELECT seed_trade.shop, c.code, c.name
      FROM (VALUES ('standard', 'Standard'), ('none', 'No tax')) AS c (code, name)
    ON CONFLICT DO NOTHING;
    INSERT INTO shop.calendars (tenant_id, code, name)
    VALUES (seed_trade.shop, 'main', 'Working days') ON CONFLICT DO NOTHING;
    INSERT INTO shop.payment_methods (tenant_id, code, provider, name)
    VALUES (seed_trade.shop, 'cod', 'cod', 'Cash on delivery') ON CONFLICT DO NOTHING;
    RETURN true;
END $$;
ALTER FUNCTION shop.seed_trade(uuid) OWNER TO kade_owner;
REVOKE ALL ON FUNCTION shop.seed_trade(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION shop.seed_trade(uuid) TO kade_desk, kade_migrate;
SELECT shop.seed_trade(t.id) FROM app.tenants t;
