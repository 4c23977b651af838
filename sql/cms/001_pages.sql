-- The shop's own texts: help, delivery, returns, privacy, terms and whatever else it has to say. A
-- row holds the text of the shop's first language; other languages are in app.translations
-- (resource 'page', fields title, summary, body).
CREATE SCHEMA IF NOT EXISTS cms AUTHORIZATION kade_owner;
GRANT USAGE ON SCHEMA cms TO kade_rt;

CREATE TABLE cms.pages (
    tenant_id     uuid NOT NULL DEFAULT app.tenant(),
    id            uuid NOT NULL DEFAULT app.uuid7(),
    slug          text NOT NULL CHECK (char_length(slug) BETWEEN 1 AND 100),
    title         text NOT NULL CHECK (char_length(title) BETWEEN 1 AND 200),
    summary       text NOT NULL DEFAULT '' CHECK (char_length(summary) <= 500),
    body          text NOT NULL DEFAULT '' CHECK (octet_length(body) <= 65536),
    position      int4 NOT NULL DEFAULT 0,
    in_footer     bool NOT NULL DEFAULT true,
    is_indexed    bool NOT NULL DEFAULT true,
    publish_from  timestamptz NOT NULL DEFAULT '-infinity',
    publish_until timestamptz NOT NULL DEFAULT 'infinity',
    version       int4 NOT NULL DEFAULT 1,
    created_at    timestamptz NOT NULL DEFAULT app.now(),
    updated_at    timestamptz NOT NULL DEFAULT app.now(),
    deleted_at    timestamptz,
    created_by    uuid,
    updated_by    uuid,
    PRIMARY KEY (tenant_id, id),
    CHECK (publish_from < publish_until)
);
COMMENT ON TABLE cms.pages IS '@class E texts of the shop, as Markdown';
COMMENT ON COLUMN cms.pages.is_indexed IS 'search engines may list it';
CREATE UNIQUE INDEX pages_slug ON cms.pages (tenant_id, slug) WHERE deleted_at IS NULL;
CREATE INDEX pages_order ON cms.pages (tenant_id, position, id) WHERE deleted_at IS NULL;
SELECT app.protect('cms.pages');
SELECT app.desk_writes('cms.pages');

-- Every name a page ever had leads to it: an old address moves once to the new one.
CREATE TABLE cms.page_slugs (
    tenant_id  uuid NOT NULL DEFAULT app.tenant(),
    slug       text NOT NULL CHECK (char_length(slug) BETWEEN 1 AND 100),
    page_id    uuid NOT NULL,
    created_at timestamptz NOT NULL DEFAULT app.now(),
    updated_at timestamptz NOT NULL DEFAULT app.now(),
    PRIMARY KEY (tenant_id, slug),
    FOREIGN KEY (tenant_id, page_id) REFERENCES cms.pages (tenant_id, id) ON DELETE CASCADE
);
COMMENT ON TABLE cms.page_slugs IS '@class C names of pages, kept by the trigger of cms.pages';
CREATE INDEX page_slugs_page ON cms.page_slugs (tenant_id, page_id);
SELECT app.protect('cms.page_slugs');
SELECT app.desk_writes('cms.page_slugs');

CREATE FUNCTION cms.page_slug_kept() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    INSERT INTO cms.page_slugs (tenant_id, slug, page_id) VALUES (NEW.tenant_id, NEW.slug, NEW.id)
    ON CONFLICT (tenant_id, slug) DO UPDATE SET page_id = excluded.page_id;
    RETURN NULL;
END $$;
ALTER FUNCTION cms.page_slug_kept() OWNER TO kade_owner;
CREATE TRIGGER page_slug_kept AFTER INSERT OR UPDATE OF slug ON cms.pages
    FOR EACH ROW EXECUTE FUNCTION cms.page_slug_kept();
