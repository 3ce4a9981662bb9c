// SPDX-License-Identifier: MIT
#pragma once

#include "host/locate/file_probe.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace pysvc::test {

/// A machine in memory, with the path rules of the system it plays. Directories of added files exist by themselves.
class FakeFileProbe final : public FileProbe {
public:
    explicit FakeFileProbe(System system = System::Windows) : system_(system) {}

    static constexpr std::uint16_t kX64 = 0x8664;
    static constexpr std::uint16_t kX86 = 0x014C;
    static constexpr std::uint16_t kElfX64 = 62;

    void add(const std::string& path, std::string content = "");
    void remove(const std::string& path);
    /// Everything at and below `path` refuses the account.
    void deny(const std::string& path);
    /// An app execution alias of the Store.
    void add_store_alias(const std::string& path);
    /// The account may not write into this directory.
    void protect(const std::string& directory);
    void link(const std::string& path, const std::string& target);

    /// python.exe, python3XX.dll, Lib\encodings; elsewhere bin/python3.X with a python3 link, lib and so on.
    void add_installation(const std::string& prefix, int minor);
    /// As `python -m venv` makes it; `home` is the directory of the base interpreter.
    void add_environment(const std::string& directory, const std::string& home, const std::string& version);
    void add_engine(const std::string& exe_directory, int minor);

    std::map<std::string, std::string> variables;
    std::vector<RegisteredPython> machine_pythons;
    std::vector<RegisteredPython> user_pythons;

    System system() const override { return system_; }
    std::uint16_t machine() const override { return system_ == System::Windows ? kX64 : kElfX64; }
    FileKind kind(const std::string& path) override;
    bool may_write(const std::string& directory) override;
    Result<std::string> read_head(const std::string& path, std::size_t limit) override;
    std::vector<std::string> list(const std::string& directory) override;
    std::string absolute(const std::string& path) override;
    std::string resolved(const std::string& path) override;
    std::optional<std::string> variable(const std::string& name) override;
    std::vector<RegisteredPython> registered(RegistryScope scope) override;

private:
    [[nodiscard]] std::string key(const std::string& path) const;
    [[nodiscard]] bool is_denied(const std::string& path) const;

    System system_;
    std::map<std::string, std::string> files_;  ///< by key
    std::map<std::string, std::string> names_;  ///< key -> as it was added
    std::map<std::string, std::string> links_;
    std::set<std::string> store_aliases_;  ///< keys
    std::vector<std::string> denied_;
    std::set<std::string> protected_;
};

/// The first bytes of a DLL for `machine`.
std::string dll_head(std::uint16_t machine = FakeFileProbe::kX64);
/// The first bytes of a shared object for `machine`.
std::string elf_head(std::uint16_t machine = FakeFileProbe::kElfX64);

}  // namespace pysvc::test
