// SPDX-License-Identifier: Apache-2.0
// --custom-metrics, put together: what pods say of themselves, who scrapes them, and the API group.
#pragma once

#include "apiserver/debug/application_page.hpp"
#include "kube/config/config.hpp"
#include "kube/objects.hpp"
#include "kube/reflector.hpp"
#include "net/task.hpp"
#include "net/task_group.hpp"
#include "scraper/applications/endpoint.hpp"
#include "scraper/applications/pod_scrape.hpp"
#include "storage/applications/applications.hpp"
#include "storage/applications/figure_history.hpp"
#include "storage/store.hpp"
#include "telemetry/metrics_text.hpp"
#include "topd/flags/flags.hpp"

#include <cstddef>
#include <memory>
#include <optional>

namespace apiserver {
class Group;
}

namespace topd {

class CustomMetrics {
  public:
    // bytes: what it may keep; history: null: there is none of figures. Throws std::runtime_error: a file of
    // authorities that is no use. Store, history and cluster's files must outlive it.
    CustomMetrics(net::Executor executor, const Flags& flags, const kube::Config& cluster,
                  const storage::Store& store, std::size_t bytes,
                  storage::applications::FigureHistory* history);
    ~CustomMetrics();

    // What takes the watches first, and hands them on. Once each.
    kube::Observer<kube::Node>& before(kube::Observer<kube::Node>& next);
    kube::Observer<kube::Pod>& before(kube::Observer<kube::Pod>& next);

    std::shared_ptr<apiserver::Group> group() const;
    // For /debug/pods.
    apiserver::ApplicationReports reports() const;
    // Looks whether the file of authorities holds something else.
    void read_authorities_again();
    // Until the group is cancelled.
    void start(net::TaskGroup& group);
    // A tick of history ends now.
    void end_tick(storage::history::Seconds at, net::Clock::time_point now);
    void write_metrics(telemetry::MetricsText& text) const;

  private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

// Which pods are asked; which addresses are nodes' it does not know.
scraper::EndpointRules custom_metrics_rules(const Flags& flags);

// How pods are asked by https; nullopt: they are not. Throws std::runtime_error as CustomMetrics does.
std::optional<scraper::PodTls> custom_metrics_tls(const Flags& flags);

}  // namespace topd
