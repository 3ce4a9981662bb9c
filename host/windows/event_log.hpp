// SPDX-License-Identifier: MIT
#pragma once

#include "host/service/event_log.hpp"

namespace pysvc::win {

/// The Application event log through RegisterEventSourceW and ReportEventW.
class WindowsEventLog final : public EventLog {
public:
    Result<void> report(const std::string& source, const Event& event) override;
    Result<void> register_source(const std::string& source, const EventFiles& files) override;
    bool is_source_registered(const std::string& source) override;
};

}  // namespace pysvc::win
