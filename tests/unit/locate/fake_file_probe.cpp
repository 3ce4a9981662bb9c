// SPDX-License-Identifier: MIT
#include "tests/unit/locate/fake_file_probe.hpp"

#include "host/base/text.hpp"
#include "host/locate/engines.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace pysvc::test {
namespace {

void put(std::string& bytes, std::size_t offset, std::uint16_t value) {
    bytes[offset] = static_cast<char>(value & 0xFF);
    bytes[offset + 1] = static_cast<char>(value >> 8);
}

}  // namespace

std::string dll_head(std::uint16_t machine) {
    std::string head(512, '\0');
    head.replace(0, 2, "MZ");
    put(head, 0x3C, 0x80);
    head.replace(0x80, 4, std::string("PE\0\0", 4));
    put(head, 0x84, machine);
    return head;
}

std::string elf_head(std::uint16_t machine) {
    std::string head(64, '\0');
    head.replace(0, 4, "\177ELF");
    head[4] = 2;
    head[5] = 1;
    put(head, 18, machine);
    return head;
}

std::string FakeFileProbe::key(const std::string& path) const {
    return system_ == System::Windows ? lower_case(path) : path;
}

bool FakeFileProbe::is_denied(const std::string& path) const {
    return std::ranges::any_of(denied_, [&](const std::string& prefix) { return key(path).starts_with(prefix); });
}

void FakeFileProbe::add(const std::string& path, std::string content) {
    files_[key(path)] = std::move(content);
    for (std::string at = path; !at.empty(); at = parent_path(system_, at)) names_.emplace(key(at), at);
}

void FakeFileProbe::remove(const std::string& path) {
    const std::string prefix = key(path);
    std::erase_if(files_, [&](const auto& entry) { return entry.first.starts_with(prefix); });
    std::erase_if(names_, [&](const auto& entry) { return entry.first.starts_with(prefix); });
}

void FakeFileProbe::deny(const std::string& path) { denied_.push_back(key(path)); }

void FakeFileProbe::add_store_alias(const std::string& path) {
    add(path);
    store_aliases_.insert(key(path));
}

void FakeFileProbe::protect(const std::string& directory) { protected_.insert(key(directory)); }

bool FakeFileProbe::may_write(const std::string& directory) { return !protected_.contains(key(directory)); }

void FakeFileProbe::link(const std::string& path, const std::string& target) {
    add(path);
    links_[path] = target;
}

void FakeFileProbe::add_installation(const std::string& prefix, int minor) {
    if (system_ == System::Windows) {
        add(prefix + "\\python.exe", dll_head());
        add(prefix + "\\pythonw.exe", dll_head());
        add(prefix + "\\python3.dll", dll_head());
        add(fmt::format("{}\\python3{}.dll", prefix, minor), dll_head());
        add(prefix + "\\Lib\\encodings\\__init__.py");
    } else {
        add(fmt::format("{}/bin/python3.{}", prefix, minor), elf_head());
        link(prefix + "/bin/python3", fmt::format("{}/bin/python3.{}", prefix, minor));
        add(fmt::format("{}/lib/libpython3.{}.so.1.0", prefix, minor), elf_head());
        add(fmt::format("{}/lib/python3.{}/encodings/__init__.py", prefix, minor));
    }
}

void FakeFileProbe::add_environment(const std::string& directory, const std::string& home, const std::string& version) {
    add(join_path(system_, directory, "pyvenv.cfg"), fmt::format("home = {}\nversion = {}\n", home, version));
    if (system_ == System::Windows) {
        add(directory + "\\Scripts\\python.exe", dll_head());
    } else {
        link(directory + "/bin/python3", home + "/python3");
    }
}

void FakeFileProbe::add_engine(const std::string& exe_directory, int minor) {
    add(join_path(system_, exe_directory, engine_file_name(system_, machine(), {minor})), dll_head());
}

FileKind FakeFileProbe::kind(const std::string& path) {
    if (is_denied(path)) return FileKind::Denied;
    if (store_aliases_.contains(key(path))) return FileKind::StoreAlias;
    if (files_.contains(key(path))) return FileKind::File;
    return names_.contains(key(path)) ? FileKind::Directory : FileKind::Missing;
}

Result<std::string> FakeFileProbe::read_head(const std::string& path, std::size_t limit) {
    const auto file = files_.find(key(path));
    if (is_denied(path)) return failure(ErrorCode::PythonUnreadable, 5, "'" + path + "'");
    if (file == files_.end()) return failure(ErrorCode::PythonUnreadable, 2, "'" + path + "'");
    return file->second.substr(0, limit);
}

std::vector<std::string> FakeFileProbe::list(const std::string& directory) {
    std::vector<std::string> names;
    if (is_denied(directory)) return names;
    for (const auto& [name_key, name] : names_) {
        const std::string parent = parent_path(system_, name);
        if (!parent.empty() && same_path(system_, parent, directory)) names.push_back(file_name(system_, name));
    }
    return names;
}

std::string FakeFileProbe::absolute(const std::string& path) { return normal_path(system_, path); }

std::string FakeFileProbe::resolved(const std::string& path) {
    std::string at = path;
    for (auto link = links_.find(at); link != links_.end(); link = links_.find(at)) at = link->second;
    return at;
}

std::optional<std::string> FakeFileProbe::variable(const std::string& name) {
    const auto found = variables.find(name);
    return found == variables.end() ? std::nullopt : std::optional(found->second);
}

std::vector<RegisteredPython> FakeFileProbe::registered(RegistryScope scope) {
    std::vector<RegisteredPython> all;
    if (scope == RegistryScope::MachineAndUser) all = user_pythons;
    all.insert(all.end(), machine_pythons.begin(), machine_pythons.end());
    return all;
}

}  // namespace pysvc::test
