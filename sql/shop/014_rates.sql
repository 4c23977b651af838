-- What is added to a price or taken from it: tax classes, zones and rates, shipping zones, methods and
-- rates with the calendar that promises a date, coupons with their codes and counters. Rates are parts
-- per million (10.25 % = 102500). A place is matched by plain columns: country, region, city in upper
-- case, a postcode without blanks between two bounds compared byte by byte.
CREATE TABLE shop.tax_classes (
    tenant_id  uuid NOT NULL DEFAULT app.tenant(),
    id         uuid NOT NULL DEFAULT app.uuid7(),
    code       text NOT NULL CHECK (char_length(code) BETWEEN 1 AND 60),
    name       text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 200),
    version    int4 NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT app.now(),
    updated_at timestamptz NOT NULL DEFAULT app.now(),
    deleted_at timestamptz,
    created_by uuid,
    updated_by uuid,
    PRIMARY KEY (tenant_id, id)
);
COMMENT ON TABLE shop.tax_classes IS '@class E kinds of goods for tax; products name the code: standard, none, a shop''s own';
CREATE UNIQUE INDEX tax_classes_code ON shop.tax_classes (tenant_id, code) WHERE deleted_at IS NULL;
SELECT app.protect('shop.tax_classes');
SELECT app.desk_writes('shop.tax_classes');

CREATE TABLE shop.tax_zones (
    tenant_id  uuid NOT NULL DEFAULT app.tenant(),
    id         uuid NOT NULL DEFAULT app.uuid7(),
    code       text NOT NULL CHECK (char_length(code) BETWEEN 1 AND 400),
    name       text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 400),
    version    int4 NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL DEFAULT app.now(),
    updated_at timestamptz NOT NULL DEFAULT app.now(),
    deleted_at timestamptz,
    created_by uuid,
    updated_by uuid,
    PRIMARY KEY (tenant_id, id)
);
COMMENT ON TABLE shop.tax_zones IS '@class E places that share tax rates';
CREATE UNIQUE INDEX tax_zones_code ON shop.tax_zones (tenant_id, code) WHERE deleted_at IS NULL;
SELECT app.protect('shop.tax_zones');
SELECT app.desk_writes('shop.tax_zones');

