// SPDX-License-Identifier: MIT
#pragma once

#include "host/locate/file_probe.hpp"
#include "host/locate/locate_python.hpp"
#include "host/locate/native_loader.hpp"
#include "host/service/engine.hpp"

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace pysvc {

struct PythonLoaderOptions {
    LocateMode mode = LocateMode::Service;
    std::string exe_directory;  ///< absolute; the engines lie there
    std::string python;         ///< --python; empty: Parameters\Python, or the search
    /// Directory of a service's script, empty when unknown. Asked on py-main when the search needs it.
    std::function<std::string(const std::string& service)> script_directory;
    std::vector<std::string> argv;  ///< sys.argv
    /// The file for faulthandler and descriptor 2, absolute; empty: stderr. Asked on py-main; its folder exists by
    /// then.
    std::function<std::string(const std::string& service, const Settings& settings)> crash_log;
    /// A folder for bytecode that this account may write and may trust, made by the call; empty when there is none. Asked
    /// on py-main when the account may not write beside all sources. Unset: what cannot lie beside them is not kept.
    std::function<std::string(const std::string& service, const Settings& settings)> bytecode_folder;
    bool capture_streams = true;  ///< sys.stdout and sys.stderr go to the host's log
};

/// The way of the EXE to a running interpreter: find Python, load its library and the engine, start it.
class PythonLoader final : public EngineLoader {
public:
    PythonLoader(PythonLoaderOptions options, std::unique_ptr<FileProbe> probe, std::unique_ptr<NativeLoader> native);

    /// py-main, once. Errors: those of locate_python, PythonLoadFailed, EngineLoadFailed, EngineMismatch, and what the
    /// engine tells (InterpreterFailed, PrefixMismatch). After a failure Python's library may be loaded, but no
    /// interpreter runs.
    Result<const pysvc_engine_api*> start(const std::string& service, const Settings& settings,
                                          const pysvc_host_api& host, void (*step)(void*), void* context) override;

    /// Interpreter, version and why this one, prefix, account, crash log; a line each. Any thread.
    std::string environment_summary() override;

private:
    Result<PythonInstallation> locate(const std::string& service, const Settings& settings);
    void prepare_process(const PythonInstallation& python);
    Result<const pysvc_engine_api*> open_engine(const PythonInstallation& python, const pysvc_host_api& host);
    std::string bytecode_folder(const std::string& service, const Settings& settings, const PythonInstallation& python);
    Result<void> start_interpreter(const PythonInstallation& python, const Settings& settings,
                                   const std::string& bytecode_folder, const pysvc_engine_api& engine);
    void summarize(const PythonInstallation& python);

    PythonLoaderOptions options_;
    std::string crash_log_;
    std::unique_ptr<FileProbe> probe_;
    std::unique_ptr<NativeLoader> native_;
    std::mutex summary_mutex_;
    std::string summary_;
};

/// The same over this system's own files and loader. Defined in host/windows and host/posix.
[[nodiscard]] std::unique_ptr<EngineLoader> make_python_loader(PythonLoaderOptions options);

/// This machine as it is. Defined in host/windows and host/posix.
[[nodiscard]] std::unique_ptr<FileProbe> make_file_probe();

}  // namespace pysvc
