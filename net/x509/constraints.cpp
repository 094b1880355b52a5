// SPDX-License-Identifier: Apache-2.0
#include "net/x509/constraints.hpp"

#include "net/x509/extensions.hpp"
#include "net/x509/host_name.hpp"

#include <algorithm>

#include <boost/asio/ip/address.hpp>

namespace net::x509 {
namespace {

using Subtrees = const STACK_OF(GENERAL_SUBTREE) *;

enum class Kind { permitted, excluded };

// What RFC 1034 asks of a name, and little of it: no byte outside printable ASCII, no empty label. A
// constraint may begin with a dot.
bool is_domain(std::string_view name, bool constraint) {
    if (name.empty()) return true;
    if (name.back() == '.') return false;
    if (constraint && name.front() == '.') name.remove_prefix(1);
    if (name.empty() || name.front() == '.' || name.find("..") != name.npos) return false;
    return std::all_of(name.begin(), name.end(), [](char c) { return c >= 33 && c <= 126; });
}

// Whether the name is the domain or below it; with a dot in front: below it.
bool is_below(std::string_view name, std::string_view domain) {
    if (domain.empty()) return true;
    if (domain.size() > name.size()) return false;
    if (!same_text(name.substr(name.size() - domain.size()), domain)) return false;
    return domain.front() == '.' || domain.size() == name.size() ||
           name[name.size() - domain.size() - 1] == '.';
}

// A wildcard may stand for the very name that is excluded.
bool covers_excluded(std::string_view name, std::string_view domain) {
    const std::size_t dot = domain.find('.');
    return name.starts_with('*') && dot != domain.npos && same_text(name.substr(1), domain.substr(dot));
}

bool matches_domain(std::string_view name, std::string_view domain, Kind kind) {
    return is_below(name, domain) || (kind == Kind::excluded && covers_excluded(name, domain));
}

bool is_in_network(std::string_view address, std::string_view network) {
    if (network.size() != 2 * address.size()) return false;
    for (std::size_t i = 0; i < address.size(); ++i)
        if (((address[i] ^ network[i]) & network[address.size() + i]) != 0) return false;
    return true;
}

bool matches_mailbox(std::string_view mailbox, std::string_view constraint, Kind kind) {
    const std::size_t at = mailbox.rfind('@');
    const std::size_t wanted = constraint.rfind('@');
    if (wanted == constraint.npos) return matches_domain(mailbox.substr(at + 1), constraint, kind);
    return mailbox.substr(0, at) == constraint.substr(0, wanted) &&
           same_text(mailbox.substr(at), constraint.substr(wanted));
}

// The host of a URI; empty: it has none that a constraint can be held against.
std::string_view host_of(std::string_view uri) {
    const std::size_t start = uri.find("://");
    if (start == uri.npos) return {};
    std::string_view host = uri.substr(start + 3);
    host = host.substr(0, host.find_first_of("/?#"));
    if (const std::size_t at = host.rfind('@'); at != host.npos) host.remove_prefix(at + 1);
    if (host.starts_with('[')) return {};
    host = host.substr(0, host.find(':'));
    boost::system::error_code no_address;
    boost::asio::ip::make_address(host, no_address);
    return no_address ? host : std::string_view{};
}

// The part of a name that constraints are held against; empty for what cannot be checked.
std::string_view checked_part(const GENERAL_NAME* name) {
    const std::string_view text = bytes_of(name->d.ia5);
    if (name->type == GEN_URI) return is_domain(host_of(text), false) ? host_of(text) : std::string_view{};
    if (name->type == GEN_DNS) return is_domain(text, false) ? text : std::string_view{};
    if (name->type != GEN_EMAIL) return text;
    const std::size_t at = text.rfind('@');
    const bool good =
        at != text.npos && at > 0 && at + 1 < text.size() && is_domain(text.substr(at + 1), false);
    return good ? text : std::string_view{};
}

bool matches(const GENERAL_NAME* name, const GENERAL_NAME* constraint, Kind kind) {
    const std::string_view text = checked_part(name);
    const std::string_view against = bytes_of(constraint->d.ia5);
    if (name->type == GEN_IPADD) return is_in_network(text, against);
    if (name->type == GEN_EMAIL) return matches_mailbox(text, against, kind);
    return matches_domain(text, against, kind);
}

// None: no subtree is of that kind of name, and for addresses of either version.
enum class Found { none, other, match };
Found search(Subtrees subtrees, const GENERAL_NAME* name, Kind kind) {
    Found found = Found::none;
    for (int i = 0; i < sk_GENERAL_SUBTREE_num(subtrees); ++i) {
        const GENERAL_NAME* base = sk_GENERAL_SUBTREE_value(subtrees, i)->base;
        if (base->type != name->type) continue;
        if (matches(name, base, kind)) return Found::match;
        found = Found::other;
    }
    return found;
}

bool is_checked(const GENERAL_NAME* name) {
    return name->type == GEN_DNS || name->type == GEN_EMAIL || name->type == GEN_URI ||
           name->type == GEN_IPADD;
}

int check_names(const GENERAL_NAMES* names, const NAME_CONSTRAINTS* constraints) {
    for (int i = 0; i < sk_GENERAL_NAME_num(names); ++i) {
        const GENERAL_NAME* name = sk_GENERAL_NAME_value(names, i);
        if (!is_checked(name)) continue;
        const bool is_empty_dns = name->type == GEN_DNS && bytes_of(name->d.ia5).empty();
        if (checked_part(name).empty() && !is_empty_dns) return X509_V_ERR_UNSUPPORTED_NAME_SYNTAX;
        if (search(constraints->permittedSubtrees, name, Kind::permitted) == Found::other)
            return X509_V_ERR_PERMITTED_VIOLATION;
        if (search(constraints->excludedSubtrees, name, Kind::excluded) == Found::match)
            return X509_V_ERR_EXCLUDED_VIOLATION;
    }
    return X509_V_OK;
}

bool is_mask(std::string_view mask) {
    bool ended = false;
    for (const char byte : mask)
        for (int bit = 7; bit >= 0; --bit) {
            const bool set = ((static_cast<unsigned char>(byte) >> bit) & 1) != 0;
            if (set && ended) return false;
            ended = !set;
        }
    return true;
}

bool is_readable(const GENERAL_NAME* base) {
    if (base->type == GEN_IPADD) {
        const std::string_view network = bytes_of(base->d.iPAddress);
        return (network.size() == 8 || network.size() == 32) && is_mask(network.substr(network.size() / 2));
    }
    if (!is_checked(base)) return true;
    const std::string_view text = bytes_of(base->d.ia5);
    return is_domain(base->type == GEN_EMAIL ? text.substr(text.rfind('@') + 1) : text, true);
}

}  // namespace

bool are_readable_constraints(const X509* certificate) {
    const NameConstraintsPtr all{extension<NAME_CONSTRAINTS>(certificate, NID_name_constraints)};
    if (!all) return false;
    const int permitted = sk_GENERAL_SUBTREE_num(all->permittedSubtrees);
    const int excluded = sk_GENERAL_SUBTREE_num(all->excludedSubtrees);
    if (permitted <= 0 && excluded <= 0) return false;
    for (Subtrees subtrees : {all->permittedSubtrees, all->excludedSubtrees})
        for (int i = 0; i < sk_GENERAL_SUBTREE_num(subtrees); ++i)
            if (!is_readable(sk_GENERAL_SUBTREE_value(subtrees, i)->base)) return false;
    return true;
}

int check_constraints(const std::vector<X509*>& chain) {
    for (std::size_t above = 1; above < chain.size(); ++above) {
        const NameConstraintsPtr constraints{extension<NAME_CONSTRAINTS>(chain[above], NID_name_constraints)};
        if (!constraints) continue;
        for (std::size_t below = 0; below < above; ++below) {
            const GeneralNamesPtr names{extension<GENERAL_NAMES>(chain[below], NID_subject_alt_name)};
            if (!names) continue;
            if (const int error = check_names(names.get(), constraints.get()); error != X509_V_OK)
                return error;
        }
    }
    return X509_V_OK;
}

}  // namespace net::x509