CREATE TABLE shop.tax_zone_areas (
    tenant_id     uuid NOT NULL DEFAULT app.tenant(),
    id            uuid NOT NULL DEFAULT app.uuid7(),
    zone_id       uuid NOT NULL,
    country       text NOT NULL DEFAULT '' CHECK (country ~ '^([A-Z]{2})?$'),
    region        text NOT NULL DEFAULT '' CHECK (char_length(region) <= 100),
    city          text NOT NULL DEFAULT '' CHECK (char_length(city) <= 120),
    postcode_from text COLLATE "C" NOT NULL DEFAULT '' CHECK (postcode_from ~ '^[0-9A-Z]{0,20}$'),
    postcode_to   text COLLATE "C" NOT NULL DEFAULT '~' CHECK (postcode_to ~ '^[0-9A-Z]{0,20}~?$'),
    created_at    timestamptz NOT NULL DEFAULT app.now(),
    updated_at    timestamptz NOT NULL DEFAULT app.now(),
    PRIMARY KEY (tenant_id, id),
    CHECK (postcode_from <= postcode_to),
    FOREIGN KEY (tenant_id, zone_id) REFERENCES shop.tax_zones (tenant_id, id) ON DELETE CASCADE
);
COMMENT ON TABLE shop.tax_zone_areas IS '@class C areas of a zone; '''' is any; postcodes from..to, both in';
CREATE INDEX tax_zone_areas_zone ON shop.tax_zone_areas (tenant_id, zone_id);
CREATE INDEX tax_zone_areas_place ON shop.tax_zone_areas (tenant_id, country, region, city);
SELECT app.protect('shop.tax_zone_areas');
SELECT app.desk_writes('shop.tax_zone_areas');

CREATE TABLE shop.tax_rates (
    tenant_id   uuid NOT NULL DEFAULT app.tenant(),
    id          uuid NOT NULL DEFAULT app.uuid7(),
    zone_id     uuid NOT NULL,
    tax_class   text NOT NULL DEFAULT 'standard' CHECK (char_length(tax_class) BETWEEN 1 AND 60),
    name        text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 120),
    rate_ppm    int4 NOT NULL CHECK (rate_ppm BETWEEN 0 AND 10000000),
    priority    int4 NOT NULL DEFAULT 1 CHECK (priority BETWEEN 1 AND 1000),
    is_compound bool NOT NULL DEFAULT false,
    on_shipping bool NOT NULL DEFAULT true,
    position    int4 NOT NULL DEFAULT 0,
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
    FOREIGN KEY (tenant_id, zone_id) REFERENCES shop.tax_zones (tenant_id, id)
);
COMMENT ON TABLE shop.tax_rates IS '@class E rates of a class in a zone; per priority the closest area wins, priorities add up';
CREATE INDEX tax_rates_zone ON shop.tax_rates (tenant_id, zone_id, tax_class);
CREATE UNIQUE INDEX tax_rates_once ON shop.tax_rates
    (tenant_id, zone_id, tax_class, priority, name, valid_from) WHERE deleted_at IS NULL;
SELECT app.protect('shop.tax_rates');
SELECT app.desk_writes('shop.tax_rates');

CREATE TABLE shop.calendars (
    tenant_id     uuid NOT NULL DEFAULT app.tenant(),
    id            uuid NOT NULL DEFAULT app.uuid7(),
    code          text NOT NULL CHECK (code ~ '^[a-z0-9_-]{1,40}$'),
    name          text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 200),
    work_days     int4 NOT NULL DEFAULT 31 CHECK (work_days BETWEEN 1 AND 127),
    delivery_days int4 NOT NULL DEFAULT 63 CHECK (delivery_days BETWEEN 1 AND 127),
    cutoff_minute int4 NOT NULL DEFAULT 840 CHECK (cutoff_minute BETWEEN 0 AND 1440),
    version       int4 NOT NULL DEFAULT 1,
    created_at    timestamptz NOT NULL DEFAULT app.now(),
    updated_at    timestamptz NOT NULL DEFAULT app.now(),
    deleted_at    timestamptz,
    created_by    uuid,
    updated_by    uuid,
    PRIMARY KEY (tenant_id, id)
);
COMMENT ON TABLE shop.calendars IS '@class E when parcels are packed and brought: bit 0 = Monday; main is the shop''s';
COMMENT ON COLUMN shop.calendars.cutoff_minute IS 'minute of the local day until which an order leaves the same day';
CREATE UNIQUE INDEX calendars_code ON shop.calendars (tenant_id, code) WHERE deleted_at IS NULL;
SELECT app.protect('shop.calendars');
SELECT app.desk_writes('shop.calendars');

CREATE TABLE shop.calendar_holidays (
    tenant_id   uuid NOT NULL DEFAULT app.tenant(),
    calendar_id uuid NOT NULL,
    day         date NOT NULL,
    name        text NOT NULL DEFAULT '' CHECK (char_length(name) <= 120),
    created_at  timestamptz NOT NULL DEFAULT app.now(),
    updated_at  timestamptz NOT NULL DEFAULT app.now(),
    PRIMARY KEY (tenant_id, calendar_id, day),
    FOREIGN KEY (tenant_id, calendar_id) REFERENCES shop.calendars (tenant_id, id) ON DELETE CASCADE
);
COMMENT ON TABLE shop.calendar_holidays IS '@class C days on which nothing is packed or brought';
SELECT app.protect('shop.calendar_holidays');
SELECT app.desk_writes('shop.calendar_holidays');

CREATE TABLE shop.shipping_zones (
    tenant_id    uuid NOT NULL DEFAULT app.tenant(),
    id           uuid NOT NULL DEFAULT app.uuid7(),
    code         text NOT NULL CHECK (code ~ '^[a-z0-9_-]{1,40}$'),
    name         text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 200),
    warehouse_id uuid,
    position     int4 NOT NULL DEFAULT 0,
    is_active    bool NOT NULL DEFAULT true,
    version      int4 NOT NULL DEFAULT 1,
    created_at   timestamptz NOT NULL DEFAULT app.now(),
    updated_at   timestamptz NOT NULL DEFAULT app.now(),
    deleted_at   timestamptz,
    created_by   uuid,
    updated_by   uuid,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, warehouse_id) REFERENCES shop.warehouses (tenant_id, id)
);
COMMENT ON TABLE shop.shipping_zones IS '@class E places served alike; together the areas are where a shop delivers';
CREATE UNIQUE INDEX shipping_zones_code ON shop.shipping_zones (tenant_id, code) WHERE deleted_at IS NULL;
CREATE INDEX shipping_zones_warehouse ON shop.shipping_zones (tenant_id, warehouse_id)
    WHERE warehouse_id IS NOT NULL;
SELECT app.protect('shop.shipping_zones');
SELECT app.desk_writes('shop.shipping_zones');

CREATE TABLE shop.shipping_zone_areas (
    tenant_id     uuid NOT NULL DEFAULT app.tenant(),
    id            uuid NOT NULL DEFAULT app.uuid7(),
    zone_id       uuid NOT NULL,
    country       text NOT NULL DEFAULT '' CHECK (country ~ '^([A-Z]{2})?$'),
    region        text NOT NULL DEFAULT '' CHECK (char_length(region) <= 100),
    city          text NOT NULL DEFAULT '' CHECK (char_length(city) <= 120),
    postcode_from text COLLATE "C" NOT NULL DEFAULT '' CHECK (postcode_from ~ '^[0-9A-Z]{0,20}$'),
    postcode_to   text COLLATE "C" NOT NULL DEFAULT '~' CHECK (postcode_to ~ '^[0-9A-Z]{0,20}~?$'),
    created_at    timestamptz NOT NULL DEFAULT app.now(),
    updated_at    timestamptz NOT NULL DEFAULT app.now(),
    PRIMARY KEY (tenant_id, id),
    CHECK (postcode_from <= postcode_to),
    FOREIGN KEY (tenant_id, zone_id) REFERENCES shop.shipping_zones (tenant_id, id) ON DELETE CASCADE
);
COMMENT ON TABLE shop.shipping_zone_areas IS '@class C areas of a zone, as those of tax';
CREATE INDEX shipping_zone_areas_zone ON shop.shipping_zone_areas (tenant_id, zone_id);
CREATE INDEX shipping_zone_areas_place ON shop.shipping_zone_areas (tenant_id, country, region, city);
SELECT app.protect('shop.shipping_zone_areas');
SELECT app.desk_writes('shop.shipping_zone_areas');

CREATE TABLE shop.shipping_methods (
    tenant_id      uuid NOT NULL DEFAULT app.tenant(),
    id             uuid NOT NULL DEFAULT app.uuid7(),
    zone_id        uuid NOT NULL,
    code           text NOT NULL CHECK (code ~ '^[a-z0-9_-]{1,40}$'),
    name           text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 200),
    kind           text NOT NULL CHECK (kind IN ('flat', 'weight', 'price', 'pickup', 'carrier')),
    carrier        text NOT NULL DEFAULT '' CHECK (char_length(carrier) <= 60),
    tracking_url   text NOT NULL DEFAULT '' CHECK (tracking_url = '' OR tracking_url ~ '^https://[^ ]+$'),
    calendar_id    uuid,
    tax_class      text NOT NULL DEFAULT 'standard' CHECK (char_length(tax_class) BETWEEN 1 AND 60),
    handling_days  int4 NOT NULL DEFAULT 0 CHECK (handling_days BETWEEN 0 AND 365),
    days_min       int4 NOT NULL DEFAULT 1 CHECK (days_min BETWEEN 0 AND 365),
    days_max       int4 NOT NULL DEFAULT 3 CHECK (days_max BETWEEN 0 AND 365),
    position       int4 NOT NULL DEFAULT 0,
    is_active      bool NOT NULL DEFAULT true,
    version        int4 NOT NULL DEFAULT 1,
    created_at     timestamptz NOT NULL DEFAULT app.now(),
    updated_at     timestamptz NOT NULL DEFAULT app.now(),
    deleted_at     timestamptz,
    created_by     uuid,
    updated_by     uuid,
    PRIMARY KEY (tenant_id, id),
    CHECK (days_min <= days_max),
    FOREIGN KEY (tenant_id, zone_id) REFERENCES shop.shipping_zones (tenant_id, id),
    FOREIGN KEY (tenant_id, calendar_id) REFERENCES shop.calendars (tenant_id, id)
        ON DELETE SET NULL (calendar_id)
);
COMMENT ON TABLE shop.shipping_methods IS '@class E ways to get it there; tracking_url holds {number} for the parcel''s number';
CREATE UNIQUE INDEX shipping_methods_code ON shop.shipping_methods (tenant_id, zone_id, code)
    WHERE deleted_at IS NULL;
CREATE INDEX shipping_methods_zone ON shop.shipping_methods (tenant_id, zone_id);
CREATE INDEX shipping_methods_calendar ON shop.shipping_methods (tenant_id, calendar_id)
    WHERE calendar_id IS NOT NULL;
SELECT app.protect('shop.shipping_methods');
SELECT app.desk_writes('shop.shipping_methods');

CREATE TABLE shop.shipping_rates (
    tenant_id      uuid NOT NULL DEFAULT app.tenant(),
    id             uuid NOT NULL DEFAULT app.uuid7(),
    method_id      uuid NOT NULL,
    currency       text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    min_g          int8 NOT NULL DEFAULT 0 CHECK (min_g >= 0),
    max_g          int8 NOT NULL DEFAULT 9223372036854775807,
    min_minor      int8 NOT NULL DEFAULT 0 CHECK (min_minor >= 0),
    max_minor      int8 NOT NULL DEFAULT 9223372036854775807,
    amount_minor   int8 NOT NULL CHECK (amount_minor >= 0),
    per_kg_minor   int8 NOT NULL DEFAULT 0 CHECK (per_kg_minor >= 0),
    free_from_minor int8 CHECK (free_from_minor >= 0),
    version        int4 NOT NULL DEFAULT 1,
    created_at     timestamptz NOT NULL DEFAULT app.now(),
    updated_at     timestamptz NOT NULL DEFAULT app.now(),
    deleted_at     timestamptz,
    created_by     uuid,
    updated_by     uuid,
    PRIMARY KEY (tenant_id, id),
    CHECK (min_g < max_g AND min_minor < max_minor),
    FOREIGN KEY (tenant_id, method_id) REFERENCES shop.shipping_methods (tenant_id, id)
);
COMMENT ON TABLE shop.shipping_rates IS '@class E price of a method from min up to below max, in weight and in value of the goods';
COMMENT ON COLUMN shop.shipping_rates.per_kg_minor IS 'for every begun kilogram above min_g';
CREATE INDEX shipping_rates_method ON shop.shipping_rates (tenant_id, method_id, currency);
SELECT app.protect('shop.shipping_rates');
SELECT app.desk_writes('shop.shipping_rates');

CREATE TABLE shop.coupons (
    tenant_id        uuid NOT NULL DEFAULT app.tenant(),
    id               uuid NOT NULL DEFAULT app.uuid7(),
    name             text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 200),
    type             text NOT NULL CHECK (type IN ('percentage', 'fixed_amount', 'free_shipping')),
    currency         text CHECK (currency ~ '^[A-Z]{3}$'),
    value_ppm        int4 CHECK (value_ppm BETWEEN 1 AND 1000000),
    value_minor      int8 CHECK (value_minor > 0),
    minimum_minor    int8 NOT NULL DEFAULT 0 CHECK (minimum_minor >= 0),
    cap_minor        int8 CHECK (cap_minor > 0),
    usage_limit      int4 CHECK (usage_limit > 0),
    per_person_limit int4 CHECK (per_person_limit > 0),
    used_count       int4 NOT NULL DEFAULT 0,
    is_exclusive     bool NOT NULL DEFAULT false,
    excludes_sale    bool NOT NULL DEFAULT false,
    group_id         uuid,
    product_ids      uuid[] NOT NULL DEFAULT '{}' CHECK (cardinality(product_ids) <= 1000),
    category_ids     uuid[] NOT NULL DEFAULT '{}' CHECK (cardinality(category_ids) <= 1000),
    is_active        bool NOT NULL DEFAULT true,
    valid_from       timestamptz NOT NULL DEFAULT '-infinity',
    valid_until      timestamptz NOT NULL DEFAULT 'infinity',
    version          int4 NOT NULL DEFAULT 1,
    created_at       timestamptz NOT NULL DEFAULT app.now(),
    updated_at       timestamptz NOT NULL DEFAULT app.now(),
    deleted_at       timestamptz,
    created_by       uuid,
    updated_by       uuid,
    PRIMARY KEY (tenant_id, id),
    CHECK (valid_from < valid_until),
    CHECK ((type = 'percentage') = (value_ppm IS NOT NULL)),
    CHECK ((type = 'fixed_amount') = (value_minor IS NOT NULL)),
    CHECK (currency IS NOT NULL OR (value_minor IS NULL AND minimum_minor = 0 AND cap_minor IS NULL)),
    CONSTRAINT coupon_not_past_its_limit CHECK (used_count >= 0 AND used_count <= usage_limit),
    FOREIGN KEY (tenant_id, group_id) REFERENCES shop.customer_groups (tenant_id, id)
);
COMMENT ON TABLE shop.coupons IS '@class E campaigns of coupon codes; empty product_ids and category_ids: everything';
CREATE INDEX coupons_group ON shop.coupons (tenant_id, group_id) WHERE group_id IS NOT NULL;
SELECT app.protect('shop.coupons');

CREATE TABLE shop.coupon_codes (
    tenant_id   uuid NOT NULL DEFAULT app.tenant(),
    id          uuid NOT NULL DEFAULT app.uuid7(),
    coupon_id   uuid NOT NULL,
    code        text NOT NULL CHECK (code = upper(code) AND code ~ '^[^\s]{3,40}$'),
    usage_limit int4 CHECK (usage_limit > 0),
    used_count  int4 NOT NULL DEFAULT 0,
    created_at  timestamptz NOT NULL DEFAULT app.now(),
    updated_at  timestamptz NOT NULL DEFAULT app.now(),
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, code),
    CONSTRAINT code_not_past_its_limit CHECK (used_count >= 0 AND used_count <= usage_limit),
    FOREIGN KEY (tenant_id, coupon_id) REFERENCES shop.coupons (tenant_id, id) ON DELETE CASCADE
);
COMMENT ON TABLE shop.coupon_codes IS '@class S codes of a coupon in upper case; one campaign may have many';
CREATE INDEX coupon_codes_coupon ON shop.coupon_codes (tenant_id, coupon_id);
SELECT app.protect('shop.coupon_codes');

CREATE TABLE shop.coupon_people (
    tenant_id   uuid NOT NULL DEFAULT app.tenant(),
    coupon_id   uuid NOT NULL,
    person_key  bytea NOT NULL CHECK (octet_length(person_key) = 32),
    used_count  int4 NOT NULL DEFAULT 0,
    usage_limit int4,
    created_at  timestamptz NOT NULL DEFAULT app.now(),
    updated_at  timestamptz NOT NULL DEFAULT app.now(),
    PRIMARY KEY (tenant_id, coupon_id, person_key),
    CONSTRAINT person_not_past_the_limit CHECK (used_count >= 0 AND used_count <= usage_limit),
    FOREIGN KEY (tenant_id, coupon_id) REFERENCES shop.coupons (tenant_id, id) ON DELETE CASCADE
);
COMMENT ON TABLE shop.coupon_people IS '@class S how often a person used a coupon; person_key is a keyed hash of the e-mail or phone';
SELECT app.protect('shop.coupon_people');
