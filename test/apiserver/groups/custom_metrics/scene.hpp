// SPDX-License-Identifier: Apache-2.0
// A cluster with custom metrics, whose pods' pages the test writes.
#pragma once

#include "apiserver/groups/custom_metrics/custom_metrics_group.hpp"
#include "test/apiserver/fixture.hpp"

#include <initializer_list>
#include <map>
#include <memory>
#include <string>
#include <utility>

namespace test {

inline const std::string kCustom = "/apis/custom.metrics.k8s.io";

// Answers what it is told to.
struct FixedObjects final : apiserver::ObjectPodsSource {
    std::map<apiserver::ObjectName, apiserver::ObjectPods> known;
    net::Task<text::Parsed<apiserver::ObjectPods>> find(apiserver::ObjectName object, net::Deadline) override;
};

// A sample of a page.
struct Line {
    std::string name;
    double value = 0;
    storage::applications::LabelViews labels{};
    storage::applications::Type type = storage::applications::Type::gauge;
};

struct CustomMetricsScene : Cluster {
    storage::applications::Applications applications{{}};
    FixedObjects objects;
    std::shared_ptr<apiserver::CustomMetricsGroup> group;

    CustomMetricsScene();
    void put(const std::string& name_space, const std::string& pod, const storage::Labels& labels = {});
    void put_annotated(const std::string& name_space, const std::string& pod,
                       const storage::Labels& labels = {});
    // The pod's page comes, asked for at kNow.
    void page(const std::string& name_space, const std::string& pod, const std::vector<Line>& lines);
    // "404 the message", or "200 the body".
    std::string told(const std::string& path, const std::vector<Header>& headers = {},
                     const std::string& method = "GET");
};

}  // namespace test
