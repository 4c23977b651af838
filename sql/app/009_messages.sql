-- Mail to be sent and sent. One row per (cause, recipient, template): the unique key is what makes a
-- mail happen once (T32), however often its cause is told. Who it is for and what it says are sealed
-- with the installation's key and forgotten when it was sent; recipient_hash is keyed.
CREATE TABLE app.messages (
    tenant_id      uuid NOT NULL DEFAULT app.tenant(),
    id             uuid NOT NULL DEFAULT app.uuid7(),
    event_id       uuid NOT NULL,
    recipient_hash bytea NOT NULL CHECK (octet_length(recipient_hash) = 32),
    template       text NOT NULL CHECK (template ~ '^[a-z0-9_]+(/[a-z0-9_]+)+$' AND char_length(template) <= 80),
    channel        text NOT NULL DEFAULT 'email' CHECK (channel IN ('email', 'sms', 'whatsapp', 'push')),
    locale         text NOT NULL CHECK (locale ~ '^[a-z]{2,3}(-[A-Z]{2})?$'),
    is_marketing   bool NOT NULL DEFAULT false,
    payload_sealed bytea,
    state          text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'sent', 'failed', 'dropped')),
    attempts       int4 NOT NULL DEFAULT 0 CHECK (attempts >= 0),
    not_after      timestamptz NOT NULL DEFAULT 'infinity',
    ended_at       timestamptz,
    last_error     text CHECK (char_length(last_error) <= 500),
    created_at     timestamptz NOT NULL DEFAULT app.now(),
    updated_at     timestamptz NOT NULL DEFAULT app.now(),
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, event_id, recipient_hash, template, channel),
    CHECK (payload_sealed IS NOT NULL OR state <> 'waiting')
);
COMMENT ON TABLE app.messages IS '@class Q mail, once per cause, recipient and template';
CREATE INDEX messages_recipient ON app.messages (tenant_id, recipient_hash);
CREATE INDEX messages_ended ON app.messages (ended_at) WHERE ended_at IS NOT NULL;
SELECT app.protect('app.messages');
