// SPDX-License-Identifier: Apache-2.0
// custom.metrics.k8s.io (--custom-metrics): what pods say of themselves, for autoscalers
// (docs/custom-metrics.md). A request that came this far is permitted, and what it asks for is in demand from
// then on.
#pragma once

#include "apiserver/groups/custom_metrics/metric_values.hpp"
#include "apiserver/groups/custom_metrics/object_pods.hpp"
#include "apiserver/groups/custom_metrics/pod_figures.hpp"
#include "apiserver/groups/custom_metrics/route.hpp"
#include "apiserver/groups/group.hpp"
#include "apiserver/list/freshness.hpp"
#include "apiserver/status.hpp"

#include <chrono>
#include <functional>
#include <string>

#include <boost/system/result.hpp>

namespace telemetry {
class MetricsText;
}

namespace apiserver {

struct CustomMetricsOptions {
    // --custom-metrics-annotations
    std::string annotations = "prometheus.io";
    std::function<std::chrono::system_clock::time_point()> wall_clock = std::chrono::system_clock::now;
    std::function<std::chrono::steady_clock::time_point()> monotonic_clock = std::chrono::steady_clock::now;
};

class CustomMetricsGroup final : public Group {
  public:
    // All of them must outlive it.
    CustomMetricsGroup(storage::applications::Applications& applications, const storage::Store& store,
                       ObjectPodsSource& objects, CustomMetricsOptions options = {});

    GroupInfo info() const override;
    std::vector<NamedSubresource> more() const override;
    net::Task<std::optional<net::Response>> respond(GroupCall call) override;
    // Nothing: no client needs it.
    void describe(OpenApiVersion openapi, std::string_view version, Json& paths,
                  Json& schemas) const override;

    // How old the figures were that were given out.
    void write_freshness(telemetry::MetricsText& text) const;

  private:
    // What is asked of all that a path may name.
    struct Question {
        std::string_view metric;
        // Of pods.
        LabelSelector labels;
        SeriesSelector series;
        // For a refusal: "pods web-0".
        std::string object;
        std::string metric_selector;
    };
    using Items = boost::system::result<std::vector<MetricValue>, Status>;

    net::Task<Items> items(const CustomMetricsRoute& route, const Question& question);
    Items of_pods(const PodsMetric& wanted, const Question& question);
    Items of_pod(const ObjectMetric& wanted, const Question& question);
    Items of_namespace(const NamespaceMetric& wanted, const Question& question);
    net::Task<Items> of_object(ObjectMetric wanted, const Question& question);
    Items sum(DescribedObject object, std::span<const std::string> pods, const Question& question,
              std::string_view without_pods);
    PodFigures ask(std::string_view name_space, std::span<const std::string> pods, const Question& question);
    // Why there is no figure at all.
    Status not_found(const Question& question, std::string_view why) const;
    Status not_found(const Question& question, const PodFigures& figures) const;

    storage::applications::Applications& applications_;
    const storage::Store& store_;
    ObjectPodsSource& objects_;
    CustomMetricsOptions options_;
    Freshness freshness_;
};

}  // namespace apiserver
