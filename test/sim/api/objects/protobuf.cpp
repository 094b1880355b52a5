// SPDX-License-Identifier: Apache-2.0
#include "test/sim/api/objects/protobuf.hpp"

#include <protozero/varint.hpp>

namespace sim {

std::string envelope_begin(std::string_view kind, std::string_view api_version, std::size_t size) {
    std::string type;
    protozero::pbf_writer type_writer{type};
    type_writer.add_string(1, api_version.data(), api_version.size());
    type_writer.add_string(2, kind.data(), kind.size());
    std::string out{"k8s\0", 4};
    protozero::pbf_writer{out}.add_message(1, type);
    out += '\x12';
    protozero::write_varint(std::back_inserter(out), size);
    return out;
}

// contentEncoding and contentType, empty.
std::string_view envelope_end() {
    return {"\x1a\0\x22\0", 4};
}

std::string protobuf_envelope(std::string_view kind, std::string_view api_version, std::string_view message) {
    std::string out = envelope_begin(kind, api_version, message.size());
    out.append(message).append(envelope_end());
    return out;
}

void add_map(protozero::pbf_writer& to, std::uint32_t field, const Labels& map) {
    for (const auto& [key, value] : map) {
        std::string entry;
        protozero::pbf_writer writer{entry};
        writer.add_string(1, key);
        writer.add_string(2, value);
        to.add_message(field, entry);
    }
}

void add_quantities(protozero::pbf_writer& to, std::uint32_t field, const Labels& quantities) {
    for (const auto& [name, text] : quantities) {
        std::string quantity;
        protozero::pbf_writer{quantity}.add_string(1, text);
        std::string entry;
        protozero::pbf_writer writer{entry};
        writer.add_string(1, name);
        writer.add_message(2, quantity);
        to.add_message(field, entry);
    }
}

std::string time_message(Nanos at) {
    std::string out;
    protozero::pbf_writer writer{out};
    writer.add_int64(1, at / kSecond);
    writer.add_int32(2, 0);
    return out;
}

std::size_t field_size(std::size_t message_size) {
    return 1 + static_cast<std::size_t>(protozero::length_of_varint(message_size)) + message_size;
}

}  // namespace sim
