-- stmt: a( -> exec
-- stmt: (x) -> 
-- stmt: a(x numeric[]) -> one
-- row
-- row:,
/*[frag */ /*[/frag]*/ /* /* */ -- stmt: q() -> exec
select