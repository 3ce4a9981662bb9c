// SPDX-License-Identifier: MIT
// What win32event is made of. Handles are plain numbers here; pywintypes.PyHANDLE owns them.
#include "host/base/error.hpp"
#include "host/base/text.hpp"
#include "servicemanager_module/bindings/bindings.hpp"
#include "servicemanager_module/interpreter/gil.hpp"
#include "servicemanager_module/interpreter/late_import.hpp"
#include "servicemanager_module/interpreter/text.hpp"
#include "servicemanager_module/interpreter/windows_error.hpp"

#include <windows.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace pysvc::py {
namespace {

HANDLE handle_of(std::int64_t number) { return reinterpret_cast<HANDLE>(static_cast<std::intptr_t>(number)); }

/// A name of the object namespace, or none.
class ObjectName {
public:
    explicit ObjectName(const pb::object& name) {
        if (name.is_none()) return;
        const std::u16string text = utf16_from_utf8(utf8_of(name));
        text_.emplace(text.begin(), text.end());
    }
    [[nodiscard]] const wchar_t* get() const { return text_ ? text_->c_str() : nullptr; }

private:
    std::optional<std::wstring> text_;
};

/// The security attributes of a handle that child processes inherit, or NULL.
class Inheritance {
public:
    explicit Inheritance(bool inherit) : inherit_(inherit) {}
    [[nodiscard]] SECURITY_ATTRIBUTES* get() { return inherit_ ? &attributes_ : nullptr; }

private:
    SECURITY_ATTRIBUTES attributes_{sizeof(SECURITY_ATTRIBUTES), nullptr, TRUE};
    bool inherit_;
};

/// Whether a named object was there already stays in GetLastError, where scripts look for it.
std::int64_t opened(HANDLE handle, const char* function) {
    if (handle == nullptr) throw_windows_error(GetLastError(), function);
    return reinterpret_cast<std::intptr_t>(handle);
}

void done(BOOL result, const char* function) {
    if (!result) throw_windows_error(GetLastError(), function);
}

// ---- events, mutexes, semaphores, timers ----------------------------------------------------------------------------

std::int64_t create_event(bool inherit, bool manual, bool initial, const pb::object& name) {
    return opened(CreateEventW(Inheritance(inherit).get(), manual, initial, ObjectName(name).get()), "CreateEvent");
}

std::int64_t open_event(std::uint32_t access, bool inherit, const pb::object& name) {
    return opened(OpenEventW(access, inherit, ObjectName(name).get()), "OpenEvent");
}

std::int64_t create_mutex(bool inherit, bool owned, const pb::object& name) {
    return opened(CreateMutexW(Inheritance(inherit).get(), owned, ObjectName(name).get()), "CreateMutex");
}

std::int64_t open_mutex(std::uint32_t access, bool inherit, const pb::object& name) {
    return opened(OpenMutexW(access, inherit, ObjectName(name).get()), "OpenMutex");
}

std::int64_t create_semaphore(bool inherit, std::int32_t initial, std::int32_t maximum, const pb::object& name) {
    const HANDLE handle = CreateSemaphoreW(Inheritance(inherit).get(), initial, maximum, ObjectName(name).get());
    return opened(handle, "CreateSemaphore");
}

std::int64_t open_semaphore(std::uint32_t access, bool inherit, const pb::object& name) {
    return opened(OpenSemaphoreW(access, inherit, ObjectName(name).get()), "OpenSemaphore");
}

std::int32_t release_semaphore(std::int64_t handle, std::int32_t count) {
    LONG before = 0;
    done(ReleaseSemaphore(handle_of(handle), count, &before), "ReleaseSemaphore");
    return before;
}

std::int64_t create_waitable_timer(bool inherit, bool manual, const pb::object& name) {
    const HANDLE handle = CreateWaitableTimerW(Inheritance(inherit).get(), manual, ObjectName(name).get());
    return opened(handle, "CreateWaitableTimer");
}

std::int64_t open_waitable_timer(std::uint32_t access, bool inherit, const pb::object& name) {
    return opened(OpenWaitableTimerW(access, inherit, ObjectName(name).get()), "OpenWaitableTimer");
}

void set_waitable_timer(std::int64_t handle, std::int64_t due, std::int32_t period, bool resume) {
    LARGE_INTEGER time;
    time.QuadPart = due;
    done(SetWaitableTimer(handle_of(handle), &time, period, nullptr, nullptr, resume), "SetWaitableTimer");
}

// ---- waiting --------------------------------------------------------------------------------------------------------

std::vector<HANDLE> handles_of(const pb::list& numbers) {
    std::vector<HANDLE> handles;
    for (const auto& number : numbers) handles.push_back(handle_of(number.cast<std::int64_t>()));
    return handles;
}

/// What `wait` returns, called without the GIL.
template <class Wait>
std::uint32_t wait_without_gil(const char* function, Wait wait) {
    DWORD result = WAIT_FAILED;
    DWORD code = 0;
    {
        const GilReleased released;
        result = wait();
        code = GetLastError();
    }
    if (result == WAIT_FAILED) throw_windows_error(code, function);
    return result;
}

std::uint32_t wait_for_objects(const pb::list& numbers, bool all, std::uint32_t milliseconds, bool alertable,
                               const std::string& function) {
    const std::vector<HANDLE> handles = handles_of(numbers);
    return wait_without_gil(function.c_str(), [&] {
        return WaitForMultipleObjectsEx(static_cast<DWORD>(handles.size()), handles.data(), all, milliseconds,
                                        alertable);
    });
}

std::uint32_t wait_for_messages(const pb::list& numbers, std::uint32_t milliseconds, std::uint32_t wake_mask,
                                std::uint32_t flags, const std::string& function) {
    const std::vector<HANDLE> handles = handles_of(numbers);
    return wait_without_gil(function.c_str(), [&] {
        const auto wait =
            imported_late<decltype(&MsgWaitForMultipleObjectsEx)>(L"user32.dll", "MsgWaitForMultipleObjectsEx");
        if (wait == nullptr) return WAIT_FAILED;
        return wait(static_cast<DWORD>(handles.size()), handles.data(), milliseconds, wake_mask, flags);
    });
}

std::uint32_t wait_for_input_idle(std::int64_t process, std::uint32_t milliseconds) {
    return wait_without_gil("WaitForInputIdle", [&] {
        const auto wait = imported_late<decltype(&WaitForInputIdle)>(L"user32.dll", "WaitForInputIdle");
        return wait != nullptr ? wait(handle_of(process), milliseconds) : WAIT_FAILED;
    });
}

std::uint32_t signal_object_and_wait(std::int64_t signal, std::int64_t object, std::uint32_t milliseconds,
                                     bool alertable) {
    return wait_without_gil("SignalObjectAndWait", [&] {
        return SignalObjectAndWait(handle_of(signal), handle_of(object), milliseconds, alertable);
    });
}

}  // namespace

