# shellcheck shell=bash
# The Wine fixture: a private Windows with a running service control manager, for scripts/run, the
# tests and the benchmark. Source scripts/lib/common.sh first. In order of use:
#
#   wine_scratch_dir        a name for DIR: print a new empty directory where files are fast
#   wine_prefix_new DIR     a new prefix in DIR (which must not exist, or be empty)
#   wine_boot DIR           start it; it is shut down when the calling shell exits
#   boot_with_programs      the three above, with the programs of the preset mingw in it
#   wine_run PROGRAM ARG... run a Windows program in it
#   wine_processes TEXT     Unix pids of its processes whose command line contains TEXT
#   wine_services_exe_count how many service control managers it has; 1 is the only good answer
#   wine_shutdown [DIR]     end it, and make sure that nothing of it is left
#
# PYSVC_WINE_RELAY names the functions (DLL.Function;...) that a trace with PYSVC_WINEDEBUG=+relay shall have: a trace of
# all of them is slow and huge.
#
# Only one prefix is current: the one booted last. wine_boot exports WINEPREFIX and the rest, so
# that plain `wine ...` works too.
#
# Why so much care: a prefix whose server dies between two commands, or that is booted twice at
# once, has no SCM or two of them; both look like services that fail at random.

# shellcheck source=scripts/lib/wine_template.sh
source "$PYSVC_ROOT/scripts/lib/wine_template.sh"

# wine_environment DIR: make DIR the prefix of every wine command from here on.
wine_environment() {
    # One spelling only: processes are recognised by the text of this variable.
    WINEPREFIX=$(realpath -e -- "$1")
    WINEDEBUG=-all
    # No questions about Mono and Gecko, which we do not need.
    WINEDLLOVERRIDES='mscoree=;mshtml='
    export WINEPREFIX WINEDEBUG WINEDLLOVERRIDES
    # Nothing here shows a window. Without a display a developer's desktop and a build machine
    # behave the same.
    unset DISPLAY WAYLAND_DISPLAY
}

# wine_scratch_dir: print a new empty directory, in memory where that is possible: a prefix is 3,000
# small files. The caller removes it after wine_shutdown.
wine_scratch_dir() {
    local parent=${TMPDIR:-/tmp}
    # Wine maps DLLs as code, which a file system mounted noexec (as in many containers) refuses.
    if [[ -z ${TMPDIR:-} && -w /dev/shm && $(findmnt -no OPTIONS -T /dev/shm) != *noexec* ]]; then
        parent=/dev/shm
    fi
    mktemp -d "$parent/pythonservice.XXXXXX"
}

# wine_prefix_new DIR: copy the template, which is made now if this machine has none yet.
wine_prefix_new() {
    local dir=$1 template
    template=$(wine_template)
    mkdir -p "$dir"
    rmdir "$dir" 2>/dev/null || die "wine_prefix_new: $dir is not empty"
    # Never hard links: the server would write one prefix's registry into all of them.
    cp -a --reflink=auto -T "$template" "$dir"
    if [[ ${PYSVC_WINE_RELAY:-} ]]; then
        # Into the file, since every program reads it at its start, and the first starts with the server.
        printf '\n[Software\\\\Wine\\\\Debug] 1\n"RelayInclude"="%s"\n' "$PYSVC_WINE_RELAY" >>"$dir/user.reg"
    fi
}

# wine_server: start the server of the current prefix, to stay until wine_shutdown.
wine_server() {
    # It must come first, before any wine command. Left to itself, Wine starts a server that takes
    # the SCM down with it as soon as no program runs. A server that is there already would ignore
    # -p, and says so with status 2.
    wineserver -p </dev/null >"$WINEPREFIX/wineserver.log" 2>&1 ||
        die "$WINEPREFIX has a wineserver already; is another test using it?"
    at_exit wine_shutdown "$WINEPREFIX"
}

# wine_boot DIR: boot the prefix, which returns when its auto-start services are up.
#
# Services inherit the stderr of the command that boots, so that Wine's traces of them (set
# PYSVC_WINEDEBUG, e.g. to +service,+relay) and what they print end up in DIR/boot.err. It has to
# be a file: the reader of a pipe would wait until the last service ends.
wine_boot() {
    wine_environment "$1"
    wine_server
    # Any command boots. Not `wineboot -i`: that starts a second SCM.
    WINEDEBUG=${PYSVC_WINEDEBUG:--all} wine cmd /c ver \
        </dev/null >"$WINEPREFIX/boot.out" 2>"$WINEPREFIX/boot.err" ||
        die "cannot boot $WINEPREFIX: $(tail -n 3 "$WINEPREFIX/boot.out" "$WINEPREFIX/boot.err")"
    local count answer
    count=$(wine_services_exe_count)
    ((count == 1)) || die "$WINEPREFIX has $count service control managers"
    # It lists the running services: the SCM answers.
    answer=$(wine_run net start) ||
        die "the service control manager of $WINEPREFIX does not answer: $answer $(tail -n 3 "$WINEPREFIX/boot.err")"
}

