// SPDX-License-Identifier: MIT
#pragma once

#include "host/base/text.hpp"
#include "host/service/service_config.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pysvc::fakes {

inline constexpr std::uint32_t kRegSz = 1;
inline constexpr std::uint32_t kRegExpandSz = 2;
inline constexpr std::uint32_t kRegBinary = 3;
inline constexpr std::uint32_t kRegDword = 4;
inline constexpr std::uint32_t kRegMultiSz = 7;

inline RawValue raw_value(std::uint32_t type, std::u16string_view units) {
    RawValue value{type, std::vector<std::byte>(units.size() * sizeof(char16_t))};
    if (!units.empty()) std::memcpy(value.data.data(), units.data(), value.data.size());
    return value;
}

/// A text as RegSetValueEx stores it, with its terminator.
inline RawValue text_value(std::string_view utf8, std::uint32_t type = kRegSz) {
    std::u16string units = utf16_from_utf8(utf8);
    units.push_back(u'\0');
    return raw_value(type, units);
}

inline RawValue number_value(std::uint32_t number) {
    RawValue value{kRegDword, std::vector<std::byte>(sizeof number)};
    std::memcpy(value.data.data(), &number, sizeof number);
    return value;
}

inline RawValue lines_value(const std::vector<std::string>& lines) {
    std::u16string units;
    for (const std::string& line : lines) units += utf16_from_utf8(line) + u'\0';
    return raw_value(kRegMultiSz, units + u'\0');
}

/// The registry of the services: what the test put there.
class FakeConfig final : public ServiceConfig {
public:
    void set_class(const std::string& service, RawValue value) {
        const std::lock_guard lock(mutex_);
        classes_[service] = std::move(value);
    }
    void set_class(const std::string& service, std::string_view text) { set_class(service, text_value(text)); }
    void set_parameter(const std::string& service, const std::string& name, RawValue value) {
        const std::lock_guard lock(mutex_);
        parameters_[service].push_back({name, std::move(value)});
    }
    void fail_class(Error error) {
        const std::lock_guard lock(mutex_);
        class_error_ = std::move(error);
    }
    void fail_parameters(Error error) {
        const std::lock_guard lock(mutex_);
        parameters_error_ = std::move(error);
    }
    void set_variable(const std::string& name, const std::string& value) {
        const std::lock_guard lock(mutex_);
        variables_[name] = value;
    }
    void set_limits(std::chrono::milliseconds shutdown, std::chrono::milliseconds preshutdown) {
        const std::lock_guard lock(mutex_);
        shutdown_ = shutdown;
        preshutdown_ = preshutdown;
    }

    Result<std::optional<RawValue>> python_class(const std::string& service) override {
        const std::lock_guard lock(mutex_);
        if (class_error_) return failure(*class_error_);
        const auto found = classes_.find(service);
        return found == classes_.end() ? std::nullopt : std::optional(found->second);
    }
    /// Called when the Parameters key is read, without a lock: may block.
    std::function<void()> on_parameters;

    Result<std::vector<NamedValue>> parameters(const std::string& service) override {
        if (on_parameters) on_parameters();
        const std::lock_guard lock(mutex_);
        if (parameters_error_) return failure(*parameters_error_);
        const auto found = parameters_.find(service);
        return found == parameters_.end() ? std::vector<NamedValue>() : found->second;
    }
    std::chrono::milliseconds shutdown_limit() override {
        const std::lock_guard lock(mutex_);
        return shutdown_;
    }
    std::chrono::milliseconds preshutdown_limit(const std::string&) override {
        const std::lock_guard lock(mutex_);
        return preshutdown_;
    }
    std::string expand_environment(const std::string& text) override {
        const std::lock_guard lock(mutex_);
        std::string expanded = text;
        for (const auto& [name, value] : variables_) {
            const std::string pattern = "%" + name + "%";
            if (const auto at = expanded.find(pattern); at != std::string::npos) {
                expanded.replace(at, pattern.size(), value);
            }
        }
        return expanded;
    }

private:
    std::mutex mutex_;
    std::map<std::string, RawValue> classes_;
    std::map<std::string, std::vector<NamedValue>> parameters_;
    std::optional<Error> class_error_;
    std::optional<Error> parameters_error_;
    std::map<std::string, std::string> variables_;
    std::chrono::milliseconds shutdown_{4'000};
    std::chrono::milliseconds preshutdown_{10'000};
};

}  // namespace pysvc::fakes
