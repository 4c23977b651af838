-- The home page as blocks, in order, each with its own time. Texts in other languages are rows of
-- app.translations (resource home_block). A shop without blocks has a composition that always works.
CREATE TABLE shop.home_blocks (
    tenant_id   uuid NOT NULL DEFAULT app.tenant(),
    id          uuid NOT NULL DEFAULT app.uuid7(),
    key         text NOT NULL CHECK (key ~ '^[a-z0-9_-]{1,40}$'),
    position    int4 NOT NULL CHECK (position BETWEEN 0 AND 999),
    kind        text NOT NULL CHECK (kind IN ('hero', 'promises', 'categories', 'products', 'banner', 'brands', 'text', 'slot')),
    layout      text NOT NULL DEFAULT '' CHECK (layout ~ '^[a-z]{0,20}$'),
    tone        text NOT NULL DEFAULT 'plain' CHECK (tone IN ('plain', 'soft', 'accent', 'band', 'deep')),
    media_id    uuid,
    rule        text CHECK (rule IN ('featured', 'newest', 'deals', 'category', 'chosen')),
    argument    text NOT NULL DEFAULT '' CHECK (char_length(argument) <= 500),
    most        int4 NOT NULL DEFAULT 8 CHECK (most BETWEEN 1 AND 24),
    href        text NOT NULL DEFAULT '' CHECK (href = '' OR href ~ '^/[^/\\]' OR href = '/'),
    icons       text[] NOT NULL DEFAULT '{}',
    title       text NOT NULL DEFAULT '' CHECK (char_length(title) <= 200),
    body        text NOT NULL DEFAULT '' CHECK (char_length(body) <= 4000),
    label       text NOT NULL DEFAULT '' CHECK (char_length(label) <= 80),
    lines       text NOT NULL DEFAULT '' CHECK (char_length(lines) <= 2000),
    is_active   bool NOT NULL DEFAULT true,
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
    CHECK (kind <> 'products' OR rule IS NOT NULL),
    FOREIGN KEY (tenant_id, media_id) REFERENCES shop.media (tenant_id, id) ON DELETE SET NULL (media_id)
);
COMMENT ON TABLE shop.home_blocks IS '@class E what the home page shows, in order';
COMMENT ON COLUMN shop.home_blocks.argument IS 'rule category: its slug; chosen: SKUs; slot: the name of the place';
COMMENT ON COLUMN shop.home_blocks.lines IS 'promises, one a line, as many as icons';
CREATE UNIQUE INDEX home_blocks_key ON shop.home_blocks (tenant_id, key) WHERE deleted_at IS NULL;
CREATE INDEX home_blocks_order ON shop.home_blocks (tenant_id, position, id) WHERE deleted_at IS NULL;
CREATE INDEX home_blocks_media ON shop.home_blocks (tenant_id, media_id) WHERE media_id IS NOT NULL;
SELECT app.protect('shop.home_blocks');
SELECT app.desk_writes('shop.home_blocks');
CREATE INDEX media_bytes ON shop.media (tenant_id, sha256) WHERE sha256 IS NOT NULL AND deleted_at IS NULL;

CREATE VIEW shop.home_shown WITH (security_invoker = true) AS
SELECT b.tenant_id, b.id, b.position, b.kind, b.layout, b.tone, b.media_id, b.rule, b.argument, b.most, b.href,
       b.icons, b.title, b.body, b.label, b.lines, b.valid_from, b.valid_until
  FROM shop.home_blocks b
 WHERE b.is_active AND b.deleted_at IS NULL
UNION ALL
SELECT app.tenant(), ('00000000-0000-0000-0000-00000000000' || d.n)::uuid, d.n, d.kind, '', d.tone, NULL, d.rule, '', 8,
       d.href, '{}'::text[], '', '', '', '', '-infinity'::timestamptz, 'infinity'::timestamptz
  FROM (VALUES (0, 'hero', 'soft', NULL, '/c'), (1, 'slot', 'plain', NULL, ''), (2, 'categories', 'plain', NULL, '/c'),
               (3, 'products', 'soft', 'deals', ''), (4, 'products', 'plain', 'featured', ''),
               (5, 'products', 'plain', 'newest', '/c')) AS d (n, kind, tone, rule, href)
 WHERE NOT EXISTS (SELECT 1 FROM shop.home_blocks x WHERE x.deleted_at IS NULL);
COMMENT ON VIEW shop.home_shown IS 'blocks of the home page; those of a shop that has none of its own';
ALTER VIEW shop.home_shown OWNER TO kade_owner;
GRANT SELECT ON shop.home_shown TO kade_rt;
