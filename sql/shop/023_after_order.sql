-- What follows an order. Sold pieces are counted once; a packing slip belongs to its parcel, once; numbers
-- of documents are worded where they are taken, in the statement that takes them.
ALTER TABLE shop.orders ADD COLUMN counted_at timestamptz;
COMMENT ON COLUMN shop.orders.counted_at IS 'its pieces are in the counters of the products since then';

ALTER TABLE shop.documents
    ADD COLUMN fulfilment_id uuid,
    ADD CONSTRAINT slip_is_of_a_parcel CHECK ((kind = 'delivery_note') = (fulfilment_id IS NOT NULL)),
    ADD FOREIGN KEY (tenant_id, fulfilment_id) REFERENCES shop.fulfilments (tenant_id, id);
CREATE UNIQUE INDEX documents_fulfilment ON shop.documents (tenant_id, fulfilment_id, kind)
    WHERE fulfilment_id IS NOT NULL;

-- The pattern of a series filled in: {yyyy} {yy} {mm} {no} {no:6}. A pattern without a number, or with what
-- is not known here, is refused: documents would not be told apart.
CREATE FUNCTION shop.number_text(pattern text, no int8, year int4, month int4) RETURNS text
    LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog AS $$
DECLARE
    width text := substring(pattern FROM '\{no:([0-9]{1,2})\}');
    made text;
BEGIN
    made := replace(replace(replace(pattern, '{yyyy}', lpad(year::text, 4, '0')),
                            '{yy}', lpad((year % 100)::text, 2, '0')), '{mm}', lpad(month::text, 2, '0'));
    made := replace(made, '{no}', no::text);
    IF width IS NOT NULL THEN
        made := replace(made, '{no:' || width || '}', lpad(no::text, greatest(width::int4, length(no::text)), '0'));
    END IF;
    IF made ~ '[{}]' OR pattern !~ '\{no(:[0-9]{1,2})?\}' THEN
        RAISE EXCEPTION 'pattern % cannot number documents', pattern USING ERRCODE = '22023';
    END IF;
    RETURN made;
END $$;
ALTER FUNCTION shop.number_text(text, int8, int4, int4) OWNER TO kade_owner;
REVOKE ALL ON FUNCTION shop.number_text(text, int8, int4, int4) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION shop.number_text(text, int8, int4, int4) TO kade_desk;
