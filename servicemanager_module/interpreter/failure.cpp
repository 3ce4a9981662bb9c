// SPDX-License-Identifier: MIT
#include "servicemanager_module/interpreter/failure.hpp"

#include "servicemanager_module/interpreter/text.hpp"

namespace pysvc::py {

void tell(pysvc_failure& out, const Error& error) noexcept {
    tell(out, error.code, error.context);
    out.os_code = error.os_code;
}

void tell(pysvc_failure& out, ErrorCode code, std::string_view text) noexcept {
    out.code = static_cast<std::uint32_t>(code);
    out.os_code = 0;
    if (out.text.put != nullptr) out.text.put(out.text.context, text.data(), text.size());
}

std::string traceback_text(const pb::error_already_set& error) {
    try {
        // An exception that was raised without a Python frame has no traceback: trace() is then a null object, which
        // no call accepts.
        const pb::object trace = error.trace() ? error.trace() : pb::object(pb::none());
        const pb::object format = pb::module_::import("traceback").attr("format_exception");
        const pb::object lines = format(error.type(), error.value(), trace, pb::arg("chain") = true);
        std::string text = utf8_of(pb::str("").attr("join")(lines));
        while (!text.empty() && text.back() == '\n') text.pop_back();
        return text;
    } catch (const pb::error_already_set&) {
        // Out of memory, a broken __str__, a half finalised interpreter.
        return error.what();
    }
}

}  // namespace pysvc::py
