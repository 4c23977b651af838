-- The number of a document and the document are one statement: this takes the next of a series and words
-- it. The series' row stays locked until the transaction ends, so whoever calls it does so last; what is
-- rolled back gives its number back.
CREATE FUNCTION shop.number_take(wanted text, zone text, moment timestamptz, OUT no int8, OUT number text)
    LANGUAGE plpgsql SET search_path = pg_catalog AS $$
DECLARE
    worded text;
BEGIN
    UPDATE app.number_series s SET next_no = s.next_no + 1 WHERE s.series = number_take.wanted
    RETURNING s.next_no - 1, s.pattern INTO no, worded;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'there is no series %', wanted USING ERRCODE = '22023';
    END IF;
    number := shop.number_text(worded, no, extract(year FROM moment AT TIME ZONE zone)::int4,
                               extract(month FROM moment AT TIME ZONE zone)::int4);
END $$;
ALTER FUNCTION shop.number_take(text, text, timestamptz) OWNER TO kade_owner;
REVOKE ALL ON FUNCTION shop.number_take(text, text, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION shop.number_take(text, text, timestamptz) TO kade_desk;
