// SPDX-License-Identifier: MIT
#include "host/service/log_storage.hpp"

#include "host/base/paths.hpp"
#include "host/windows/win32.hpp"

#include <optional>
#include <string>
#include <utility>

namespace pysvc {
namespace {

using win::UniqueHandle;

constexpr DWORD kShareAll = FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE;

/// Of `path`, with the reason when it is not the system's.
auto unavailable(const std::filesystem::path& path, DWORD code, const std::string& reason = {}) {
    return failure(ErrorCode::LogUnavailable, code, "'" + from_path(path) + "'" + reason);
}

std::optional<BY_HANDLE_FILE_INFORMATION> information(HANDLE file) {
    BY_HANDLE_FILE_INFORMATION found{};
    if (!GetFileInformationByHandle(file, &found)) return std::nullopt;
    return found;
}

bool is_same_file(const BY_HANDLE_FILE_INFORMATION& left, const BY_HANDLE_FILE_INFORMATION& right) {
    return left.dwVolumeSerialNumber == right.dwVolumeSerialNumber && left.nFileIndexHigh == right.nFileIndexHigh &&
           left.nFileIndexLow == right.nFileIndexLow;
}

/// Deleted, but somebody (we) still has it open: its name is taken until the last handle is closed.
bool is_deleted(HANDLE file) {
    FILE_STANDARD_INFO found{};
    return GetFileInformationByHandleEx(file, FileStandardInfo, &found, sizeof found) &&
           (found.DeletePending || found.NumberOfLinks == 0);
}

/// "Name surrogates" lead elsewhere: symbolic links, junctions. Other reparse points are the file itself, kept in another
/// way (deduplicated, in a cloud).
bool is_link(HANDLE file) {
    FILE_ATTRIBUTE_TAG_INFO found{};
    return GetFileInformationByHandleEx(file, FileAttributeTagInfo, &found, sizeof found) &&
           IsReparseTagNameSurrogate(found.ReparseTag);
}

UniqueHandle open_for_appending(const std::filesystem::path& path, DWORD flags) {
    // FILE_APPEND_DATA without FILE_WRITE_DATA: each write goes to the end, wherever another process has moved it ("File
    // Access Rights Constants"). Anonymous: a pipe server in the file's place learns nothing of us.
    return UniqueHandle(CreateFileW(path.c_str(), FILE_APPEND_DATA | FILE_READ_ATTRIBUTES | SYNCHRONIZE, kShareAll,
                                    nullptr, OPEN_ALWAYS,
                                    FILE_ATTRIBUTE_NORMAL | SECURITY_SQOS_PRESENT | SECURITY_ANONYMOUS | flags, nullptr));
}

class WindowsLogFile final : public LogFile {
public:
    explicit WindowsLogFile(UniqueHandle handle) : handle_(std::move(handle)) {}

    Appended append(std::string_view bytes) override {
        Appended appended;
        // Again only after a short count, which is how a disk that becomes full announces it: the next call says why.
        while (appended.bytes < bytes.size()) {
            DWORD count = 0;
            if (!WriteFile(handle_.get(), bytes.data() + appended.bytes,
                           static_cast<DWORD>(bytes.size() - appended.bytes), &count, nullptr)) {
                appended.os_code = GetLastError();
                break;
            }
            appended.bytes += count;
        }
        return appended;
    }

    std::uint64_t size() const override {
        LARGE_INTEGER size{};
        return GetFileSizeEx(handle_.get(), &size) ? static_cast<std::uint64_t>(size.QuadPart) : 0;
    }

    Place place(const std::filesystem::path& path) const override {
        const auto own = information(handle_.get());
        if (!own || is_deleted(handle_.get())) return Place::Nowhere;
        const UniqueHandle named(CreateFileW(path.c_str(), FILE_READ_ATTRIBUTES, kShareAll, nullptr, OPEN_EXISTING,
                                             FILE_FLAG_BACKUP_SEMANTICS | FILE_FLAG_OPEN_REPARSE_POINT, nullptr));
        const auto found = named ? information(named.get()) : std::nullopt;
        return found && is_same_file(*own, *found) ? Place::Here : Place::Elsewhere;
    }

private:
    const UniqueHandle handle_;
};

class WindowsLogStorage final : public LogStorage {
public:
    Result<std::unique_ptr<LogFile>> open(const std::filesystem::path& path) override {
        if (path.relative_path().native().find(L':') != std::wstring::npos) {
            return unavailable(path, 0, " names an alternate data stream: no program would show its content");
        }
        std::error_code error;
        std::filesystem::create_directories(path.parent_path(), error);
        if (error) return unavailable(path, static_cast<DWORD>(error.value()));
        UniqueHandle file = open_for_appending(path, FILE_FLAG_OPEN_REPARSE_POINT);
        if (!file) {
            const DWORD code = GetLastError();
            const DWORD attributes = GetFileAttributesW(path.c_str());
            const bool folder = attributes != INVALID_FILE_ATTRIBUTES && (attributes & FILE_ATTRIBUTE_DIRECTORY) != 0;
            return unavailable(path, code, folder ? " is a folder" : "");
        }
        if (GetFileType(file.get()) != FILE_TYPE_DISK) {
            return unavailable(path, 0, " is a device, not a file (CON, NUL, COM1 and others are one with any extension)");
        }
        const auto found = information(file.get());
        if (!found) return unavailable(path, GetLastError());
        if (found->nNumberOfLinks > 1) {
            return unavailable(path, 0, " has another name as well (a hard link): it may be anything");
        }
        if ((found->dwFileAttributes & FILE_ATTRIBUTE_REPARSE_POINT) != 0) {
            if (is_link(file.get())) return unavailable(path, 0, " is a link: its target may be anything");
            file = open_for_appending(path, 0);
            if (!file) return unavailable(path, GetLastError());
        }
        return std::make_unique<WindowsLogFile>(std::move(file));
    }

    bool ends_within_line(const std::filesystem::path& path) const override {
        const UniqueHandle file(CreateFileW(path.c_str(), FILE_READ_DATA, kShareAll, nullptr, OPEN_EXISTING,
                                            FILE_ATTRIBUTE_NORMAL, nullptr));
        LARGE_INTEGER before_end{};
        before_end.QuadPart = -1;
        char last = '\n';
        DWORD count = 0;
        return file && SetFilePointerEx(file.get(), before_end, nullptr, FILE_END) &&
               ReadFile(file.get(), &last, 1, &count, nullptr) && count == 1 && last != '\n';
    }

    bool exists(const std::filesystem::path& path) const override {
        return GetFileAttributesW(path.c_str()) != INVALID_FILE_ATTRIBUTES;
    }

    Result<void> rename(const std::filesystem::path& from, const std::filesystem::path& to) override {
        if (MoveFileExW(from.c_str(), to.c_str(), 0)) return {};
        const DWORD code = GetLastError();
        return unavailable(from, code, " to " + from_path(to.filename()));
    }

    Result<void> remove(const std::filesystem::path& path) override {
        if (DeleteFileW(path.c_str())) return {};
        return unavailable(path, GetLastError());
    }
};

}  // namespace

std::unique_ptr<LogStorage> make_log_storage() { return std::make_unique<WindowsLogStorage>(); }

}  // namespace pysvc
