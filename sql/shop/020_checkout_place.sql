-- The place of a checkout as rates are found by it, made in C from what was typed (shop/tax.h), and who
-- it is for coupon limits: a cart's rates and codes are then read in the same trip as the cart.
ALTER TABLE shop.checkouts
    ADD COLUMN place_region text COLLATE "C" NOT NULL DEFAULT '' CHECK (char_length(place_region) <= 120),
    ADD COLUMN place_city text COLLATE "C" NOT NULL DEFAULT '' CHECK (char_length(place_city) <= 120),
    ADD COLUMN place_postcode text COLLATE "C" NOT NULL DEFAULT '' CHECK (place_postcode ~ '^[0-9A-Z]{0,20}$'),
    ADD COLUMN person_key bytea CHECK (octet_length(person_key) = 32);
COMMENT ON COLUMN shop.checkouts.place_city IS 'upper case, as areas of zones are written';

-- What placing and cancelling an order does not need is not the storefront's to write.
SELECT app.desk_writes(('shop.' || t)::regclass)
  FROM unnest(ARRAY['fulfilments', 'fulfilment_items', 'shipments', 'shipment_events', 'refunds',
                    'refund_items', 'documents', 'document_files', 'tax_ledger_entries']) AS t;
REVOKE INSERT ON shop.coupons FROM kade_rt;
GRANT INSERT ON shop.coupons TO kade_desk;
REVOKE INSERT, DELETE ON shop.coupon_codes FROM kade_rt;
GRANT INSERT, DELETE ON shop.coupon_codes TO kade_desk;
REVOKE DELETE ON shop.coupon_people, shop.coupon_usage FROM kade_rt;
GRANT DELETE ON shop.coupon_people TO kade_desk;
