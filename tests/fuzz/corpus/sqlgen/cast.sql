-- stmt: a() -> one t
-- row: n int4[]
SELECT CASE WHEN true THEN ARRAY[1,2] END::int4[] AS n