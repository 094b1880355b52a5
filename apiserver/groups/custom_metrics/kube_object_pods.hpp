// SPDX-License-Identifier: Apache-2.0
// Asks the API server for a Service's selector, or a scale's, and keeps what it said for a minute. Needs the
// right to get services, and the scale of whatever autoscalers name.
#pragma once

#include "apiserver/groups/custom_metrics/object_pods.hpp"
#include "apiserver/turns/turns.hpp"
#include "kube/client.hpp"
#include "kube/config/config.hpp"

#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/system/result.hpp>
#include <nlohmann/json_fwd.hpp>

namespace apiserver {

class KubeObjectPods final : public ObjectPodsSource {
  public:
    // How long an answer is good, and a refusal: an object may just be made.
    static constexpr std::chrono::seconds kKept{60};
    static constexpr std::chrono::seconds kRefusalKept{10};
    // How long after that an answer serves on while the API server gives no other one.
    static constexpr std::chrono::minutes kServesOn{5};
    // Of objects that are kept, the one that was asked first goes for another one.
    static constexpr std::size_t kMostObjects = 1'000;

    using ClockFunction = std::function<net::Clock::time_point()>;

    KubeObjectPods(const net::Executor& executor, const kube::Config& cluster,
                   ClockFunction clock = net::Clock::now);

    net::Task<text::Parsed<ObjectPods>> find(ObjectName object, net::Deadline until) override;

  private:
    static constexpr std::size_t kAtOnce = 4;

    using Found = text::Parsed<ObjectPods>;
    struct Kept {
        Found found;
        net::Clock::time_point until;
        net::Clock::time_point serves_until;
    };
    struct Refusal {
        std::string text;
        // It says nothing of the object: the API server hangs, or is busy.
        bool passes = false;
    };
    template <class T>
    using Asked = boost::system::result<T, Refusal>;

    std::optional<Found> kept(const ObjectName& object) const;
    std::optional<Found> serving(const ObjectName& object) const;
    Found keep(const ObjectName& object, Asked<ObjectPods> asked);
    net::Task<Asked<ObjectPods>> ask(kube::Client& client, ObjectName object, net::Deadline until);
    net::Task<Asked<ObjectPods>> ask_service(kube::Client& client, ObjectName object, net::Deadline until);
    net::Task<Asked<ObjectPods>> ask_scale(kube::Client& client, ObjectName object, net::Deadline until);
    static Asked<ObjectPods> object_pods(std::string kind, std::string api_version,
                                         const std::string& selector);
    // "apps/v1": the version that the API server prefers of a group; empty group: "v1".
    net::Task<Asked<std::string>> preferred(kube::Client& client, std::string group, net::Deadline until);
    // What a list of resources calls the objects of one; empty: there is none.
    net::Task<Asked<std::string>> kind_of(kube::Client& client, std::string group_version,
                                          std::string resource, net::Deadline until);
    // A JSON object. The error is a sentence that begins with `what`.
    net::Task<Asked<nlohmann::json>> get(kube::Client& client, std::string path, std::string what,
                                         net::Deadline until);

    // One for each turn; never moved again.
    std::vector<kube::Client> clients_;
    ClockFunction clock_;
    // A few ask at once, and fewer of one namespace.
    Turns turns_{{.waiting = 64, .at_once = kAtOnce, .waiting_of_one = 16, .at_once_of_one = 2}};
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
