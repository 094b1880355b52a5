// SPDX-License-Identifier: Apache-2.0
// Which form of an answer a client asked for.
#pragma once

#include "test/sim/api/objects/object.hpp"

#include <optional>
#include <string_view>

namespace sim {

// What `as=` asks for.
enum class Conversion { none, metadata, metadata_list };

struct Accepted {
    Encoding encoding = Encoding::json;
    Conversion conversion = Conversion::none;
};

// What the server can say: some servers, and proxies before them, know no protobuf.
enum class Spoken { protobuf_and_json, json };

// The first clause of the Accept header that we can serve, in the client's order; nullopt: none. No header,
// "*/*" and "application/*" are JSON. Tables are not served: kubectl, which prefers them, takes plain objects
// too.
std::optional<Accepted> negotiate(std::string_view accept, Spoken spoken = Spoken::protobuf_and_json);

// The version of aggregated discovery that is asked for: "v2", "v2beta1" or "" (plain documents).
std::string_view aggregated_discovery(std::string_view accept);

}  // namespace sim
