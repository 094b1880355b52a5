// SPDX-License-Identifier: Apache-2.0
#include "scraper/inventory/pod_places.hpp"

#include "kube/json/decode.hpp"
#include "net/task_group.hpp"
#include "telemetry/log.hpp"

#include <string>
#include <utility>
#include <vector>

namespace scraper {
namespace {

constexpr std::size_t kLongestPod = 4 * 1024 * 1024;
constexpr std::chrono::seconds kOneAnswer{10};

// Names of a page may hold anything that is short.
bool is_path_safe(std::string_view name) {
    static constexpr std::string_view kSafe = "abcdefghijklmnopqrstuvwxyz0123456789-.";
    return !name.empty() && name.find_first_not_of(kSafe) == name.npos;
}

}  // namespace

net::Task<> PodPlaces::run(std::chrono::milliseconds look_every) {
    for (;;) {
        std::vector<storage::DisputedPod> disputed = store_.take_disputed();
        for (storage::DisputedPod& pod : disputed) {
            co_await ask(std::move(pod));
            co_await net::sleep_until(net::Clock::now() + kPace);
        }
        co_await net::sleep_until(net::Clock::now() + look_every);
    }
}

net::Task<> PodPlaces::ask(storage::DisputedPod pod) {
    if (!is_path_safe(pod.name_space) || !is_path_safe(pod.name)) co_return;
    std::string path = "/api/v1/namespaces/" + pod.name_space + "/pods/" + pod.name;
    net::StringSink answer{kLongestPod};
    net::ExchangeLimits limits;
    limits.deadline = net::Clock::now() + kOneAnswer;
    limits.body_bytes = kLongestPod;
    const kube::Outcome<> got = co_await client_.get(std::move(path), "application/json", answer, limits);
    kube::PodPlace place;
    if (got && kube::decode_json(answer.text(), place)) {
        store_.settle({pod.name_space, pod.name}, place.uid, place.node);
        telemetry::paced_info("Two nodes show a pod",
                              {{"pod", pod.name_space + "/" + pod.name}, {"isOn", place.node}});
        co_return;
    }
    const std::string why = got ? "the answer is no pod" : got.error().text();
    telemetry::paced_info("Two nodes show a pod, and where it is could not be asked",
                          {{"pod", pod.name_space + "/" + pod.name}, {"err", why}});
}

}  // namespace scraper
