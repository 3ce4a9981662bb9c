// SPDX-License-Identifier: MIT
#include "host/locate/python_loader.hpp"

#include "host/locate/layout.hpp"
#include "host/service/text_sink.hpp"

#include "build_id.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <string_view>
#include <utility>

namespace pysvc {
namespace {

pysvc_text borrowed(const std::string& text) { return {text.data(), text.size()}; }

std::vector<pysvc_text> borrowed(const std::vector<std::string>& texts) {
    std::vector<pysvc_text> out;
    out.reserve(texts.size());
    for (const std::string& text : texts) out.push_back(borrowed(text));
    return out;
}

bool is_ours(const char* build_id) { return build_id != nullptr && std::strcmp(build_id, PYSVC_BUILD_ID) == 0; }

/// The entries of a path list, without empty ones.
std::vector<std::string> split(std::string_view list, char separator) {
    std::vector<std::string> out;
    while (!list.empty()) {
        const std::size_t end = std::min(list.find(separator), list.size());
        if (end != 0) out.emplace_back(list.substr(0, end));
        list.remove_prefix(std::min(end + 1, list.size()));
    }
    return out;
}

char list_separator(System system) { return system == System::Windows ? ';' : ':'; }

}  // namespace

PythonLoader::PythonLoader(PythonLoaderOptions options, std::unique_ptr<FileProbe> probe,
                           std::unique_ptr<NativeLoader> native)
    : options_(std::move(options)), probe_(std::move(probe)), native_(std::move(native)) {}

Result<const pysvc_engine_api*> PythonLoader::start(const std::string& service, const Settings& settings,
                                                    const pysvc_host_api& host, void (*step)(void*), void* context) {
    // First of all: os.environ is a copy that Python's C library makes while it is loaded.
    for (const std::string& line : settings.environment) {
        const std::size_t equals = line.find('=');
        if (equals == std::string::npos || equals == 0) continue;
        native_->set_variable(line.substr(0, equals), line.substr(equals + 1));
    }

    if (options_.crash_log) crash_log_ = options_.crash_log(service, settings);
    const Result<PythonInstallation> python = locate(service, settings);
    if (!python) return failure(python.error());
    summarize(*python);
    step(context);

    prepare_process(*python);
    if (auto loaded = native_->load_python(python->dll); !loaded) return failure(std::move(loaded).error());
    native_->repair_descriptors(crash_log_);
    summarize(*python);
    step(context);

    const Result<const pysvc_engine_api*> engine = open_engine(*python, host);
    if (!engine) return engine;
    step(context);

    const std::string bytecode = bytecode_folder(service, settings, *python);
    if (auto started = start_interpreter(*python, settings, bytecode, **engine); !started) {
        return failure(std::move(started).error());
    }
    native_->interpreter_started();
    step(context);
    return engine;
}

std::string PythonLoader::environment_summary() {
    const std::lock_guard lock(summary_mutex_);
    return summary_;
}

Result<PythonInstallation> PythonLoader::locate(const std::string& service, const Settings& settings) {
    LocateRequest request;
    request.exe_directory = options_.exe_directory;
    request.mode = options_.mode;
    if (!options_.python.empty()) {
        request.python = options_.python;
    } else {
        request.python = settings.python;
        request.python_origin = kStoredPython;
        if (request.python.empty() && options_.script_directory) {
            request.script_directory = options_.script_directory(service);
        }
    }
    return locate_python(request, *probe_);
}

void PythonLoader::prepare_process(const PythonInstallation& python) {
    std::string path;
    for (const std::string& directory : python.dll_directories) {
        native_->add_dll_directory(directory);
        // Conda's directories go to PATH as well, for those who call LoadLibrary with a bare name; so its python.exe.
        if (directory != python.base_prefix) path += directory + list_separator(probe_->system());
    }
    if (!path.empty()) native_->set_variable("PATH", path + probe_->variable("PATH").value_or(""));
    native_->repair_standard_handles();
}

Result<const pysvc_engine_api*> PythonLoader::open_engine(const PythonInstallation& python,
                                                          const pysvc_host_api& host) {
    const Result<pysvc_open_engine_function> open = native_->load_engine(python.engine);
    if (!open) return failure(open.error());
    const pysvc_engine_api* engine = (*open)(&host);
    // The engine compares the ids and returns nothing when they differ; ours is compared for the case that it did not.
    if (engine == nullptr || engine->size < sizeof(pysvc_engine_api) || !is_ours(engine->build_id)) {
        const char* theirs = engine != nullptr && engine->build_id != nullptr ? engine->build_id : "another one";
        return failure(
            ErrorCode::EngineMismatch, 0,
            fmt::format("'{}' is of build {}, PythonService of build {}", python.engine, theirs, PYSVC_BUILD_ID));
    }
    return engine;
}

/// Without bytecode imports take several times as long, at every start: what the account cannot keep beside the sources it
/// keeps elsewhere. One folder for all of them, since CPython reads from there alone once it is set.
std::string PythonLoader::bytecode_folder(const std::string& service, const Settings& settings,
                                          const PythonInstallation& python) {
    if (!options_.bytecode_folder) return {};
    // Who decides about bytecode with Python's own variables has decided.
    const bool decided = probe_->variable("PYTHONPYCACHEPREFIX") || probe_->variable("PYTHONDONTWRITEBYTECODE");
    if (settings.use_environment && decided) return {};
    std::vector<std::string> sources =
        source_directories(probe_->system(), python.base_prefix, python.prefix, python.minor);
    if (options_.script_directory) sources.push_back(options_.script_directory(service));
    const bool all_writable = std::ranges::all_of(sources, [&](const std::string& directory) {
        return probe_->kind(directory) != FileKind::Directory || probe_->may_write(directory);
    });
    return all_writable ? std::string() : options_.bytecode_folder(service, settings);
}

Result<void> PythonLoader::start_interpreter(const PythonInstallation& python, const Settings& settings,
                                             const std::string& bytecode_folder, const pysvc_engine_api& engine) {
    std::vector<std::string> search_paths = python.search_paths;
    if (settings.use_environment && !search_paths.empty()) {
        // Explicit paths make CPython pass over PYTHONPATH: its entries come first, as python.exe has them.
        const std::string list = probe_->variable("PYTHONPATH").value_or("");
        const std::vector<std::string> first = split(list, list_separator(probe_->system()));
        search_paths.insert(search_paths.begin(), first.begin(), first.end());
    }
    const std::vector<pysvc_text> paths = borrowed(search_paths);
    const std::vector<pysvc_text> argv = borrowed(options_.argv);

    pysvc_interpreter_config config{};
    config.executable = borrowed(python.executable);
    config.base_executable = borrowed(python.base_executable);
    config.expected_prefix = borrowed(python.prefix);
    config.search_paths = paths.data();
    config.search_path_count = paths.size();
    config.argv = argv.data();
    config.argv_count = argv.size();
    config.crash_log = borrowed(crash_log_);
    config.pycache_prefix = borrowed(bytecode_folder);
    config.use_environment = settings.use_environment ? 1 : 0;
    config.utf8_mode = settings.utf8_mode ? 1 : 0;
    config.capture_streams = options_.capture_streams ? 1 : 0;

    std::string text;
    pysvc_failure why{0, 0, sink_into(text)};
    if (engine.start_interpreter(&config, &why) == 0) return {};
    const auto code = why.code == 0 ? ErrorCode::InterpreterFailed : static_cast<ErrorCode>(why.code);
    return failure(code, why.os_code, fmt::format("'{}': {}", python.executable, text));
}

void PythonLoader::summarize(const PythonInstallation& python) {
    const std::string loaded = native_->python_version();
    const std::string version = loaded.empty() ? fmt::format("3.{}", python.minor) : loaded;
    std::string text = fmt::format("interpreter: {}\nversion: {} ({})\nprefix: {}\naccount: {}", python.executable,
                                   version, python.reason, python.prefix, native_->account());
    if (!crash_log_.empty()) text += fmt::format("\ncrash log: {}", crash_log_);
    const std::lock_guard lock(summary_mutex_);
    summary_ = std::move(text);
}

}  // namespace pysvc
