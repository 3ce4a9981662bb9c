// SPDX-License-Identifier: MIT
#include "host/hosting.hpp"

#include "host/base/paths.hpp"
#include "host/locate/python_loader.hpp"
#include "host/service/console_host.hpp"
#include "host/service/console_signals.hpp"
#include "host/service/instance_record.hpp"
#include "host/service/log_files.hpp"
#include "host/service/platform.hpp"
#include "host/service/private_folder.hpp"
#include "host/service/service_host.hpp"

#include "build_id.hpp"

#include <atomic>
#include <filesystem>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>

#include <fmt/format.h>

namespace pysvc {
namespace {

/// pywin32's default; the service's own name replaces it as soon as it is known.
constexpr char kDefaultSource[] = "Python Service";

/// Where faulthandler writes. Known once the service's settings are; asked by py-main and by the watchdog.
class CrashLog {
public:
    void set(std::string path) {
        const std::lock_guard lock(mutex_);
        path_ = std::move(path);
    }
    [[nodiscard]] std::string get() const {
        const std::lock_guard lock(mutex_);
        return path_;
    }

private:
    mutable std::mutex mutex_;
    std::string path_;
};

/// Takes the console's crash log away with the process, unless there is something in it.
class ConsoleProcess final : public Process {
public:
    explicit ConsoleProcess(std::filesystem::path crash_log)
        : crash_log_(std::move(crash_log)), process_(make_process([this] { return from_path(crash_log_); })) {}

    void terminate(std::uint32_t code) override {
        std::error_code ignored;
        if (std::filesystem::file_size(crash_log_, ignored) == 0) std::filesystem::remove(crash_log_, ignored);
        process_->terminate(code);
    }
    std::string python_stacks() override { return process_->python_stacks(); }
    ThreadId current_thread() override { return process_->current_thread(); }
    std::string native_stack(ThreadId thread) override { return process_->native_stack(thread); }
    std::string children() override { return process_->children(); }
    void park_late_python_threads() override { process_->park_late_python_threads(); }
    void flush_c_streams() override { process_->flush_c_streams(); }

private:
    const std::filesystem::path crash_log_;
    const std::unique_ptr<Process> process_;
};

/// Ctrl+Z in debug mode: a service that can be paused is, and then the process stops; `fg` continues both.
class ConsoleSuspension {
public:
    void suspend(ServiceHost& host) {
        if (!host.any_accepts(accept::kPauseContinue)) return suspend_process();
        when_paused_ = true;
        host.control_all(control::kPause);
    }

    void on_state(State state) {
        // A service that refuses does not come here, and Ctrl+Z has done nothing.
        if (state == State::Paused && when_paused_.exchange(false)) suspend_process();
    }

private:
    std::atomic<bool> when_paused_{false};
};

/// The registry, with values of the command line in place of those of the same names.
class OverlaidConfig final : public ServiceConfig {
public:
    OverlaidConfig(std::unique_ptr<ServiceConfig> registry, std::vector<NamedValue> values)
        : registry_(std::move(registry)), values_(std::move(values)) {}

