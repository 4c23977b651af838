-- The people and parties of commerce that everything else hangs on: customers, whose sessions
-- app.sessions holds, and sellers, of whom every shop has at least the house itself. Conventions:
-- tenant first in every key, class in the table comment, app.protect() last.
CREATE SCHEMA IF NOT EXISTS shop AUTHORIZATION kade_owner;
GRANT USAGE ON SCHEMA shop TO kade_rt;

CREATE TABLE shop.customer_groups (
    tenant_id  uuid NOT NULL DEFAULT app.tenant(),
    id         uuid NOT NULL DEFAULT app.uuid7(),
    code       text NOT NULL CHECK (code ~ '^[a-z0-9_-]{1,40}$'),
    name       text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 200),
    version    int4 NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT app.now(),
    updated_at timestamptz NOT NULL DEFAULT app.now(),
    deleted_at timestamptz,
    created_by uuid,
    updated_by uuid,
    PRIMARY KEY (tenant_id, id)
);
COMMENT ON TABLE shop.customer_groups IS '@class E groups that price lists and rules may name';
CREATE UNIQUE INDEX customer_groups_code ON shop.customer_groups (tenant_id, code)
    WHERE deleted_at IS NULL;
SELECT app.protect('shop.customer_groups');

CREATE TABLE shop.customers (
    tenant_id           uuid NOT NULL DEFAULT app.tenant(),
    id                  uuid NOT NULL DEFAULT app.uuid7(),
    number              text,
    email               text CHECK (char_length(email) BETWEEN 3 AND 254 AND email = lower(email)),
    phone               text CHECK (phone ~ '^\+[1-9][0-9]{6,14}$'),
    name                text NOT NULL DEFAULT '' CHECK (char_length(name) <= 200),
    company             text CHECK (char_length(company) <= 200),
    type                text NOT NULL DEFAULT 'individual'
                        CHECK (type IN ('individual', 'business', 'government')),
    segment             text CHECK (char_length(segment) <= 60),
    priority            int4 NOT NULL DEFAULT 0 CHECK (priority BETWEEN 0 AND 100),
    group_id            uuid,
    password_hash       text,
    epoch               int4 NOT NULL DEFAULT 0,
    locale              text CHECK (locale ~ '^[a-z]{2,3}$'),
    preferred_contact   text CHECK (preferred_contact IN ('email', 'sms', 'whatsapp', 'phone')),
    email_verified_at   timestamptz,
    phone_verified_at   timestamptz,
    marketing_opt_in_at timestamptz,
    last_active_at      timestamptz,
    status              text NOT NULL DEFAULT 'active'
                        CHECK (status IN ('active', 'inactive', 'blocked')),
    credit_limit_minor  int8 CHECK (credit_limit_minor >= 0),
    payment_terms       text CHECK (char_length(payment_terms) <= 60),
    erased_at           timestamptz,
    custom              jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(custom) = 'object'),
    version             int4 NOT NULL DEFAULT 1,
    created_at          timestamptz NOT NULL DEFAULT app.now(),
    updated_at          timestamptz NOT NULL DEFAULT app.now(),
    deleted_at          timestamptz,
    created_by          uuid,
    updated_by          uuid,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, group_id) REFERENCES shop.customer_groups (tenant_id, id)
        ON DELETE SET NULL (group_id)
);
COMMENT ON TABLE shop.customers IS '@class E shoppers; e-mail is stored normalised, NULL for phone-only and erased';
CREATE UNIQUE INDEX customers_email ON shop.customers (tenant_id, email)
    WHERE email IS NOT NULL AND deleted_at IS NULL;
CREATE UNIQUE INDEX customers_number ON shop.customers (tenant_id, number) WHERE number IS NOT NULL;
CREATE INDEX customers_phone ON shop.customers (tenant_id, phone) WHERE phone IS NOT NULL;
CREATE INDEX customers_group ON shop.customers (tenant_id, group_id) WHERE group_id IS NOT NULL;
SELECT app.protect('shop.customers');

CREATE TABLE shop.sellers (
    tenant_id  uuid NOT NULL DEFAULT app.tenant(),
    id         uuid NOT NULL DEFAULT app.uuid7(),
    code       text NOT NULL CHECK (code ~ '^[a-z0-9_-]{1,40}$'),
    name       text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 200),
    kind       text NOT NULL CHECK (kind IN ('house', 'distributor')),
    status     text NOT NULL DEFAULT 'active'
               CHECK (status IN ('inactive', 'active', 'paused', 'suspended', 'closed')),
    version    int4 NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT app.now(),
    updated_at timestamptz NOT NULL DEFAULT app.now(),
    deleted_at timestamptz,
    created_by uuid,
    updated_by uuid,
    PRIMARY KEY (tenant_id, id)
);
COMMENT ON TABLE shop.sellers IS '@class E who sells: the house in every shop, distributors in marketplaces';
CREATE UNIQUE INDEX sellers_code ON shop.sellers (tenant_id, code) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX sellers_house ON shop.sellers (tenant_id) WHERE kind = 'house';
SELECT app.protect('shop.sellers');
