// SPDX-License-Identifier: Apache-2.0
// The collections of core/v1, kept as the model changes.
#pragma once

#include "test/sim/api/resources/collection.hpp"
#include "test/sim/cluster/model.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace sim {

class CoreObjects final : public ModelObserver {
  public:
    // `model` must outlive it. Watches can go back `history` changes.
    CoreObjects(Model& model, std::uint16_t kubelet_port, std::size_t history, Nanos now);
    ~CoreObjects() override;

    void pod_changed(const Pod& pod) override;
    void pod_deleted(const Pod& pod) override;
    void node_changed(const Node& node) override;

    // nullptr: no such resource.
    Collection* find(std::string_view plural);
    std::vector<const Collection*> all() const;
    void add_config_map(std::string name_space, std::string name, Labels data, Nanos now);
    // Watches end.
    void close();

  private:
    Model& model_;
    std::uint16_t kubelet_port_;
    Versions versions_;
    std::vector<std::unique_ptr<Collection>> collections_;
};

}  // namespace sim
