# SPDX-License-Identifier: MIT
"""Compile the modules of a folder and write them as C++: what the engine carries inside itself.

    python embed_modules.py FOLDER OUTPUT.cpp

Run by the build, with an interpreter of the engine's own minor: bytecode is read by no other. The path of a file below
FOLDER is the name of its module. The source goes along, for tracebacks and inspect.
"""
import importlib.util
import marshal
import sys
from pathlib import Path

# A compiler may limit a line; MSVC limits a string literal, not an array.
BYTES_PER_LINE = 32

HEAD = """// SPDX-License-Identifier: MIT
// Written by embed_modules.py from servicemanager_module/python.
#include "servicemanager_module/interpreter/embedded_modules.hpp"

namespace pysvc::py {{
namespace {{

constexpr unsigned char kMagic[] = {{{magic}}};

"""

TAIL = """constexpr EmbeddedModule kModules[] = {{
{rows}}};

}}  // namespace

std::span<const EmbeddedModule> embedded_modules() {{ return kModules; }}
std::span<const unsigned char> embedded_magic() {{ return kMagic; }}

}}  // namespace pysvc::py
"""


def module_name(path):
    """The name that `import` knows a file by, and whether it is a package."""
    parts = path.with_suffix("").parts
    if parts[-1] == "__init__":
        return ".".join(parts[:-1]), True
    return ".".join(parts), False


def numbers(data):
    """The elements of a C array."""
    return ",".join(str(byte) for byte in data)


def array(name, data):
    """A C array, which may not be empty."""
    data = data or b"\0"
    lines = [numbers(data[start : start + BYTES_PER_LINE]) for start in range(0, len(data), BYTES_PER_LINE)]
    return f"constexpr unsigned char {name}[] = {{\n" + ",\n".join(lines) + "};\n"


def embed(folder):
    """The text of the C++ file."""
    rows, arrays = [], []
    for index, file in enumerate(sorted(folder.rglob("*.py"))):
        name, package = module_name(file.relative_to(folder))
        source = file.read_bytes()
        # No folder of the machine that builds. Not in angle brackets alone: linecache would never ask the loader.
        label = "<PythonService>/" + file.relative_to(folder).as_posix()
        code = marshal.dumps(compile(source, label, "exec", dont_inherit=True, optimize=0))
        arrays += [array(f"kCode{index}", code), array(f"kSource{index}", source)]
        flag = "true" if package else "false"
        rows.append(f'    {{"{name}", {flag}, {{kCode{index}, {len(code)}}}, {{kSource{index}, {len(source)}}}}},\n')
    if not rows:
        sys.exit(f"{folder} holds no module")
    head = HEAD.format(magic=numbers(importlib.util.MAGIC_NUMBER))
    return head + "\n".join(arrays) + "\n" + TAIL.format(rows="".join(rows))


def main():
    folder, output = Path(sys.argv[1]), Path(sys.argv[2])
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text(embed(folder), encoding="ascii")


if __name__ == "__main__":
    main()
