-- What customers keep with the shop: addresses (orders copy them, T15) and what they agreed to.
CREATE TABLE shop.addresses (
    tenant_id    uuid NOT NULL DEFAULT app.tenant(),
    id           uuid NOT NULL DEFAULT app.uuid7(),
    customer_id  uuid NOT NULL,
    type         text NOT NULL DEFAULT 'home'
                 CHECK (type IN ('home', 'office', 'billing', 'shipping', 'installation', 'other')),
    label        text NOT NULL DEFAULT '' CHECK (char_length(label) <= 60),
    name         text NOT NULL DEFAULT '' CHECK (char_length(name) <= 200),
    company      text NOT NULL DEFAULT '' CHECK (char_length(company) <= 200),
    phone        text NOT NULL DEFAULT '' CHECK (char_length(phone) <= 40),
    line1        text NOT NULL DEFAULT '' CHECK (char_length(line1) <= 200),
    line2        text NOT NULL DEFAULT '' CHECK (char_length(line2) <= 200),
    city         text NOT NULL DEFAULT '' CHECK (char_length(city) <= 120),
    region       text NOT NULL DEFAULT '' CHECK (char_length(region) <= 120),
    postcode     text NOT NULL DEFAULT '' CHECK (char_length(postcode) <= 20),
    country      text NOT NULL CHECK (country ~ '^[A-Z]{2}$'),
    landmark     text NOT NULL DEFAULT '' CHECK (char_length(landmark) <= 200),
    instructions text NOT NULL DEFAULT '' CHECK (char_length(instructions) <= 500),
    lat_micro    int4 CHECK (lat_micro BETWEEN -90000000 AND 90000000),
    lon_micro    int4 CHECK (lon_micro BETWEEN -180000000 AND 180000000),
    is_default   bool NOT NULL DEFAULT false,
    version      int4 NOT NULL DEFAULT 1,
    created_at   timestamptz NOT NULL DEFAULT app.now(),
    updated_at   timestamptz NOT NULL DEFAULT app.now(),
    deleted_at   timestamptz,
    created_by   uuid,
    updated_by   uuid,
    PRIMARY KEY (tenant_id, id),
    CHECK ((lat_micro IS NULL) = (lon_micro IS NULL)),
    FOREIGN KEY (tenant_id, customer_id) REFERENCES shop.customers (tenant_id, id)
);
COMMENT ON TABLE shop.addresses IS '@class E addresses of customers; one default, orders copy them';
CREATE INDEX addresses_customer ON shop.addresses (tenant_id, customer_id);
CREATE UNIQUE INDEX addresses_default ON shop.addresses (tenant_id, customer_id)
    WHERE is_default AND deleted_at IS NULL;
SELECT app.protect('shop.addresses');

CREATE TABLE shop.consents (
    tenant_id    uuid NOT NULL DEFAULT app.tenant(),
    id           uuid NOT NULL DEFAULT app.uuid7(),
    customer_id  uuid,
    person_hash  bytea NOT NULL CHECK (octet_length(person_hash) = 32),
    purpose      text NOT NULL CHECK (purpose IN ('marketing', 'analytics', 'terms')),
    channel      text NOT NULL DEFAULT 'email' CHECK (channel IN ('email', 'sms', 'whatsapp', 'web')),
    given        bool NOT NULL,
    text_version text NOT NULL DEFAULT '1' CHECK (char_length(text_version) BETWEEN 1 AND 40),
    source       text NOT NULL CHECK (source ~ '^[a-z_]{1,40}$'),
    created_at   timestamptz NOT NULL DEFAULT app.now(),
    created_by   uuid,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, customer_id) REFERENCES shop.customers (tenant_id, id)
);
COMMENT ON TABLE shop.consents IS '@class L who agreed to what and took it back; the latest of a purpose and channel counts; person_hash is keyed';
CREATE INDEX consents_customer ON shop.consents (tenant_id, customer_id, purpose, channel, id) WHERE customer_id IS NOT NULL;
CREATE INDEX consents_person ON shop.consents (tenant_id, person_hash, purpose, channel, id);
SELECT app.protect('shop.consents');
