// SPDX-License-Identifier: MIT
#pragma once

#include "host/base/error.hpp"
#include "host/service/event_log.hpp"
#include "tests/fakes/waiting.hpp"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace pysvc::fakes {

/// The Application log: records what is written to it.
class FakeEventLog final : public EventLog {
public:
    struct Entry {
        std::string source;
        Event event;
    };

    /// Called before an event is written; may block. Set before anything is reported.
    std::function<void(const Event&)> before_report;
    /// Every report fails from now on; 0 ends that.
    void fail_reports(std::uint32_t os_code) {
        const auto lock = monitor_.lock();
        report_error_ = os_code;
    }
    void fail_registrations(std::uint32_t os_code) {
        const auto lock = monitor_.lock();
        register_error_ = os_code;
    }
    void add_registered(const std::string& source) {
        const auto lock = monitor_.lock();
        registered_.insert(source);
    }

    [[nodiscard]] std::vector<Entry> entries() const {
        const auto lock = monitor_.lock();
        return entries_;
    }
    [[nodiscard]] std::vector<std::uint32_t> ids() const {
        std::vector<std::uint32_t> ids;
        for (const Entry& entry : entries()) ids.push_back(entry.event.id);
        return ids;
    }
    [[nodiscard]] std::size_t count(ErrorCode code) const {
        return static_cast<std::size_t>(std::ranges::count(ids(), error_info(code).event_id));
    }
    /// The first insert of the last event of `code`; empty when there is none.
    [[nodiscard]] std::string text(ErrorCode code) const {
        std::string text;
        for (const Entry& entry : entries()) {
            if (entry.event.id == error_info(code).event_id && !entry.event.inserts.empty()) {
                text = entry.event.inserts.front();
            }
        }
        return text;
    }
    /// What was written under Services\EventLog\Application: sources and their files.
    [[nodiscard]] std::vector<std::pair<std::string, EventFiles>> registrations() const {
        const auto lock = monitor_.lock();
        return registrations_;
    }
    void wait_for(ErrorCode code) {
        auto lock = monitor_.lock();
        monitor_.wait(lock, std::string("the event ") + error_info(code).name, [&] {
            return std::ranges::any_of(entries_,
                                       [&](const Entry& entry) { return entry.event.id == error_info(code).event_id; });
        });
    }

    Result<void> report(const std::string& source, const Event& event) override {
        if (before_report) before_report(event);
        {
            const auto lock = monitor_.lock();
            if (report_error_ != 0) return failure(ErrorCode::OperatingSystem, report_error_, "ReportEvent");
            entries_.push_back({source, event});
        }
        monitor_.notify();
        return {};
    }
    Result<void> register_source(const std::string& source, const EventFiles& files) override {
        const auto lock = monitor_.lock();
        if (register_error_ != 0) return failure(ErrorCode::OperatingSystem, register_error_, source);
        registrations_.emplace_back(source, files);
        registered_.insert(source);
        return {};
    }
    bool is_source_registered(const std::string& source) override {
        const auto lock = monitor_.lock();
        return registered_.contains(source);
    }

private:
    Monitor monitor_;
    std::vector<Entry> entries_;
    std::set<std::string> registered_;
    std::vector<std::pair<std::string, EventFiles>> registrations_;
    std::uint32_t report_error_ = 0;
    std::uint32_t register_error_ = 0;
};

}  // namespace pysvc::fakes
