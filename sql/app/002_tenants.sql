-- Shops: the tenant, its host names, its stores, what it has set. tenants and tenant_domains have no
-- policy (sql/unprotected): they are what a policy is decided from. The web role cannot read them;
-- it asks the functions at the end, which give one shop at a time.
CREATE TABLE app.tenants (
    id         uuid PRIMARY KEY DEFAULT app.uuid7(),
    slug       text NOT NULL UNIQUE CHECK (slug ~ '^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$'),
    name       text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 200),
    status     text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'suspended', 'closed')),
    plan_id    uuid,
    cluster    text NOT NULL DEFAULT 'main',
    zone       text NOT NULL DEFAULT 'UTC' CHECK (timestamptz 'epoch' AT TIME ZONE zone IS NOT NULL),
    created_at timestamptz NOT NULL DEFAULT app.now(),
    updated_at timestamptz NOT NULL DEFAULT app.now()
);
COMMENT ON TABLE app.tenants IS 'shops of this installation; platform table, no policy';
ALTER TABLE app.tenants OWNER TO kade_owner;
GRANT SELECT, INSERT, UPDATE ON app.tenants TO kade_admin;
GRANT SELECT ON app.tenants TO kade_jobs;

CREATE TABLE app.stores (
    tenant_id          uuid NOT NULL DEFAULT app.tenant() REFERENCES app.tenants (id),
    id                 uuid NOT NULL DEFAULT app.uuid7(),
    code               text NOT NULL CHECK (code ~ '^[a-z0-9_-]{1,40}$'),
    name               text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 200),
    locale             text NOT NULL CHECK (locale ~ '^[a-z]{2,3}(-[A-Z]{2})?$'),
    currency           text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    zone               text NOT NULL CHECK (timestamptz 'epoch' AT TIME ZONE zone IS NOT NULL),
    country            text CHECK (country ~ '^[A-Z]{2}$'),
    prices_include_tax bool NOT NULL DEFAULT true,
    rounding           text NOT NULL DEFAULT 'half_up'
                       CHECK (rounding IN ('half_up', 'half_even', 'down', 'up')),
    tax_rounding       text NOT NULL DEFAULT 'line' CHECK (tax_rounding IN ('line', 'order')),
    version            int4 NOT NULL DEFAULT 1,
    created_at         timestamptz NOT NULL DEFAULT app.now(),
    updated_at         timestamptz NOT NULL DEFAULT app.now(),
    deleted_at         timestamptz,
    created_by         uuid,
    updated_by         uuid,
    PRIMARY KEY (tenant_id, id)
);
COMMENT ON TABLE app.stores IS '@class E shops over one catalogue; every tenant has main';
CREATE UNIQUE INDEX stores_code ON app.stores (tenant_id, code) WHERE deleted_at IS NULL;
SELECT app.protect('app.stores');
SELECT app.desk_writes('app.stores');

CREATE TABLE app.tenant_domains (
    host       text PRIMARY KEY CHECK (host = lower(host) AND char_length(host) BETWEEN 1 AND 253),
    tenant_id  uuid NOT NULL REFERENCES app.tenants (id),
    store_id   uuid NOT NULL,
    is_primary bool NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL DEFAULT app.now(),
    updated_at timestamptz NOT NULL DEFAULT app.now(),
    FOREIGN KEY (tenant_id, store_id) REFERENCES app.stores (tenant_id, id)
);
COMMENT ON TABLE app.tenant_domains IS 'host names and whose they are; platform table, no policy';
CREATE INDEX tenant_domains_store ON app.tenant_domains (tenant_id, store_id);
CREATE UNIQUE INDEX tenant_domains_primary ON app.tenant_domains (tenant_id, store_id) WHERE is_primary;
ALTER TABLE app.tenant_domains OWNER TO kade_owner;
GRANT SELECT, INSERT, UPDATE, DELETE ON app.tenant_domains TO kade_admin;
GRANT SELECT ON app.tenant_domains TO kade_jobs;

CREATE TABLE app.tenant_settings (
    tenant_id  uuid NOT NULL DEFAULT app.tenant(),
    key        text NOT NULL CHECK (key ~ '^[a-z][a-z0-9_]*(\.[a-z0-9_]+)*$' AND char_length(key) <= 80),
    value      jsonb NOT NULL,
    created_at timestamptz NOT NULL DEFAULT app.now(),
    updated_at timestamptz NOT NULL DEFAULT app.now(),
    PRIMARY KEY (tenant_id, key)
);
COMMENT ON TABLE app.tenant_settings IS '@class S what a shop has set; modules declare keys and defaults';
SELECT app.protect('app.tenant_settings');
SELECT app.desk_writes('app.tenant_settings');

CREATE TABLE app.feature_flags (
    tenant_id   uuid NOT NULL DEFAULT app.tenant(),
    flag        text NOT NULL CHECK (flag ~ '^[a-z][a-z0-9_.]{0,79}$'),
    is_on       bool NOT NULL DEFAULT false,
    rollout_ppm int4 NOT NULL DEFAULT 1000000 CHECK (rollout_ppm BETWEEN 0 AND 1000000),
    created_at  timestamptz NOT NULL DEFAULT app.now(),
    updated_at  timestamptz NOT NULL DEFAULT app.now(),
    PRIMARY KEY (tenant_id, flag)
);
COMMENT ON TABLE app.feature_flags IS '@class S features switched per shop, for all or a share of visitors';
SELECT app.protect('app.feature_flags');
SELECT app.desk_writes('app.feature_flags');

