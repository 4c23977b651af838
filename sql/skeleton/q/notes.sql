-- Newest first: a key of version 7 grows with time.
-- stmt: notes(most int4) -> many note
-- row:  id uuid, body text, created_at timestamptz
-- plan: index
SELECT n.id, n.body, n.created_at
  FROM skeleton.notes n
 WHERE n.deleted_at IS NULL
 ORDER BY n.id DESC LIMIT $1;

-- stmt: note_add(id uuid, body text, author uuid) -> exec
-- writes
INSERT INTO skeleton.notes (id, body, created_by, updated_by) VALUES ($1, $2, $3, $3);
