// SPDX-License-Identifier: Apache-2.0
#include "kube/wire/decode_full.hpp"

#include "kube/wire/wire.hpp"

namespace kube {
namespace {

using namespace wire;

// An entry of a ResourceList, from a name to Quantity{1 string}.
void read_amount(ResourceList& list, pbf_reader entry) {
    const Entry resource = read_entry(entry);
    pbf_reader quantity = reader_of(resource.value);
    std::string_view text;
    while (quantity.next(1, protozero::pbf_wire_type::length_delimited)) text = view(quantity);
    take_amount(list, resource.key, text);
}

void read_resources(ResourceRequirements& into, pbf_reader resources) {
    while (resources.next()) {
        switch (resources.tag_and_type()) {
            case bytes_field(1):
                read_amount(into.limits, resources.get_message());
                break;
            case bytes_field(2):
                read_amount(into.requests, resources.get_message());
                break;
            default:
                resources.skip();
        }
    }
}

void read_container(FullPod& pod, pbf_reader message, ContainerKind kind) {
    PodContainer container;
    std::string_view restart_policy;
    while (message.next()) {
        switch (message.tag_and_type()) {
            case bytes_field(1):
                take_text(container.name, view(message), kContainerNameBytes);
                break;
            case bytes_field(2):
                take_text(container.image, view(message), kImageBytes);
                break;
            case bytes_field(8):
                read_resources(container.resources, message.get_message());
                break;
            case bytes_field(24):
                restart_policy = view(message);
                break;
            default:
                message.skip();
        }
    }
    take_container(pod, std::move(container), kind, restart_policy);
}

void read_owner(FullPod& pod, pbf_reader reference) {
    std::string_view kind, name;
    bool controller = false;
    while (reference.next()) {
        switch (reference.tag_and_type()) {
            case bytes_field(1):
                kind = view(reference);
                break;
            case bytes_field(3):
                name = view(reference);
                break;
            case number_field(6):
                controller = reference.get_uint64() != 0;
                break;
            default:
                reference.skip();
        }
    }
    take_owner(pod, kind, name, controller);
}

void read_spec(FullPod& pod, pbf_reader spec) {
    while (spec.next()) {
        switch (spec.tag_and_type()) {
            case bytes_field(2):
                read_container(pod, spec.get_message(), ContainerKind::plain);
                break;
            case bytes_field(10):
                take_text(pod.node, view(spec), kObjectNameBytes);
                break;
            case bytes_field(20):
                read_container(pod, spec.get_message(), ContainerKind::init);
                break;
            case bytes_field(40):
                read_resources(pod.resources, spec.get_message());
                break;
            default:
                spec.skip();
        }
    }
}

void read_container_status(FullPod& pod, pbf_reader status) {
    std::string_view name;
    std::int32_t restarts = 0;
    while (status.next()) {
        switch (status.tag_and_type()) {
            case bytes_field(1):
                name = view(status);
                break;
            case number_field(5):
                restarts = status.get_int32();
                break;
            default:
                status.skip();
        }
    }
    take_restarts(pod, name, restarts);
}

void read_status(FullPod& pod, pbf_reader status) {
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
            case bytes_field(8):
            case bytes_field(10):
                read_container_status(pod, status.get_message());
                break;
            default:
                status.skip();
        }
    }
}

void read_status(FullNode& node, pbf_reader status) {
    while (status.next()) {
        switch (status.tag_and_type()) {
            case bytes_field(1):
                read_amount(node.capacity, status.get_message());
                break;
            case bytes_field(2):
                read_amount(node.allocatable, status.get_message());
                break;
            default:
                status.skip();
        }
    }
}

void read_owners(FullPod& pod, pbf_reader metadata) {
    while (metadata.next(13, protozero::pbf_wire_type::length_delimited))
        read_owner(pod, metadata.get_message());
}

}  // namespace

net::Result<> decode(std::string_view bytes, FullPod& into) {
    clear_pod(into);
    if (auto good = decode(bytes, static_cast<Pod&>(into)); !good) return good;
    return guarded([&] {
        read_object(
            reader_of(bytes), [&](pbf_reader metadata) { read_owners(into, metadata); },
            [&](pbf_reader spec) { read_spec(into, spec); },
            [&](pbf_reader status) { read_status(into, status); });
    });
}

net::Result<> decode(std::string_view bytes, FullNode& into) {
    into = FullNode{};
    if (auto good = decode(bytes, static_cast<Node&>(into)); !good) return good;
    return guarded([&] {
        pbf_reader object = reader_of(bytes);
        while (object.next(3, protozero::pbf_wire_type::length_delimited))
            read_status(into, object.get_message());
    });
}

}  // namespace kube
