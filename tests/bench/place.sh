# place.sh: orders placed per second against pgbench's own TPC-B on the same cluster in the same run, and the pages of
# cart and checkout at 8 connections. KADE_BENCH_ORDERS (5000) carts of three lines are prepared first; only placing
# them is timed. The workers are asked on their socket, each shopper from an address of their own.
# shellcheck shell=bash disable=SC2154,SC2034
# shellcheck source=tests/bench/kit.bash
. "$KADE_TOP/tests/bench/kit.bash"

# tpcb INSTANCE SECONDS: transactions per second of pgbench -s 10 -c 8 -j 2 in a database of its own beside the shop's.
tpcb() {
    local run=$BENCH/$1/run bin out
    bin=$(dirname "$(find /usr/lib/postgresql -name pgbench -path '*/bin/*' | sort -V | tail -1)")
    psql -qX -h "$run" -U postgres -d postgres -c "CREATE DATABASE pgbench" >/dev/null
    "$bin/pgbench" -q -i -s 10 -h "$run" -U postgres pgbench >/dev/null 2>&1
    out=$("$bin/pgbench" -c 8 -j 2 -T "$2" -h "$run" -U postgres pgbench 2>/dev/null)
    psql -qX -h "$run" -U postgres -d postgres -c "DROP DATABASE pgbench" >/dev/null
    awk '/^tps = / { print $3 }' <<<"$out"
}

bench_place() {
    local orders=${KADE_BENCH_ORDERS:-5000} variants out tps tpcb_tps
    build release tests/kit/buyer
    # Three things that are counted, with enough of each for every cart.
    cell warm "UPDATE shop.stock_levels SET on_hand = on_hand + 10 * $orders" >/dev/null
    variants=$(cell warm "SELECT string_agg(id::text, ',') FROM (SELECT v.id FROM shop.product_variants v
        JOIN shop.products p ON p.tenant_id = v.tenant_id AND p.id = v.product_id AND p.kind = 'simple' AND p.status = 'active'
        JOIN app.tenants t ON t.id = v.tenant_id AND t.slug = 'demo'
        JOIN shop.stock_levels l ON l.tenant_id = v.tenant_id AND l.variant_id = v.id
        WHERE v.is_active AND v.stock_policy = 'tracked' AND v.min_quantity = 1 ORDER BY v.sku LIMIT 3) x")
    if ! out=$("$KADE_TOP/build/release/tests/kit/buyer" --bench "unix:$BENCH/warm/run/shop.sock" demo.localhost "$variants" "$orders" 8 2>&1); then
        bench_failed=1
    fi
    echo "$out"
    tpcb_tps=$(tpcb warm "${KADE_BENCH_TPCB_SECONDS:-20}")
    tps=$(awk '/^placed/ { print ($6 > 0) ? $2 / $6 : 0 }' <<<"$out")
    echo "orders placed: $tps/s; TPC-B: $tpcb_tps/s"
    bar "place order : TPC-B" "$(ratio_of "$tps" "$tpcb_tps")" 0.15
    bar_most "cart, p95 in ms at 8 connections" "$(awk '/^placed/ { print $8 }' <<<"$out")" 30
    bar_most "checkout, p95 in ms at 8 connections" "$(awk '/^placed/ { print $10 }' <<<"$out")" 30
}
bench_place
