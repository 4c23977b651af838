# common.sh: paths, users, small helpers. Sourced by ./dev; sets no traps, starts nothing.
# shellcheck shell=bash

say() { printf '%s\n' "$*" >&2; }
die() { printf 'dev: %s\n' "$*" >&2; exit 1; }
have() { command -v "$1" >/dev/null 2>&1; }
is_root() { [ "$(id -u)" = 0 ]; }

# The system user that servers run as when we are root (PostgreSQL refuses root).
server_user() { if is_root; then echo kade; else id -un; fi; }

need_user() {
    is_root || return 0
    id kade >/dev/null 2>&1 && return 0
    useradd --system --no-create-home --home-dir /var/lib/kade --shell /usr/sbin/nologin kade
}

# Becomes a command as the server user, without a login shell. Standard input stays.
exec_as_server() {
    if is_root; then
        exec setpriv --reuid kade --regid kade --clear-groups --reset-env \
            env HOME=/nonexistent PATH="$PATH" LC_ALL=C.UTF-8 "$@"
    fi
    exec env LC_ALL=C.UTF-8 "$@"
}
as_server() { (exec_as_server "$@"); }

# spawn NAME LOG COMMAND...: starts a server in a session of its own. Every step replaces the one before, so the
# process we started is the server and its number is the one to keep.
spawn() {
    local name=$1 log=$2
    shift 2
    (exec_as_server setsid "$@") >>"$log" 2>&1 </dev/null 8>&- 9>&- &
    echo $! >"$RUN/$name.pid"
}

# The checkout as one short name: two checkouts on a machine keep apart.
checkout_id() { printf '%s' "$KADE_TOP" | sha256sum | cut -c1-8; }

can_server_reach() { is_root || return 0; as_server test -r "$1/configure.ac" -a -x "$1" 2>/dev/null; }

# Sets STATE (state folder), RUN (sockets and pid files, short enough for a socket address) and DIST (the
# built files that servers read).
set_paths() {
    need_user
    STATE=${KADE_STATE:-$KADE_TOP/var}
    case "$STATE" in /*) ;; *) STATE=$PWD/$STATE ;; esac
    if [ -z "${KADE_STATE:-}" ] && ! can_server_reach "$KADE_TOP"; then
        local real=/var/lib/kade/$(checkout_id)
        mkdir -p "$real"
        chmod 755 /var/lib/kade
        [ -L "$KADE_TOP/var" ] || [ -e "$KADE_TOP/var" ] || ln -s "$real" "$KADE_TOP/var"
        STATE=$real
    fi
    if can_server_reach "$KADE_TOP"; then
        DIST=$KADE_TOP/build/$(build_kind)/dist
    else
        DIST=/var/lib/kade/$(checkout_id)-dist
    fi
    RUN=$STATE/run
    if [ ${#RUN} -gt 70 ]; then
        RUN=kade-$(printf '%s' "$STATE" | sha256sum | cut -c1-8)
        if is_root; then RUN=/run/$RUN; else RUN=${XDG_RUNTIME_DIR:-/tmp}/$RUN; fi
    fi
    PORT=${KADE_PORT:-8080}
    CONF=$STATE/kade.conf
    LOG=$STATE/log
}

build_kind() { echo "${KADE_BUILD_KIND:-release}"; }

# Process ids: a pid file counts only while its process is the program we started, in this state folder.
pid_of() {
    local file=$RUN/$1.pid pid
    [ -s "$file" ] || return 1
    read -r pid <"$file" || return 1
    [ -n "$pid" ] && [ -d "/proc/$pid" ] || return 1
    case "$(tr '\0' ' ' <"/proc/$pid/cmdline" 2>/dev/null)" in
    *"$2"*"$STATE"/* | *"$2"*"$RUN"/*) echo "$pid" ;;
    *) return 1 ;;
    esac
}

# Polls a condition every 20 ms for at most $1 seconds.
wait_until() {
    local n=$(($1 * 50)) i=0
    shift
    while [ $i -lt "$n" ]; do
        "$@" >/dev/null 2>&1 && return 0
        sleep 0.02
        i=$((i + 1))
    done
    return 1
}

free_port() {
    local p
    for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
        p=$((20000 + (RANDOM % 20000)))
        (exec 3<>"/dev/tcp/127.0.0.1/$p") 2>/dev/null || { echo $p; return 0; }
    done
    return 1
}
