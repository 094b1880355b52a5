// SPDX-License-Identifier: Apache-2.0
#include "apiserver/request/negotiate.hpp"

#include "apiserver/request/quality.hpp"
#include "text/go_text.hpp"

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

void read_parameter(Clause& clause, std::string_view text) {
    const std::string_view name = trimmed(take(text, '='));
    if (text.empty()) return;
    // One more equals sign may end it.
    const std::string_view value = take(text, '=');
    if (!text.empty()) return;
    if (name == "q")
        clause.q = parse_quality(value);
    else
        clause.parameters[name] = trimmed(value);
}

std::optional<Clause> parse_clause(std::string_view text) {
    std::string_view name = take(text, ';');
    Clause clause;
    clause.type = trimmed(take(name, '/'));
    const bool lone_star = name.empty() && clause.type == "*";
    if (name.empty() && !lone_star) return std::nullopt;
    clause.subtype = lone_star ? "*" : trimmed(take(name, '/'));
    if (!name.empty()) return std::nullopt;
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

struct Form {
    std::string_view kind;
    Shape shape;
};
constexpr Form kForms[] = {{"Table", Shape::table},
                           {"PartialObjectMetadata", Shape::metadata},
                           {"PartialObjectMetadataList", Shape::metadata_list}};
constexpr std::string_view kMetaVersions[] = {"meta.k8s.io/v1", "meta.k8s.io/v1beta1"};

// The version in full; empty: not one of meta.k8s.io.
std::string_view meta_version(const Conversion& conversion) {
    for (const std::string_view version : kMetaVersions) {
        const std::size_t slash = version.find('/');
        if (conversion.group == version.substr(0, slash) && conversion.version == version.substr(slash + 1))
            return version;
    }
    return {};
}

void set_shape(Representation& form, const Conversion& conversion) {
    form.meta_version = meta_version(conversion);
    for (const auto& [kind, shape] : kForms)
        if (!form.meta_version.empty() && conversion.kind == kind) form.shape = shape;
}

std::optional<Conversion> conversion_of(const Clause& clause) {
    std::optional<Conversion> conversion;
    for (const auto& [name, value] : clause.parameters) {
        if (name != "as" && name != "g" && name != "v") continue;
        if (!conversion) conversion.emplace();
        (name == "as" ? conversion->kind : name == "g" ? conversion->group : conversion->version) = value;
    }
    return conversion;
}

// Parameters that rule a clause out, unless they are empty.
bool is_possible(const Clause& clause, MediaType type) {
    for (const auto& [name, value] : clause.parameters) {
        if (value.empty()) continue;
        if (name == "stream" && (value != "watch" || !info_of(type).streams)) return false;
        if (name == "sv") return false;
    }
    return true;
}

// In `type`, if the clause and the document can be had in it.
std::optional<Representation> take_clause(const Clause& clause, MediaType type, Allows allows) {
    if (!names(clause, type) || !is_possible(clause, type)) return std::nullopt;
    const std::optional<Conversion> conversion = conversion_of(clause);
    if (!allows(type, conversion ? &*conversion : nullptr)) return std::nullopt;
    Representation form;
    form.type = type;
    const auto pretty = clause.parameters.find("pretty");
    form.pretty = pretty != clause.parameters.end() && pretty->second == "1";
    if (conversion) set_shape(form, *conversion);
    return form;
}

bool wants_indentation(const net::Request& request, const Query& query) {
    const std::string_view pretty = query.get("pretty");
    if (!pretty.empty()) return text::parse_bool(pretty);
    const std::string_view agent = request.headers.find("User-Agent").value_or("");
    return agent.starts_with("curl") || agent.starts_with("Wget") || agent.starts_with("Mozilla/5.0");
}

}  // namespace

bool as_it_is(MediaType, const Conversion* conversion) {
    return conversion == nullptr;
}

bool as_aggregated_discovery(MediaType, const Conversion* conversion) {
    return conversion != nullptr && conversion->kind == "APIGroupDiscoveryList" &&
           conversion->group == "apidiscovery.k8s.io" && conversion->version == "v2";
}

bool as_shape(MediaType type, const Conversion* conversion) {
    if (conversion == nullptr) return true;
    Representation form;
    set_shape(form, *conversion);
    if (form.shape == Shape::table) return type != MediaType::protobuf;
    return form.shape != Shape::object;
}

bool is_producible(std::string_view accept, bool json_only) {
    if (accept.empty()) return true;
    while (!accept.empty()) {
        std::string_view clause = take(accept, ',');
        const std::string_view name = trimmed(take(clause, ';'));
        if (name == "*/*") return true;
        for (const MediaTypeInfo& info : kMediaTypes)
            if (name == info.name && (info.type == MediaType::json || !json_only)) return true;
    }
    return false;
}

std::vector<MediaRange> wanted_ranges(std::string_view accept) {
    std::vector<MediaRange> ranges;
    for (const Clause& clause : parse_accept(accept)) ranges.push_back({clause.type, clause.subtype});
    return ranges;
}

std::optional<Representation> negotiate(const net::Request& request, const Query& query, Allows allows) {
    const std::string_view header = request.headers.find("Accept").value_or("");
    std::optional<Representation> form;
    if (header.empty() && allows(MediaType::json, nullptr)) form.emplace();
    for (const Clause& clause : parse_accept(header)) {
        for (const MediaTypeInfo& info : kMediaTypes)
            if (!form) form = take_clause(clause, info.type, allows);
    }
    if (form && wants_indentation(request, query)) form->pretty = true;
    return form;
}

}  // namespace apiserver
