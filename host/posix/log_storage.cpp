// SPDX-License-Identifier: MIT
#include "host/service/log_storage.hpp"

#include "host/base/paths.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <string>

namespace pysvc {
namespace {

/// Of `path`, with the reason when it is not the system's.
auto unavailable(const std::filesystem::path& path, int code, const std::string& reason = {}) {
    return failure(ErrorCode::LogUnavailable, static_cast<std::uint32_t>(code), "'" + from_path(path) + "'" + reason);
}

class PosixLogFile final : public LogFile {
public:
    explicit PosixLogFile(int descriptor) : descriptor_(descriptor) {}
    ~PosixLogFile() override { ::close(descriptor_); }
    PosixLogFile(const PosixLogFile&) = delete;
    PosixLogFile& operator=(const PosixLogFile&) = delete;

    Appended append(std::string_view bytes) override {
        Appended appended;
        // Again only after a short count, which is how a disk that becomes full announces it: the next call says why.
        while (appended.bytes < bytes.size()) {
            const ssize_t count = ::write(descriptor_, bytes.data() + appended.bytes, bytes.size() - appended.bytes);
            if (count < 0 && errno == EINTR) continue;
            if (count < 0) {
                appended.os_code = static_cast<std::uint32_t>(errno);
                break;
            }
            appended.bytes += static_cast<std::size_t>(count);
        }
        return appended;
    }

    std::uint64_t size() const override {
        struct stat found {};
        return ::fstat(descriptor_, &found) == 0 ? static_cast<std::uint64_t>(found.st_size) : 0;
    }

    Place place(const std::filesystem::path& path) const override {
        struct stat own {};
        struct stat named {};
        if (::fstat(descriptor_, &own) != 0 || own.st_nlink == 0) return Place::Nowhere;
        if (::lstat(path.c_str(), &named) != 0) return Place::Elsewhere;
        return own.st_dev == named.st_dev && own.st_ino == named.st_ino ? Place::Here : Place::Elsewhere;
    }

private:
    const int descriptor_;
};

class PosixLogStorage final : public LogStorage {
public:
    Result<std::unique_ptr<LogFile>> open(const std::filesystem::path& path) override {
        std::error_code error;
        std::filesystem::create_directories(path.parent_path(), error);
        if (error) return unavailable(path, error.value());
        // O_NONBLOCK: opening a pipe would wait for its reader.
        const int descriptor =
            ::open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY, 0666);
        if (descriptor < 0) {
            if (errno == ELOOP) return unavailable(path, 0, " is a link: its target may be anything");
            return unavailable(path, errno);
        }
        auto file = std::make_unique<PosixLogFile>(descriptor);
        struct stat found {};
        if (::fstat(descriptor, &found) != 0) return unavailable(path, errno);
        if (!S_ISREG(found.st_mode)) return unavailable(path, 0, " is a device, not a file");
        if (found.st_nlink > 1) return unavailable(path, 0, " has another name as well (a hard link): it may be anything");
        return file;
    }

    bool ends_within_line(const std::filesystem::path& path) const override {
        const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
        if (descriptor < 0) return false;
        char last = '\n';
        const off_t size = ::lseek(descriptor, 0, SEEK_END);
        const bool read = size > 0 && ::pread(descriptor, &last, 1, size - 1) == 1;
        ::close(descriptor);
        return read && last != '\n';
    }

    bool exists(const std::filesystem::path& path) const override {
        struct stat found {};
        return ::lstat(path.c_str(), &found) == 0;
    }

    Result<void> rename(const std::filesystem::path& from, const std::filesystem::path& to) override {
        if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0) return {};
        return unavailable(from, errno, " to " + from_path(to.filename()));
    }

    Result<void> remove(const std::filesystem::path& path) override {
        if (::unlink(path.c_str()) == 0) return {};
        return unavailable(path, errno);
    }
};

}  // namespace

std::unique_ptr<LogStorage> make_log_storage() { return std::make_unique<PosixLogStorage>(); }

}  // namespace pysvc
