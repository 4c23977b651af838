-- What tables of every module lean on: tenant and instant of the transaction, keys, triggers, and
-- app.protect(), which makes row security, ownership and grants the same everywhere.

-- The shop this transaction serves; NULL when none is set, and then policies give no rows. After a
-- transaction-local setting ends its value is '', hence nullif. Inlined, so it has no SET clause.
CREATE FUNCTION app.tenant() RETURNS uuid
LANGUAGE sql STABLE PARALLEL SAFE
AS $$ SELECT nullif(current_setting('kade.tenant', true), '')::uuid $$;

-- The instant of the request or job (law 11); the server's clock where nothing set one.
CREATE FUNCTION app.now() RETURNS timestamptz
LANGUAGE sql STABLE PARALLEL SAFE
AS $$ SELECT coalesce(nullif(current_setting('kade.now', true), '')::timestamptz, now()) $$;

-- UUID version 7 (RFC 9562): 48 bits of milliseconds, version, 74 random bits. A random version 4
-- already has the variant bits where they belong.
CREATE FUNCTION app.uuid7() RETURNS uuid
LANGUAGE plpgsql VOLATILE PARALLEL SAFE
AS $$
DECLARE
    ms bytea := int8send((extract(epoch FROM app.now()) * 1000)::int8);
    b bytea := substring(ms FROM 3) || substring(uuid_send(gen_random_uuid()) FROM 7);
BEGIN
    b := set_byte(b, 6, (get_byte(b, 6) & 15) | 112);
    RETURN encode(b, 'hex')::uuid;
END
$$;

-- Lower bound of the keys made at or after an instant: bounds of partitions, time ranges on id.
CREATE FUNCTION app.uuid7_floor(at timestamptz) RETURNS uuid
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
AS $$
BEGIN
    RETURN rpad(lpad(to_hex((extract(epoch FROM at) * 1000)::int8), 12, '0'), 32, '0')::uuid;
END
$$;

-- Class E: version, updated_at; a row never moves to another shop.
CREATE FUNCTION app.touch() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
    IF NEW.tenant_id IS DISTINCT FROM OLD.tenant_id THEN
        RAISE EXCEPTION 'a row of % may not change its tenant', TG_TABLE_NAME USING ERRCODE = 'KD002';
    END IF;
    NEW.version := OLD.version + 1;
    NEW.created_at := OLD.created_at;
    NEW.updated_at := app.now();
    RETURN NEW;
END
$$;

-- Classes C, S and Q: the same without a version.
CREATE FUNCTION app.touch_at() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
    IF NEW.tenant_id IS DISTINCT FROM OLD.tenant_id THEN
        RAISE EXCEPTION 'a row of % may not change its tenant', TG_TABLE_NAME USING ERRCODE = 'KD002';
    END IF;
    NEW.created_at := OLD.created_at;
    NEW.updated_at := app.now();
    RETURN NEW;
END
$$;

-- Called last for every table of ours, after its COMMENT '@class ..'. Owner, policy, trigger and
-- grants follow from the class:
--   E  kade_rt reads, inserts, updates (soft delete); kade_jobs may delete (retention)
--   C S  kade_rt reads and writes
--   L  kade_rt reads and inserts, nobody updates or deletes
--   Q  kade_rt reads and inserts, kade_desk also updates and deletes; kade_jobs sees all shops
--   X  no policy; kade_rt reads, kade_desk writes
-- A table that shoppers only read says app.desk_writes() afterwards; other exceptions are REVOKE and
-- GRANT of their own.
CREATE FUNCTION app.protect(tbl regclass) RETURNS void
LANGUAGE plpgsql
AS $$
DECLARE
    class text := substring(obj_description(tbl, 'pg_class') FROM '^@class ([A-Z])\M');
    updated bool := EXISTS (SELECT FROM pg_attribute
                             WHERE attrelid = tbl AND attname = 'updated_at' AND NOT attisdropped);
