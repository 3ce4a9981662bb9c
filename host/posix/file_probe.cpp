// SPDX-License-Identifier: MIT
#include "host/locate/file_probe.hpp"

#include "host/locate/image_header.hpp"
#include "host/locate/python_loader.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string_view>
#include <system_error>
#include <utility>

namespace pysvc::posix {
namespace {

namespace fs = std::filesystem;

class SystemProbe final : public FileProbe {
public:
    System system() const override { return System::Posix; }

    std::uint16_t machine() const override {
        // const: the answer is that of the running program and needs none of our state.
        const Result<std::string> head = SystemProbe().read_head("/proc/self/exe", kImageHeadSize);
        return head ? image_machine(System::Posix, *head).value_or(0) : std::uint16_t{0};
    }

    FileKind kind(const std::string& path) override {
        std::error_code error;
        const fs::file_status status = fs::status(path, error);
        if (error == std::errc::permission_denied) return FileKind::Denied;
        if (!fs::exists(status)) return FileKind::Missing;
        return fs::is_directory(status) ? FileKind::Directory : FileKind::File;
    }

    bool may_write(const std::string& directory) override { return ::access(directory.c_str(), W_OK) == 0; }

    Result<std::string> read_head(const std::string& path, std::size_t limit) override {
        const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
        if (file < 0) return failure(ErrorCode::PythonUnreadable, static_cast<std::uint32_t>(errno), "'" + path + "'");
        std::string head(limit, '\0');
        std::size_t size = 0;
        ssize_t got = 0;
        int error = 0;
        while (size < limit) {
            got = ::read(file, head.data() + size, limit - size);
            if (got < 0) error = errno;
            if (got < 0 && error == EINTR) continue;
            if (got <= 0) break;
            size += static_cast<std::size_t>(got);
        }
        ::close(file);
        if (got < 0) return failure(ErrorCode::PythonUnreadable, static_cast<std::uint32_t>(error), "'" + path + "'");
        head.resize(size);
        return head;
    }

    std::vector<std::string> list(const std::string& directory) override {
        std::vector<std::string> names;
        std::error_code error;
        for (fs::directory_iterator entry(directory, error), end; !error && entry != end; entry.increment(error)) {
            names.push_back(entry->path().filename().string());
        }
        std::ranges::sort(names);
        return names;
    }

    std::string absolute(const std::string& path) override {
        std::error_code error;
        const fs::path full = fs::absolute(path, error);
        return normal_path(System::Posix, error ? path : full.string());
    }

    std::string resolved(const std::string& path) override {
        std::error_code error;
        const fs::path real = fs::canonical(path, error);
        return error ? path : real.string();
    }

    std::optional<std::string> variable(const std::string& name) override {
        const char* value = std::getenv(name.c_str());
        return value == nullptr || *value == '\0' ? std::nullopt : std::optional<std::string>(value);
    }

    /// There is no registry: what a shell would run counts, in PATH's order. Versioned names come after python3, which
    /// may be a script that picks one.
    std::vector<RegisteredPython> registered(RegistryScope) override {
        std::vector<RegisteredPython> out;
        const std::string path = variable("PATH").value_or("/usr/local/bin:/usr/bin");
        std::string_view rest = path;
        while (!rest.empty()) {
            const std::size_t end = std::min(rest.find(':'), rest.size());
            append_pythons_in(std::string(rest.substr(0, end)), out);
            rest.remove_prefix(std::min(end + 1, rest.size()));
        }
        return out;
    }

private:
    void append_pythons_in(const std::string& directory, std::vector<RegisteredPython>& out) {
        for (const std::string& name : list(directory)) {
            const bool versioned = name.starts_with("python3.") && name.size() > 8 &&
                                   name.find_first_not_of("0123456789", 8) == std::string::npos;
            if (name != "python3" && !versioned) continue;
            const std::string file = join_path(System::Posix, directory, name);
            if (kind(file) == FileKind::File) out.push_back({file, "", "", "", file, versioned ? name.substr(6) : ""});
        }
    }
};

}  // namespace
}  // namespace pysvc::posix

namespace pysvc {

std::unique_ptr<FileProbe> make_file_probe() { return std::make_unique<posix::SystemProbe>(); }

}  // namespace pysvc
