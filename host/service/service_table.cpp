// SPDX-License-Identifier: MIT
#include "host/service/service_table.hpp"

#include "host/base/text.hpp"

#include <utility>

namespace pysvc {
ServiceTable::ServiceTable(ServiceTable&& other) noexcept
    : kind_(other.kind_),
      single_(std::move(other.single_)),
      entries_(std::move(other.entries_)),
      started_(std::move(other.started_)),
      retired_(std::move(other.retired_)) {}

ServiceTable ServiceTable::single(ClassSource source) {
    ServiceTable table(Kind::Single);
    table.single_ = std::move(source);
    return table;
}

ServiceTable ServiceTable::group(const std::vector<std::string>& names) {
    ServiceTable table(Kind::Multiple);
    for (const std::string& name : names) table.entries_[lower_case(name)] = Entry{name, RegistryLookup{}, true};
    return table;
}

ServiceTable ServiceTable::empty() { return ServiceTable(Kind::Empty); }

void ServiceTable::retire(ClassSource& source) {
    const auto* object = std::get_if<ClassObject>(&source);
    if (object != nullptr && object->object != nullptr) retired_.push_back(*object);
    source = RegistryLookup{};
}

bool ServiceTable::prepare_single(ClassSource source) {
    const std::lock_guard lock(mutex_);
    if (kind_ == Kind::Multiple) return false;
    kind_ = Kind::Single;
    retire(single_);
    single_ = std::move(source);
    return true;
}

bool ServiceTable::prepare_multiple(const std::string& name, ClassSource source) {
    const std::lock_guard lock(mutex_);
    if (kind_ == Kind::Single) return false;
    const std::string key = lower_case(name);
    const auto existing = entries_.find(key);
    if (existing != entries_.end() && (!existing->second.from_group || started_.contains(key))) return false;
    kind_ = Kind::Multiple;
    if (existing != entries_.end()) retire(existing->second.source);
    entries_[key] = Entry{name, std::move(source), false};
    return true;
}

std::optional<ClassSource> ServiceTable::find(const std::string& name) const {
    const std::lock_guard lock(mutex_);
    if (kind_ == Kind::Single) return single_;
    const auto entry = entries_.find(lower_case(name));
    if (entry == entries_.end()) return std::nullopt;
    return entry->second.source;
}

void ServiceTable::mark_started(const std::string& name) {
    const std::lock_guard lock(mutex_);
    started_.insert(lower_case(name));
}

bool ServiceTable::is_single() const {
    const std::lock_guard lock(mutex_);
    return kind_ == Kind::Single;
}

std::vector<std::string> ServiceTable::names() const {
    const std::lock_guard lock(mutex_);
    if (kind_ == Kind::Single) return {std::string()};
    std::vector<std::string> names;
    for (const auto& [key, entry] : entries_) names.push_back(entry.name);
    return names;
}

std::vector<ClassObject> ServiceTable::clear() {
    const std::lock_guard lock(mutex_);
    std::vector<ClassObject> objects = retire_all();
    kind_ = Kind::Empty;
    entries_.clear();
    started_.clear();
    return objects;
}

std::vector<ClassObject> ServiceTable::take_objects() {
    const std::lock_guard lock(mutex_);
    return retire_all();
}

std::vector<ClassObject> ServiceTable::retire_all() {
    retire(single_);
    for (auto& [key, entry] : entries_) retire(entry.source);
    return std::exchange(retired_, {});
}

}  // namespace pysvc
