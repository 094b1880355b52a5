// SPDX-License-Identifier: Apache-2.0
#include "test/sim/api/request/negotiation.hpp"

#include <algorithm>
#include <string>

namespace sim {
namespace {

std::string_view trim(std::string_view text) {
    while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
    while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
    return text;
}

// Takes the part before the separator from `text`.
std::string_view take(std::string_view& text, char separator) {
    const std::size_t end = std::min(text.find(separator), text.size());
    const std::string_view part = trim(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    return part;
}

struct Clause {
    std::string_view media_type;
    std::string_view as, group, version;
};

Clause parse_clause(std::string_view text) {
    Clause clause;
    clause.media_type = take(text, ';');
    while (!text.empty()) {
        std::string_view value = take(text, ';');
        const std::string_view name = take(value, '=');
        if (name == "as") clause.as = trim(value);
        if (name == "g") clause.group = trim(value);
        if (name == "v") clause.version = trim(value);
    }
    return clause;
}

std::optional<Accepted> accept_clause(const Clause& clause) {
    Accepted accepted;
    const bool json = clause.media_type == "application/json" || clause.media_type == "*/*" ||
                      clause.media_type == "application/*";
    if (!json && clause.media_type != "application/vnd.kubernetes.protobuf") return std::nullopt;
    accepted.encoding = json ? Encoding::json : Encoding::protobuf;
    if (clause.as.empty()) return accepted;
    if (clause.group != "meta.k8s.io" || clause.version != "v1") return std::nullopt;
    if (clause.as == "PartialObjectMetadata")
        accepted.conversion = Conversion::metadata;
    else if (clause.as == "PartialObjectMetadataList")
        accepted.conversion = Conversion::metadata_list;
    else
        return std::nullopt;
    return accepted;
}

}  // namespace

std::optional<Accepted> negotiate(std::string_view accept, Spoken spoken) {
    if (trim(accept).empty()) return Accepted{};
    while (!accept.empty()) {
        const auto accepted = accept_clause(parse_clause(take(accept, ',')));
        if (accepted && (accepted->encoding == Encoding::json || spoken == Spoken::protobuf_and_json))
            return accepted;
    }
    return std::nullopt;
}

std::string_view aggregated_discovery(std::string_view accept) {
    while (!accept.empty()) {
        const Clause clause = parse_clause(take(accept, ','));
        if (clause.media_type != "application/json") continue;
        if (clause.as.empty()) return "";
        if (clause.as == "APIGroupDiscoveryList" && clause.group == "apidiscovery.k8s.io" &&
            (clause.version == "v2" || clause.version == "v2beta1"))
            return clause.version;
    }
    return "";
}

}  // namespace sim
