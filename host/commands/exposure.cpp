// SPDX-License-Identifier: MIT
#include "host/commands/exposure.hpp"

#include "host/commands/report.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <optional>
#include <span>
#include <utility>

namespace pysvc {
namespace {

struct Deed {
    std::uint32_t right;
    const char* text;
};

constexpr Deed kToFiles[] = {{access::kWriteData, "write to it"}, {access::kAppendData, "append to it"}};
constexpr Deed kToFolders[] = {{access::kWriteData, "make files in it"},
                               {access::kAppendData, "make folders in it"},
                               {access::kDeleteChild, "delete and replace what is in it"}};
constexpr Deed kToKeys[] = {{access::kWriteData, "set its values"},
                            {access::kAppendData, "make keys in it"},
                            {access::kCreateLink, "make it a link to another key"}};
constexpr Deed kToServices[] = {{access::kWriteData, "make it run another program"}};
constexpr Deed kToAll[] = {{access::kDelete, "delete or rename it"},
                           {access::kWriteDac, "change its permissions"},
                           {access::kWriteOwner, "take it over"},
                           {access::kGenericWrite, "write to it"},
                           {access::kGenericAll, "do anything with it"}};

std::span<const Deed> deeds_for(GuardedKind kind) {
    switch (kind) {
        case GuardedKind::File: return kToFiles;
        case GuardedKind::Folder:
        case GuardedKind::Parent: return kToFolders;
        case GuardedKind::Key: return kToKeys;
        case GuardedKind::Service: return kToServices;
    }
    return {};
}

const char* name_of(GuardedKind kind) {
    switch (kind) {
        case GuardedKind::File: return "file";
        case GuardedKind::Folder:
        case GuardedKind::Parent: return "folder";
        case GuardedKind::Key: return "key";
        case GuardedKind::Service: return "service";
    }
    return "";
}

std::uint32_t rights_to_ask(GuardedKind kind) {
    switch (kind) {
        case GuardedKind::File: return access::kChangeFile;
        case GuardedKind::Folder: return access::kChangeFolder;
        case GuardedKind::Parent: return access::kReplaceBelow;
        case GuardedKind::Key: return access::kChangeKey;
        case GuardedKind::Service: return access::kChangeService;
    }
    return 0;
}

bool is_in_file_system(GuardedKind kind) { return kind != GuardedKind::Key && kind != GuardedKind::Service; }

/// Files have no names in common with keys and services.
bool may_be_same(GuardedKind one, GuardedKind other) {
    return one == other || (is_in_file_system(one) && is_in_file_system(other));
}

/// Everything to look at, once.
class Places {
public:
    explicit Places(System system) : system_(system) {}

    void add(GuardedKind kind, const std::string& path, const std::string& use) {
        const auto known = std::ranges::find_if(places_, [&](const Exposure& place) {
            return may_be_same(place.kind, kind) && same_path(system_, place.path, path);
        });
        Exposure& place = known != places_.end() ? *known : places_.emplace_back(Exposure{kind, path, {}, {}});
        // A folder in which things are looked up is more than one that leads to something.
        if (place.kind == GuardedKind::Parent) place.kind = kind;
        if (!use.empty() && std::ranges::find(place.uses, use) == place.uses.end()) place.uses.push_back(use);
    }

    void add_with_parents(const Guarded& guarded) {
        add(guarded.kind, guarded.path, guarded.use);
        if (!is_in_file_system(guarded.kind)) return;
        std::string path = guarded.path;
        while (!(path = parent_path(system_, path)).empty()) add(GuardedKind::Parent, path, {});
    }

