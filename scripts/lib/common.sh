# shellcheck shell=bash
# What every script here shares: where things are, how to talk, how to tidy up.
# Source it; it changes no directory and sets no trap until at_exit is called.

# A failing command inside $(...) must stop the script too; plain `set -e` does not reach there.
shopt -s inherit_errexit

# The root of the repository, whatever directory the caller is in.
PYSVC_ROOT=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd -P)

# Everything that is downloaded or can be made again lives here, outside the repository, so that
# several checkouts share it. The layout is described at the top of scripts/fetch.
PYSVC_CACHE=${PYSVC_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/pythonservice}

# The minors of CPython 3 we support, and the one used when nobody says which.
# shellcheck disable=SC2034 # used by those who source this
{
    PYSVC_MINORS=(10 11 12 13 14)
    PYSVC_DEFAULT_MINOR=13
}

# say TEXT...: tell the person running the script. On stderr: stdout is for results.
say() {
    printf '%s: %s\n' "${0##*/}" "$*" >&2
}

# die TEXT...: say why, and stop.
die() {
    say "error: $*"
    exit 1
}

# project_version: the version in the one place that states it, the project() of CMakeLists.txt.
project_version() {
    sed -nE '/^project\(/,/\)/ s/.*VERSION[[:space:]]+([0-9.]+).*/\1/p' "$PYSVC_ROOT/CMakeLists.txt"
}

# pin NAME FIELD: a field (version, file, sha256) of a line of scripts/pins.
pin() {
    local name=$1 field=$2 line
    line=$(grep -E "^${name}[[:space:]]" "$PYSVC_ROOT/scripts/pins") || die "scripts/pins has no '$name'"
    local version file sha256
    read -r _ version file sha256 <<<"$line"
    case $field in
        version) echo "$version" ;;
        file) echo "$file" ;;
        sha256) echo "$sha256" ;;
        *) die "pin: no field '$field'" ;;
    esac
}

# windows_python MINOR, windows_pywin32 MINOR, windows_pyinstaller, windows_virtualenv, windows_embeddable: where scripts/fetch puts them.
windows_python() { printf '%s\n' "$PYSVC_CACHE/windows/cpython-3.$1"; }
windows_pywin32() { printf '%s\n' "$PYSVC_CACHE/windows/pywin32-$(pin "pywin32-cp3$1" version)-cp3$1"; }
windows_pyinstaller() { printf '%s\n' "$PYSVC_CACHE/windows/pyinstaller"; }
windows_virtualenv() { printf '%s\n' "$PYSVC_CACHE/windows/virtualenv"; }
windows_embeddable() { printf '%s\n' "$PYSVC_CACHE/windows/embeddable-3.$PYSVC_DEFAULT_MINOR"; }

# at_exit COMMAND ARG...: run it when this shell ends, last registered first, also after an error
# or Ctrl+C. Use it instead of `trap ... EXIT`, which would replace what others registered.
_at_exit_commands=()
_at_exit_shell=
at_exit() {
    # A subshell inherits our list but must not run the parent's part of it.
    if [[ $_at_exit_shell != "$BASHPID" ]]; then
        _at_exit_shell=$BASHPID
        _at_exit_commands=()
        trap _run_at_exit EXIT
        trap 'exit 129' HUP
        trap 'exit 130' INT
        trap 'exit 143' TERM
    fi
    _at_exit_commands+=("$(printf '%q ' "$@")")
}

_run_at_exit() {
    local status=$? i
    trap - EXIT
    set +e # one failed step must not skip the others
    for ((i = ${#_at_exit_commands[@]} - 1; i >= 0; i--)); do
        # A step that fails turns success into failure: something was left behind.
        eval "${_at_exit_commands[i]}" || ((status)) || status=1
    done
    exit "$status"
}

# with_lock NAME FUNCTION ARG...: run it in a subshell while no other process holds the lock NAME.
with_lock() {
    local lock=$PYSVC_CACHE/locks/$1
    shift
    mkdir -p "${lock%/*}"
    (
        if ! flock --wait 2 9; then
            say "waiting for another process to finish (${lock##*/})"
            flock 9
        fi
        # Closed for the commands that run inside: a daemon that inherited it would keep the lock.
        "$@" 9>&-
    ) 9>"$lock"
}

# publish_tree TARGET FUNCTION ARG...: FUNCTION ARG... DIR fills the new directory DIR, which then
# becomes TARGET in one rename: an interrupted run leaves nothing that looks finished.
# Call it under a lock.
publish_tree() {
    local target=$1 scratch
    shift
    mkdir -p "${target%/*}"
    scratch=$target.new
    rm -rf "$scratch" "$target.old" # from a run that was killed
    at_exit rm -rf "$scratch" "$target.old"
    mkdir "$scratch"
    "$@" "$scratch"
    [[ ! -e $target ]] || mv -T "$target" "$target.old"
    mv -T "$scratch" "$target"
    rm -rf "$target.old"
}
