// SPDX-License-Identifier: MIT
#include "host/commands/subject.hpp"

#include "host/base/paths.hpp"
#include "host/base/text.hpp"
#include "host/commands/registration.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <vector>

namespace pysvc {
namespace {

bool is_script_name(std::string_view text) {
    const std::string lower = lower_case(text);
    return lower.ends_with(".py") || lower.ends_with(".pyw");
}

Subject script_subject(const std::string& path, const std::string& class_name) {
    Subject subject;
    subject.kind = SubjectKind::Script;
    subject.text = path;
    subject.class_name = class_name;
    return subject;
}

Result<Subject> class_subject(const std::string& text, const std::string& current) {
    auto spec = parse_class_spec(text);
    if (!spec) return failure(spec.error());
    Subject subject;
    subject.kind = SubjectKind::Class;
    subject.text = text;
    subject.spec = std::move(*spec);
    if (!subject.spec.directory.empty()) {
        subject.spec.directory = absolute_from(current, subject.spec.directory);
    } else if (is_module_in(current, subject.spec.module)) {
        // That is what people mean.
        subject.spec.directory = current;
    }
    return subject;
}

/// A text search is enough to find candidates: the one that is taken is examined properly later.
bool mentions_service_class(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    return text.find("_svc_name_") != std::string::npos || text.find("ServiceFramework") != std::string::npos;
}

std::vector<std::string> service_scripts_in(const std::string& folder) {
    std::vector<std::string> found;
    std::error_code error;
    for (std::filesystem::directory_iterator entry(to_path(folder), error), end; !error && entry != end;
         entry.increment(error)) {
        const std::string path = from_path(entry->path());
        if (is_script_name(path) && is_file(path) && mentions_service_class(entry->path())) found.push_back(path);
    }
    std::ranges::sort(found);
    return found;
}

Result<ServiceDescription> ask_python(const std::string& python, const Subject& subject, ChildProcess& child) {
    switch (subject.kind) {
        case SubjectKind::Script: return describe_script(python, subject.text, subject.class_name, child);
        case SubjectKind::Program:
            return examine_program(python, subject.program_kind, subject.spec.directory, subject.text,
                                    subject.control_hook, child);
        case SubjectKind::Class:
        case SubjectKind::Service: break;
    }
    return describe_class(python, subject.spec, child);
}

}  // namespace

bool is_module_in(const std::string& folder, const std::string& module) {
    const std::string first = module.substr(0, module.find('.'));
    return is_file(absolute_from(folder, first + ".py")) || is_folder(absolute_from(folder, first));
}

Result<Subject> resolve_subject(const std::string& text, const std::string& current) {
    if (text.empty()) return failure(ErrorCode::Usage, 0, "the name of the script, class or service is empty");
    const std::string path = absolute_from(current, text);
    if (is_file(path)) return script_subject(path, {});

    // FILE:CLASS; a colon at 1 is a drive's.
    const std::size_t colon = text.rfind(':');
    if (colon != std::string::npos && colon > 1) {
        const std::string file = absolute_from(current, text.substr(0, colon));
        if (is_file(file)) return script_subject(file, text.substr(colon + 1));
        if (is_script_name(file)) return failure(ErrorCode::FileNotFound, 0, file);
    }
    if (is_script_name(text)) return failure(ErrorCode::FileNotFound, 0, path);
    if (is_folder(path) && text.find_first_of("\\/") != std::string::npos) {
        return failure(ErrorCode::Usage, 0, fmt::format("'{}' is a folder; name the script in it", path));
    }
    if (text.find_first_of(":.") != std::string::npos) return class_subject(text, current);
    if (text.find_first_of("\\/") != std::string::npos) return failure(ErrorCode::FileNotFound, 0, path);

    Subject subject;
    subject.text = text;
    return subject;
}

Result<Subject> resolve_script_or_service(const std::string& text, CommandPorts& ports) {
    // `debug My.Service` means the installed service of that name, as it did with pywin32's host.
    if (!is_file(absolute_from(ports.folders.current, text)) && has_python_class(ports.registry, text)) {
        Subject subject;
        subject.text = text;
        return subject;
    }
    return resolve_subject(text, ports.folders.current);
}

Result<std::string> installed_name(const std::string& text, CommandPorts& ports) {
    auto name = ports.scm.key_name(text);
    // Where the SCM does not know it the class may still be there: debug needs no SCM.
    if (!name && has_python_class(ports.registry, text)) return text;
    return name;
}

Result<Subject> default_subject(const ProgramFolders& folders) {
    const std::string stem = from_path(to_path(folders.executable).stem());
    const std::string beside = absolute_from(folders.directory, stem + ".py");
    if (is_file(beside)) return script_subject(beside, {});

    const std::vector<std::string> found = service_scripts_in(folders.current);
    if (found.size() == 1) return script_subject(found.front(), {});
    const std::string looked = fmt::format("there is no {}", beside);
    if (found.empty()) {
        return failure(
            ErrorCode::Usage, 0,
            fmt::format("no script given; {}, and no script with a service class in {}", looked, folders.current));
    }
    return failure(ErrorCode::Usage, 0,
                   fmt::format("no script given; {}, and several scripts have a service class: {}", looked,
                               fmt::join(found, ", ")));
}

std::string folder_of(const Subject& subject) {
    if (subject.kind == SubjectKind::Script) return from_path(to_path(subject.text).parent_path());
    return subject.spec.directory;
}

Result<DescribedSubject> describe_subject(const Subject& subject, const PythonQuery& query, CommandPorts& ports) {
    DescribedSubject described;
    described.folder = folder_of(subject);
    if (subject.kind == SubjectKind::Program) described.target = subject.text;
    PythonQuery complete = query;
    complete.script_directory = described.folder;
    auto python = ports.find_python(complete);
    if (!python) return failure(python.error());
    described.python = std::move(*python);
    auto description = ask_python(described.python.executable, subject, ports.child);
    if (!description) return failure(description.error());
    described.description = std::move(*description);
    return described;
}

}  // namespace pysvc
