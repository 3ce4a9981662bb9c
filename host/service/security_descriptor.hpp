// SPDX-License-Identifier: MIT
// Who may change something, read from the text form of its security descriptor (SDDL): nothing here asks the system.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace pysvc {

/// Access rights by which something can be changed (winnt.h).
namespace access {
inline constexpr std::uint32_t kWriteData = 0x2;    ///< folder: make files; key: set values; service: change it
inline constexpr std::uint32_t kAppendData = 0x4;   ///< folder: make folders; key: make keys
inline constexpr std::uint32_t kCreateLink = 0x20;  ///< key: lead to another key
inline constexpr std::uint32_t kDeleteChild = 0x40;
inline constexpr std::uint32_t kDelete = 0x10000;
inline constexpr std::uint32_t kWriteDac = 0x40000;
inline constexpr std::uint32_t kWriteOwner = 0x80000;
inline constexpr std::uint32_t kGenericAll = 0x10000000;
inline constexpr std::uint32_t kGenericWrite = 0x40000000;

// What is to be asked about:
/// who may change what a file says, or put another one in its place;
inline constexpr std::uint32_t kChangeFile =
    kWriteData | kAppendData | kDelete | kWriteDac | kWriteOwner | kGenericAll | kGenericWrite;
/// the same for a folder in which things are looked up by name;
inline constexpr std::uint32_t kChangeFolder = kChangeFile | kDeleteChild;
/// who may replace what is in a folder that only leads to something. Making files beside it does no harm;
inline constexpr std::uint32_t kReplaceBelow = kDeleteChild | kDelete | kWriteDac | kWriteOwner | kGenericAll;
/// who may change a registry key or what is below it;
inline constexpr std::uint32_t kChangeKey = kChangeFile | kCreateLink;
/// who may tell the Service Control Manager to run something else.
inline constexpr std::uint32_t kChangeService =
    kWriteData | kDelete | kWriteDac | kWriteOwner | kGenericAll | kGenericWrite;
}  // namespace access

/// One entry of a DACL. What applies to children only (inherit-only) is left out when a descriptor is parsed.
struct AccessEntry {
    bool allows = true;  ///< false: denies
    bool inherited = false;
    std::uint32_t rights = 0;
    std::string trustee;  ///< a SID, S-1-5-18; two letters where they stand for an account of the domain or machine
};

struct SecurityDescriptor {
    std::string owner;                                ///< as a trustee; empty: the text has none
    std::optional<std::vector<AccessEntry>> entries;  ///< nullopt: there is no DACL, so everyone may do everything
};

/// nullopt for what is no security descriptor. Entries with a condition count as if it held when they allow, and are
/// left out when they deny.
[[nodiscard]] std::optional<SecurityDescriptor> parse_security_descriptor(std::string_view sddl);

/// Somebody who may change something and is not trusted.
struct Stranger {
    std::string sid;
    std::uint32_t rights = 0;  ///< those of the asked ones that he has
    bool inherited = false;    ///< at least one of them comes from a parent
    bool owner = false;        ///< owns it, and so may give himself every right
};

/// Who has at least one of `rights`, or owns the thing, besides those who are above it anyway (the system,
/// administrators, the installer of Windows) and `trusted` SIDs. Each once, in the order of the entries.
[[nodiscard]] std::vector<Stranger> strangers_with(const SecurityDescriptor& descriptor, std::uint32_t rights,
                                                   std::span<const std::string> trusted);

}  // namespace pysvc