    /// The innermost first.
    [[nodiscard]] std::vector<Exposure> take() {
        std::ranges::stable_sort(places_, std::ranges::greater(), [](const Exposure& place) { return place.path.size(); });
        return std::exchange(places_, {});
    }

private:
    const System system_;
    std::vector<Exposure> places_;
};

bool is_missing(const Error& error) {
    constexpr std::uint32_t kPathNotFound = 3;
    return error.os_code == win32::kFileNotFound || error.os_code == kPathNotFound;
}

bool is_below(System system, const std::string& path, const std::string& folder) {
    for (std::string parent = path; !(parent = parent_path(system, parent)).empty();) {
        if (same_path(system, parent, folder)) return true;
    }
    return false;
}

/// True when whoever can change `inner` can change `outer`.
bool covers(const Exposure& outer, const Exposure& inner) {
    return std::ranges::all_of(inner.strangers, [&](const Stranger& stranger) {
        return std::ranges::find(outer.strangers, stranger.sid, &Stranger::sid) != outer.strangers.end();
    });
}

/// A SID as icacls takes it.
std::string icacls_account(const std::string& sid, Permissions& permissions) {
    return sid.starts_with("S-1-") ? "*" + sid : permissions.name_of(sid);
}

/// Always in quotes: & and ( mean something to shells. No path has a quote in it, but C:\ ends with a backslash.
std::string quoted_path(const std::string& path) {
    return fmt::format("\"{}{}\"", path, path.ends_with('\\') ? "\\" : "");
}

std::vector<std::string> icacls_lines(const Exposure& exposure, Permissions& permissions) {
    const std::string path = quoted_path(exposure.path);
    const bool file = exposure.kind == GuardedKind::File;
    std::vector<std::string> lines;
    std::string grants;
    bool inherited = false;
    bool owned = false;
    for (const Stranger& stranger : exposure.strangers) {
        owned = owned || stranger.owner;
        inherited = inherited || stranger.inherited;
        if (stranger.rights == 0) continue;
        grants += fmt::format(" \"{}:{}RX\"", icacls_account(stranger.sid, permissions), file ? "" : "(OI)(CI)");
    }
    // Administrators, and everything below the folder: its owner is as a rule that of all of it.
    if (owned) lines.push_back(fmt::format("icacls {} /setowner *S-1-5-32-544{}", path, file ? "" : " /T"));
    // What is inherited cannot be taken away here; as a copy it can.
    if (inherited) lines.push_back(fmt::format("icacls {} /inheritance:d", path));
    if (!grants.empty()) lines.push_back(fmt::format("icacls {} /grant:r{}", path, grants));
    return lines;
}

std::string who(const Stranger& stranger, Permissions& permissions) {
    if (stranger.sid.empty()) return "nobody known";
    const std::string name = permissions.name_of(stranger.sid);
    return name == stranger.sid ? name : fmt::format("{} ({})", name, stranger.sid);
}

std::string as_json(const Stranger& stranger, GuardedKind kind, Permissions& permissions) {
    JsonObject object;
    object.text("name", stranger.sid.empty() ? "" : permissions.name_of(stranger.sid))
        .text("sid", stranger.sid)
        .raw("may", json_array(deeds_of(stranger, kind)))
        .flag("owner", stranger.owner)
        .flag("inherited", stranger.inherited);
    return object.str();
}

std::string shown_path(const Exposure& exposure) {
    switch (exposure.kind) {
        case GuardedKind::Key: return "HKEY_LOCAL_MACHINE\\" + exposure.path;
        case GuardedKind::Service: return fmt::format("the service '{}'", exposure.path);
        default: return exposure.path;
    }
}

}  // namespace

std::vector<Exposure> find_exposures(System system, const std::vector<Guarded>& guarded,
                                     const std::vector<std::string>& trusted, Permissions& permissions) {
    Places places(system);
    for (const Guarded& one : guarded) places.add_with_parents(one);

    std::vector<Exposure> found;
    std::vector<Exposure> missing;
    for (Exposure& place : places.take()) {
        // Who may make what is missing decides what it will be.
        const bool makes_missing = std::ranges::any_of(missing, [&](const Exposure& one) {
            return same_path(system, parent_path(system, one.path), place.path);
        });
        if (makes_missing && place.kind == GuardedKind::Parent) place.kind = GuardedKind::Folder;
        const auto text = is_in_file_system(place.kind)         ? permissions.of_file(place.path)
                          : place.kind == GuardedKind::Service ? permissions.of_service(place.path)
                                                               : permissions.of_key(place.path);
        if (!text && is_in_file_system(place.kind) && is_missing(text.error())) missing.push_back(place);
        const auto descriptor = text ? parse_security_descriptor(*text) : std::nullopt;
        if (!descriptor) continue;
        if (makes_missing) {
            for (const Exposure& one : missing) {
                if (!is_below(system, one.path, place.path)) continue;
                place.uses.insert(place.uses.end(), one.uses.begin(), one.uses.end());
            }
        }
        place.strangers = strangers_with(*descriptor, rights_to_ask(place.kind), trusted);
        if (!place.strangers.empty()) found.push_back(std::move(place));
    }

    std::ranges::reverse(found);
    std::vector<Exposure> outermost;
    for (Exposure& one : found) {
        const auto above = std::ranges::find_if(outermost, [&](const Exposure& outer) {
            return may_be_same(one.kind, outer.kind) && is_below(system, one.path, outer.path) && covers(outer, one);
        });
        if (above == outermost.end()) {
            outermost.push_back(std::move(one));
            continue;
        }
        for (std::string& use : one.uses) {
            if (std::ranges::find(above->uses, use) == above->uses.end()) above->uses.push_back(std::move(use));
        }
    }
    return outermost;
}

std::vector<std::string> deeds_of(const Stranger& stranger, GuardedKind kind) {
    std::vector<std::string> deeds;
    for (const auto& table : {deeds_for(kind), std::span<const Deed>(kToAll)}) {
        for (const Deed& deed : table) {
            if ((stranger.rights & deed.right) != 0) deeds.emplace_back(deed.text);
        }
    }
    return deeds;
}

std::vector<std::string> remedies_for(const Exposure& exposure, Permissions& permissions) {
    switch (exposure.kind) {
        case GuardedKind::Key:
            return {fmt::format("regedit: Permissions of {}: leave others no more than Read", shown_path(exposure))};
        case GuardedKind::Service:
            // What CreateService gives a new service.
            return {fmt::format("sc.exe sdset \"{}\" \"D:(A;;CCLCSWRPWPDTLOCRRC;;;SY)(A;;CCDCLCSWRPWPDTLOCRSDRCWDWO;;;BA)"
                                "(A;;CCLCSWLOCRRC;;;IU)(A;;CCLCSWLOCRRC;;;SU)\"",
                                exposure.path)};
        default: return icacls_lines(exposure, permissions);
    }
}

std::string exposure_text(const Exposure& exposure, std::string_view account, Permissions& permissions) {
    std::string text = fmt::format("others can change what the service runs or reads: {}\n", shown_path(exposure));
    if (!exposure.uses.empty()) text += fmt::format("  what it is: {}\n", fmt::join(exposure.uses, ", "));
    for (const Stranger& stranger : exposure.strangers) {
        const std::vector<std::string> deeds = deeds_of(stranger, exposure.kind);
        text += fmt::format("  who: {}{}", who(stranger, permissions),
                            stranger.owner ? " owns it, and so may give himself every right" : "");
        if (!deeds.empty()) text += fmt::format("{} may {}", stranger.owner ? ", and" : "", fmt::join(deeds, ", "));
        text += stranger.inherited ? "; inherited from a folder above\n" : "\n";
    }
    text += fmt::format("  why it matters: whoever changes it decides what is done with the rights of {}\n",
                        account.empty() ? "LocalSystem" : account);
    for (const std::string& remedy : remedies_for(exposure, permissions)) text += fmt::format("  to end it: {}\n", remedy);
    return text;
}

std::string exposures_json(const std::vector<Exposure>& exposures, Permissions& permissions) {
    return json_array(exposures, [&](const Exposure& exposure) {
        JsonObject object;
        object.text("path", exposure.path)
            .text("kind", name_of(exposure.kind))
            .raw("uses", json_array(exposure.uses))
            .raw("who", json_array(exposure.strangers,
                                   [&](const Stranger& stranger) {
                                       return as_json(stranger, exposure.kind, permissions);
                                   }))
            .raw("remedies", json_array(remedies_for(exposure, permissions)));
        return object.str();
    });
}

}  // namespace pysvc
