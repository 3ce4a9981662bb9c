// SPDX-License-Identifier: MIT
#include "servicemanager_module/bindings/arguments.hpp"
#include "servicemanager_module/bindings/bindings.hpp"
#include "servicemanager_module/interpreter/gil.hpp"
#include "servicemanager_module/interpreter/text.hpp"
#include "servicemanager_module/interpreter/windows_error.hpp"

#include <string>
#include <vector>

namespace pysvc::py {
namespace {

constexpr std::uint16_t kErrorType = 1;
constexpr std::uint16_t kWarningType = 2;
constexpr std::uint16_t kInformationType = 4;
// pywin32 writes warnings with the informational id; its documentation and people's filters know them by it.
constexpr std::uint32_t kGenericWarning = 0x400000FF;
constexpr std::uint32_t kGenericError = 0xC00000FF;

void report(std::uint16_t type, std::uint32_t id, const std::vector<std::string>& inserts) {
    std::vector<pysvc_text> texts;
    texts.reserve(inserts.size());
    for (const std::string& insert : inserts) texts.push_back(text_of(insert));
    const pysvc_host_api& api = host();
    std::uint32_t code = 0;
    {
        const GilReleased released;
        code = api.report_event(api.host, type, id, texts.data(), texts.size());
    }
    if (code != 0) throw_windows_error(code, "RegisterEventSource/ReportEvent");
}

/// None, or any sequence of str; a str is one too, of its characters.
std::vector<std::string> inserts_of(const pb::object& inserts) {
    std::vector<std::string> texts;
    if (inserts.is_none()) return texts;
    if (PySequence_Check(inserts.ptr()) == 0) throw pb::type_error("strings must be None or a sequence");
    const auto sequence = pb::reinterpret_borrow<pb::sequence>(inserts);
    for (std::size_t i = 0; i < sequence.size(); ++i) {
        const pb::object item = sequence[i];
        texts.push_back(text_argument(item, "each of strings"));
    }
    return texts;
}

void log_msg(const pb::object& error_type, const pb::object& event_id, const pb::object& inserts) {
    const auto type = integer_argument(error_type, "errorType", 0, UINT16_MAX);
    // Ids with a severity of warning or error are above 0x7FFFFFFF; pywin32 takes them only as negative numbers.
    const auto id = integer_argument(event_id, "eventId", INT32_MIN, UINT32_MAX);
    report(static_cast<std::uint16_t>(type), static_cast<std::uint32_t>(id), inserts_of(inserts));
}

/// LogInfoMsg and its siblings differ in nothing else.
template <std::uint16_t type, std::uint32_t id>
void log_text(const pb::object& msg) {
    report(type, id, {text_argument(msg, "msg")});
}

void set_event_source_name(const pb::object& name, const pb::object& register_now) {
    const std::string text = text_argument(name, "sourceName");
    const bool now = flag_argument(register_now, "registerNow");
    const pysvc_host_api& api = host();
    const GilReleased released;
    api.set_event_source(api.host, text_of(text), now ? 1 : 0);
}

}  // namespace

void bind_events(pb::module_& module) {
    module.def("LogMsg", &log_msg, pb::arg("errorType"), pb::arg("eventId"), pb::arg("inserts") = pb::none(),
               pb::pos_only(),
               "LogMsg(errorType, eventId, inserts=None, /)\n--\n\n"
               "Writes an event to the Windows event log; in debug mode, a line to the console.\n\n"
               "errorType: one of EVENTLOG_*.\n"
               "eventId: the full 32-bit message id, as int or as the negative int of the same bits.\n"
               "inserts: the texts for the message's %1, %2, ...: None or a sequence of str.\n\n"
               "Raises pywintypes.error when Windows refuses the event, TypeError for inserts of another kind.");
    module.def("LogInfoMsg", &log_text<kInformationType, kGenericWarning>, pb::arg("msg"), pb::pos_only(),
               "LogInfoMsg(msg, /)\n--\n\n"
               "Writes msg (str) to the event log as information.\n\n"
               "Raises pywintypes.error when Windows refuses the event.");
    module.def("LogWarningMsg", &log_text<kWarningType, kGenericWarning>, pb::arg("msg"), pb::pos_only(),
               "LogWarningMsg(msg, /)\n--\n\n"
               "Writes msg (str) to the event log as a warning.\n\n"
               "Raises pywintypes.error when Windows refuses the event.");
    module.def("LogErrorMsg", &log_text<kErrorType, kGenericError>, pb::arg("msg"), pb::pos_only(),
               "LogErrorMsg(msg, /)\n--\n\n"
               "Writes msg (str) to the event log as an error.\n\n"
               "Raises pywintypes.error when Windows refuses the event.");
    module.def(
        "SetEventSourceName", &set_event_source_name, pb::arg("sourceName"), pb::arg("registerNow") = false,
        pb::pos_only(),
        "SetEventSourceName(sourceName, registerNow=False, /)\n--\n\n"
        "Names the source of all further events of this process.\n\n"
        "registerNow: write the source to the registry at once instead of with its first event. An account that\n"
        "may not do so is no error; an installer calls this with True so that the service need not.");
}

}  // namespace pysvc::py