-- ---- finding a shop ------------------------------------------------------------------------------
-- Owned by kade_lookup (BYPASSRLS, no login, reads these five tables and nothing else), because at
-- this point no tenant is known. Each answers for one shop only, so no role can list the others.
GRANT SELECT ON app.tenants, app.tenant_domains, app.stores, app.tenant_settings, app.feature_flags TO kade_lookup;

CREATE FUNCTION app.tenant_of_host(asked text, OUT tenant_id uuid, OUT store_id uuid)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = ''
AS $$
BEGIN
    SELECT d.tenant_id, d.store_id INTO tenant_of_host.tenant_id, tenant_of_host.store_id
      FROM app.tenant_domains d WHERE d.host = asked;
END
$$;

-- All a worker keeps of one shop, as one row; no row when there is no such shop. store NULL = main.
CREATE FUNCTION app.shop_facts(tenant uuid, store uuid)
RETURNS TABLE (tenant_id uuid, slug text, name text, status text, store_id uuid, store_code text,
               locale text, currency text, zone text, country text, prices_include_tax bool,
               settings jsonb, flags jsonb)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = ''
AS $$
BEGIN
    RETURN QUERY
    SELECT t.id, t.slug, t.name, t.status, s.id, s.code, s.locale, s.currency, s.zone, s.country,
           s.prices_include_tax,
           coalesce((SELECT jsonb_object_agg(v.key, v.value #>> '{}') FROM app.tenant_settings v
                      WHERE v.tenant_id = t.id AND jsonb_typeof(v.value) <> 'null'), '{}'),
           coalesce((SELECT jsonb_object_agg(f.flag, jsonb_build_object('on', f.is_on, 'ppm', f.rollout_ppm))
                       FROM app.feature_flags f WHERE f.tenant_id = t.id), '{}')
      FROM app.tenants t
      JOIN app.stores s ON s.tenant_id = t.id
     WHERE t.id = shop_facts.tenant
       AND CASE WHEN shop_facts.store IS NULL THEN s.code = 'main' ELSE s.id = shop_facts.store END
       AND s.deleted_at IS NULL;
END
$$;

CREATE FUNCTION app.shop_by_host(asked text)
RETURNS TABLE (tenant_id uuid, slug text, name text, status text, store_id uuid, store_code text,
               locale text, currency text, zone text, country text, prices_include_tax bool,
               settings jsonb, flags jsonb)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = ''
AS $$
BEGIN
    RETURN QUERY SELECT f.* FROM app.tenant_of_host(asked) d, app.shop_facts(d.tenant_id, d.store_id) f
     WHERE d.tenant_id IS NOT NULL;
END
$$;

CREATE FUNCTION app.shop_by_slug(asked text)
RETURNS TABLE (tenant_id uuid, slug text, name text, status text, store_id uuid, store_code text,
               locale text, currency text, zone text, country text, prices_include_tax bool,
               settings jsonb, flags jsonb)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = ''
AS $$
BEGIN
    RETURN QUERY SELECT f.* FROM app.tenants t, app.shop_facts(t.id, NULL) f WHERE t.slug = asked;
END
$$;

CREATE FUNCTION app.shop_by_id(asked uuid)
RETURNS TABLE (tenant_id uuid, slug text, name text, status text, store_id uuid, store_code text,
               locale text, currency text, zone text, country text, prices_include_tax bool,
               settings jsonb, flags jsonb)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = ''
AS $$
BEGIN
    RETURN QUERY SELECT f.* FROM app.shop_facts(asked, NULL) f;
END
$$;

GRANT CREATE ON SCHEMA app TO kade_lookup;
ALTER FUNCTION app.tenant_of_host(text) OWNER TO kade_lookup;
ALTER FUNCTION app.shop_facts(uuid, uuid) OWNER TO kade_lookup;
ALTER FUNCTION app.shop_by_host(text) OWNER TO kade_lookup;
ALTER FUNCTION app.shop_by_slug(text) OWNER TO kade_lookup;
ALTER FUNCTION app.shop_by_id(uuid) OWNER TO kade_lookup;
REVOKE CREATE ON SCHEMA app FROM kade_lookup;
REVOKE ALL ON FUNCTION app.tenant_of_host(text) FROM PUBLIC;
REVOKE ALL ON FUNCTION app.shop_facts(uuid, uuid) FROM PUBLIC;
REVOKE ALL ON FUNCTION app.shop_by_host(text) FROM PUBLIC;
REVOKE ALL ON FUNCTION app.shop_by_slug(text) FROM PUBLIC;
REVOKE ALL ON FUNCTION app.shop_by_id(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION app.tenant_of_host(text), app.shop_by_host(text), app.shop_by_slug(text),
    app.shop_by_id(uuid) TO kade_rt;
