// SPDX-License-Identifier: Apache-2.0
// In which form an answer is written, by the Accept header, ?pretty and the User-Agent
// (go-restful's route matching, then k8s.io/apiserver, pkg/endpoints/handlers/negotiation).
#pragma once

#include "apiserver/representation/representation.hpp"
#include "apiserver/request/query.hpp"
#include "apiserver/status.hpp"
#include "net/http/message.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/system/result.hpp>

namespace apiserver {

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
// As it is or in a Shape that the type has.
bool as_shape(MediaType type, const Conversion* conversion);

// Stage 1: whether a clause names one of our types literally, or */*. An absent header names all.
bool is_producible(std::string_view accept, bool json_only = false);

// Stage 2: the first clause, by q and then by how exact it is, that can be had.
std::optional<Representation> negotiate(const net::Request& request, const Query& query,
                                        Allows allows = as_it_is);

enum class Streams { left_out, named };
// The names of all types, in order; behind them, if wanted, those that can be streamed.
std::vector<std::string> type_names(Streams streams);

// In which forms something can be had.
struct Offer {
    Allows allows = as_it_is;
    // JSON as it is, whatever the parameters of a clause say.
    bool json_only = false;
    // Whether streams are among what a refusal of stage 1 offers.
    Streams streams = Streams::left_out;
};

// Both stages. The Status is 406.
boost::system::result<Representation, Status> choose_form(const net::Request& request, const Query& query,
                                                          const Offer& offer = {});

}  // namespace apiserver