BEGIN
    IF class IS NULL OR class NOT IN ('E', 'C', 'S', 'L', 'Q', 'X') THEN
        RAISE EXCEPTION 'table % needs COMMENT ON TABLE .. IS ''@class E|C|S|L|Q|X ..'' before app.protect()', tbl;
    END IF;
    EXECUTE format('ALTER TABLE %s OWNER TO kade_owner', tbl);
    EXECUTE format('REVOKE ALL ON %s FROM PUBLIC', tbl);
    IF class <> 'X' THEN
        EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', tbl);
        EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', tbl);
        EXECUTE format('CREATE POLICY tenant ON %s USING (tenant_id = (SELECT app.tenant()))', tbl);
    END IF;
    IF class = 'Q' THEN
        EXECUTE format('CREATE POLICY queue ON %s TO kade_jobs USING (true)', tbl);
    END IF;
    IF class = 'E' THEN
        EXECUTE format('CREATE TRIGGER touch BEFORE UPDATE ON %s FOR EACH ROW EXECUTE FUNCTION app.touch()', tbl);
    ELSIF class IN ('C', 'S', 'Q') AND updated THEN
        EXECUTE format('CREATE TRIGGER touch BEFORE UPDATE ON %s FOR EACH ROW EXECUTE FUNCTION app.touch_at()', tbl);
    END IF;
    EXECUTE format('GRANT SELECT ON %s TO kade_rt', tbl);
    IF class IN ('E', 'C', 'S', 'L', 'Q') THEN
        EXECUTE format('GRANT INSERT ON %s TO kade_rt', tbl);
    END IF;
    IF class IN ('E', 'C', 'S') THEN
        EXECUTE format('GRANT UPDATE ON %s TO kade_rt', tbl);
    END IF;
    IF class IN ('C', 'S') THEN
        EXECUTE format('GRANT DELETE ON %s TO kade_rt', tbl);
    END IF;
    IF class = 'E' THEN
        EXECUTE format('GRANT DELETE ON %s TO kade_jobs', tbl);
    END IF;
    IF class IN ('Q', 'X') THEN
        EXECUTE format('GRANT INSERT, UPDATE, DELETE ON %s TO kade_desk', tbl);
    END IF;
END
$$;

-- For tables that shoppers only read: what app.protect gave kade_rt to write goes to kade_desk.
CREATE FUNCTION app.desk_writes(tbl regclass) RETURNS void
LANGUAGE plpgsql
AS $$
DECLARE
    privilege text;
BEGIN
    FOREACH privilege IN ARRAY ARRAY['INSERT', 'UPDATE', 'DELETE'] LOOP
        IF has_table_privilege('kade_rt', tbl, privilege) THEN
            EXECUTE format('REVOKE %s ON %s FROM kade_rt', privilege, tbl);
            EXECUTE format('GRANT %s ON %s TO kade_desk', privilege, tbl);
        END IF;
    END LOOP;
END
$$;

-- Monthly partitions on a version 7 key. Makes what is missing from this month to `ahead` months
-- on, for every table of ours partitioned by id, and the mandatory DEFAULT partition; rows that a
-- shifted clock or a late job left in DEFAULT move to their month. Returns how many were made.
-- Partitions carry no grant: they are reached through their parent and its policy only.
CREATE FUNCTION app.make_partitions(ahead int4 DEFAULT 3) RETURNS int4
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ''
AS $$
DECLARE
    parent record;
    month timestamptz;
    part text;
    made int4 := 0;
