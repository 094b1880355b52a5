// SPDX-License-Identifier: Apache-2.0
// Asks the API server for a Service's selector, or a scale's, and keeps what it said for a minute. Needs the
// right to get services, and the scale of whatever autoscalers name.
#pragma once

#include "apiserver/groups/custom_metrics/object_pods.hpp"
#include "apiserver/prometheus/turns.hpp"
#include "kube/client.hpp"
#include "kube/config/config.hpp"

#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

namespace apiserver {

class KubeObjectPods final : public ObjectPodsSource {
  public:
    // How long an answer is good, and a refusal: an object may just be made.
    static constexpr std::chrono::seconds kKept{60};
    static constexpr std::chrono::seconds kRefusalKept{10};
    // Of objects that are kept, the one that was asked first goes for another one. Those who wait for the
    // API server beyond that are turned away.
    static constexpr std::size_t kMostObjects = 1'000;
    static constexpr std::size_t kMostWaiting = 64;

    using ClockFunction = std::function<net::Clock::time_point()>;

    KubeObjectPods(net::Executor executor, const kube::Config& cluster, ClockFunction clock = net::Clock::now)
        : client_{std::move(executor), cluster}, clock_{std::move(clock)} {}

    net::Task<text::Parsed<ObjectPods>> find(ObjectName object, net::Deadline until) override;

  private:
    using Found = text::Parsed<ObjectPods>;
    struct Kept {
        Found found;
        net::Clock::time_point until;
    };

    std::optional<Found> kept(const ObjectName& object) const;
    void keep(const ObjectName& object, const Found& found);
    net::Task<Found> ask(ObjectName object, net::Deadline until);
    net::Task<Found> ask_service(ObjectName object, net::Deadline until);
    net::Task<Found> ask_scale(ObjectName object, net::Deadline until);
    // "apps/v1": the version that the API server prefers of a group; empty group: "v1".
    net::Task<text::Parsed<std::string>> preferred(std::string group, net::Deadline until);
    // What a list of resources calls the objects of one.
    net::Task<std::string> kind_of(std::string group_version, std::string resource, net::Deadline until);
    // A JSON object. The error is a sentence that begins with `what`.
    net::Task<text::Parsed<nlohmann::json>> get(std::string path, std::string what, net::Deadline until);

    kube::Client client_;
    ClockFunction clock_;
    Turns turns_{kMostWaiting};
    std::map<ObjectName, Kept> kept_;
    // By "GROUP/RESOURCE": the group's version, and the kind. They outlive the objects, as kinds do not
    // change.
    struct KnownKind {
        std::string api_version;
        std::string kind;
        net::Clock::time_point until;
    };
    std::map<std::string, KnownKind> kinds_;
};

}  // namespace apiserver
