// SPDX-License-Identifier: Apache-2.0
// What all Kubernetes messages share on the wire (k8s.io/apimachinery).
#pragma once

#include "test/sim/cluster/model.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <protozero/pbf_writer.hpp>

namespace sim {

// "k8s\0" and the message Unknown around a message.
std::string protobuf_envelope(std::string_view kind, std::string_view api_version, std::string_view message);
// The same in two parts, for a message of `size` bytes that is made piece by piece.
std::string envelope_begin(std::string_view kind, std::string_view api_version, std::size_t size);
std::string_view envelope_end();

// map<string, string> and map<string, Quantity>.
void add_map(protozero::pbf_writer& to, std::uint32_t field, const Labels& map);
void add_quantities(protozero::pbf_writer& to, std::uint32_t field, const Labels& quantities);
inline void add_text(protozero::pbf_writer& to, std::uint32_t field, std::string_view text) {
    to.add_string(field, text.data(), text.size());
}

// The message Time: whole seconds, nanos 0.
std::string time_message(Nanos at);
// The bytes of a length-delimited field's tag (one byte for fields below 16) and length.
std::size_t field_size(std::size_t message_size);

}  // namespace sim
