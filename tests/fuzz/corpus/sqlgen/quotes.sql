-- stmt: a() -> exec
-- writes
INSERT INTO wish.t (a) VALUES ($tag$ $b$ ; -- $tag$), (E'\';'), ("x;""")