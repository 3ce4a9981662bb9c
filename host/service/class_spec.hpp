// SPDX-License-Identifier: MIT
#pragma once

#include "host/base/result.hpp"
#include "host/service/service_config.hpp"

#include <string>
#include <string_view>

namespace pysvc {

/// Where a service class is: `directory` goes to sys.path[0], `module` is imported, `class_name` is its attribute.
struct ClassSpec {
    std::string directory;  ///< empty: sys.path stays as it is
    std::string module;     ///< may be dotted
    std::string class_name;

    friend bool operator==(const ClassSpec&, const ClassSpec&) = default;
};

/// Longest class string that is believed to be one, in UTF-16 units.
inline constexpr std::size_t kMaxClassString = 10'000;

/// Takes a class string apart. pywin32's form is `[directory\]module[.sub].Class`; accepted as well are `/` as a
/// separator, `module:Class` and `directory\file.py:Class`.
[[nodiscard]] Result<ClassSpec> parse_class_spec(std::string_view text);

/// The class string of `service` from its registry value: each way it can be wrong is an error of its own.
/// Environment variables of REG_EXPAND_SZ are expanded through `config`.
[[nodiscard]] Result<ClassSpec> read_class_spec(const std::string& service, ServiceConfig& config);

}  // namespace pysvc
