// SPDX-License-Identifier: MIT
#pragma once

#include "host/base/error.hpp"
#include "host/service/host_api.h"

#include <cstdint>
#include <deque>
#include <filesystem>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace pysvc::test {

/// Runs `body` in a child process and fails the test if an expectation in it failed, or it crashed or hung: CPython
/// starts and ends once in a process.
void in_child(const std::function<void()>& body);

struct ReportedEvent {
    std::uint16_t type;
    std::uint32_t id;
    std::vector<std::string> inserts;

    bool operator==(const ReportedEvent&) const = default;
};

struct ReportedError {
    ErrorCode code;
    std::string text;
};

struct RegisteredHandler {
    std::string service;
    void* callable;
    std::int32_t extra_args;  ///< pysvc_handler_args
    bool forward_interrogate;
};

/// Records what the engine asks of the host, and answers as told.
class FakeHost {
public:
    FakeHost();
    FakeHost(const FakeHost&) = delete;
    FakeHost& operator=(const FakeHost&) = delete;

    pysvc_host_api api{};

    // Answers.
    std::uint32_t report_result = 0;
    std::uint32_t register_result = 0;
    std::uint64_t register_handle = 0;
    std::uint64_t status_handle = 0;  ///< The handle that is the host's own.
    std::uint32_t status_result = 0;
    std::int32_t prepare_result = 1;
    std::uint32_t dispatcher_result = 0;
    std::function<void(const pysvc_status&)> on_status;
    std::function<void()> on_before_run;
    std::function<void()> on_after_run;

    // Records. Python runs on one thread at a time in most tests; lines may come from any.
    std::mutex mutex;
    std::vector<std::string> output;
    std::vector<std::string> errors;
    std::vector<std::string> warnings;
    std::vector<ReportedEvent> events;
    std::vector<ReportedError> reported;
    std::vector<RegisteredHandler> handlers;
    std::vector<pysvc_status> statuses;
    std::vector<std::string> steps;  ///< "class-loaded 0x1" and so on; imports are counted only.
    std::vector<std::string> sources;
    std::vector<std::string> message_files;  ///< set by Python
    std::string message_file = "/opt/PythonServiceMessages.dll";
    std::int32_t debugging = 0;
    int heartbeats = 0;
    std::uint32_t liveness_result = 0;
    std::vector<std::string> liveness;  ///< "watch Svc 1500", "heartbeat", "ready Svc"
    int imports = 0;
    int prepared = 0;
};

/// A failure as the engine told it.
struct ToldFailure {
    pysvc_failure failure();
    [[nodiscard]] ErrorCode error_code() const { return static_cast<ErrorCode>(raw.code); }

    std::string text;
    pysvc_failure raw{};
};

struct RunOutcome {
    int kind;
    std::uint32_t exit_code;
    ErrorCode code;
    std::string text;
};

struct CallOutcome {
    int kind;
    std::uint32_t code;
    ErrorCode error;
    std::string text;
};

/// libpython and the engine in this process, with a temporary folder for Python files.
class Session {
public:
    Session();
    ~Session();
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;

    /// Never deleted: in a service the host outlives the interpreter, whose daemon threads may still be in a call of it.
    FakeHost& host = *new FakeHost;
    const pysvc_engine_api* engine = nullptr;
    std::filesystem::path folder;

    // What start() uses.
    std::string executable = "/usr/bin/python3";
    std::string expected_prefix = "/usr";
    std::vector<std::string> search_paths;
    std::vector<std::string> argv = {"PythonService", "h\xC3\xA9llo"};
    std::string crash_log;
    std::string pycache_prefix;
    bool capture_streams = true;
    bool use_environment = false;

    /// Writes `text` to `name` below the folder.
    void file(const std::string& name, std::string_view text) const;

    /// start_interpreter; true when it succeeded.
    bool start();
    ToldFailure start_failure;

    /// Runs `class_name` of `module` in `directory` (the folder if empty) as the service "Svc".
    RunOutcome run(const std::string& module, const std::string& class_name = "Svc", const std::string& directory = {});
    RunOutcome run_object(void* class_object);

    /// Writes a class whose SvcRun has `body`, and runs it.
    RunOutcome run_body(std::string_view body);

    /// Calls `callable` on a control thread of its own.
    CallOutcome call(void* callable, const pysvc_control& control);

    int finalize() { return engine->finalize_interpreter(); }

    /// Opens the engine with a table of its own.
    [[nodiscard]] const pysvc_engine_api* open(const pysvc_host_api* api) const;

    /// A function of libpython.
    template <class Function>
    Function* python(const char* name) const {
        return reinterpret_cast<Function*>(symbol(name));
    }

    /// The run that `Session` names in its requests.
    static void* service() { return reinterpret_cast<void*>(0x51); }

private:
    [[nodiscard]] void* symbol(const char* name) const;
    RunOutcome run_request(pysvc_run_request request);

    void* python_ = nullptr;
    void* module_ = nullptr;
    int bodies_ = 0;
};

/// `lines` joined with line breaks: readable in a failed expectation.
[[nodiscard]] std::string joined(const std::vector<std::string>& lines);

/// Runs `body` as the service of an interpreter of its own, and compares what it prints.
void expect_output(const std::string& body, const std::string& output);

[[nodiscard]] inline bool contains(std::string_view text, std::string_view part) {
    return text.find(part) != std::string_view::npos;
}

}  // namespace pysvc::test