    Result<std::optional<RawValue>> python_class(const std::string& service) override {
        return registry_->python_class(service);
    }
    Result<std::vector<NamedValue>> parameters(const std::string& service) override {
        auto values = registry_->parameters(service);
        // The last of several values is the one that counts.
        if (values) values->insert(values->end(), values_.begin(), values_.end());
        return values;
    }
    std::chrono::milliseconds shutdown_limit() override { return registry_->shutdown_limit(); }
    std::chrono::milliseconds preshutdown_limit(const std::string& service) override {
        return registry_->preshutdown_limit(service);
    }
    std::string expand_environment(const std::string& text) override { return registry_->expand_environment(text); }

private:
    const std::unique_ptr<ServiceConfig> registry_;
    const std::vector<NamedValue> values_;
};

/// Directory of the script of an installed service: where its environment may lie beside it.
std::string script_directory(ServiceConfig& config, const std::string& service) {
    const auto spec = read_class_spec(service, config);
    return spec ? spec->directory : std::string();
}

void report_failure(Journal& journal, const Result<void>& result) {
    if (!result) journal.report(result.error());
}

/// py-main, before Python is looked for: the log, the current folder.
void prepare_service(Journal& journal, LogStorage& storage, const LogFiles& files, const std::string& service,
                     const Settings& settings) {
    report_failure(journal, journal.log().open(storage, to_path(files.log), settings));
    journal.note(LogLevel::Info, fmt::format("PythonService {} starts '{}'", PYSVC_BUILD_ID, service));
    // pywin32 runs services in the folder of its EXE; entries it wrote have no WorkingDirectory.
    const std::string& directory = settings.working_directory.empty() ? program_directory() : settings.working_directory;
    report_failure(journal, set_working_directory(directory));
}

/// Beside the log; empty, with a line in it, when somebody else could put code there. Whoever may write bytecode decides
/// what the service does.
std::string claim_bytecode_folder(Journal& journal, const LogFiles& files) {
    const std::string folder = from_path(to_path(files.directory) / "pycache");
    const auto claimed = claim_private_folder(folder);
    if (claimed) return folder;
    journal.note(LogLevel::Warning, fmt::format("bytecode of read-only folders is not kept: {}", describe(claimed.error())));
    return {};
}

}  // namespace

int host_services(const std::vector<std::string>& argv, const std::string& group, Output& output) {
    harden_process();
    auto platform = make_service_platform();
    if (!platform) {
        output.write(Stream::Err, describe(platform.error()) + "\n");
        return static_cast<int>(platform.error().os_code);
    }
    const auto config = make_service_config();
    const std::string exe_directory = program_directory();
    const auto storage = make_log_storage();
    Journal journal(*platform->events, kDefaultSource, from_path(to_path(exe_directory) / kMessageFile));
    CrashLog crash_log;
    InstanceRecord instance(journal, *platform->crashes);
    SteadyClock clock;
    const auto process = make_process([&] { return crash_log.get(); });

    PythonLoaderOptions options;
    options.mode = LocateMode::Service;
    options.exe_directory = exe_directory;
    options.script_directory = [&](const std::string& service) { return script_directory(*config, service); };
    options.argv = argv;
    options.crash_log = [&](const std::string&, const Settings&) { return crash_log.get(); };
    options.bytecode_folder = [&](const std::string& service, const Settings& settings) {
        return claim_bytecode_folder(journal, log_files(service, settings, program_folders().program_data));
    };
    const auto loader = make_python_loader(std::move(options));

    ignore_console_logoff();
    ServiceHost host(
        {*platform->scm, *config, journal, *loader, *process, clock,
         [&](const std::string& service, const Settings& settings) {
             const LogFiles files = log_files(service, settings, program_folders().program_data);
             crash_log.set(files.crash_log);
             prepare_service(journal, *storage, files, service, settings);
             instance.begin(service, files, settings);
         },
         [&] { instance.end(); },
         {}},
        PYSVC_DOOR_SERVICE,
        group.empty() ? ServiceTable::single(RegistryLookup{}) : ServiceTable::group(group_names(group)));

    const std::vector<std::string> names = host.table().names();
    if (const auto done = platform->dispatcher->run(names, host); !done) {
        Error error = done.error();
        if (names.empty()) error.context += fmt::format(R"(; HKLM\{} has no services for the group '{}')", kGroupsKey, group);
        journal.report(error);
        output.write(Stream::Err, describe(error) + "\n");
        return static_cast<int>(error.os_code);
    }
    return static_cast<int>(host.wait_until_closed());
}

LocateRequest request_of_service(const std::string& service) {
    const auto config = make_service_config();
    LocateRequest request;
    request.mode = LocateMode::Service;
    request.python_origin = kStoredPython;
    request.exe_directory = program_directory();
    request.script_directory = script_directory(*config, service);
    request.python = read_settings(service, *config).settings.python;
    return request;
}

int host_on_console(const std::vector<std::string>& argv, const DebugRequest& request, Output& output) {
    ClassSource source = RegistryLookup{};
    if (request.class_string) {
        auto spec = parse_class_spec(*request.class_string);
        if (!spec) {
            output.write(Stream::Err, describe(spec.error()) + "\n");
            return static_cast<int>(error_info(spec.error().code).exit_code);
        }
        source = std::move(*spec);
    }
    ConsoleSuspension suspension;
    ConsoleScmServer scm(output, [&](State state) { suspension.on_state(state); });
    ConsoleEventLog events(output);
    const auto config = std::make_unique<OverlaidConfig>(make_service_config(), request.parameters);
    const std::string exe_directory = program_directory();
    Journal journal(events, request.service_name, from_path(to_path(exe_directory) / kMessageFile));

    // No log folder: it belongs to the service's account. faulthandler needs a file all the same.
    std::error_code ignored;
    const std::filesystem::path crash_log =
        std::filesystem::temp_directory_path(ignored) / fmt::format("PythonService-{}.crash.log", process_id());
    ConsoleProcess process(crash_log);
    SteadyClock clock;

    PythonLoaderOptions options;
    options.mode = LocateMode::Interactive;
    options.exe_directory = exe_directory;
    options.python = request.python;
    options.script_directory = [&](const std::string& service) {
        return request.script_directory.empty() ? script_directory(*config, service) : request.script_directory;
    };
    options.argv = argv;
    options.crash_log = [&](const std::string&, const Settings&) { return from_path(crash_log); };
    options.capture_streams = false;
    const auto loader = make_python_loader(std::move(options));

    const auto prepare = [&](const std::string&, const Settings& settings) {
        std::string directory = request.working_directory;
        if (directory.empty()) directory = settings.working_directory;
        if (directory.empty()) directory = request.script_directory;
        if (directory.empty()) directory = exe_directory;
        report_failure(journal, set_working_directory(directory));
    };
    const auto console = [&](int stream, std::string_view line) {
        output.write(stream == 2 ? Stream::Err : Stream::Out, std::string(line) + "\n");
    };
    ServiceHost host({scm, *config, journal, *loader, process, clock, prepare, {}, console}, PYSVC_DOOR_DEBUG,
                     ServiceTable::single(std::move(source)));

    watch_console_signals([&, stops = 0](ConsoleSignal signal) mutable {
        switch (signal) {
            case ConsoleSignal::Stop:
                if (++stops > 1) return host.end_at_once();
                output.write(Stream::Err,
                             fmt::format("{}: stopping, Ctrl+C again ends it at once\n", request.service_name));
                return host.control_all(control::kStop);
            case ConsoleSignal::Suspend: return suspension.suspend(host);
            case ConsoleSignal::Continue: return host.control_all(control::kContinue);
        }
    });
    std::vector<std::string> service_args{request.service_name};
    service_args.insert(service_args.end(), request.args.begin(), request.args.end());
    std::thread service([&] { host.service_main(std::move(service_args)); });
    service.join();
    return static_cast<int>(host.wait_until_closed());
}

}  // namespace pysvc
