// SPDX-License-Identifier: MIT
#include "tests/scm/harness/service_status.hpp"

#include <tlhelp32.h>

namespace pysvc::test {

SERVICE_STATUS_PROCESS service_status(const std::string& name) {
    const win::UniqueServiceHandle manager(OpenSCManagerW(nullptr, nullptr, SC_MANAGER_CONNECT));
    const win::UniqueServiceHandle service(OpenServiceW(manager.get(), win::widen(name).c_str(), SERVICE_QUERY_STATUS));
    SERVICE_STATUS_PROCESS now{};
    DWORD size = 0;
    if (service) {
        QueryServiceStatusEx(service.get(), SC_STATUS_PROCESS_INFO, reinterpret_cast<BYTE*>(&now), sizeof now, &size);
    }
    return now;
}

bool has_module(DWORD process, const std::filesystem::path& folder, std::wstring_view beginning) {
    const win::UniqueHandle snapshot(CreateToolhelp32Snapshot(TH32CS_SNAPMODULE, process));
    MODULEENTRY32W module{};
    module.dwSize = sizeof module;
    for (BOOL more = Module32FirstW(snapshot.get(), &module); more; more = Module32NextW(snapshot.get(), &module)) {
        const std::filesystem::path file(module.szExePath);
        const bool named = file.filename().native().starts_with(beginning);
        if (named && _wcsicmp(file.parent_path().c_str(), folder.c_str()) == 0) return true;
    }
    return false;
}

}  // namespace pysvc::test
