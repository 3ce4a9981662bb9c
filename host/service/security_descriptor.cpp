// SPDX-License-Identifier: MIT
#include "host/service/security_descriptor.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <map>
#include <utility>

namespace pysvc {
namespace {

constexpr std::string_view kEveryone = "S-1-1-0";
constexpr std::string_view kAnonymous = "S-1-5-7";

struct NamedSid {
    std::string_view letters;
    std::string_view sid;
};

// MSDN, "SID Strings". Those that are relative to a domain or to the machine (DA, LA, ...) keep their letters.
constexpr auto kSids = std::to_array<NamedSid>({
    {"WD", kEveryone},        {"CO", "S-1-3-0"},         {"CG", "S-1-3-1"},        {"OW", "S-1-3-4"},
    {"NU", "S-1-5-2"},        {"IU", "S-1-5-4"},         {"SU", "S-1-5-6"},        {"AN", kAnonymous},
    {"ED", "S-1-5-9"},        {"PS", "S-1-5-10"},        {"AU", "S-1-5-11"},       {"RC", "S-1-5-12"},
    {"SY", "S-1-5-18"},       {"LS", "S-1-5-19"},        {"NS", "S-1-5-20"},       {"WR", "S-1-5-33"},
    {"BA", "S-1-5-32-544"},   {"BU", "S-1-5-32-545"},    {"BG", "S-1-5-32-546"},   {"PU", "S-1-5-32-547"},
    {"AO", "S-1-5-32-548"},   {"SO", "S-1-5-32-549"},    {"PO", "S-1-5-32-550"},   {"BO", "S-1-5-32-551"},
    {"RE", "S-1-5-32-552"},   {"RU", "S-1-5-32-554"},    {"RD", "S-1-5-32-555"},   {"NO", "S-1-5-32-556"},
    {"MU", "S-1-5-32-558"},   {"LU", "S-1-5-32-559"},    {"IS", "S-1-5-32-568"},   {"CY", "S-1-5-32-569"},
    {"ER", "S-1-5-32-573"},   {"CD", "S-1-5-32-574"},    {"AC", "S-1-15-2-1"},     {"LW", "S-1-16-4096"},
    {"ME", "S-1-16-8192"},    {"HI", "S-1-16-12288"},    {"SI", "S-1-16-16384"},
});

// Who can change everything anyway. CREATOR OWNER, CREATOR GROUP and OWNER RIGHTS are nobody by themselves: the first two
// become somebody when a child inherits them, the third is the owner, who is judged on his own.
constexpr std::string_view kAlwaysTrusted[] = {
    "S-1-5-18",      // LocalSystem
    "S-1-5-32-544",  // Administrators
    "S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464",  // TrustedInstaller
    "S-1-3-0", "S-1-3-1", "S-1-3-4",
    "LA", "DA", "EA",  // the built-in administrator, and the administrators of a domain and of a forest
};

struct NamedRight {
    std::string_view letters;
    std::uint32_t right;
};

// MSDN, "ACE Strings".
constexpr auto kRights = std::to_array<NamedRight>({
    {"GA", 0x10000000}, {"GX", 0x20000000}, {"GW", 0x40000000}, {"GR", 0x80000000}, {"SD", 0x10000}, {"RC", 0x20000},
    {"WD", 0x40000},    {"WO", 0x80000},    {"CC", 0x1},        {"DC", 0x2},        {"LC", 0x4},     {"SW", 0x8},
    {"RP", 0x10},       {"WP", 0x20},       {"DT", 0x40},       {"LO", 0x80},       {"CR", 0x100},   {"FA", 0x1F01FF},
    {"FR", 0x120089},   {"FW", 0x120116},   {"FX", 0x1200A0},   {"KA", 0xF003F},    {"KR", 0x20019}, {"KW", 0x20006},
    {"KX", 0x20019},
});

bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool take(std::string_view& text, std::string_view head) {
    if (!text.starts_with(head)) return false;
    text.remove_prefix(head.size());
    return true;
}

/// The SID at the start of `text`: numbers, or two letters.
std::optional<std::string> take_sid(std::string_view& text) {
    if (text.starts_with("S-1-")) {
        const std::size_t end = std::min(text.find_first_not_of("0123456789-", 4), text.size());
        const std::string sid(text.substr(0, end));
        text.remove_prefix(end);
        if (!is_digit(sid.back()) || sid.find("--") != std::string::npos) return std::nullopt;
        return sid;
    }
    if (text.size() < 2 || !is_upper(text[0]) || !is_upper(text[1])) return std::nullopt;
    const std::string letters(text.substr(0, 2));
    text.remove_prefix(2);
    const auto row = std::ranges::find(kSids, letters, &NamedSid::letters);
    return row == kSids.end() ? letters : std::string(row->sid);
}

/// A number as C writes it, or pairs of letters.
std::optional<std::uint32_t> rights_of(std::string_view text) {
    std::uint32_t rights = 0;
    if (!text.empty() && is_digit(text[0])) {
        const bool hex = text.starts_with("0x") || text.starts_with("0X");
        const int base = hex ? 16 : text[0] == '0' ? 8 : 10;
        const char* first = text.data() + (hex ? 2 : 0);
        const char* last = text.data() + text.size();
        const auto [end, error] = std::from_chars(first, last, rights, base);
        if (error != std::errc() || end != last) return std::nullopt;
        return rights;
    }
    for (; !text.empty(); text.remove_prefix(2)) {
        const auto row = std::ranges::find(kRights, text.substr(0, 2), &NamedRight::letters);
        if (row == kRights.end()) return std::nullopt;
        rights |= row->right;
    }
    return rights;
}

/// What stands between the parenthesis at the start of `text` and its partner. Conditions nest, and quote.
std::optional<std::string_view> take_parenthesis(std::string_view& text) {
    std::size_t depth = 0;
    bool quoted = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '"') quoted = !quoted;
        if (quoted) continue;
        if (text[i] == '(') ++depth;
        if (text[i] == ')' && --depth == 0) {
            const std::string_view inside = text.substr(1, i - 1);
            text.remove_prefix(i + 1);
            return inside;
        }
    }
    return std::nullopt;
}

