// SPDX-License-Identifier: Apache-2.0
// A pod in demand: where it is, for how long that is believed, and how its scrapes go.
//
// Where it is comes from the API server, and is asked again when the watch has seen the pod change (after a
// reboot of its node pods may have each other's addresses), after kFailures scrapes in a row that failed, and
// every few minutes.
#pragma once

#include "kube/pod_network.hpp"
#include "net/task.hpp"
#include "scraper/applications/pod_scrape.hpp"
#include "storage/usage.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace scraper {

// Who waits with whom for a turn: many that are sick must not keep the others from theirs.
enum class Pace : std::uint8_t {
    good,
    slow,     // its page came, and took long
    failing,  // more than one scrape in a row
};
inline constexpr std::size_t kPaces = 3;

struct ScrapedPod {
    static constexpr int kFailures = 3;

    explicit ScrapedPod(const storage::PodKey& key) : name_space{key.name_space}, name{key.name} {}

    storage::PodKey key() const { return {name_space, name}; }
    // Names of Kubernetes hold no slash.
    std::string id() const { return name_space + "/" + name; }

    // The watch has this one now. revision: as storage::applications::Applications::revision().
    void meet(std::string_view seen_uid, std::uint64_t seen_revision);
    bool is_placed(net::Clock::time_point now) const { return network && now < believed_until; }
    void place(kube::PodNetwork found, net::Clock::time_point until);

    void good(bool took_long);
    void failed();
    // It was asked itself, and gave no page.
    void failed_scrape();
    Pace pace() const;

    std::string name_space;
    std::string name;
    std::string uid;
    std::uint64_t revision = 0;
    std::optional<kube::PodNetwork> network;
    net::Clock::time_point believed_until{};
    int failures = 0;
    int failed_scrapes = 0;
    bool is_slow = false;
    std::string url;
    PodOutcome last = PodOutcome::ok;
};

}  // namespace scraper
