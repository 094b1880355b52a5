// SPDX-License-Identifier: Apache-2.0
#include "kube/wire/decode.hpp"

#include "kube/wire/wire.hpp"

namespace kube {
namespace {

using namespace wire;

TypeMeta read_type_meta(pbf_reader message) {
    const Entry read = read_entry(message);
    return {read.key, read.value};
}

std::string_view read_raw_extension(pbf_reader extension) {
    std::string_view raw;
    while (extension.next(1, protozero::pbf_wire_type::length_delimited)) raw = view(extension);
    return raw;
}

std::chrono::seconds read_retry_after(pbf_reader details) {
    std::chrono::seconds retry_after{0};
    while (details.next(5, protozero::pbf_wire_type::varint))
        retry_after = std::chrono::seconds{details.get_int32()};
    return retry_after;
}

}  // namespace

net::Result<TypeMeta> decode_type_meta(std::string_view bytes) {
    TypeMeta type;
    const auto done = guarded([&] { type = read_type_meta(reader_of(bytes)); });
    if (!done) return done.error();
    return type;
}

net::Result<Envelope> open_envelope(std::string_view bytes) {
    if (!bytes.starts_with(kMagic)) return Errc::malformed;
    Envelope envelope;
    const auto done = guarded([&] {
        pbf_reader unknown = reader_of(bytes.substr(kMagic.size()));
        while (unknown.next()) {
            switch (unknown.tag_and_type()) {
                case bytes_field(1):
                    envelope.type = read_type_meta(unknown.get_message());
                    break;
                case bytes_field(2):
                    envelope.raw = view(unknown);
                    break;
                default:
                    unknown.skip();
            }
        }
    });
    if (!done) return done.error();
    return envelope;
}

net::Result<WatchEvent> decode_event(std::string_view bytes) {
    WatchEvent event;
    const auto done = guarded([&] {
        pbf_reader message = reader_of(bytes);
        while (message.next()) {
            switch (message.tag_and_type()) {
                case bytes_field(1):
                    event.type = text(message);
                    break;
                case bytes_field(2):
                    event.object = read_raw_extension(message.get_message());
                    break;
                default:
                    message.skip();
            }
        }
    });
    if (!done) return done.error();
    return event;
}

net::Result<ListMeta> decode_list_meta(std::string_view bytes) {
    ListMeta meta;
    const auto done = guarded([&] {
        pbf_reader message = reader_of(bytes);
        while (message.next()) {
            switch (message.tag_and_type()) {
                case bytes_field(2):
                    meta.resource_version = text(message);
                    break;
                case bytes_field(3):
                    meta.continue_token = text(message);
                    break;
                default:
                    message.skip();
            }
        }
    });
    if (!done) return done.error();
    return meta;
}

net::Result<Status> decode_status(std::string_view bytes) {
    Status status;
    const auto done = guarded([&] {
        pbf_reader message = reader_of(bytes);
        while (message.next()) {
            switch (message.tag_and_type()) {
                case bytes_field(3):
                    status.message = text(message);
                    break;
                case bytes_field(4):
                    status.reason = text(message);
                    break;
                case bytes_field(5):
                    status.retry_after = read_retry_after(message.get_message());
                    break;
                case number_field(6):
                    status.code = message.get_int32();
                    break;
                default:
                    message.skip();
            }
        }
    });
    if (!done) return done.error();
    return status;
}

}  // namespace kube
