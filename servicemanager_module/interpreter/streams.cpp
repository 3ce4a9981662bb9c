// SPDX-License-Identifier: MIT
#include "servicemanager_module/interpreter/streams.hpp"

#include "servicemanager_module/interpreter/gil.hpp"
#include "servicemanager_module/interpreter/text.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace pysvc::py {
namespace {

constexpr int kStdout = 1;
constexpr int kStderr = 2;

/// The bytes of any object with a contiguous buffer.
class BytesView {
public:
    explicit BytesView(pb::handle object) {
        if (PyObject_GetBuffer(object.ptr(), &buffer_, PyBUF_SIMPLE) != 0) throw pb::error_already_set();
    }
    ~BytesView() { PyBuffer_Release(&buffer_); }
    BytesView(const BytesView&) = delete;
    BytesView& operator=(const BytesView&) = delete;

    [[nodiscard]] std::string_view bytes() const {
        return {static_cast<const char*>(buffer_.buf), static_cast<std::size_t>(buffer_.len)};
    }

private:
    Py_buffer buffer_{};
};

void deliver(const EngineState& state, int stream, const std::vector<std::string>& lines) {
    for (const std::string& line : lines) state.host->write_line(state.host->host, stream, text_of(line));
}

LineSplitter& splitter(EngineState& state, int stream) { return stream == kStdout ? state.output : state.errors; }

/// The io.RawIOBase at the bottom of a host stream.
pb::object raw_stream(EngineState& state, int stream) {
    pb::dict members;
    const auto method = [&](const char* name, auto&& function, auto&&... extra) {
        members[name] = pb::cpp_function(std::forward<decltype(function)>(function), pb::name(name),
                                         pb::is_method(pb::none()), extra...);
    };
    members["__module__"] = "servicemanager";
    members["__doc__"] = "Bytes written here become lines of the service's log.";
    method("writable", [](const pb::object&) { return true; });
    // The descriptor that the host has made usable: subprocess and faulthandler ask for it.
    method("fileno", [stream](const pb::object&) { return stream; });
    method(
        "write",
        [&state, stream](const pb::object&, const pb::object& data) {
            const BytesView view(data);
            const std::string_view bytes = view.bytes();
            const std::vector<std::string> lines = splitter(state, stream).add(bytes);
            if (!lines.empty()) {
                const GilReleased released;
                deliver(state, stream, lines);
            }
            return bytes.size();
        },
        pb::arg("data"));
    const pb::object base = pb::module_::import("io").attr("RawIOBase");
    const auto type = pb::reinterpret_borrow<pb::object>(reinterpret_cast<PyObject*>(&PyType_Type));
    pb::object raw = type("HostStream", pb::make_tuple(base), members)();
    raw.attr("name") = stream == kStdout ? "<stdout>" : "<stderr>";
    raw.attr("mode") = "wb";
    return raw;
}

pb::object text_stream(EngineState& state, int stream) {
    // No BufferedWriter in between, as in `python -u`: a daemon thread that is in write() when the interpreter is
    // finalised would keep its lock, and CPython takes that for a fatal error ("could not acquire lock for
    // <_io.BufferedWriter ...> at interpreter shutdown"). Lines are collected by LineSplitter anyway.
    pb::object text = pb::module_::import("io").attr("TextIOWrapper")(
        raw_stream(state, stream), pb::arg("encoding") = "utf-8", pb::arg("errors") = "backslashreplace",
        pb::arg("newline") = "\n", pb::arg("line_buffering") = true, pb::arg("write_through") = true);
    text.attr("mode") = "w";
    return text;
}

void replace(const pb::module_& sys, const std::string& name, const pb::object& stream) {
    sys.attr(name.c_str()) = stream;
    // sys.__stdout__ is what code restores after a redirection.
    sys.attr(("__" + name + "__").c_str()) = stream;
}

}  // namespace

void install_streams(EngineState& state) {
    if (state.streams_installed) return;
    state.streams_installed = true;
    const auto sys = pb::module_::import("sys");
    for (const int stream : {kStdout, kStderr}) {
        const char* name = stream == kStdout ? "stdout" : "stderr";
        // None: the process has no such handle (a service never has). print would lose its text in silence, and
        // sys.stderr.write would raise.
        if (state.capture_streams || sys.attr(name).is_none()) replace(sys, name, text_stream(state, stream));
    }
    if (sys.attr("stdin").is_none()) {
        const pb::object null_device = pb::module_::import("os").attr("devnull");
        replace(sys, "stdin", pb::module_::import("io").attr("open")(null_device, "r", pb::arg("encoding") = "utf-8"));
    }
}

void deliver_partial_lines(EngineState& state) {
    deliver(state, kStdout, state.output.take_rest());
    deliver(state, kStderr, state.errors.take_rest());
}

bool flush_streams() {
    bool flushed = true;
    for (const char* name : {"stdout", "stderr"}) {
        try {
            const pb::object stream = pb::getattr(pb::module_::import("sys"), name, pb::none());
            if (!stream.is_none() && !stream.attr("closed").cast<bool>()) stream.attr("flush")();
        } catch (const pb::error_already_set&) {
            flushed = false;
        }
    }
    return flushed;
}

}  // namespace pysvc::py
