// SPDX-License-Identifier: Apache-2.0
#include "apiserver/representation/negotiate.hpp"

#include "apiserver/representation/format.hpp"
#include "apiserver/request/accept.hpp"
#include "text/go_text.hpp"
#include "text/split.hpp"

namespace apiserver {
namespace {

bool names(const AcceptClause& clause, const Format& format) {
    if (clause.type == "*") return clause.subtype == "*";
    constexpr std::string_view kPrefix = "application/";
    return clause.type == "application" &&
           (clause.subtype == "*" || clause.subtype == format.name.substr(kPrefix.size()));
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

std::optional<Conversion> conversion_of(const AcceptClause& clause) {
    std::optional<Conversion> conversion;
    for (const auto& [name, value] : clause.parameters) {
        if (name != "as" && name != "g" && name != "v") continue;
        if (!conversion) conversion.emplace();
        (name == "as" ? conversion->kind : name == "g" ? conversion->group : conversion->version) = value;
    }
    return conversion;
}

// Parameters that rule a clause out, unless they are empty.
bool is_possible(const AcceptClause& clause, const Format& format) {
    for (const auto& [name, value] : clause.parameters) {
        if (value.empty()) continue;
        if (name == "stream" && (value != "watch" || !format.streams)) return false;
        if (name == "sv") return false;
    }
    return true;
}

// In `format`, if the clause and the document can be had in it.
std::optional<Representation> take_clause(const AcceptClause& clause, const Format& format, Allows allows) {
    if (!names(clause, format) || !is_possible(clause, format)) return std::nullopt;
    const std::optional<Conversion> conversion = conversion_of(clause);
    if (!allows(format.type, conversion ? &*conversion : nullptr)) return std::nullopt;
    Representation form;
    form.type = format.type;
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

std::string all_types(Streams streams) {
    std::string out;
    for (const std::string& name : type_names(streams)) out.append(out.empty() ? "" : ", ").append(name);
    return out;
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
    if (form.shape == Shape::table) return format_of(type).tables;
    return form.shape != Shape::object;
}

bool is_producible(std::string_view accept, bool json_only) {
    if (accept.empty()) return true;
    while (!accept.empty()) {
        std::string_view clause = text::take(accept, ',');
        const std::string_view name = text::trimmed(text::take(clause, ';'));
        if (name == "*/*") return true;
        for (const Format& format : formats())
            if (name == format.name && (format.type == MediaType::json || !json_only)) return true;
    }
    return false;
}

std::optional<Representation> negotiate(const net::Request& request, const Query& query, Allows allows) {
    const std::string_view header = request.headers.find("Accept").value_or("");
    std::optional<Representation> form;
    if (header.empty() && allows(MediaType::json, nullptr)) form.emplace();
    for (const AcceptClause& clause : parse_accept(header)) {
        for (const Format& format : formats())
            if (!form) form = take_clause(clause, format, allows);
    }
    if (form && wants_indentation(request, query)) form->pretty = true;
    return form;
}

std::vector<std::string> type_names(Streams streams) {
    std::vector<std::string> names;
    for (const Format& format : formats()) names.emplace_back(format.name);
    for (const Format& format : formats())
        if (streams == Streams::named && format.streams)
            names.push_back(std::string{format.name}.append(";stream=watch"));
    return names;
}

boost::system::result<Representation, Status> choose_form(const net::Request& request, const Query& query,
                                                          const Offer& offer) {
    const std::string_view accept = request.headers.find("Accept").value_or("");
    if (offer.json_only) {
        if (!is_producible(accept, true)) return not_acceptable(format_of(MediaType::json).name);
        return Representation{};
    }
    if (!is_producible(accept)) return not_acceptable(all_types(offer.streams));
    const auto form = negotiate(request, query, offer.allows);
    if (!form) return no_acceptable_clause(all_types(Streams::left_out));
    return *form;
}

}  // namespace apiserver
