// SPDX-License-Identifier: Apache-2.0
#include "scraper/applications/pod_lookup.hpp"

#include "net/http/message.hpp"

#include <utility>

namespace scraper {
namespace {

constexpr std::size_t kLongestPod = std::size_t{2} * 1024 * 1024;
constexpr std::chrono::seconds kOneAnswer{5};
// As the watch asks (kube/collection.cpp).
constexpr const char* kAccept = "application/vnd.kubernetes.protobuf,application/json";

// Back to the others, however the task ends.
struct Lent {
    std::vector<kube::Client*>& idle;
    kube::Client* client;
    ~Lent() { idle.push_back(client); }
};

}  // namespace

PodLookup::PodLookup(const net::Executor& executor, const kube::Config& cluster) {
    // Never moved again.
    clients_.reserve(kAtOnce);
    idle_.reserve(kAtOnce);
    for (std::size_t i = 0; i < kAtOnce; ++i) clients_.emplace_back(executor, cluster);
    for (kube::Client& client : clients_) idle_.push_back(&client);
}

net::Task<LookedUpPod> PodLookup::ask(std::string name_space, std::string name) {
    const Lent lent{idle_, idle_.back()};
    idle_.pop_back();
    next_ = net::Clock::now() + kPace;
    co_return co_await ask(*lent.client, "/api/v1/namespaces/" + name_space + "/pods/" + name);
}

net::Task<LookedUpPod> PodLookup::ask(kube::Client& client, std::string path) {
    net::StringSink answer{kLongestPod};
    net::ExchangeLimits limits;
    limits.deadline = net::Clock::now() + kOneAnswer;
    limits.body_bytes = kLongestPod;
    const kube::Outcome<> got = co_await client.get(std::move(path), kAccept, answer, limits);
    LookedUpPod looked_up;
    if (!got)
        looked_up.trouble = "the API server did not say where it is: " + got.error().text();
    else if (!kube::decode_answer(answer.text(), looked_up.pod))
        looked_up.trouble = "the API server did not say where it is: its answer is no pod";
    co_return looked_up;
}

}  // namespace scraper
