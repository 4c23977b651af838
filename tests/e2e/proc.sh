# proc.sh: a master of its own for the tests of processes: two workers on a Unix socket, one jobs
# process, module proctest, a database of its own. Source it, then start_master. Everything lives in
# KADE_TEST_TMP; only what was started here is stopped.
# shellcheck shell=bash
set -uo pipefail
# shellcheck source=/dev/null
. "$KADE_TEST_SRC/tests/kit/tap.sh"
# shellcheck source=/dev/null
KADE_TOP=$KADE_TEST_SRC . "$KADE_TEST_SRC/tools/dev/common.sh"
B=$KADE_TEST_BUILD
T=$(mktemp -d "$KADE_TEST_TMP/proc.XXXXXX")
chmod 755 "$T"
db=proc_$$
master=
sock=unix:$T/shop.sock
get="$B/tests/kit/fcgi-get"

fresh_state() {
    mkdir -p "$T/modules" "$T/state"
    "$KADE_TEST_SRC/tools/make-locales" "$KADE_TEST_TMP/locales" >/dev/null 2>&1
    export LOCPATH=$KADE_TEST_TMP/locales
    cp "$B/tests/e2e/.libs/proctest.so" "$T/modules/"
    psql -qX -h "$KADE_TEST_PGHOST" -U postgres -d postgres -c "CREATE DATABASE $db TEMPLATE kade_template" >/dev/null
}

# write_conf WORKERS MAX_REQUESTS [LISTEN] [DEADLINE] [EXTRA]
write_conf() {
    cat >"$T/kade.conf.new" <<TEXT
app {
    state_dir = "$T/state"
    module_dir = "$T/modules"
    template_dir = "$B/templates"
    static_dir = "$B/static"
    locale_dir = "$B/locale"
    sql_dir = "$KADE_TEST_SRC/sql"
    development = true
    modules = {"proctest"}
    request_deadline_s = ${4:-30}
    drain_s = 5
    ${5:-}
}
db { host = "${pghost:-$KADE_TEST_PGHOST}" name = "$db" }
cache { servers = "$KADE_TEST_MEMCACHED" }
pool shop {
    listen = "${3:-$sock}"
    role = "kade_web"
    workers = $1
    max_requests = $2
}
TEXT
    mv "$T/kade.conf.new" "$T/kade.conf"
}

# wait_for SECONDS COMMAND...: asks every 20 ms, so a test is as quick as what it waits for.
wait_for() {
    local until=$(($(date +%s%N) + $1 * 1000000000))
    shift
    while [ "$(date +%s%N)" -lt "$until" ]; do
        "$@" >/dev/null 2>&1 && return 0
        sleep 0.02
    done
    return 1
}

is_ready() { "$get" "${1:-$sock}" /healthz >/dev/null 2>&1; }
generation() { LC_ALL=C grep -aF 'msg=ready generation=' "$T/kade.log" | tail -1 | sed 's/.*generation=\([0-9]*\).*/\1/'; }
generation_is() { [ "$(generation)" = "$1" ]; }
logged() { LC_ALL=C grep -aq -- "$1" "$T/kade.log"; }
children() { pgrep -P "$master" -x "kade-${1:-shop}" | sort; }
drained() { [ "$(children | wc -l)" = "$1" ]; }
q() { psql -qXAt -h "$KADE_TEST_PGHOST" -U postgres -d "$db" -c "$1"; }
is_q() { [ "$(q "$2")" = "$1" ]; }
gone() { ! kill -0 "$1" 2>/dev/null; }

# Not through check: that runs in a subshell, and we must know the master.
begins() { if start_master; then ok "$1"; else not_ok "$1" "$(tail -5 "$T/kade.log")"; fi; }
asleep() { test -s "$T/state/sleeping"; } # /test/sleep has begun

start_master() {
    [ ! -e "$T/kade.log" ] || cat "$T/kade.log" >>"$T/all.log"
    : >"$T/kade.log"
    "$B/kade-master" --config "$T/kade.conf" --log "$T/kade.log" >/dev/null 2>&1 &
    master=$!
    wait_for 20 logged msg=ready
}

stop_master() {
    [ -n "$master" ] || return 0
    kill -TERM "$master" 2>/dev/null
    wait_for 15 gone "$master" || kill -KILL "$master" 2>/dev/null
    wait "$master" 2>/dev/null
    master=
}

reload() {
    local next=$(($(generation) + 1))
    kill -HUP "$master"
    wait_for 20 generation_is "$next"
}

tidy() {
    stop_master
    psql -qX -h "$KADE_TEST_PGHOST" -U postgres -d postgres -c "DROP DATABASE IF EXISTS $db WITH (FORCE)" >/dev/null 2>&1
    rm -rf "$T"
}
[ -n "${KADE_TEST_KEEP:-}" ] || trap tidy EXIT
