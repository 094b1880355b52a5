// SPDX-License-Identifier: Apache-2.0
#include "kube/pod_network.hpp"

#include "kube/full_objects.hpp"
#include "kube/json/fields.hpp"
#include "kube/wire/decode.hpp"
#include "kube/wire/wire.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace kube {
namespace {

using namespace wire;

// Of an init container: it stays beside the others.
constexpr std::string_view kAlways = "Always";

void add_port(PodNetwork& pod, ContainerPort port) {
    if (pod.ports.size() < PodNetwork::kMostPorts) pod.ports.push_back(std::move(port));
}

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
    add_port(pod, std::move(port));
}

void add_host_ip(PodNetwork& pod, std::string_view ip) {
    if (pod.host_ips.size() == PodNetwork::kMostHostIps) return;
    std::string text;
    take_text(text, ip, kIpBytes);
    if (!text.empty()) pod.host_ips.push_back(std::move(text));
}

void read_container(PodNetwork& pod, pbf_reader container) {
    while (container.next(6, protozero::pbf_wire_type::length_delimited))
        read_port(pod, container.get_message());
}

// Nobody listens on the ports of one that is over before the others begin.
bool is_sidecar(pbf_reader init_container) {
    std::string_view restart_policy;
    while (init_container.next(24, protozero::pbf_wire_type::length_delimited))
        restart_policy = view(init_container);
    return restart_policy == kAlways;
}

void read_spec(PodNetwork& pod, pbf_reader spec) {
    while (spec.next()) {
        switch (spec.tag_and_type()) {
            case bytes_field(2):
                read_container(pod, spec.get_message());
                break;
            case bytes_field(20): {
                const pbf_reader init_container = spec.get_message();
                if (is_sidecar(init_container)) read_container(pod, init_container);
                break;
            }
            case number_field(11):
                pod.host_network = spec.get_uint64() != 0;
                break;
            default:
                spec.skip();
        }
    }
}

void read_host_ip(PodNetwork& pod, pbf_reader host_ip) {
    while (host_ip.next(1, protozero::pbf_wire_type::length_delimited)) add_host_ip(pod, view(host_ip));
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
            case bytes_field(16):
                read_host_ip(pod, status.get_message());
                break;
            default:
                status.skip();
        }
    }
}

constexpr Member kMeta[] = {{"uid", text_of(Field::uid)}};
constexpr Member kPort[] = {{"name", text_of(Field::port_name)},
                            {"containerPort", number_of(Field::port_number)},
                            {"protocol", text_of(Field::port_protocol)}};
constexpr Member kContainer[] = {{"ports", list_of(Field::port, kPort)},
                                 {"restartPolicy", text_of(Field::container_restart_policy)}};
constexpr Member kSpec[] = {{"containers", list_of(Field::container, kContainer)},
                            {"initContainers", list_of(Field::init_container, kContainer)},
                            {"hostNetwork", flag_of(Field::host_network)}};
constexpr Member kHostIp[] = {{"ip", text_of(Field::address_text)}};
constexpr Member kStatus[] = {{"phase", text_of(Field::phase)},
                              {"hostIP", text_of(Field::host_ip)},
                              {"hostIPs", list_of(Field::address, kHostIp)},
                              {"podIP", text_of(Field::pod_ip)}};
constexpr Member kPod[] = {{"kind", text_of(Field::type)},
                           {"metadata", object_of(kMeta)},
                           {"spec", object_of(kSpec)},
                           {"status", object_of(kStatus)}};

class NetworkTarget final : public FieldTarget {
  public:
    explicit NetworkTarget(PodNetwork& pod) : pod_{pod} {}

    void text(Field field, const std::string&, const std::string& value) override {
        if (field == Field::type) is_pod_ = value == "Pod";
        if (field == Field::uid) take_text(pod_.uid, value, kUidBytes);
        if (field == Field::phase) take_text(pod_.phase, value, kObjectNameBytes);
        if (field == Field::container_restart_policy) restart_policy_ = value;
        if (field == Field::address_text) add_host_ip(pod_, value);
        if (field == Field::host_ip) take_text(pod_.host_ip, value, kIpBytes);
        if (field == Field::pod_ip) take_text(pod_.pod_ip, value, kIpBytes);
        if (field == Field::port_name) take_text(port_.name, value, kContainerNameBytes);
        if (field == Field::port_protocol) take_text(port_.protocol, value, kContainerNameBytes);
    }
    void number(Field, std::int64_t value) override {
        using Limits = std::numeric_limits<std::int32_t>;
        port_.number =
            static_cast<std::int32_t>(std::clamp<std::int64_t>(value, Limits::min(), Limits::max()));
    }
    void flag(Field, bool value) override { pod_.host_network = value; }
    void begin_element(Field field) override {
        if (field == Field::port) port_ = {};
        if (field != Field::container && field != Field::init_container) return;
        ports_before_ = pod_.ports.size();
        restart_policy_.clear();
    }
    void end_element(Field field) override {
        if (field == Field::port) add_port(pod_, std::move(port_));
        if (field == Field::init_container && restart_policy_ != kAlways) pod_.ports.resize(ports_before_);
    }

    bool is_pod() const { return is_pod_; }

  private:
    PodNetwork& pod_;
    ContainerPort port_;
    // Of the container that is read.
    std::size_t ports_before_ = 0;
    std::string restart_policy_;
    bool is_pod_ = false;
};

net::Result<> decode_json_answer(std::string_view bytes, PodNetwork& into) {
    NetworkTarget target{into};
    if (auto good = read_fields(bytes, object_of(kPod), target); !good) return good;
    if (!target.is_pod()) return Errc::malformed;
    return {};
}

}  // namespace

net::Result<> decode_answer(std::string_view bytes, PodNetwork& into) {
    into = PodNetwork{};
    if (bytes.starts_with('{')) return decode_json_answer(bytes, into);
    const auto envelope = open_envelope(bytes);
    if (!envelope) return envelope.error();
    if (envelope->type.kind != "Pod") return Errc::malformed;
    return guarded([&] {
        read_object(
            reader_of(envelope->raw), [&](pbf_reader metadata) { read_metadata(into, metadata); },
            [&](pbf_reader spec) { read_spec(into, spec); },
            [&](pbf_reader status) { read_status(into, status); });
    });
}

}  // namespace kube
