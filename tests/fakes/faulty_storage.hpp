// SPDX-License-Identifier: MIT
#pragma once

#include "host/base/paths.hpp"
#include "host/service/log_storage.hpp"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <utility>

namespace pysvc::fakes {

/// The real file system with faults that a test switches on and off; a code of 0 switches off. Not synchronised.
class FaultyStorage final : public LogStorage {
public:
    static constexpr std::uint32_t kDiskFull = 112;

    /// Appends fail when `room` more bytes are written.
    void fail_appends(std::uint32_t code, std::size_t room = 0) {
        append_code_ = code;
        room_ = room;
    }
    void fail_opens(std::uint32_t code) { open_code_ = code; }
    void fail_renames(std::uint32_t code) { rename_code_ = code; }

    [[nodiscard]] int opens() const { return opens_; }
    [[nodiscard]] int appends() const { return appends_; }
    [[nodiscard]] int renames() const { return renames_; }

    Result<std::unique_ptr<LogFile>> open(const std::filesystem::path& path) override {
        ++opens_;
        if (open_code_ != 0) return failure(ErrorCode::LogUnavailable, open_code_, from_path(path));
        auto opened = real_->open(path);
        if (!opened) return opened;
        return std::make_unique<File>(*this, std::move(*opened));
    }
    bool ends_within_line(const std::filesystem::path& path) const override { return real_->ends_within_line(path); }
    bool exists(const std::filesystem::path& path) const override { return real_->exists(path); }
    Result<void> rename(const std::filesystem::path& from, const std::filesystem::path& to) override {
        ++renames_;
        if (rename_code_ != 0) return failure(ErrorCode::LogUnavailable, rename_code_, from_path(from));
        return real_->rename(from, to);
    }
    Result<void> remove(const std::filesystem::path& path) override { return real_->remove(path); }

private:
    class File final : public LogFile {
    public:
        File(FaultyStorage& storage, std::unique_ptr<LogFile> real) : storage_(storage), real_(std::move(real)) {}
        Appended append(std::string_view bytes) override {
            ++storage_.appends_;
            if (storage_.append_code_ == 0) return real_->append(bytes);
            const std::size_t fits = std::min(bytes.size(), storage_.room_);
            storage_.room_ -= fits;
            (void)real_->append(bytes.substr(0, fits));
            return {fits, fits == bytes.size() ? 0 : storage_.append_code_};
        }
        std::uint64_t size() const override { return real_->size(); }
        Place place(const std::filesystem::path& path) const override { return real_->place(path); }

    private:
        FaultyStorage& storage_;
        const std::unique_ptr<LogFile> real_;
    };

    const std::unique_ptr<LogStorage> real_ = make_log_storage();
    std::uint32_t append_code_ = 0;
    std::uint32_t open_code_ = 0;
    std::uint32_t rename_code_ = 0;
    std::size_t room_ = 0;
    int opens_ = 0;
    int appends_ = 0;
    int renames_ = 0;
};

}  // namespace pysvc::fakes
