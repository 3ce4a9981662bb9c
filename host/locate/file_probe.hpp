// SPDX-License-Identifier: MIT
#pragma once

#include "host/base/result.hpp"
#include "host/locate/paths.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace pysvc {

/// What is at a path, for the account that asks.
enum class FileKind {
    Missing,
    File,
    Directory,
    Denied,      ///< something is there, but the account may not even look at it
    StoreAlias,  ///< an app execution alias, which starts an app of the Microsoft Store and is no program itself
};

/// A Python that announced itself: PEP 514 on Windows, a name on PATH elsewhere.
struct RegisteredPython {
    std::string origin;        ///< where it was announced, for people
    std::string company;       ///< "PythonCore" for those of python.org
    std::string tag;           ///< "3.13", "3.13-32", ...
    std::string architecture;  ///< SysArchitecture: "64bit", "32bit" or empty
    std::string executable;    ///< its python.exe, or its directory where the entry names no file
    std::string version;       ///< SysVersion: "3.13"; empty where the entry does not tell
};

/// Whose announcements count. A service must not trust HKEY_CURRENT_USER: under LocalSystem it is not the user's.
enum class RegistryScope { Machine, MachineAndUser };

/// Port: all that locating Python needs to know of the machine. Read only.
class FileProbe {
public:
    virtual ~FileProbe() = default;

    [[nodiscard]] virtual System system() const = 0;

    /// Machine type that a library must have to be loaded into this process: of the PE header on Windows
    /// (0x8664 = x64), of the ELF header elsewhere (62 = x86-64).
    [[nodiscard]] virtual std::uint16_t machine() const = 0;

    virtual FileKind kind(const std::string& path) = 0;

    /// Whether the account that asks may make files in this directory.
    virtual bool may_write(const std::string& directory) = 0;

    /// The first `limit` bytes of a file. Fails with PythonUnreadable and the system's code.
    virtual Result<std::string> read_head(const std::string& path, std::size_t limit) = 0;

    /// The names in a directory, sorted; empty when it cannot be listed.
    virtual std::vector<std::string> list(const std::string& directory) = 0;

    /// `path` made absolute against the current directory and normal (normal_path).
    virtual std::string absolute(const std::string& path) = 0;

    /// The file that `path` is after all symbolic links; `path` itself when it cannot be told, and always on Windows,
    /// where CPython does not resolve them either.
    virtual std::string resolved(const std::string& path) = 0;

    /// An environment variable; nullopt when it is not set or empty.
    virtual std::optional<std::string> variable(const std::string& name) = 0;

    /// In any order: the caller sorts.
    virtual std::vector<RegisteredPython> registered(RegistryScope scope) = 0;
};

}  // namespace pysvc
