-- Words by which people are found (src/app/words.c).
-- stmt: words_put(resource text, entity_id uuid, words text[]) -> exec
-- writes
WITH gone AS (
    DELETE FROM app.entity_words w WHERE w.resource = $1 AND w.entity_id = $2 AND NOT (w.word = ANY ($3))
    RETURNING w.word)
INSERT INTO app.entity_words (resource, entity_id, word)
SELECT $1, $2, x.word FROM (SELECT DISTINCT u.word FROM unnest($3) AS u (word)) x
 WHERE (SELECT count(*) FROM gone) >= 0
    ON CONFLICT (tenant_id, resource, word, entity_id) DO NOTHING;