# boot_with_programs: a fresh prefix with what was built in C:\PythonService; gone when this shell ends.
boot_with_programs() {
    local dir
    dir=$(wine_scratch_dir)
    at_exit rm -rf "$dir"
    wine_prefix_new "$dir"
    cp -r "$PYSVC_ROOT/build/mingw/bin" "$dir/drive_c/PythonService"
    wine_boot "$dir"
}

# wine_run PROGRAM ARG...: run it and return its exit status (its low 8 bits). Both its outputs
# come out on stdout, without carriage returns.
#
# Always through a pipe: CPython 3.12 and newer does not survive Wine's handle for a regular file
# as its stdout ("init_sys_streams", WinError 6). For the same reason stdin is /dev/null.
wine_run() (
    set -o pipefail # in a subshell, hence only here: the status is that of wine
    wine "$@" </dev/null 2>&1 | LC_ALL=C sed -u 's/\r//g'
)

# wine_processes TEXT: case does not matter.
wine_processes() {
    _wine_process_table | awk -F '\t' -v text="${1,,}" 'index(tolower($3), text) { print $1 }'
}

# wine_services_exe_count: looks at the program, not at the command line, which others may have
# the name in.
wine_services_exe_count() {
    _wine_process_table | awk -F '\t' 'tolower($2) == "services.exe" { n++ } END { print n + 0 }'
}

# wine_shutdown [DIR]: end every process of this prefix, and of no other. Fails, having killed
# them, if Wine could not end some. Does nothing if it is down already.
# shellcheck disable=SC2120 # the argument is for callers elsewhere
wine_shutdown() {
    local dir=${1:-$WINEPREFIX}
    [[ -d $dir ]] || return 0 # shut down, and since then moved or removed
    local -x WINEPREFIX
    WINEPREFIX=$(realpath -e -- "$dir")
    # -k kills what runs and is answered at once; -w waits for the server to be gone. Both fail if
    # there is no server, which is what we want.
    wineserver -k >/dev/null 2>&1 || true
    wineserver -w >/dev/null 2>&1 || true

    local -a left
    mapfile -t left < <(_wine_process_table | cut -f 1)
    local pid
    for pid in "${left[@]}"; do
        # Killed by the server a moment ago, perhaps not gone yet.
        timeout 5 tail --pid="$pid" --sleep-interval=0.02 -f /dev/null || true
    done
    mapfile -t left < <(_wine_process_table)
    if ((${#left[@]})); then
        say "left over in $WINEPREFIX: ${left[*]}"
        kill -KILL "${left[@]%%$'\t'*}" 2>/dev/null || true
        return 1
    fi
    _wine_remove_sockets
}

# Debian's Wine keeps its sockets in a directory /tmp/wine-XXXXXX whose name is in the prefix. Nobody
# removes it. A copy of the prefix must not have the name either, or it would use the same directory.
_wine_remove_sockets() {
    local name=$WINEPREFIX/wineserver
    [[ -f $name ]] || return 0
    if [[ $(<"$name") == wine-* ]]; then
        rm -rf "/tmp/$(<"$name")"
    fi
    rm -f "$name"
}

# _wine_process_table: a line per process of the current prefix: pid, program, command line.
# The server itself is in it.
_wine_process_table() {
    local environ pid loader program line
    local -a command
    # -z -x: the variable must match as a whole, or /tmp/a would find the processes of /tmp/ab.
    { grep -lzsxF "WINEPREFIX=$WINEPREFIX" /proc/[0-9]*/environ || true; } |
        while read -r environ; do
            pid=${environ#/proc/}
            pid=${pid%/environ}
            # The variable is exported, so our own shells and tools have it as well. What runs
            # Windows programs is wine, wine64, wine64-preloader or wineserver64.
            loader=$(readlink "/proc/$pid/exe" 2>/dev/null) || continue
            [[ ${loader##*/} == wine* ]] || continue
            { mapfile -d '' -t command <"/proc/$pid/cmdline"; } 2>/dev/null || continue
            ((${#command[@]})) || continue
            program=${command[0]##*[\\/]}
            line=${command[*]}
            printf '%s\t%s\t%s\n' "$pid" "$program" "${line//[$'\t\n']/ }"
        done
}
