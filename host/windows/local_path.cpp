// SPDX-License-Identifier: MIT
#include "host/service/local_path.hpp"

#include "host/locate/paths.hpp"
#include "host/service/path_rules.hpp"
#include "host/windows/win32.hpp"

namespace pysvc {
namespace {

using namespace win;

tl::unexpected<Error> refused(const std::string& path, const std::string& why) {
    return failure(ErrorCode::PathRefused, 0, "'" + path + "' " + why);
}

/// A letter that stands for a folder (subst) or a share (net use): it belongs to the session in which it was made.
bool is_mapped(const std::wstring& drive) {
    if (GetDriveTypeW((drive + L'\\').c_str()) == DRIVE_REMOTE) return true;
    wchar_t target[MAX_PATH];
    constexpr std::wstring_view kSubstituted = LR"(\??\)";
    return QueryDosDeviceW(drive.c_str(), target, MAX_PATH) != 0 && std::wstring_view(target).starts_with(kSubstituted);
}

/// `path` with long names; as it is when it is not there.
std::string with_long_names(const std::string& path) {
    const std::wstring wide = widen(path);
    std::wstring full(MAX_PATH, L'\0');
    for (;;) {
        const DWORD size = GetLongPathNameW(wide.c_str(), full.data(), static_cast<DWORD>(full.size()));
        if (size == 0) return path;
        const bool fits = size < full.size();
        full.resize(size);  // without the terminator if it fits, else what it needs with it
        if (fits) return narrow(full);
    }
}

}  // namespace

Result<std::string> local_path(const std::string& path) {
    // The verbatim prefix of a path with a drive letter changes nothing; of other paths it must not hide what they are.
    std::string normal = normal_path(System::Windows, path);
    const bool verbatim_drive = path.starts_with(R"(\\?\)") && is_full_path(System::Windows, normal);
    if (const auto why = why_refused(path.starts_with(R"(\\?\)") && !verbatim_drive ? path : normal)) {
        return refused(path, *why);
    }
    if (is_mapped(widen(normal.substr(0, 2)))) {
        return refused(path, "is on a drive that net use or subst made: services do not have it; give the path on the local "
                             "disk");
    }
    return with_long_names(normal);
}

}  // namespace pysvc