BEGIN
    FOR parent IN
        SELECT c.oid, n.nspname, c.relname
          FROM pg_catalog.pg_partitioned_table p
          JOIN pg_catalog.pg_class c ON c.oid = p.partrelid
          JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
          JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum = p.partattrs[0]
         WHERE p.partstrat = 'r' AND p.partnatts = 1 AND a.attname = 'id'
           AND pg_catalog.pg_get_userbyid(c.relowner) = current_user
         ORDER BY n.nspname, c.relname
    LOOP
        IF pg_catalog.to_regclass(format('%I.%I', parent.nspname, parent.relname || '_default')) IS NULL THEN
            EXECUTE format('CREATE TABLE %I.%I PARTITION OF %I.%I DEFAULT', parent.nspname,
                           parent.relname || '_default', parent.nspname, parent.relname);
            made := made + 1;
        END IF;
        FOR i IN 0 .. ahead LOOP
            month := (date_trunc('month', app.now() AT TIME ZONE 'UTC') + make_interval(months => i)) AT TIME ZONE 'UTC';
            part := parent.relname || to_char(month AT TIME ZONE 'UTC', '_YYYY_MM');
            CONTINUE WHEN pg_catalog.to_regclass(format('%I.%I', parent.nspname, part)) IS NOT NULL;
            EXECUTE format('CREATE TABLE %I.%I (LIKE %I.%I INCLUDING DEFAULTS INCLUDING CONSTRAINTS)',
                           parent.nspname, part, parent.nspname, parent.relname);
            EXECUTE format('WITH moved AS (DELETE FROM %1$I.%2$I WHERE id >= $1 AND id < $2 RETURNING *) '
                           'INSERT INTO %1$I.%3$I SELECT * FROM moved',
                           parent.nspname, parent.relname || '_default', part)
              USING app.uuid7_floor(month), app.uuid7_floor(((month AT TIME ZONE 'UTC') + interval '1 month') AT TIME ZONE 'UTC');
            EXECUTE format('ALTER TABLE %I.%I ATTACH PARTITION %I.%I FOR VALUES FROM (%L) TO (%L)',
                           parent.nspname, parent.relname, parent.nspname, part,
                           app.uuid7_floor(month),
                           app.uuid7_floor(((month AT TIME ZONE 'UTC') + interval '1 month') AT TIME ZONE 'UTC'));
            made := made + 1;
        END LOOP;
    END LOOP;
    RETURN made;
END
$$;

-- Drops the months of one table that ended before an instant (retention); never DEFAULT. Returns
-- how many.
CREATE FUNCTION app.drop_partitions(parent regclass, before timestamptz) RETURNS int4
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ''
AS $$
DECLARE
    p record;
    dropped int4 := 0;
BEGIN
    FOR p IN
        SELECT c.oid::regclass AS part, substring(c.relname FROM '_([0-9]{4}_[0-9]{2})$') AS month
          FROM pg_catalog.pg_inherits i
          JOIN pg_catalog.pg_class c ON c.oid = i.inhrelid
         WHERE i.inhparent = parent AND c.relname ~ '_[0-9]{4}_[0-9]{2}$'
           AND pg_catalog.pg_get_userbyid(c.relowner) = current_user
    LOOP
        IF (to_date(p.month, 'YYYY_MM') + interval '1 month') AT TIME ZONE 'UTC' <= before THEN
            EXECUTE format('DROP TABLE %s', p.part);
            dropped := dropped + 1;
        END IF;
    END LOOP;
    RETURN dropped;
END
$$;

ALTER FUNCTION app.tenant() OWNER TO kade_owner;
ALTER FUNCTION app.now() OWNER TO kade_owner;
ALTER FUNCTION app.uuid7() OWNER TO kade_owner;
ALTER FUNCTION app.uuid7_floor(timestamptz) OWNER TO kade_owner;
ALTER FUNCTION app.touch() OWNER TO kade_owner;
ALTER FUNCTION app.touch_at() OWNER TO kade_owner;
ALTER FUNCTION app.protect(regclass) OWNER TO kade_owner;
ALTER FUNCTION app.desk_writes(regclass) OWNER TO kade_owner;
ALTER FUNCTION app.make_partitions(int4) OWNER TO kade_owner;
ALTER FUNCTION app.drop_partitions(regclass, timestamptz) OWNER TO kade_owner;
REVOKE ALL ON FUNCTION app.protect(regclass) FROM PUBLIC;
REVOKE ALL ON FUNCTION app.desk_writes(regclass) FROM PUBLIC;
REVOKE ALL ON FUNCTION app.make_partitions(int4) FROM PUBLIC;
REVOKE ALL ON FUNCTION app.drop_partitions(regclass, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.make_partitions(int4), app.drop_partitions(regclass, timestamptz) TO kade_jobs;
