-- stmt: a(x uuid, y text?) -> many t
-- row: id uuid, n int8?
-- plan: index
SELECT t.id, t.n FROM wish.t WHERE t.id = $1 /*[frag y]*/ AND t.y = $2 /*[/frag]*/;
