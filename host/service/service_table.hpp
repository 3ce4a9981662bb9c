// SPDX-License-Identifier: MIT
#pragma once

#include "host/service/class_spec.hpp"

#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <variant>
#include <vector>

namespace pysvc {

/// "The class comes from the registry, by service name": what PrepareToHostSingle(None) and the EXE's own start mean.
struct RegistryLookup {};

/// A class object of Python, one reference owned by whoever takes it out of the table last.
struct ClassObject {
    void* object = nullptr;
};

/// Where the class of a service comes from. A ClassSpec is what `debug script.py` found.
using ClassSource = std::variant<RegistryLookup, ClassSpec, ClassObject>;

/// Which services this process hosts: one entry for any name (PrepareToHostSingle) or one per name
/// (PrepareToHostMultiple), names compared without case. Thread-safe; a leaf lock.
class ServiceTable {
public:
    /// One service whatever its name: the SCM ignores the name of an own-process service.
    [[nodiscard]] static ServiceTable single(ClassSource source);
    /// The services of a group, classes from the registry.
    [[nodiscard]] static ServiceTable group(const std::vector<std::string>& names);
    /// Nothing prepared yet: a script under python.exe.
    [[nodiscard]] static ServiceTable empty();

    ServiceTable(ServiceTable&& other) noexcept;

    /// False when PrepareToHostMultiple was used before. What it replaces is kept until take_objects: a service may be
    /// starting from it at this moment.
    [[nodiscard]] bool prepare_single(ClassSource source);

    /// False when PrepareToHostSingle was used before, when the name was prepared before, or when it has started.
    /// An entry of a group that has not started is replaced.
    [[nodiscard]] bool prepare_multiple(const std::string& name, ClassSource source);

    /// The source for a starting service; nullopt for a name that nobody prepared.
    [[nodiscard]] std::optional<ClassSource> find(const std::string& name) const;
    /// From now on the entry of `name` is not replaced.
    void mark_started(const std::string& name);

    /// True while one entry stands for any name.
    [[nodiscard]] bool is_single() const;
    /// The names for StartServiceCtrlDispatcher; one empty name for a single service.
    [[nodiscard]] std::vector<std::string> names() const;
    /// Every class object the table ever held; they are taken out, to be released.
    [[nodiscard]] std::vector<ClassObject> take_objects();

    /// As take_objects(), and the table is empty again.
    [[nodiscard]] std::vector<ClassObject> clear();

private:
    struct Entry {
        std::string name;
        ClassSource source;
        bool from_group = false;
    };
    enum class Kind { Empty, Single, Multiple };
    explicit ServiceTable(Kind kind) : kind_(kind) {}
    void retire(ClassSource& source);
    std::vector<ClassObject> retire_all();  // with mutex_ held

    mutable std::mutex mutex_;
    Kind kind_;
    ClassSource single_;
    std::map<std::string, Entry> entries_;  // by lower-case name
    std::set<std::string> started_;
    std::vector<ClassObject> retired_;
};

}  // namespace pysvc
