// SPDX-License-Identifier: MIT
#include "tests/python/engine_fixture.hpp"

#include "build_id.hpp"

#include <dlfcn.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <thread>

namespace pysvc::test {
namespace {

FakeHost& self(void* host) { return *static_cast<FakeHost*>(host); }

std::string text(pysvc_text value) { return {value.data, value.size}; }

void put(void* context, const char* data, std::size_t size) { static_cast<std::string*>(context)->append(data, size); }

pysvc_text text_of(const std::string& value) { return {value.data(), value.size()}; }

std::vector<pysvc_text> texts_of(const std::vector<std::string>& values) {
    std::vector<pysvc_text> texts;
    for (const std::string& value : values) texts.push_back(text_of(value));
    return texts;
}

void add_step(FakeHost& host, const char* step, const void* service) {
    const std::scoped_lock lock(host.mutex);
    host.steps.push_back(std::string(step) + (service == Session::service() ? "" : " of a stranger"));
}

void set_event_functions(pysvc_host_api& api) {
    api.report_event = [](void* host, std::uint16_t type, std::uint32_t id, const pysvc_text* inserts,
                          std::size_t count) {
        ReportedEvent event{type, id, {}};
        for (std::size_t i = 0; i < count; ++i) event.inserts.push_back(text(inserts[i]));
        self(host).events.push_back(std::move(event));
        return self(host).report_result;
    };
    api.set_event_source = [](void* host, pysvc_text name, std::int32_t now) {
        self(host).sources.push_back(text(name) + (now != 0 ? " now" : ""));
    };
    api.set_message_file = [](void* host, pysvc_text path) {
        self(host).message_file = text(path);
        self(host).message_files.push_back(text(path));
    };
    api.message_file = [](void* host, pysvc_text_sink out) {
        out.put(out.context, self(host).message_file.data(), self(host).message_file.size());
    };
    api.write_line = [](void* host, std::int32_t stream, pysvc_text line) {
        const std::scoped_lock lock(self(host).mutex);
        (stream == 1 ? self(host).output : self(host).errors).push_back(text(line));
    };
    api.report_error = [](void* host, std::uint32_t code, pysvc_text line) {
        const std::scoped_lock lock(self(host).mutex);
        self(host).reported.push_back({static_cast<ErrorCode>(code), text(line)});
    };
    api.log_warning = [](void* host, pysvc_text line) { self(host).warnings.push_back(text(line)); };
}

void set_hosting_functions(pysvc_host_api& api) {
    api.door = [](void*) -> std::int32_t { return PYSVC_DOOR_DEBUG; };
    api.set_debugging = [](void* host, std::int32_t value) {
        const std::int32_t before = self(host).debugging;
        if (value != -1) self(host).debugging = value;
        return before;
    };
    api.running_as_service = [](void*) -> std::int32_t { return 1; };
    api.register_handler = [](void* host, pysvc_text name, void* callable, std::int32_t extra, std::int32_t interrogate,
                              std::uint64_t* handle) {
        if (self(host).register_result != 0) return self(host).register_result;
        self(host).handlers.push_back({text(name), callable, extra, interrogate != 0});
        *handle = self(host).register_handle;
        return 0U;
    };
    api.set_service_status = [](void* host, std::uint64_t handle, const pysvc_status* status, std::uint32_t* os_code) {
        if (handle != self(host).status_handle) return 0;
        self(host).statuses.push_back(*status);
        *os_code = self(host).status_result;
        if (self(host).on_status) self(host).on_status(*status);
        return 1;
    };
    api.heartbeat = [](void* host, std::uint64_t handle) {
        if (handle == self(host).status_handle) ++self(host).heartbeats;
    };
    api.watch = [](void* host, pysvc_text service, std::uint32_t milliseconds) {
        self(host).liveness.push_back("watch " + text(service) + " " + std::to_string(milliseconds));
        return self(host).liveness_result;
    };
    api.heartbeat_by_name = [](void* host, pysvc_text service) {
        self(host).liveness.push_back("heartbeat " + text(service));
        return self(host).liveness_result;
    };
    api.notify_ready = [](void* host, pysvc_text service) {
        self(host).liveness.push_back("ready " + text(service));
        return self(host).liveness_result;
    };
    api.prepare_to_host_single = [](void* host, void*) {
        ++self(host).prepared;
        return self(host).prepare_result;
    };
    api.prepare_to_host_multiple = [](void* host, pysvc_text, void*) {
        ++self(host).prepared;
        return self(host).prepare_result;
    };
    api.forget_prepared = [](void* host) { self(host).prepared = 0; };
    api.run_dispatcher = [](void* host) { return self(host).dispatcher_result; };
    api.progress = [](void* host, void* service, std::int32_t step) {
        if (step == PYSVC_PROGRESS_IMPORT) {
            ++self(host).imports;
        } else {
            add_step(self(host), step == PYSVC_PROGRESS_CLASS_LOADED ? "class loaded" : "constructed", service);
        }
    };
    api.before_run = [](void* host, void* service) {
        add_step(self(host), "before run", service);
        if (self(host).on_before_run) self(host).on_before_run();
    };
    api.after_run = [](void* host, void* service) {
        add_step(self(host), "after run", service);
        if (self(host).on_after_run) self(host).on_after_run();
    };
}

}  // namespace

void in_child(const std::function<void()>& body) {
    std::fflush(nullptr);
    const pid_t child = fork();
    ASSERT_NE(child, -1);
    if (child == 0) {
        alarm(120);  // a hang is a failure, not a stuck test run
        body();
        std::fflush(nullptr);
        _exit(testing::Test::HasFailure() ? 1 : 0);
    }
    int status = 0;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    EXPECT_TRUE(WIFEXITED(status)) << "killed by signal " << WTERMSIG(status);
    EXPECT_EQ(WEXITSTATUS(status), 0);
}

FakeHost::FakeHost() {
    api.size = sizeof api;
    api.build_id = PYSVC_BUILD_ID;
    api.host = this;
    set_event_functions(api);
    set_hosting_functions(api);
}

pysvc_failure ToldFailure::failure() { return {0, 0, {&text, &put}}; }

Session::Session() {
    std::string name = (std::filesystem::temp_directory_path() / "engine_XXXXXX").string();
    folder = mkdtemp(name.data());
    python_ = dlopen(PYSVC_TEST_LIBPYTHON, RTLD_NOW | RTLD_GLOBAL);
    EXPECT_NE(python_, nullptr) << dlerror();
    module_ = dlopen(PYSVC_TEST_ENGINE, RTLD_NOW | RTLD_LOCAL);
    EXPECT_NE(module_, nullptr) << dlerror();
    engine = open(&host.api);
    EXPECT_NE(engine, nullptr);
}

Session::~Session() {
    std::error_code ignored;
    std::filesystem::remove_all(folder, ignored);
}

const pysvc_engine_api* Session::open(const pysvc_host_api* api) const {
    return reinterpret_cast<pysvc_open_engine_function>(dlsym(module_, PYSVC_OPEN_ENGINE))(api);
}

void* Session::symbol(const char* name) const { return dlsym(python_, name); }

void Session::file(const std::string& name, std::string_view content) const {
    const std::filesystem::path path = folder / name;
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << content;
}

bool Session::start() {
    const std::vector<pysvc_text> paths = texts_of(search_paths);
    const std::vector<pysvc_text> arguments = texts_of(argv);
    pysvc_interpreter_config config{};
    config.executable = config.base_executable = text_of(executable);
    config.expected_prefix = text_of(expected_prefix);
    config.search_paths = paths.data();
    config.search_path_count = paths.size();
    config.argv = arguments.data();
    config.argv_count = arguments.size();
    config.crash_log = text_of(crash_log);
    config.pycache_prefix = text_of(pycache_prefix);
    config.use_environment = use_environment ? 1 : 0;
    config.capture_streams = capture_streams ? 1 : 0;
    pysvc_failure failure = start_failure.failure();
    const bool started = engine->start_interpreter(&config, &failure) == 0;
    start_failure.raw = failure;
    EXPECT_TRUE(started || !start_failure.text.empty());
    return started;
}

RunOutcome Session::run_request(pysvc_run_request request) {
    const std::vector<std::string> arguments = {"Svc", "zw\xC3\xB6lf"};
    const std::vector<pysvc_text> texts = texts_of(arguments);
    request.service = service();
    request.service_name = texts[0];
    request.args = texts.data();
    request.arg_count = texts.size();
    ToldFailure told;
    pysvc_run_result result{-1, 0, told.failure()};
    engine->run_service(&request, &result);
    return {result.kind, result.exit_code, static_cast<ErrorCode>(result.failure.code), told.text};
}

RunOutcome Session::run(const std::string& module, const std::string& class_name, const std::string& directory) {
    const std::string in = directory.empty() ? folder.string() : directory;
    pysvc_run_request request{};
    request.directory = text_of(in);
    request.module = text_of(module);
    request.class_name = text_of(class_name);
    return run_request(request);
}

RunOutcome Session::run_object(void* class_object) {
    pysvc_run_request request{};
    request.class_object = class_object;
    return run_request(request);
}

RunOutcome Session::run_body(std::string_view body) {
    const std::string module = "body" + std::to_string(++bodies_);
    std::string source =
        "import sys, servicemanager\n"
        "class Svc:\n"
        "    def __init__(self, args):\n"
        "        self.args = args\n"
        "    def SvcRun(self):\n"
        "        ";
    for (const char c : body) source += c == '\n' ? std::string("\n        ") : std::string(1, c);
    file(module + ".py", source + "\n");
    return run(module);
}

CallOutcome Session::call(void* callable, const pysvc_control& control) {
    CallOutcome outcome{};
    std::thread([&] {
        void* state = engine->attach_control_thread();
        ToldFailure told;
        pysvc_call_result result{-1, 0, told.failure()};
        engine->call_control(state, callable, &control, &result);
        engine->detach_control_thread(state);
        outcome = {result.kind, result.code, static_cast<ErrorCode>(result.failure.code), told.text};
    }).join();
    return outcome;
}

std::string joined(const std::vector<std::string>& lines) {
    std::string text;
    for (const std::string& line : lines) text += (text.empty() ? "" : "\n") + line;
    return text;
}

void expect_output(const std::string& body, const std::string& output) {
    in_child([&] {
        Session session;
        ASSERT_TRUE(session.start()) << session.start_failure.text;
        const RunOutcome run = session.run_body(body);
        EXPECT_EQ(run.kind, PYSVC_RUN_RETURNED) << run.text;
        EXPECT_EQ(joined(session.host.output), output);
    });
}

}  // namespace pysvc::test