void bind_kernel_objects(pb::module_& module) {
    module.def("error_text", [](std::uint32_t code) { return str_of(os_error_message(code)); });
    module.def("last_error", [] { return GetLastError(); });
    module.def("close_handle", [](std::int64_t handle) { done(CloseHandle(handle_of(handle)), "CloseHandle"); });

    module.def("create_event", &create_event);
    module.def("open_event", &open_event);
    module.def("set_event", [](std::int64_t handle) { done(SetEvent(handle_of(handle)), "SetEvent"); });
    module.def("reset_event", [](std::int64_t handle) { done(ResetEvent(handle_of(handle)), "ResetEvent"); });
    module.def("pulse_event", [](std::int64_t handle) { done(PulseEvent(handle_of(handle)), "PulseEvent"); });

    module.def("create_mutex", &create_mutex);
    module.def("open_mutex", &open_mutex);
    module.def("release_mutex", [](std::int64_t handle) { done(ReleaseMutex(handle_of(handle)), "ReleaseMutex"); });

    module.def("create_semaphore", &create_semaphore);
    module.def("open_semaphore", &open_semaphore);
    module.def("release_semaphore", &release_semaphore);

    module.def("create_waitable_timer", &create_waitable_timer);
    module.def("open_waitable_timer", &open_waitable_timer);
    module.def("set_waitable_timer", &set_waitable_timer);
    module.def("cancel_waitable_timer",
               [](std::int64_t handle) { done(CancelWaitableTimer(handle_of(handle)), "CancelWaitableTimer"); });

    module.def("wait_for_objects", &wait_for_objects);
    module.def("wait_for_messages", &wait_for_messages);
    module.def("wait_for_input_idle", &wait_for_input_idle);
    module.def("signal_object_and_wait", &signal_object_and_wait);
}

}  // namespace pysvc::py
