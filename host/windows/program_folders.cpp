// SPDX-License-Identifier: MIT
#include "host/service/program_folders.hpp"

#include "host/windows/win32.hpp"

#include <filesystem>

namespace pysvc {
namespace {

using win::narrow;

std::wstring executable_path() {
    std::wstring path(256, L'\0');
    while (true) {
        const DWORD length = GetModuleFileNameW(nullptr, path.data(), static_cast<DWORD>(path.size()));
        if (length < path.size()) {
            path.resize(length);
            return path;
        }
        path.resize(path.size() * 2);
    }
}

/// FOLDERID_ProgramData, from where Windows keeps it. SHGetKnownFolderPath says the same, but shell32 and what it depends
/// on take longer to load than everything else before START_PENDING. Not %ProgramData%: a service under Wine has another.
std::wstring program_data() {
    constexpr wchar_t kKey[] = LR"(SOFTWARE\Microsoft\Windows NT\CurrentVersion\ProfileList)";
    std::wstring path;
    DWORD size = MAX_PATH * sizeof(wchar_t);
    LSTATUS status = ERROR_MORE_DATA;
    while (status == ERROR_MORE_DATA) {
        path.resize(size / sizeof(wchar_t));
        status = RegGetValueW(HKEY_LOCAL_MACHINE, kKey, L"ProgramData", RRF_RT_REG_SZ, nullptr, path.data(), &size);
    }
    if (status != ERROR_SUCCESS) return LR"(C:\ProgramData)";
    path.resize(size / sizeof(wchar_t) - 1);
    return path;
}

std::wstring current_folder() {
    std::wstring path(GetCurrentDirectoryW(0, nullptr), L'\0');
    path.resize(GetCurrentDirectoryW(static_cast<DWORD>(path.size()), path.data()));
    return path;
}

}  // namespace

ProgramFolders program_folders() {
    const std::filesystem::path executable = executable_path();
    return {narrow(executable.native()), narrow(executable.parent_path().native()),
            narrow(program_data()), narrow(current_folder())};
}

}  // namespace pysvc
