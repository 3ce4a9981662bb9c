// SPDX-License-Identifier: MIT
// What others can change of that which decides what a service does.
#pragma once

#include "host/commands/json.hpp"
#include "host/locate/paths.hpp"
#include "host/service/permissions.hpp"
#include "host/service/security_descriptor.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace pysvc {

enum class GuardedKind {
    File,
    Folder,  ///< things are looked up in it by name: modules, DLLs, files that a program opens
    Parent,  ///< only leads to something
    Key,     ///< below HKEY_LOCAL_MACHINE
    Service,
};

/// Something that nobody but administrators and the service's account should be able to change.
struct Guarded {
    GuardedKind kind = GuardedKind::File;
    std::string path;  ///< full and normal; for a Key and a Service its name
    std::string use;   ///< "Python's DLL"
};

/// Something of it that others can change.
struct Exposure {
    GuardedKind kind = GuardedKind::File;
    std::string path;
    std::vector<std::string> uses;  ///< of it, and of what lies below it
    std::vector<Stranger> strangers;
};

/// Looks at everything in `guarded` and at all folders above it. What lies in an exposed folder and is open to nobody
/// else is part of that folder's exposure: it is the outermost one that has to be closed. What is missing is open to
/// those who may make it. What may not be looked at is left out.
[[nodiscard]] std::vector<Exposure> find_exposures(System system, const std::vector<Guarded>& guarded,
                                                   const std::vector<std::string>& trusted, Permissions& permissions);

/// "make files in it", "change its permissions", ...
[[nodiscard]] std::vector<std::string> deeds_of(const Stranger& stranger, GuardedKind kind);

/// The command lines that leave the strangers nothing but reading, for cmd.exe and PowerShell; one that is not typed
/// but done (in regedit) for a key.
[[nodiscard]] std::vector<std::string> remedies_for(const Exposure& exposure, Permissions& permissions);

/// Several lines for people: what, who, why it matters, how to end it. `account` is the service's.
[[nodiscard]] std::string exposure_text(const Exposure& exposure, std::string_view account, Permissions& permissions);

/// An array of objects: "path", "kind", "uses", "who" (each "name", "sid", "may", "owner", "inherited") and "remedies".
[[nodiscard]] std::string exposures_json(const std::vector<Exposure>& exposures, Permissions& permissions);

}  // namespace pysvc
