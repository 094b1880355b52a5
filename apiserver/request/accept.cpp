// SPDX-License-Identifier: Apache-2.0
#include "apiserver/request/accept.hpp"

#include "apiserver/request/quality.hpp"
#include "text/split.hpp"

#include <optional>
#include <utility>

namespace apiserver {
namespace {

// Further clauses are ignored.
constexpr std::size_t kMaxClauses = 64;

void read_parameter(AcceptClause& clause, std::string_view rest) {
    const std::string_view name = text::trimmed(text::take(rest, '='));
    if (rest.empty()) return;
    // One more equals sign may end it.
    const std::string_view value = text::take(rest, '=');
    if (!rest.empty()) return;
    if (name == "q")
        clause.q = parse_quality(value);
    else
        clause.parameters[name] = text::trimmed(value);
}

std::optional<AcceptClause> parse_clause(std::string_view rest) {
    std::string_view name = text::take(rest, ';');
    AcceptClause clause;
    clause.type = text::trimmed(text::take(name, '/'));
    const bool lone_star = name.empty() && clause.type == "*";
    if (name.empty() && !lone_star) return std::nullopt;
    clause.subtype = lone_star ? "*" : text::trimmed(text::take(name, '/'));
    if (!name.empty()) return std::nullopt;
    while (!rest.empty()) read_parameter(clause, text::take(rest, ';'));
    return clause;
}

// Not an order: a wildcard yields to what is exact even with the higher q.
bool comes_before(const AcceptClause& a, const AcceptClause& b) {
    if (a.q > b.q) return true;
    if (a.type != "*" && b.type == "*") return true;
    return a.subtype != "*" && b.subtype == "*";
}

}  // namespace

// Sorted by insertion, as Go's sort does it for a handful: with comes_before() the method decides the result.
std::vector<AcceptClause> parse_accept(std::string_view header) {
    std::vector<AcceptClause> clauses;
    while (!header.empty() && clauses.size() < kMaxClauses) {
        std::optional<AcceptClause> clause = parse_clause(text::trimmed(text::take(header, ',')));
        if (!clause) continue;
        clauses.push_back(std::move(*clause));
        for (std::size_t i = clauses.size() - 1; i > 0 && comes_before(clauses[i], clauses[i - 1]); --i)
            std::swap(clauses[i], clauses[i - 1]);
    }
    return clauses;
}

}  // namespace apiserver
