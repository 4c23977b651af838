# servers.sh: up, down, reset, status, logs, kade. Everything listens on loop-back or in the state folder.
# shellcheck shell=bash

PGBIN=/usr/lib/postgresql/15/bin

make_state() {
    mkdir -p "$STATE" "$RUN" "$LOG" "$STATE/mail" "$STATE/media" "$STATE/spool" "$STATE/theme" "$STATE/private" "$STATE/nginx" "$STATE/locales"
    chmod 755 "$STATE" "$STATE/media" "$STATE/theme"
    chmod 750 "$STATE/spool" "$STATE/private" "$STATE/mail"
    # Redirections below open these files as whoever calls; the servers append to them as their own user.
    touch "$LOG"/{initdb,postgres,memcached,migrate,demo,kade,nginx-error}.log
    if is_root; then
        chown kade:kade "$LOG"/*.log
        chown kade:kade "$STATE" "$RUN" "$LOG" "$STATE/mail" "$STATE/media" "$STATE/spool" "$STATE/theme" \
            "$STATE/private" "$STATE/nginx" "$STATE/locales"
    fi
}

# glibc locales for gettext: a fresh machine has only C.
make_locales() {
    as_server sh "$DIST/usr/lib/kade/make-locales" "$STATE/locales" || die "localedef failed"
}

conf_default() {
    cat <<TEXT
# Kade's configuration. Written once by ./dev up; yours to edit. Each value can also be given in the
# environment as KADE_SECTION_NAME (KADE_DB_PORT=5433). docs/operations.md explains every one.
app {
    state_dir = "$STATE"
    module_dir = "$DIST/usr/lib/kade/modules"
    template_dir = "$DIST/usr/share/kade/templates"
    static_dir = "$DIST/usr/share/kade/static"
    locale_dir = "$DIST/usr/share/kade/locale"
    sql_dir = "$DIST/usr/share/kade/sql"
    demo_dir = "$DIST/usr/share/kade/demo"
    helper_dir = "$DIST/usr/libexec/kade"
    # Error pages with the failing statement and place. Only for a developer's own machine.
    development = true
    log_level = "info"
    secret_file = "$STATE/secret.key"
    # A request that runs longer is ended and its route logged.
    request_deadline_s = 30
    # How long a worker may finish its request when the programs reload or stop.
    drain_s = 20
}
db {
    # A folder is a Unix socket.
    host = "$RUN"
    port = 5432
    name = "kade"
    statement_timeout_ms = 5000
    lock_timeout_ms = 3000
}
cache {
    # "" runs without memcached: slower, never wrong.
    servers = "unix:$RUN/memcached.sock"
    timeout_ms = 100
}
http {
    public_url = "http://127.0.0.1:$PORT"
}
mail {
    # "" writes every message to $STATE/mail as an .eml file.
    smtp_url = ""
    from = "shop@kade.test"
}
# Two pools: staff and machines never wait behind shoppers.
pool shop {
    listen = "unix:$RUN/shop.sock"
    role = "kade_web"
    workers = 4
    max_requests = 100000
}
pool admin {
    listen = "unix:$RUN/admin.sock"
    role = "kade_admin"
    prefixes = {"/admin", "/api", "/seller", "/platform"}
    workers = 2
    max_requests = 100000
}
TEXT
}

pg_is_ready() { "$PGBIN/pg_isready" -q -h "$RUN" -p 5432 -U postgres -d postgres; }
memcached_is_ready() { [ -S "$RUN/memcached.sock" ]; }
http_is_ready() { [ "$(curl -s -o /dev/null -w '%{http_code}' -m 2 "http://127.0.0.1:$PORT/readyz")" = 200 ]; }
http_answers() { [ "$(curl -s -o /dev/null -w '%{http_code}' -m 5 "http://127.0.0.1:$PORT/${1:-}")" = 200 ]; }

start_postgres() {
    pid_of postgres postgres >/dev/null && return 0
    if [ ! -e "$STATE/pg/PG_VERSION" ]; then
        say "Making a private PostgreSQL cluster ..."
        mkdir -p "$STATE/pg"
        chmod 700 "$STATE/pg"
        is_root && chown kade:kade "$STATE/pg"
        as_server "$PGBIN/initdb" -D "$STATE/pg" -U postgres -A trust -E UTF8 --locale=C.UTF-8 --no-instructions \
            >"$LOG/initdb.log" 2>&1 || { tail -5 "$LOG/initdb.log" >&2; die "initdb failed"; }
        cat >>"$STATE/pg/postgresql.conf" <<TEXT
listen_addresses = ''
unix_socket_permissions = 0700
max_connections = 100
shared_buffers = 128MB
work_mem = 8MB
maintenance_work_mem = 128MB
max_wal_size = 2GB
random_page_cost = 1.1
jit = off
log_line_prefix = '%m [%p] %a '
log_min_messages = warning
timezone = 'UTC'
TEXT
    fi
    # The socket folder is given at each start: another checkout path or port never needs an edit.
    spawn postgres "$LOG/postgres.log" "$PGBIN/postgres" -D "$STATE/pg" -k "$RUN" -p 5432
    wait_until 30 pg_is_ready || { tail -5 "$LOG/postgres.log" >&2; die "PostgreSQL did not start: see $LOG/postgres.log"; }
}

start_memcached() {
    pid_of memcached memcached >/dev/null && return 0
    rm -f "$RUN/memcached.sock"
    spawn memcached "$LOG/memcached.log" memcached -s "$RUN/memcached.sock" -a 0700 -m 64 -t 2 -c 256
    wait_until 5 memcached_is_ready || die "memcached did not start: see $LOG/memcached.log"
}

# The staged tree is not in its final place: programs find libkade.so and the locales through the environment.
# Settings given as KADE_SECTION_NAME reach the programs; what only ./dev reads does not.
program_env() {
    staged=(env "LD_LIBRARY_PATH=$DIST/usr/lib/kade" "LOCPATH=$STATE/locales")
    local name
    for name in $(compgen -e | grep -E '^KADE_(APP|DB|CACHE|HTTP|MAIL|POOL|STORAGE)_'); do
        staged+=("$name=${!name}")
    done
}
kade_cli() {
    local staged
    program_env
    as_server "${staged[@]}" "$DIST/usr/bin/kade" --config "$CONF" "$@"
}

start_master() {
    pid_of kade-master kade-master >/dev/null && return 0
    local staged
    program_env
    spawn kade-master "$LOG/kade.log" "${staged[@]}" "$DIST/usr/sbin/kade-master" --config "$CONF" --foreground \
        --log "$LOG/kade.log"
}

nginx_conf() {
    local brotli='' v6=''
    [ -e /usr/lib/nginx/modules/ngx_http_brotli_static_module.so ] &&
        brotli='load_module /usr/lib/nginx/modules/ngx_http_brotli_static_module.so;'
    grep -q ' lo$' /proc/net/if_inet6 2>/dev/null && v6="listen [::1]:$PORT;"
    sed -e "s|@STATE@|$STATE|g" -e "s|@RUN@|$RUN|g" -e "s|@LOG@|$LOG|g" -e "s|@PORT@|$PORT|g" \
        -e "s|@SHARE@|$DIST/usr/share/kade|g" -e "s|@BROTLI_MODULE@|$brotli|" -e "s|@LISTEN6@|$v6|" \
        -e "s|@BROTLI@|${brotli:+brotli_static on;}|" "$DIST/usr/share/kade/nginx/kade-dev.conf.in"
}

# Somebody else's server on our port would answer in our name.
port_is_taken() { (exec 3<>"/dev/tcp/127.0.0.1/$PORT") 2>/dev/null; }

start_nginx() {
    nginx_conf >"$STATE/nginx/nginx.conf.new"
    if pid_of nginx nginx >/dev/null; then
        # $1: what it includes, in the installed tree, may be new although the file itself is not.
        [ "${1:-0}" = 0 ] && cmp -s "$STATE/nginx/nginx.conf.new" "$STATE/nginx/nginx.conf" && { rm -f "$STATE/nginx/nginx.conf.new"; return 0; }
        mv "$STATE/nginx/nginx.conf.new" "$STATE/nginx/nginx.conf"
        kill -HUP "$(pid_of nginx nginx)"
        return 0
    fi
    mv "$STATE/nginx/nginx.conf.new" "$STATE/nginx/nginx.conf"
    rm -f "$STATE/nginx/pid"
    spawn nginx "$LOG/nginx-error.log" nginx -p "$STATE/nginx" -c "$STATE/nginx/nginx.conf" -e "$LOG/nginx-error.log" \
        -g "daemon off; pid $STATE/nginx/pid;"
    wait_until 5 test -s "$STATE/nginx/pid" || { tail -5 "$LOG/nginx-error.log" >&2; die "nginx did not start (is port $PORT taken?)"; }
}

has_demo() { [ -e "$STATE/demo-loaded" ]; }

cmd_up() {
    install_build_packages
    set_paths
    need_user
    local staged_before=0
    [ -e "$DIST.stamp" ] && staged_before=$(stat -c %.Y "$DIST.stamp")
    stage "$(build_kind)"
    local changed=0
    [ "$(stat -c %.Y "$DIST.stamp")" = "$staged_before" ] || changed=1
    mkdir -p "$STATE"
    exec 8>"$STATE/.lock"
    flock 8 # a second up beside this one waits, and then finds everything running
    if [ $changed = 0 ] && pid_of kade-master kade-master >/dev/null && pid_of nginx nginx >/dev/null && http_is_ready; then
        echo "Kade is running at http://127.0.0.1:$PORT/"
        return 0
    fi
    if ! pid_of nginx nginx >/dev/null && port_is_taken; then
        die "port $PORT is taken by another program: choose one with KADE_PORT=8081 ./dev up"
    fi
    make_state
    [ -e "$CONF" ] || conf_default >"$CONF"
    [ -e "$STATE/locales/.done" ] || make_locales
    start_postgres
    start_memcached
    if [ ! -e "$STATE/migrated" ] || [ "$DIST.stamp" -nt "$STATE/migrated" ]; then
        kade_cli migrate --bootstrap --superuser postgres >>"$LOG/migrate.log" 2>&1 ||
            { tail -5 "$LOG/migrate.log" >&2; die "migration failed: see $LOG/migrate.log"; }
        touch "$STATE/migrated"
    fi
    if [ "${KADE_DEMO:-1}" != 0 ] && ! has_demo; then
        say "Loading the demo shops ..."
        kade_cli demo load >>"$LOG/demo.log" 2>&1 || { tail -5 "$LOG/demo.log" >&2; die "demo load failed: see $LOG/demo.log"; }
        touch "$STATE/demo-loaded"
    fi
    if pid_of kade-master kade-master >/dev/null; then
        [ $changed = 0 ] || kill -HUP "$(pid_of kade-master kade-master)"
    else
        start_master
    fi
    start_nginx $changed
    wait_until 30 http_is_ready || { tail -8 "$LOG/kade.log" >&2; die "Kade is not ready: see ./dev logs"; }
    echo "Kade is running at http://127.0.0.1:$PORT/"
}

has_ended() { ! pid_of "$1" "$2" >/dev/null; } # also true of a process that only waits to be buried
stop_one() {
    local pid
    pid=$(pid_of "$1" "$2") || return 0
    kill "-${3:-TERM}" "$pid" 2>/dev/null || return 0
    wait_until 25 has_ended "$1" "$2" || { say "$1 ($pid) did not stop: ending it"; kill -KILL "$pid" 2>/dev/null || true; }
    rm -f "$RUN/$1.pid"
}

cmd_down() {
    set_paths
    stop_one nginx nginx QUIT
    stop_one kade-master kade-master TERM
    stop_one memcached memcached TERM
    stop_one postgres postgres INT
    say "Stopped."
}

cmd_reset() {
    cmd_down
    case "$STATE" in / | /home | /usr | /var | "$HOME" | "$KADE_TOP") die "refusing to delete $STATE" ;; esac
    [ -e "$STATE/kade.conf" ] || [ ! -e "$STATE" ] || [ -z "$(ls -A "$STATE")" ] || die "$STATE does not look like a state folder: delete it by hand"
    rm -rf "$STATE"
    [ "$RUN" = "$STATE/run" ] || rm -rf "$RUN"
    [ ! -L "$KADE_TOP/var" ] || rm -f "$KADE_TOP/var"
    say "Deleted $STATE"
}

cmd_status() {
    set_paths
    local name ok=0 pid
    for name in postgres memcached kade-master nginx; do
        if pid=$(pid_of "$name" "$name"); then
            printf '%-12s running (pid %s)\n' "$name" "$pid"
        else
            printf '%-12s stopped\n' "$name"
            ok=1
        fi
    done
    if [ $ok = 0 ] && http_is_ready; then
        echo "ready: http://127.0.0.1:$PORT/"
    else
        curl -s -m 2 "http://127.0.0.1:$PORT/readyz" 2>/dev/null || true
        echo "not ready"
        return 1
    fi
}

cmd_logs() {
    set_paths
    local files=()
    for f in kade nginx-error nginx-refused postgres memcached migrate demo; do [ -e "$LOG/$f.log" ] && files+=("$LOG/$f.log"); done
    [ ${#files[@]} -gt 0 ] || die "no logs yet in $LOG"
    if [ "${1:-}" = -f ]; then exec tail -n 50 -F "${files[@]}"; fi
    tail -n 200 -q "${files[@]}"
}

# What only the caller can read is lent to the server user as a copy; the folder is removed after the command.
lend_files() {
    local f
    args=()
    lent=
    for f in "$@"; do
        if is_root && [ -f "$f" ] && ! as_server test -r "$f"; then
            [ -n "$lent" ] || lent=$(as_server mktemp -d "$STATE/spool/lent.XXXXXX")
            install -D -o kade -g kade -m 600 "$f" "$lent/${#args[@]}-$(basename "$f")"
            f=$lent/${#args[@]}-$(basename "$f")
        fi
        args+=("$f")
    done
}

cmd_kade() {
    set_paths
    [ -x "$DIST/usr/bin/kade" ] || die "not built yet: run ./dev up first"
    [ -e "$CONF" ] || die "no instance in $STATE: run ./dev up first"
    local args lent rc=0
    lend_files "$@"
    kade_cli "${args[@]}" || rc=$?
    [ -z "$lent" ] || rm -rf "$lent"
    return $rc
}
