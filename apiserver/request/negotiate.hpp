// SPDX-License-Identifier: Apache-2.0
// In which form an answer is written, by the Accept header, ?pretty and the User-Agent
// (go-restful's route matching, then k8s.io/apiserver, pkg/endpoints/handlers/negotiation).
#pragma once

#include "apiserver/request/media_type.hpp"
#include "apiserver/request/query.hpp"
#include "net/http/message.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace apiserver {

// How much of an object is given: all of it, or one of the views of meta.k8s.io.
enum class Shape { object, table, metadata, metadata_list };

// An answer's form.
struct Representation {
    MediaType type = MediaType::json;
    // Indented; for JSON only.
    bool pretty = false;
    Shape shape = Shape::object;
    // "meta.k8s.io/v1" or "meta.k8s.io/v1beta1"; empty for objects.
    std::string_view meta_version{};
    bool operator==(const Representation&) const = default;
};

// What a client asks for by the parameters as, g and v of an Accept clause.
struct Conversion {
    std::string kind;
    std::string group;
    std::string version;
};

// Whether a document can be given so; nullptr: as it is.
using Allows = bool (*)(MediaType type, const Conversion* conversion);
bool as_it_is(MediaType type, const Conversion* conversion);
bool as_aggregated_discovery(MediaType type, const Conversion* conversion);
// As it is or in a Shape. There is no Table in protobuf.
bool as_shape(MediaType type, const Conversion* conversion);

// Stage 1: whether a clause names one of our types literally, or */*. An absent header names all.
bool is_producible(std::string_view accept, bool json_only = false);

// What a clause of Accept names, its parameters left out.
struct MediaRange {
    std::string_view type;
    std::string_view subtype;
};
// Those of the header, first what is wanted most: by q, then by how exact it is.
std::vector<MediaRange> wanted_ranges(std::string_view accept);

// Stage 2: the first clause, by q and then by how exact it is, that can be had.
std::optional<Representation> negotiate(const net::Request& request, const Query& query,
                                        Allows allows = as_it_is);

}  // namespace apiserver
