-- Paying by hand: where a gateway wants the buyer, what the buyer says about a transfer, and the slips
-- that prove it. A slip is a private file; only its row is here.
ALTER TABLE shop.payments
    ADD COLUMN action_url text NOT NULL DEFAULT '' CHECK (char_length(action_url) <= 2000),
    ADD COLUMN told_ref text NOT NULL DEFAULT '' CHECK (char_length(told_ref) <= 100),
    ADD COLUMN told_at timestamptz;
COMMENT ON COLUMN shop.payments.action_url IS 'the gateway''s page for this attempt';
COMMENT ON COLUMN shop.payments.told_at IS 'the buyer said that it is paid; from then on no deadline ends the order';

CREATE TABLE shop.payment_slips (
    tenant_id  uuid NOT NULL DEFAULT app.tenant(),
    id         uuid NOT NULL DEFAULT app.uuid7(),
    payment_id uuid NOT NULL,
    path       text NOT NULL CHECK (char_length(path) <= 400),
    mime       text NOT NULL CHECK (mime IN ('image/jpeg', 'image/png', 'image/webp', 'application/pdf')),
    sha256     text NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
    bytes      int8 NOT NULL CHECK (bytes > 0),
    created_at timestamptz NOT NULL DEFAULT app.now(),
    created_by uuid,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, payment_id, sha256),
    FOREIGN KEY (tenant_id, payment_id) REFERENCES shop.payments (tenant_id, id)
);
COMMENT ON TABLE shop.payment_slips IS '@class L what buyers sent to prove a transfer, each file once';
SELECT app.protect('shop.payment_slips');

-- Whose a refund or a dispute is, when the gateway names only the charge.
CREATE INDEX payment_events_ref ON shop.payment_events (tenant_id, provider_ref);
