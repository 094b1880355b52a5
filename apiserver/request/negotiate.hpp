// SPDX-License-Identifier: Apache-2.0
// In which form an answer is written, by the Accept header, ?pretty and the User-Agent
// (go-restful's route matching, then k8s.io/apiserver, pkg/endpoints/handlers/negotiation).
#pragma once

#include "apiserver/request/query.hpp"
#include "net/http.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace apiserver {

enum class MediaType { json, protobuf };

std::string_view content_type(MediaType type);

// An answer's form.
struct Representation {
    MediaType type = MediaType::json;
    // Indented. Protobuf ignores it.
    bool pretty = false;
};

// What a client asks for by the parameters as, g and v of an Accept clause.
struct Conversion {
    std::string kind;
    std::string group;
    std::string version;
};

// Whether a document can be given so; nullptr: as it is.
using Allows = bool (*)(const Conversion* conversion);
bool as_it_is(const Conversion* conversion);
bool as_aggregated_discovery(const Conversion* conversion);

// Stage 1: whether a clause names one of our types literally, or */*. An absent header names all.
bool is_producible(std::string_view accept, bool json_only = false);

// Stage 2: the first clause, by q and then by how exact it is, that can be had.
std::optional<Representation> negotiate(const net::Request& request, const Query& query,
                                        Allows allows = as_it_is);

}  // namespace apiserver
