// SPDX-License-Identifier: MIT
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace pysvc {

/// What pyvenv.cfg of a virtual environment says. Written by venv, virtualenv and uv, each with keys of its own.
struct PyvenvCfg {
    std::string home;            ///< directory of the base installation's python.exe
    std::string executable;      ///< the base interpreter (venv since 3.11: executable; virtualenv: base-executable)
    std::string implementation;  ///< "CPython", "PyPy" (virtualenv, uv); empty: venv does not write it
    std::optional<int> minor;    ///< of `version` (venv) or `version_info` (uv, virtualenv)
};

/// Reads the text of the file: UTF-8, "key = value" by line, keys in either case. Lines that are no pair are skipped,
/// as CPython does; a byte order mark is tolerated, editors add it.
[[nodiscard]] PyvenvCfg parse_pyvenv_cfg(std::string_view text);

/// 13 for "3.13", "3.13.5" or "3.13.5.final.0"; nullopt for anything else.
[[nodiscard]] std::optional<int> minor_of_version(std::string_view version);

}  // namespace pysvc
