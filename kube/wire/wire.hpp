// SPDX-License-Identifier: Apache-2.0
// The few words that the decoders of messages are written in, over protozero.
#pragma once

#include "kube/failure.hpp"

#include <cstdint>
#include <string>
#include <string_view>

#include <protozero/exception.hpp>
#include <protozero/pbf_reader.hpp>

namespace kube::wire {

using protozero::pbf_reader;

// Switch labels. A field of another wire type than it should have falls through to skip(): protozero would
// assert.
constexpr std::uint32_t bytes_field(std::uint32_t number) {
    return protozero::tag_and_type(number, protozero::pbf_wire_type::length_delimited);
}
constexpr std::uint32_t number_field(std::uint32_t number) {
    return protozero::tag_and_type(number, protozero::pbf_wire_type::varint);
}

inline pbf_reader reader_of(std::string_view bytes) {
    return pbf_reader{protozero::data_view{bytes.data(), bytes.size()}};
}

inline std::string_view view(pbf_reader& message) {
    const auto bytes = message.get_view();
    return {bytes.data(), bytes.size()};
}

inline std::string text(pbf_reader& message) {
    return std::string{view(message)};
}

// Runs a decoding function; protozero says by exceptions what is a value here.
template <class Decode>
net::Result<> guarded(Decode decode) {
    try {
        decode();
        return {};
    } catch (const protozero::exception&) {
        return Errc::malformed;
    }
}

// The three parts that every object of Kubernetes has: generated.proto of each API.
template <class Metadata, class Spec, class Status>
void read_object(pbf_reader object, Metadata metadata, Spec spec, Status status) {
    while (object.next()) {
        switch (object.tag_and_type()) {
            case bytes_field(1):
                metadata(object.get_message());
                break;
            case bytes_field(2):
                spec(object.get_message());
                break;
            case bytes_field(3):
                status(object.get_message());
                break;
            default:
                object.skip();
        }
    }
}

struct Entry {
    std::string_view key;
    std::string_view value;
};

inline Entry read_entry(pbf_reader entry) {
    Entry read;
    while (entry.next()) {
        switch (entry.tag_and_type()) {
            case bytes_field(1):
                read.key = view(entry);
                break;
            case bytes_field(2):
                read.value = view(entry);
                break;
            default:
                entry.skip();
        }
    }
    return read;
}

}  // namespace kube::wire