bool has_flag(std::string_view flags, std::string_view flag) {
    for (; flags.size() >= 2; flags.remove_prefix(2)) {
        if (flags.starts_with(flag)) return true;
    }
    return false;
}

/// type;flags;rights;object;inherited object;SID, and after one more semicolon a condition.
bool add_entry(std::string_view text, std::vector<AccessEntry>& entries) {
    std::array<std::string_view, 6> fields;
    for (std::size_t i = 0; i < fields.size(); ++i) {
        const std::size_t end = std::min(text.find(';'), text.size());
        fields[i] = text.substr(0, end);
        if (end == text.size() && i + 1 < fields.size()) return false;
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    const auto& [type, flags, rights_text, object, inherited_object, trustee_text] = fields;
    const bool allows = type == "A" || type == "OA" || type == "XA" || type == "ZA";
    const bool denies = type == "D" || type == "OD" || type == "XD";
    const auto rights = rights_of(rights_text);
    std::string_view rest = trustee_text;
    auto trustee = take_sid(rest);
    if ((!allows && !denies) || flags.size() % 2 != 0 || !rights || !trustee || !rest.empty()) return false;
    const bool applies = !has_flag(flags, "IO");
    // A denial for one property, or under a condition, does not deny the whole.
    if (applies && (allows || type == "D")) {
        entries.push_back({allows, has_flag(flags, "ID"), *rights, std::move(*trustee)});
    }
    return true;
}

/// What follows "D:".
bool take_dacl(std::string_view& text, std::optional<std::vector<AccessEntry>>& entries) {
    entries.emplace();
    while (!text.empty() && is_upper(text[0]) && !text.starts_with("S:")) {
        if (take(text, "NO_ACCESS_CONTROL")) {
            entries.reset();
        } else if (!take(text, "AR") && !take(text, "AI") && !take(text, "P")) {
            return false;
        }
    }
    while (text.starts_with('(')) {
        const auto entry = take_parenthesis(text);
        if (!entry || !entries || !add_entry(*entry, *entries)) return false;
    }
    return true;
}

bool is_trusted(const std::string& sid, std::span<const std::string> trusted) {
    return std::ranges::find(kAlwaysTrusted, sid) != std::end(kAlwaysTrusted) ||
           std::ranges::find(trusted, sid) != trusted.end();
}

Stranger& stranger_in(std::vector<Stranger>& strangers, const std::string& sid) {
    const auto known = std::ranges::find(strangers, sid, &Stranger::sid);
    return known != strangers.end() ? *known : strangers.emplace_back(Stranger{.sid = sid});
}

}  // namespace

std::optional<SecurityDescriptor> parse_security_descriptor(std::string_view sddl) {
    SecurityDescriptor descriptor;
    if (take(sddl, "O:")) {
        auto owner = take_sid(sddl);
        if (!owner) return std::nullopt;
        descriptor.owner = std::move(*owner);
    }
    if (take(sddl, "G:") && !take_sid(sddl)) return std::nullopt;
    if (take(sddl, "D:") && !take_dacl(sddl, descriptor.entries)) return std::nullopt;
    // The SACL says who is watched, not who may do what.
    if (!sddl.empty() && !sddl.starts_with("S:")) return std::nullopt;
    return descriptor;
}

std::vector<Stranger> strangers_with(const SecurityDescriptor& descriptor, std::uint32_t rights,
                                     std::span<const std::string> trusted) {
    std::vector<Stranger> strangers;
    if (!is_trusted(descriptor.owner, trusted)) stranger_in(strangers, descriptor.owner).owner = true;
    if (!descriptor.entries) {
        stranger_in(strangers, std::string(kEveryone)).rights = rights;
        return strangers;
    }
    // As Windows checks it: the first entry that names a right decides about it. A denial holds for those whom it names,
    // and that of everyone for all but anonymous logons, which are not part of everyone; who else is in which group is
    // not known here.
    std::map<std::string, std::uint32_t, std::less<>> denied;
    for (const AccessEntry& entry : *descriptor.entries) {
        if (!entry.allows) {
            denied[entry.trustee] |= entry.rights;
            continue;
        }
        const std::uint32_t to_everyone = entry.trustee == kAnonymous ? 0 : denied[std::string(kEveryone)];
        const std::uint32_t granted = entry.rights & rights & ~denied[entry.trustee] & ~to_everyone;
        if (granted == 0 || is_trusted(entry.trustee, trusted)) continue;
        Stranger& stranger = stranger_in(strangers, entry.trustee);
        stranger.rights |= granted;
        stranger.inherited = stranger.inherited || entry.inherited;
    }
    return strangers;
}

}  // namespace pysvc
