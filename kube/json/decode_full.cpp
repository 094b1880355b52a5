// SPDX-License-Identifier: Apache-2.0
#include "kube/json/decode_full.hpp"

#include "kube/json/fields.hpp"

#include <utility>

namespace kube {
namespace {

constexpr Member kOwner[] = {{"kind", text_of(Field::owner_kind)},
                             {"name", text_of(Field::owner_name)},
                             {"controller", flag_of(Field::owner_controller)}};
constexpr Member kMeta[] = {{"ownerReferences", list_of(Field::owner, kOwner)}};
constexpr Member kResources[] = {{"requests", map_of(Field::request)}, {"limits", map_of(Field::limit)}};
constexpr Member kPodResources[] = {{"requests", map_of(Field::pod_request)},
                                    {"limits", map_of(Field::pod_limit)}};
constexpr Member kContainer[] = {{"name", text_of(Field::container_name)},
                                 {"image", text_of(Field::container_image)},
                                 {"restartPolicy", text_of(Field::container_restart_policy)},
                                 {"resources", object_of(kResources)}};
constexpr Member kSpec[] = {{"containers", list_of(Field::container, kContainer)},
                            {"initContainers", list_of(Field::init_container, kContainer)},
                            {"nodeName", text_of(Field::node_name)},
                            {"resources", object_of(kPodResources)}};
constexpr Member kContainerStatus[] = {{"name", text_of(Field::status_name)},
                                       {"restartCount", number_of(Field::restart_count)}};
constexpr Member kStatus[] = {
    {"phase", text_of(Field::phase)},
    {"hostIP", text_of(Field::host_ip)},
    {"podIP", text_of(Field::pod_ip)},
    {"containerStatuses", list_of(Field::container_status, kContainerStatus)},
    {"initContainerStatuses", list_of(Field::init_container_status, kContainerStatus)}};
constexpr Member kPod[] = {
    {"metadata", object_of(kMeta)}, {"spec", object_of(kSpec)}, {"status", object_of(kStatus)}};

constexpr Member kNodeStatus[] = {{"capacity", map_of(Field::capacity)},
                                  {"allocatable", map_of(Field::allocatable)}};
constexpr Member kNode[] = {{"status", object_of(kNodeStatus)}};

// What a Pod has not.
class FullPodTarget final : public FieldTarget {
  public:
    explicit FullPodTarget(FullPod& pod) : pod_{pod} {}

    void text(Field field, const std::string& key, const std::string& value) override {
        switch (field) {
            case Field::node_name:
                take_text(pod_.node, value, kObjectNameBytes);
                break;
            case Field::phase:
                take_text(pod_.phase, value, kObjectNameBytes);
                break;
            case Field::host_ip:
                take_text(pod_.host_ip, value, kIpBytes);
                break;
            case Field::pod_ip:
                take_text(pod_.pod_ip, value, kIpBytes);
                break;
            case Field::pod_request:
                take_amount(pod_.resources.requests, key, value);
                break;
            case Field::pod_limit:
                take_amount(pod_.resources.limits, key, value);
                break;
            default:
                text_of_element(field, key, value);
        }
    }
    void number(Field, std::int64_t value) override { restarts_ = value; }
    void flag(Field, bool value) override { controller_ = value; }

    void begin_list(Field field) override {
        if (field == Field::owner) pod_.owner_kind = pod_.owner_name = "";
        if (field == Field::container || field == Field::init_container)
            std::erase_if(pod_.containers, [&](const PodContainer& container) {
                return container.sidecar == (field == Field::init_container);
            });
    }
    void begin_element(Field) override {
        container_ = {};
        kind_.clear();
        name_.clear();
        restarts_ = 0;
        controller_ = false;
    }
    void end_element(Field field) override {
        if (field == Field::owner) take_owner(pod_, kind_, name_, controller_);
        if (field == Field::container)
            take_container(pod_, std::move(container_), ContainerKind::plain, kind_);
        if (field == Field::init_container)
            take_container(pod_, std::move(container_), ContainerKind::init, kind_);
        if (field == Field::container_status || field == Field::init_container_status)
            take_restarts(pod_, name_, restarts_);
    }

  private:
    void text_of_element(Field field, const std::string& key, const std::string& value) {
        if (field == Field::owner_kind || field == Field::container_restart_policy) kind_ = value;
        if (field == Field::owner_name || field == Field::status_name) name_ = value;
        if (field == Field::container_name) take_text(container_.name, value, kContainerNameBytes);
        if (field == Field::container_image) take_text(container_.image, value, kImageBytes);
        if (field == Field::request) take_amount(container_.resources.requests, key, value);
        if (field == Field::limit) take_amount(container_.resources.limits, key, value);
    }

    FullPod& pod_;
    // Of the element of a list that is being read.
    PodContainer container_;
    std::string kind_;
    std::string name_;
    std::int64_t restarts_ = 0;
    bool controller_ = false;
};

class FullNodeTarget final : public FieldTarget {
  public:
    explicit FullNodeTarget(FullNode& node) : node_{node} {}
    void text(Field field, const std::string& key, const std::string& value) override {
        take_amount(field == Field::capacity ? node_.capacity : node_.allocatable, key, value);
    }

  private:
    FullNode& node_;
};

}  // namespace

net::Result<> decode_json(std::string_view bytes, FullPod& into) {
    clear_pod(into);
    if (auto good = decode_json(bytes, static_cast<Pod&>(into)); !good) return good;
    FullPodTarget target{into};
    return read_fields(bytes, object_of(kPod), target);
}

net::Result<> decode_json(std::string_view bytes, FullNode& into) {
    into = FullNode{};
    if (auto good = decode_json(bytes, static_cast<Node&>(into)); !good) return good;
    FullNodeTarget target{into};
    return read_fields(bytes, object_of(kNode), target);
}

}  // namespace kube
