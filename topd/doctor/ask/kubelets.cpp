// SPDX-License-Identifier: Apache-2.0
#include "topd/doctor/ask/kubelets.hpp"

#include "net/task_group.hpp"
#include "scraper/kubelet/probe.hpp"

#include <algorithm>
#include <utility>

#include <boost/asio/this_coro.hpp>

namespace topd::doctor {
namespace {

constexpr std::size_t kAtOnce = 64;

std::chrono::seconds ahead_of_us(storage::Nanos sampled) {
    using namespace std::chrono;
    const nanoseconds ours = system_clock::now().time_since_epoch();
    return duration_cast<seconds>(nanoseconds{sampled} - ours);
}

net::Task<KubeletAnswer> ask_kubelet(kube::Node node, scraper::ScraperOptions options, net::Deadline end) {
    using std::chrono::milliseconds;
    const auto left = std::chrono::floor<milliseconds>(end - net::Clock::now());
    options.request_timeout = std::clamp(left, milliseconds{0}, options.request_timeout);
    KubeletAnswer answer;
    answer.node = node.name;
    answer.ready = node.ready;
    scraper::ProbeResult result = co_await scraper::probe(std::move(node), std::move(options));
    answer.failure = std::move(result.failure);
    answer.url = std::move(result.url);
    if (result.newest != 0) answer.clock_ahead = ahead_of_us(result.newest);
    co_return answer;
}

struct Round {
    const std::vector<kube::Node>& nodes;
    const scraper::ScraperOptions& options;
    net::Deadline end;
    std::size_t next = 0;
    std::vector<KubeletAnswer> answers;
};

net::Task<> ask_in_turn(Round& round) {
    while (round.next < round.nodes.size() && net::Clock::now() < round.end) {
        const kube::Node& node = round.nodes[round.next++];
        KubeletAnswer answer = co_await ask_kubelet(node, round.options, round.end);
        round.answers.push_back(std::move(answer));
    }
}

}  // namespace

net::Task<std::vector<KubeletAnswer>> ask_kubelets(const std::vector<kube::Node>& nodes,
                                                   const scraper::ScraperOptions& options,
                                                   net::Deadline end) {
    Round round{nodes, options, end, 0, {}};
    const net::Executor executor = co_await boost::asio::this_coro::executor;
    net::TaskGroup askers{executor};
    for (std::size_t i = 0; i < std::min(nodes.size(), kAtOnce); ++i) askers.spawn(ask_in_turn(round));
    co_await askers.wait();
    // In the order of the nodes' names, whoever was quicker.
    std::sort(round.answers.begin(), round.answers.end(),
              [](const KubeletAnswer& a, const KubeletAnswer& b) { return a.node < b.node; });
    co_return std::move(round.answers);
}

}  // namespace topd::doctor
