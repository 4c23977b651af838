# catalogue.sh: finding a product in a shop of 50,000 products and the categories of a large house: product and
# category page warm and with fragments off, searches nobody asked before, suggestions, round trips, and what
# growing from 1,000 to 50,000 products costs. KADE_BENCH_PRODUCTS makes it smaller for a look.
# shellcheck shell=bash disable=SC2154
# shellcheck source=tests/bench/kit.bash
. "$KADE_TOP/tests/bench/kit.bash"

MANY=${KADE_BENCH_PRODUCTS:-50000} FEW=1000

fill_shop() {
    local t0=$SECONDS tree=${KADE_BENCH_CATEGORIES:-$KADE_TOP/../shared/data/bestbuy-categories.json}
    KADE_STATE=$BENCH/$1 "$KADE_TOP/dev" kade demo load --products "$2" >/dev/null 2>&1 || { say "demo load failed"; bench_failed=1; }
    echo "$1: demo load --products $2: $((SECONDS - t0)) s"
    if [ -r "$tree" ]; then
        KADE_STATE=$BENCH/$1 "$KADE_TOP/dev" kade import categories "$tree" --tenant demo >/dev/null 2>&1 || true
    fi
    cell "$1" "ANALYZE" >/dev/null
    echo "$1: $(cell "$1" "SELECT count(*) FROM shop.products") products, $(cell "$1" "SELECT count(*) FROM shop.categories") categories"
}

# The fullest category of the first shop, and addresses of searches: two words of a name, its brand, a highest
# price, in stock. The same for the same catalogue.
fullest() {
    cell "$1" "SELECT '/c/' || g.slug FROM shop.category_stats s JOIN shop.categories g ON g.id = s.category_id
                JOIN app.tenants t ON t.id = g.tenant_id AND t.slug = 'demo' AND g.deleted_at IS NULL
               ORDER BY s.product_count DESC, g.slug LIMIT 1"
}
searches() {
    cell "$1" "SELECT '/search?q=' || w[1] || '+' || w[2] || '&brand=' || b.slug || '&in_stock=1&price_max=' || (1000 + n % 997 * 100)
                 FROM (SELECT p.*, row_number() OVER (ORDER BY md5(p.slug)) AS n,
                              regexp_split_to_array(lower(regexp_replace(p.name, '[^A-Za-z ]', ' ', 'g')), ' +') AS w
                         FROM shop.products p JOIN app.tenants t ON t.id = p.tenant_id AND t.slug = 'demo'
                        WHERE p.status = 'active' AND p.brand_id IS NOT NULL) p
                 JOIN shop.brands b ON b.id = p.brand_id
                WHERE length(w[1]) > 2 AND length(w[2]) > 2 ORDER BY n LIMIT 3000"
}
# What people have typed so far: the first letters of words.
typed() {
    cell "$1" "SELECT DISTINCT '/search/suggest?q=' || left(w, 2 + (n % 4)::int)
                 FROM (SELECT lower(split_part(p.name, ' ', 1 + (row_number() OVER (ORDER BY md5(p.slug)))::int % 2)) AS w,
                              row_number() OVER (ORDER BY md5(p.slug)) AS n
                         FROM shop.products p JOIN app.tenants t ON t.id = p.tenant_id AND t.slug = 'demo') x
                WHERE w ~ '^[a-z]{3,}$' LIMIT 2000"
}

# Trips of a request for a path, from the access lines: the median of nine, for a worker's first request also reads
# what it keeps (the shop, its settings, its flags).
trips_of() {
    local i
    for i in 1 2 3 4 5 6 7 8 9; do curl -s -o /dev/null "$COLD$1"; done
    sleep 0.3
    grep -rhF "path=${1%%\?*}" "$BENCH/cold/log" | grep -o ' trips=[0-9]*' | tail -9 | cut -d= -f2 | median
}

