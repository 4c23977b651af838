-- Who is not charged tax, and the proof of it: it is copied onto the tax lines of every order it frees.
CREATE TABLE shop.tax_exemptions (
    tenant_id   uuid NOT NULL DEFAULT app.tenant(),
    id          uuid NOT NULL DEFAULT app.uuid7(),
    customer_id uuid NOT NULL,
    kind        text NOT NULL CHECK (kind IN ('exempt', 'reverse_charge')),
    country     text NOT NULL DEFAULT '' CHECK (country ~ '^([A-Z]{2})?$'),
    evidence    text NOT NULL CHECK (char_length(evidence) BETWEEN 3 AND 200),
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
    FOREIGN KEY (tenant_id, customer_id) REFERENCES shop.customers (tenant_id, id)
);
COMMENT ON TABLE shop.tax_exemptions IS '@class E customers who are not charged tax, with the proof; kept with the books when a person is forgotten';
COMMENT ON COLUMN shop.tax_exemptions.country IS 'where it is delivered; '''' anywhere. A reverse charge counts only outside the shop''s own country';
COMMENT ON COLUMN shop.tax_exemptions.evidence IS 'number of the certificate, or the tax number that was checked';
CREATE UNIQUE INDEX tax_exemptions_once ON shop.tax_exemptions (tenant_id, customer_id, kind, country)
    WHERE deleted_at IS NULL;
SELECT app.protect('shop.tax_exemptions');
SELECT app.desk_writes('shop.tax_exemptions');
