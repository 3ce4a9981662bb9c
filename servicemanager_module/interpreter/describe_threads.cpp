// SPDX-License-Identifier: MIT
#include "servicemanager_module/interpreter/describe_threads.hpp"

#include "servicemanager_module/interpreter/gil.hpp"
#include "servicemanager_module/interpreter/python.hpp"
#include "servicemanager_module/interpreter/text.hpp"

#include <cstdio>
#include <string>

namespace pysvc::py {
namespace {

bool is_finalizing() {
#if PY_VERSION_HEX >= 0x030D0000
    return Py_IsFinalizing() != 0;
#else
    return _Py_IsFinalizing() != 0;
#endif
}

/// As faulthandler writes it, so that the thread is found among the stacks.
std::string number_of(const pb::object& ident) {
    char text[24];
    const auto width = static_cast<int>(2 * sizeof(unsigned long));
    std::snprintf(text, sizeof text, "0x%0*lx", width, PyLong_AsUnsignedLongMask(ident.ptr()));
    return text;
}

std::string threads_text() {
    // Not imported here: what was never imported has made no threads, and an import may wait for another thread.
    const auto threading = pb::reinterpret_steal<pb::object>(PyImport_GetModule(pb::str("threading").ptr()));
    if (!threading) return "daemon threads: 0";
    std::string text;
    int daemons = 0;
    for (const pb::handle& thread : threading.attr("enumerate")()) {
        if (thread.attr("daemon").cast<bool>()) {
            ++daemons;
        } else {
            text += number_of(thread.attr("ident")) + " " + utf8_of(pb::str(thread.attr("name"))) + "\n";
        }
    }
    return text + "daemon threads: " + std::to_string(daemons);
}

}  // namespace

std::int32_t describe_threads(pysvc_text_sink out) noexcept {
    // Whoever asks for the GIL after this point never gets it; before it, one that comes late does no harm.
    if (Py_IsInitialized() == 0 || is_finalizing()) return 0;
    const GilHeld gil;
    std::string text;
    try {
        text = threads_text();
    } catch (const pb::error_already_set& error) {
        // User code may have broken threading, or a name is no text.
        text = std::string("not to be had: ") + error.what();
    } catch (const std::exception& error) {
        text = std::string("not to be had: ") + error.what();
    }
    out.put(out.context, text.data(), text.size());
    return 1;
}

}  // namespace pysvc::py
