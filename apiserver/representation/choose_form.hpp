// SPDX-License-Identifier: Apache-2.0
// The form of an answer, or why none can be had: both stages of request/negotiate.hpp.
#pragma once

#include "apiserver/request/negotiate.hpp"
#include "apiserver/request/query.hpp"
#include "apiserver/status.hpp"
#include "net/http/message.hpp"

#include <boost/system/result.hpp>

namespace apiserver {

// In which forms something can be had.
struct Offer {
    Allows allows = as_it_is;
    // JSON as it is, whatever the parameters of a clause say.
    bool json_only = false;
    // Streams are among what a refusal of stage 1 offers.
    bool watchable = false;
};

// The Status is 406.
boost::system::result<Representation, Status> choose_form(const net::Request& request, const Query& query,
                                                          const Offer& offer = {});

}  // namespace apiserver
