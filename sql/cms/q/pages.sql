-- Texts of the shop as visitors see them, in the first language of the chain that has them.

-- stmt: page(chain text[], slug text, moment timestamptz) -> maybe page
-- row:  page_id uuid, slug text, title text, summary text, body text, is_indexed bool, updated_at timestamptz
-- plan: index
SELECT p.id AS page_id, p.slug,
       coalesce((SELECT t.value FROM app.translations t
                  WHERE t.resource = 'page' AND t.resource_id = p.id AND t.field = 'title'
                    AND t.locale = ANY ($1) ORDER BY array_position($1, t.locale) LIMIT 1), p.title) AS title,
       coalesce((SELECT t.value FROM app.translations t
                  WHERE t.resource = 'page' AND t.resource_id = p.id AND t.field = 'summary'
                    AND t.locale = ANY ($1) ORDER BY array_position($1, t.locale) LIMIT 1), p.summary) AS summary,
       coalesce((SELECT t.value FROM app.translations t
                  WHERE t.resource = 'page' AND t.resource_id = p.id AND t.field = 'body'
                    AND t.locale = ANY ($1) ORDER BY array_position($1, t.locale) LIMIT 1), p.body) AS body,
       p.is_indexed,
       greatest(p.updated_at, (SELECT max(t.updated_at) FROM app.translations t
                                WHERE t.resource = 'page' AND t.resource_id = p.id
                                  AND t.locale = ANY ($1))) AS updated_at
  FROM cms.pages p
 WHERE p.slug = $2 AND p.deleted_at IS NULL AND $3 >= p.publish_from AND $3 < p.publish_until;

-- Where an address that shows nothing leads.
-- stmt: page_address(slug text, moment timestamptz) -> maybe address
-- row:  slug text, is_live bool, is_gone bool
-- plan: index
SELECT p.slug, (p.deleted_at IS NULL AND $2 >= p.publish_from AND $2 < p.publish_until) AS is_live,
       (p.deleted_at IS NOT NULL OR $2 >= p.publish_until) AS is_gone
  FROM cms.page_slugs s
  JOIN cms.pages p ON p.id = s.page_id
 WHERE s.slug = $1;

-- What may be shown now: for the footer, the map of the site and the sitemap.
-- stmt: links(chain text[], moment timestamptz) -> many link
-- row:  slug text, title text, in_footer bool, is_indexed bool, updated_at timestamptz
-- plan: index
SELECT p.slug,
       coalesce((SELECT t.value FROM app.translations t
                  WHERE t.resource = 'page' AND t.resource_id = p.id AND t.field = 'title'
                    AND t.locale = ANY ($1) ORDER BY array_position($1, t.locale) LIMIT 1), p.title) AS title,
       p.in_footer, p.is_indexed, p.updated_at
  FROM cms.pages p
 WHERE p.deleted_at IS NULL AND $2 >= p.publish_from AND $2 < p.publish_until
 ORDER BY p.position, p.id LIMIT 100;

-- stmt: page_find(slug text) -> maybe page_id
-- row:  page_id uuid
-- plan: index
SELECT p.id AS page_id FROM cms.pages p WHERE p.slug = $1 AND p.deleted_at IS NULL;

-- stmt: page_put(id uuid, slug text, title text, summary text, body text, position int4) -> exec
-- role: desk
-- writes
INSERT INTO cms.pages AS p (id, slug, title, summary, body, position) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (tenant_id, slug) WHERE deleted_at IS NULL DO UPDATE
   SET title = excluded.title, summary = excluded.summary, body = excluded.body, position = excluded.position
 WHERE (p.title, p.summary, p.body, p.position) IS DISTINCT FROM
       (excluded.title, excluded.summary, excluded.body, excluded.position);
