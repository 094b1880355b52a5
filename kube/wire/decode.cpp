// SPDX-License-Identifier: Apache-2.0
#include "kube/wire/decode.hpp"

#include "kube/wire/quantity.hpp"
#include "kube/wire/wire.hpp"

#include <algorithm>

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

constexpr std::string_view kMetricsPathAnnotation = "metrics.k8s.io/resource-metrics-path";

void add_label(StringMap& labels, pbf_reader entry) {
    const Entry label = read_entry(entry);
    labels.emplace_back(label.key, label.value);
}

void read_annotation(Node& node, pbf_reader entry) {
    const Entry annotation = read_entry(entry);
    if (annotation.key == kMetricsPathAnnotation) node.metrics_path = annotation.value;
}

// Others than these are many, and long.
void read_annotation(Pod& pod, pbf_reader& metadata) {
    if (pod.scrape.prefix.empty()) return metadata.skip();
    const Entry annotation = read_entry(metadata.get_message());
    pod.scrape.take(annotation.key, annotation.value);
}

void read_metadata(pbf_reader metadata, Node& node) {
    while (metadata.next()) {
        switch (metadata.tag_and_type()) {
            case bytes_field(1):
                node.name = text(metadata);
                break;
            case bytes_field(5):
                node.uid = text(metadata);
                break;
            case bytes_field(6):
                node.resource_version = text(metadata);
                break;
            case bytes_field(11):
                add_label(node.labels, metadata.get_message());
                break;
            case bytes_field(12):
                read_annotation(node, metadata.get_message());
                break;
            default:
                metadata.skip();
        }
    }
    sort_by_key(node.labels);
}

void read_metadata(pbf_reader metadata, ConfigMap& map) {
    while (metadata.next()) {
        switch (metadata.tag_and_type()) {
            case bytes_field(1):
                map.name = text(metadata);
                break;
            case bytes_field(3):
                map.name_space = text(metadata);
                break;
            case bytes_field(6):
                map.resource_version = text(metadata);
                break;
            default:
                metadata.skip();
        }
    }
}

void read_metadata(pbf_reader metadata, Pod& pod) {
    while (metadata.next()) {
        switch (metadata.tag_and_type()) {
            case bytes_field(1):
                pod.name = text(metadata);
                break;
            case bytes_field(3):
                pod.name_space = text(metadata);
                break;
            case bytes_field(5):
                pod.uid = text(metadata);
                break;
            case bytes_field(6):
                pod.resource_version = text(metadata);
                break;
            case bytes_field(11):
                add_label(pod.labels, metadata.get_message());
                break;
            case bytes_field(12):
                read_annotation(pod, metadata);
                break;
            default:
                metadata.skip();
        }
    }
    sort_by_key(pod.labels);
}

// NodeCondition; true when it says that the node is ready.
bool says_ready(pbf_reader condition) {
    const Entry read = read_entry(condition);
    return read.key == "Ready" && read.value == "True";
}

NodeAddress read_address(pbf_reader address) {
    const Entry read = read_entry(address);
    return {std::string{read.key}, std::string{read.value}};
}

// NodeDaemonEndpoints{1 kubeletEndpoint{1 Port}}.
std::int32_t read_kubelet_port(pbf_reader endpoints) {
    std::int32_t port = 0;
    while (endpoints.next(1, protozero::pbf_wire_type::length_delimited)) {
        pbf_reader endpoint = endpoints.get_message();
        while (endpoint.next(1, protozero::pbf_wire_type::varint)) port = endpoint.get_int32();
    }
    return port >= 1 && port <= 65535 ? port : 0;
}

// Of status.capacity, from names to Quantity{1 string}.
void read_capacity(Node& node, pbf_reader entry) {
    const Entry resource = read_entry(entry);
    if (resource.key != "cpu") return;
    pbf_reader quantity = reader_of(resource.value);
    while (quantity.next(1, protozero::pbf_wire_type::length_delimited))
        node.cpu_capacity = nanocores_of(view(quantity));
}

void read_status(pbf_reader status, Node& node) {
    while (status.next()) {
        switch (status.tag_and_type()) {
            case bytes_field(1):
                read_capacity(node, status.get_message());
                break;
            case bytes_field(4):
                node.ready |= says_ready(status.get_message());
                break;
            case bytes_field(5):
                node.addresses.push_back(read_address(status.get_message()));
                break;
            case bytes_field(6):
                node.kubelet_port = read_kubelet_port(status.get_message());
                break;
            default:
                status.skip();
        }
    }
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

// Go sorts its maps by key, others need not; of a key that comes twice the last counts, as in a map.
void sort_by_key(StringMap& map) {
    const auto by_key = [](const auto& a, const auto& b) { return a.first < b.first; };
    if (!std::is_sorted(map.begin(), map.end(), by_key)) std::stable_sort(map.begin(), map.end(), by_key);
    const auto same_key = [](const auto& a, const auto& b) { return a.first == b.first; };
    map.erase(map.begin(), std::unique(map.rbegin(), map.rend(), same_key).base());
}

net::Result<> decode(std::string_view bytes, ConfigMap& into) {
    into = ConfigMap{};
    const auto good = guarded([&] {
        pbf_reader map = reader_of(bytes);
        while (map.next()) {
            switch (map.tag_and_type()) {
                case bytes_field(1):
                    read_metadata(map.get_message(), into);
                    break;
                case bytes_field(2):
                    add_label(into.data, map.get_message());
                    break;
                default:
                    map.skip();
            }
        }
    });
    sort_by_key(into.data);
    return good;
}

net::Result<> decode(std::string_view bytes, Node& into) {
    into = Node{};
    return guarded([&] {
        pbf_reader node = reader_of(bytes);
        while (node.next()) {
            switch (node.tag_and_type()) {
                case bytes_field(1):
                    read_metadata(node.get_message(), into);
                    break;
                case bytes_field(3):
                    read_status(node.get_message(), into);
                    break;
                default:
                    node.skip();
            }
        }
    });
}

net::Result<> decode(std::string_view bytes, Pod& into) {
    clear_pod(into);
    return guarded([&] {
        pbf_reader object = reader_of(bytes);
        while (object.next(1, protozero::pbf_wire_type::length_delimited))
            read_metadata(object.get_message(), into);
    });
}

}  // namespace kube
