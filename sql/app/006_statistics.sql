-- After a bulk load the planner must know the new sizes before the first page asks: generic plans made
-- on empty tables cost four times as much. The runtime roles own nothing and so may not ANALYZE; this
-- does it for one table of ours at a time.
CREATE FUNCTION app.refresh_statistics(tbl text) RETURNS bool
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM pg_class c
                    WHERE c.oid = tbl::regclass AND c.relkind IN ('r', 'p')
                      AND c.relowner = 'kade_owner'::regrole) THEN
        RAISE EXCEPTION 'no table of ours: %', tbl;
    END IF;
    EXECUTE format('ANALYZE %s', tbl::regclass);
    RETURN true;
END $$;
ALTER FUNCTION app.refresh_statistics(text) OWNER TO kade_owner;
REVOKE ALL ON FUNCTION app.refresh_statistics(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.refresh_statistics(text) TO kade_desk;

CREATE FUNCTION app.stale_statistics() RETURNS SETOF text
    LANGUAGE sql STABLE SET search_path = '' AS $$
SELECT format('%I.%I', s.schemaname, s.relname)
  FROM pg_stat_user_tables s
  JOIN pg_class c ON c.oid = s.relid
 WHERE c.relowner = 'kade_owner'::regrole AND s.n_mod_since_analyze > 0
$$;
ALTER FUNCTION app.stale_statistics() OWNER TO kade_owner;
REVOKE ALL ON FUNCTION app.stale_statistics() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.stale_statistics() TO kade_desk;
