// SPDX-License-Identifier: Apache-2.0
#include "topd/doctor/kubelet_probe.hpp"

#include "scraper/kubelet/probe.hpp"

#include <algorithm>
#include <utility>

namespace topd::doctor {
namespace {

std::chrono::seconds ahead_of_us(storage::Nanos sampled) {
    using namespace std::chrono;
    const nanoseconds ours = system_clock::now().time_since_epoch();
    return duration_cast<seconds>(nanoseconds{sampled} - ours);
}

}  // namespace

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

}  // namespace topd::doctor
