// SPDX-License-Identifier: Apache-2.0
#include "apiserver/request/negotiate.hpp"

#include "apiserver/encode/go_text.hpp"

#include <charconv>
#include <map>
#include <utility>
#include <vector>

namespace apiserver {
namespace {

// Further clauses are ignored.
constexpr std::size_t kMaxClauses = 64;

struct Clause {
    std::string_view type;
    std::string_view subtype;
    float q = 1;
    std::map<std::string_view, std::string_view> parameters;
};

std::string_view trimmed(std::string_view text) {
    const std::size_t first = text.find_first_not_of(' ');
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(' ') - first + 1);
}

// Takes the part up to the separator off the front of `text`.
std::string_view take(std::string_view& text, char separator) {
    const std::size_t at = text.find(separator);
    const std::string_view part = text.substr(0, at);
    text = at == std::string_view::npos ? std::string_view{} : text.substr(at + 1);
    return part;
}

// As strconv.ParseFloat with its error ignored: what cannot be read is 0.
float parse_q(std::string_view text) {
    float q = 0;
    const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), q);
    return error == std::errc{} && stop == text.data() + text.size() ? q : 0;
}

void read_parameter(Clause& clause, std::string_view text) {
    const std::string_view name = trimmed(take(text, '='));
    if (text.empty() || text.find('=') != std::string_view::npos) return;
    if (name == "q")
        clause.q = parse_q(text);
    else
        clause.parameters[name] = trimmed(text);
}

std::optional<Clause> parse_clause(std::string_view text) {
    std::string_view name = take(text, ';');
    Clause clause;
    clause.type = trimmed(take(name, '/'));
    clause.subtype = trimmed(name);
    const bool lone_star = name.empty() && clause.type == "*";
    if (lone_star) clause.subtype = "*";
    if (name.empty() && !lone_star) return std::nullopt;
    if (name.find('/') != std::string_view::npos) return std::nullopt;
    while (!text.empty()) read_parameter(clause, take(text, ';'));
    return clause;
}

// Not an order: a wildcard yields to what is exact even with the higher q (github.com/munnerz/goautoneg).
bool comes_before(const Clause& a, const Clause& b) {
    if (a.q > b.q) return true;
    if (a.type != "*" && b.type == "*") return true;
    return a.subtype != "*" && b.subtype == "*";
}

// Sorted by insertion, as Go's sort does it for a handful: with comes_before() the method decides the result.
std::vector<Clause> parse_accept(std::string_view header) {
    std::vector<Clause> clauses;
    while (!header.empty() && clauses.size() < kMaxClauses) {
        std::optional<Clause> clause = parse_clause(trimmed(take(header, ',')));
        if (!clause) continue;
        clauses.push_back(std::move(*clause));
        for (std::size_t i = clauses.size() - 1; i > 0 && comes_before(clauses[i], clauses[i - 1]); --i)
            std::swap(clauses[i], clauses[i - 1]);
    }
    return clauses;
}

std::string_view subtype_of(MediaType type) {
    return content_type(type).substr(std::string_view{"application/"}.size());
}

bool names(const Clause& clause, MediaType type) {
    if (clause.type == "*") return clause.subtype == "*";
    return clause.type == "application" && (clause.subtype == "*" || clause.subtype == subtype_of(type));
}

// Whether we can give what the parameters ask for.
bool can_give(const Clause& clause, Allows allows) {
    std::optional<Conversion> conversion;
    for (const auto& [name, value] : clause.parameters) {
        if (name == "as" || name == "g" || name == "v") {
            if (!conversion) conversion.emplace();
            (name == "as" ? conversion->kind : name == "g" ? conversion->group : conversion->version) = value;
        }
        if (name == "stream" && !value.empty() && value != "watch") return false;
        if (name == "sv" && !value.empty()) return false;
    }
    return allows(conversion ? &*conversion : nullptr);
}

bool wants_indentation(const net::Request& request, const Query& query) {
    const std::string_view pretty = query.get("pretty");
    if (!pretty.empty()) return parse_bool(pretty);
    const std::string_view agent = request.headers.find("User-Agent").value_or("");
    return agent.starts_with("curl") || agent.starts_with("Wget") || agent.starts_with("Mozilla/5.0");
}

}  // namespace

std::string_view content_type(MediaType type) {
    return type == MediaType::json ? "application/json" : "application/vnd.kubernetes.protobuf";
}

bool as_it_is(const Conversion* conversion) {
    return conversion == nullptr;
}

bool as_aggregated_discovery(const Conversion* conversion) {
    return conversion != nullptr && conversion->kind == "APIGroupDiscoveryList" &&
           conversion->group == "apidiscovery.k8s.io" && conversion->version == "v2";
}

bool is_producible(std::string_view accept, bool json_only) {
    if (accept.empty()) return true;
    while (!accept.empty()) {
        std::string_view clause = take(accept, ',');
        const std::string_view type = trimmed(take(clause, ';'));
        if (type == "*/*" || type == content_type(MediaType::json)) return true;
        if (type == content_type(MediaType::protobuf) && !json_only) return true;
    }
    return false;
}

std::optional<Representation> negotiate(const net::Request& request, const Query& query, Allows allows) {
    const bool pretty = wants_indentation(request, query);
    const std::string_view header = request.headers.find("Accept").value_or("");
    if (header.empty()) {
        if (!allows(nullptr)) return std::nullopt;
        return Representation{MediaType::json, pretty};
    }
    for (const Clause& clause : parse_accept(header)) {
        if (!can_give(clause, allows)) continue;
        const auto own = clause.parameters.find("pretty");
        const bool asks = own != clause.parameters.end() && own->second == "1";
        for (const MediaType type : {MediaType::json, MediaType::protobuf})
            if (names(clause, type)) return Representation{type, pretty || asks};
    }
    return std::nullopt;
}

}  // namespace apiserver