bench_windows() {
    local static=$WARM/theme/bench-30k.html one=/p/wall-clock three=/p/stoneware-mug-350-ml list p
    static_file warm
    list=$(fullest warm)
    for p in "$one" "$three" "$list"; do
        curl -sf -o /dev/null "$WARM$p" && curl -sf -o /dev/null "$COLD$p" || { say "no $p"; bench_failed=1; return; }
    done
    side_by_side "$static" "$WARM$one" "$WARM$three" "$COLD$one" "$COLD$three" "$WARM$list" "$COLD$list"
    echo "static file $STATIC_RPS/s; pages $one, $three, $list: ${RATES[*]}"
    bar "product, one variant, warm : static" "$(ratio_of "${RATES[0]}" "$STATIC_RPS")" 0.10
    bar "product, three variants, warm : static" "$(ratio_of "${RATES[1]}" "$STATIC_RPS")" 0.10
    bar "product, one variant, fragments off : static" "$(ratio_of "${RATES[2]}" "$STATIC_RPS")" 0.04
    bar "product, three variants, fragments off : static" "$(ratio_of "${RATES[3]}" "$STATIC_RPS")" 0.04
    bar "category with facets, warm : static" "$(ratio_of "${RATES[4]}" "$STATIC_RPS")" 0.08
    bar "category with facets, fragments off : static" "$(ratio_of "${RATES[5]}" "$STATIC_RPS")" 0.01
    for p in "$three" "$list"; do bar_most "round trips of $p, fragments off" "$(trips_of "$p")" 3; done
}

bench_words() {
    local file=$BENCH/addresses
    searches warm >"$file"
    bar_most "search, two words and three facets, p95 ms" "$(tail_ms "$WARM" "$file" 4 20)" 60
    bar_most "round trips of a search" "$(trips_of "$(tail -1 "$file")")" 3
    typed warm >"$file"
    bar_most "suggestions, p95 ms" "$(tail_ms "$WARM" "$file" 4 10)" 15
}

# growth NAME SMALL-URL LARGE-URL BAR: cost of one request in the large shop over that in the small one, medians
# of five interleaved runs.
growth() {
    local i a=() b=()
    for i in 1 2 3 4 5; do
        a+=("$(BENCH_SECONDS=2 rps "$2")")
        b+=("$(BENCH_SECONDS=2 rps "$3")")
    done
    bar_most "$1, $FEW to $MANY products, times" \
        "$(ratio_of "$(printf '%s\n' "${a[@]}" | median)" "$(printf '%s\n' "${b[@]}" | median)")" "$4"
}

bench_growth() {
    local few file=$BENCH/words i a=() b=()
    few=http://127.0.0.1:$SMALL_PORT
    growth "product page" "$few/p/wall-clock" "$COLD/p/wall-clock" 1.1
    growth "category page" "$few$(fullest small)" "$COLD$(fullest cold)" 1.5
    searches small | sed -n 1,400p >"$file.small"
    searches cold | sed -n 1,400p >"$file.large"
    for i in 1 2 3 4 5; do
        sed -n "$((i * 80 - 79)),$((i * 80))p" "$file.small" >"$file"
        a+=("$(tail_ms "$few" "$file" 1 20)")
        sed -n "$((i * 80 - 79)),$((i * 80))p" "$file.large" >"$file"
        b+=("$(tail_ms "$COLD" "$file" 1 20)")
    done
    bar_most "search, $FEW to $MANY products, times" \
        "$(ratio_of "$(printf '%s\n' "${b[@]}" | median)" "$(printf '%s\n' "${a[@]}" | median)")" 3
}

bench_catalogue() {
    SMALL_PORT=$(free_port)
    bench_instance small "$SMALL_PORT" env KADE_CACHE_SERVERS= "$KADE_TOP/dev" up >/dev/null
    fill_shop small "$FEW"
    fill_shop warm "$MANY"
    fill_shop cold "$MANY"
    bench_windows
    bench_words
    bench_growth
    KADE_STATE=$BENCH/small "$KADE_TOP/dev" down >/dev/null
}
bench_catalogue
