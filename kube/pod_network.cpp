// SPDX-License-Identifier: Apache-2.0
#include "kube/pod_network.hpp"

#include "kube/full_objects.hpp"
#include "kube/wire/decode.hpp"
#include "kube/wire/wire.hpp"

#include <utility>

namespace kube {
namespace {

using namespace wire;

void read_metadata(PodNetwork& pod, pbf_reader metadata) {
    while (metadata.next()) {
        switch (metadata.tag_and_type()) {
            case bytes_field(5):
                take_text(pod.uid, view(metadata), kUidBytes);
                break;
            default:
                metadata.skip();
        }
    }
}

void read_port(PodNetwork& pod, pbf_reader message) {
    ContainerPort port;
    while (message.next()) {
        switch (message.tag_and_type()) {
            case bytes_field(1):
                take_text(port.name, view(message), kContainerNameBytes);
                break;
            case number_field(3):
                port.number = message.get_int32();
                break;
            case bytes_field(4):
                take_text(port.protocol, view(message), kContainerNameBytes);
                break;
            default:
                message.skip();
        }
    }
    if (pod.ports.size() < PodNetwork::kMostPorts) pod.ports.push_back(std::move(port));
}

void read_container(PodNetwork& pod, pbf_reader container) {
    while (container.next(6, protozero::pbf_wire_type::length_delimited))
        read_port(pod, container.get_message());
}

void read_spec(PodNetwork& pod, pbf_reader spec) {
    while (spec.next()) {
        switch (spec.tag_and_type()) {
            case bytes_field(2):
            case bytes_field(20):
                read_container(pod, spec.get_message());
                break;
            case number_field(11):
                pod.host_network = spec.get_uint64() != 0;
                break;
            default:
                spec.skip();
        }
    }
}

void read_status(PodNetwork& pod, pbf_reader status) {
    while (status.next()) {
        switch (status.tag_and_type()) {
            case bytes_field(1):
                take_text(pod.phase, view(status), kObjectNameBytes);
                break;
            case bytes_field(5):
                take_text(pod.host_ip, view(status), kIpBytes);
                break;
            case bytes_field(6):
                take_text(pod.pod_ip, view(status), kIpBytes);
                break;
            default:
                status.skip();
        }
    }
}

}  // namespace

net::Result<> decode_answer(std::string_view bytes, PodNetwork& into) {
    into = PodNetwork{};
    const auto envelope = open_envelope(bytes);
    if (!envelope) return envelope.error();
    if (envelope->type.kind != "Pod") return Errc::malformed;
    return guarded([&] {
        pbf_reader pod = reader_of(envelope->raw);
        while (pod.next()) {
            switch (pod.tag_and_type()) {
                case bytes_field(1):
                    read_metadata(into, pod.get_message());
                    break;
                case bytes_field(2):
                    read_spec(into, pod.get_message());
                    break;
                case bytes_field(3):
                    read_status(into, pod.get_message());
                    break;
                default:
                    pod.skip();
            }
        }
    });
}

}  // namespace kube
