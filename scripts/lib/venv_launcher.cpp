// SPDX-License-Identifier: MIT
// The python.exe of a virtual environment, which the redistributed CPythons lack and `python -m venv` copies: it runs
// the python.exe of the installation that pyvenv.cfg names and ends with it, as CPython's PC/venvlauncher.c does.
#include <windows.h>

#include <cstdio>
#include <string>

namespace {

std::wstring module_path() {
    std::wstring path(32'768, L'\0');
    path.resize(GetModuleFileNameW(nullptr, path.data(), static_cast<DWORD>(path.size())));
    return path;
}

std::wstring parent(const std::wstring& path) { return path.substr(0, path.rfind(L'\\')); }

std::wstring widen(const std::string& text) {
    std::wstring wide(text.size(), L'\0');
    wide.resize(MultiByteToWideChar(CP_UTF8, 0, text.data(), static_cast<int>(text.size()), wide.data(),
                                    static_cast<int>(wide.size())));
    return wide;
}

/// The value of `home`; empty when there is none.
std::wstring home_of(const std::wstring& configuration) {
    FILE* file = _wfopen(configuration.c_str(), L"rt");
    if (file == nullptr) return {};
    char line[4096];
    std::wstring home;
    while (std::fgets(line, sizeof line, file) != nullptr) {
        const std::string text(line);
        if (!text.starts_with("home = ")) continue;
        home = widen(text.substr(7, text.find_last_not_of("\r\n") - 6));
    }
    std::fclose(file);
    return home;
}

/// What follows the program's name on our command line.
std::wstring arguments() {
    const wchar_t* at = GetCommandLineW();
    for (bool quoted = false; *at != L'\0' && (quoted || (*at != L' ' && *at != L'\t')); ++at) {
        if (*at == L'"') quoted = !quoted;
    }
    return at;
}

/// Whoever ends the launcher ends what it has launched; grandchildren may outlive both.
void end_with_me(HANDLE process) {
    const HANDLE job = CreateJobObjectW(nullptr, nullptr);
    JOBOBJECT_EXTENDED_LIMIT_INFORMATION limits{};
    limits.BasicLimitInformation.LimitFlags = JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE | JOB_OBJECT_LIMIT_SILENT_BREAKAWAY_OK;
    SetInformationJobObject(job, JobObjectExtendedLimitInformation, &limits, sizeof limits);
    AssignProcessToJobObject(job, process);
}

}  // namespace

int wmain() {
    const std::wstring self = module_path();
    const std::wstring python = home_of(parent(parent(self)) + L"\\pyvenv.cfg") + L"\\python.exe";
    SetEnvironmentVariableW(L"__PYVENV_LAUNCHER__", self.c_str());
    // argv[0] is the base installation's: 3.11 and 3.12 make sys._base_executable of it.
    std::wstring command_line = L'"' + python + L'"' + arguments();

    STARTUPINFOW startup{};
    GetStartupInfoW(&startup);
    startup.dwFlags |= STARTF_USESTDHANDLES;
    startup.hStdInput = GetStdHandle(STD_INPUT_HANDLE);
    startup.hStdOutput = GetStdHandle(STD_OUTPUT_HANDLE);
    startup.hStdError = GetStdHandle(STD_ERROR_HANDLE);
    for (const HANDLE handle : {startup.hStdInput, startup.hStdOutput, startup.hStdError}) {
        SetHandleInformation(handle, HANDLE_FLAG_INHERIT, HANDLE_FLAG_INHERIT);
    }
    PROCESS_INFORMATION child{};
    if (!CreateProcessW(python.c_str(), command_line.data(), nullptr, nullptr, TRUE, 0, nullptr, nullptr, &startup,
                        &child)) {
        std::fprintf(stderr, "cannot run '%ls', error %lu\n", python.c_str(), GetLastError());
        return 101;
    }
    end_with_me(child.hProcess);
    WaitForSingleObject(child.hProcess, INFINITE);
    DWORD code = 0;
    GetExitCodeProcess(child.hProcess, &code);
    return static_cast<int>(code);
}
