// SPDX-License-Identifier: MIT
#include "host/service/platform.hpp"

#include "host/windows/win32.hpp"

namespace pysvc {
namespace {

template <class Policy>
void set_policy(PROCESS_MITIGATION_POLICY kind, Policy policy) {
    // A system that does not know the policy refuses it, and is as it was.
    SetProcessMitigationPolicy(kind, &policy, sizeof policy);
}

}  // namespace

// Not here, because services have a right to it: DynamicCode (ctypes callbacks, JIT compilers), Signature (most .pyd files
// have none), NoRemoteImages (a Python on a share), PreferSystem32 (DLLs that a package brings), Win32k, ChildProcess.
void harden_process() {
    // A heap that is damaged ends the process where it is seen, not later somewhere else. 64-bit Windows has it so by
    // default; this makes it independent of settings for this EXE.
    HeapSetInformation(nullptr, HeapEnableTerminationOnCorruption, nullptr, 0);

    // No box that asks to insert a disk: in session 0 nobody answers it, and the thread would wait for ever. Crashes go to
    // Windows Error Reporting as ever (no SEM_NOGPFAULTERRORBOX). Children inherit this mode (MSDN, SetErrorMode), which is
    // as good for them: they are in session 0, too.
    SetErrorMode(GetErrorMode() | SEM_FAILCRITICALERRORS);

    // What follows is set for this process; its children are other programs, and none of our business.
    // AppInit_DLLs, hooks of the desktop, old input methods and Winsock layers: code of others that nobody asked for.
    PROCESS_MITIGATION_EXTENSION_POINT_DISABLE_POLICY extensions{};
    extensions.DisableExtensionPoints = 1;
    set_policy(ProcessExtensionPointDisablePolicy, extensions);

    // A DLL that a process of low integrity wrote, a browser's download for one, is not loaded.
    PROCESS_MITIGATION_IMAGE_LOAD_POLICY images{};
    images.NoLowMandatoryLabelImages = 1;
    set_policy(ProcessImageLoadPolicy, images);
}

}  // namespace pysvc
