// SPDX-License-Identifier: Apache-2.0
// Nodes, pods, namespaces and configuration maps of core/v1, as far as kubectl and a metrics server look at
// them.
#pragma once

#include "test/sim/api/objects/object.hpp"
#include "test/sim/cluster/model.hpp"

#include <string>
#include <vector>

namespace sim {

class NodeObject final : public Object {
  public:
    NodeObject(const Node& node, std::uint16_t kubelet_port, Nanos now);
    void write_json(nlohmann::ordered_json& to) const override;
    void write_protobuf(std::string& to) const override;

  private:
    std::optional<std::string> own_field(std::string_view path) const override;
    Labels capacity() const;
    // Without what the system keeps.
    Labels allocatable() const;

    std::string ip_;
    bool ready_;
    int cores_;
    std::int64_t memory_bytes_;
    std::uint16_t kubelet_port_;
    Nanos booted_;
    Nanos changed_;
};

class PodObject final : public Object {
  public:
    PodObject(const Pod& pod, const Node& node);
    void write_json(nlohmann::ordered_json& to) const override;
    void write_protobuf(std::string& to) const override;

  private:
    struct ContainerState {
        std::string name;
        bool sidecar = false;
        Labels requests;
        Labels limits;
        Nanos started = 0;
        int restarts = 0;
    };
    std::optional<std::string> own_field(std::string_view path) const override;
    static ContainerState reserved(const Container& container);
    static std::string container_message(const ContainerState& container);
    static std::string status_message(const ContainerState& container);
    std::string phase() const { return running_ ? "Running" : "Pending"; }

    std::string node_name_;
    std::string node_ip_;
    std::string ip_;
    bool running_;
    Nanos started_;
    std::vector<ContainerState> containers_;
};

class NamespaceObject final : public Object {
  public:
    NamespaceObject(std::string name, Nanos created);
    void write_json(nlohmann::ordered_json& to) const override;
    void write_protobuf(std::string& to) const override;

  private:
    std::optional<std::string> own_field(std::string_view path) const override;
};

class ConfigMapObject final : public Object {
  public:
    ConfigMapObject(std::string name_space, std::string name, Labels data, Nanos created);
    void write_json(nlohmann::ordered_json& to) const override;
    void write_protobuf(std::string& to) const override;

  private:
    std::optional<std::string> own_field(std::string_view path) const override;
    Labels data_;
};

}  // namespace sim
