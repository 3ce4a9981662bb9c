// SPDX-License-Identifier: MIT
#pragma once

#include "tests/differential/events.hpp"
#include "tests/differential/hosts.hpp"
#include "tests/scm/harness/test_service.hpp"

#include <future>
#include <map>
#include <string>
#include <vector>

namespace pysvc::test {

/// What was seen: behaviour ("row/what", the row one of contract.txt) to value. A behaviour that is seen more than once
/// has its values in their order.
using Behaviours = std::map<std::string, std::string>;

/// One set of scripts under one host: a service, or a program beside it. The scripts are copied to a folder of this run,
/// where contract_report.py writes; so both hosts are told nothing that pywin32's could not be told.
class HostRun {
public:
    explicit HostRun(Host host);
    HostRun(const HostRun&) = delete;
    HostRun& operator=(const HostRun&) = delete;

    [[nodiscard]] Host host() const { return host_; }
    [[nodiscard]] bool is_here() const { return host_ == Host::Here; }
    [[nodiscard]] TestService& service() { return service_; }
    [[nodiscard]] const Report& report() const { return report_; }
    [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }

    /// The registry names this class, `module.Class` of the scripts; one with a backslash or slash is taken as it is.
    void host_class(const std::string& class_string);
    /// The command line of a service of the EXE.
    [[nodiscard]] std::string image_path() const;
    /// The service is this script, run by python.exe with the host's `servicemanager` first on its path.
    void host_script(const std::string& script, const std::vector<std::string>& arguments = {});
    /// The command line that does so.
    [[nodiscard]] std::vector<std::string> script_arguments(const std::string& script,
                                                            const std::vector<std::string>& arguments = {}) const;
    /// Type of the service and its command line.
    void set_image(DWORD type, const std::string& image_path);

    // Life.

    void start(const std::vector<std::string>& arguments = {});
    /// StartService in a thread of its own: pywin32's host keeps it waiting until the constructor has ended.
    [[nodiscard]] std::future<DWORD> start_beside();
    /// Starts it and returns how it ended by itself, with its process.
    [[nodiscard]] Ended run_to_its_end();
    /// STOP, and the end of the process.
    [[nodiscard]] Ended stop();
    /// For one that cannot stop. The SCM itself may be waiting for it, hence by its number.
    static void kill(DWORD process);

    /// Something that the test saw, beside what the script reports.
    void observe(const std::string& behaviour, const std::string& value);
    /// Win32 code and service-specific code.
    void observe(const std::string& behaviour, const Ended& ended);
    void observe(const std::string& behaviour, DWORD value) { observe(behaviour, std::to_string(value)); }
    /// Events of the host itself: "type id" of each, or "none".
    [[nodiscard]] std::string host_events();

    /// Events of all processes since this run began.
    [[nodiscard]] std::vector<ReportedEvent> events() const { return reported_events(trace_begin_); }

    /// Everything so far. Names of the run are replaced by <service> and <folder>.
    [[nodiscard]] Behaviours behaviours();

private:
    [[nodiscard]] std::string without_names(std::string value) const;

    Host host_;
    TestService service_;
    std::filesystem::path folder_;
    Report report_;
    std::size_t trace_begin_;
    std::vector<std::pair<std::string, std::string>> observed_;
};

}  // namespace pysvc::test
