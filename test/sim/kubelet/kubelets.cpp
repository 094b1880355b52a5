// SPDX-License-Identifier: Apache-2.0
#include "test/sim/kubelet/kubelets.hpp"

#include "net/task_group.hpp"
#include "test/sim/cluster/names.hpp"
#include "test/sim/cluster/seed.hpp"
#include "test/sim/kubelet/gzip.hpp"
#include "test/sim/kubelet/page_source.hpp"
#include "test/sim/kubelet/pages/summary.hpp"

#include <algorithm>
#include <chrono>

namespace sim {
namespace {

constexpr std::string_view kPath = "/metrics/resource";
constexpr std::string_view kSummaryPath = "/stats/summary";
constexpr std::size_t kGivenKept = 100'000;
constexpr std::chrono::milliseconds kLate{100};
// Whether a hanging request may go on is looked at so often; none hangs longer than any client would wait.
constexpr std::chrono::milliseconds kHangLook{100};
constexpr std::chrono::minutes kLongestHang{10};

net::Response plain(unsigned status, std::string_view text) {
    net::Response response;
    response.status = status;
    response.headers.add("Content-Type", "text/plain; charset=utf-8");
    response.body = text;
    return response;
}

net::Response not_found() {
    net::Response response = plain(404, "404 page not found\n");
    response.headers.add("X-Content-Type-Options", "nosniff");
    return response;
}

net::Response failure(unsigned status) {
    return status == 404 ? not_found() : plain(status, "simulated failure\n");
}

std::string verb_of(std::string_view method) {
    if (method == "GET" || method == "HEAD") return "get";
    if (method == "POST") return "create";
    if (method == "PUT") return "update";
    if (method == "DELETE") return "delete";
    return method == "PATCH" ? "patch" : "";
}

std::uint32_t local_address(const net::Request& request) {
    const auto address = request.local.address();
    if (address.is_v4()) return address.to_v4().to_uint();
    const auto bytes = address.to_v6().to_bytes();
    return address.to_v6().is_v4_mapped() ? static_cast<std::uint32_t>((bytes[12] << 24) | (bytes[13] << 16) |
                                                                       (bytes[14] << 8) | bytes[15])
                                          : 0;
}

}  // namespace

Nanos now_nanos() {
    return std::chrono::duration_cast<std::chrono::nanoseconds>(
               std::chrono::system_clock::now().time_since_epoch())
        .count();
}

Kubelets::Kubelets(const Model& model, KubeletOptions options, Nanos running_since)
    : model_{model},
      options_{std::move(options)},
      running_since_{running_since},
      pages_(model.nodes().size()) {}

const Page* Kubelets::page(std::uint32_t node) const {
    return node < pages_.size() ? pages_[node].get() : nullptr;
}

Page& Kubelets::page_of(const Node& node) {
    auto& page = pages_[node.index];
    if (!page) page = std::make_unique<Page>(node, options_.sampling, options_.seed, running_since_);
    return *page;
}

net::Task<net::Response> Kubelets::respond(net::Request request) {
    ++stats_.requests;
    const std::int64_t index = node_index(local_address(request));
    if (index < 0 || index >= static_cast<std::int64_t>(model_.nodes().size())) co_return not_found();
    const Node& node = model_.nodes()[static_cast<std::size_t>(index)];

    // Authentication comes before all else, and authorization before the path is looked at.
    const auto authorization = request.headers.find("Authorization");
    const bool allowed = authorization == "Bearer " + options_.token;
    const bool known = authorization == "Bearer " + options_.forbidden_token;
    if (!allowed) ++stats_.refused;
    if (!allowed && !known) co_return plain(401, "Unauthorized");
    if (!allowed)
        co_return plain(403, "Forbidden (user=system:serviceaccount:default:default, verb=" +
                                 verb_of(request.method) + ", resource=nodes, subresource(s)=[" +
                                 (request.target.starts_with("/stats/") ? "stats" : "metrics") + "])\n");
    co_return co_await serve(node, request);
}

net::Task<net::Response> Kubelets::serve(const Node& node, const net::Request& request) {
    const std::string_view path = std::string_view{request.target}.substr(0, request.target.find('?'));
    if (path == kSummaryPath) co_return co_await serve_summary(node, request);
    if (path != (node.metrics_path.empty() ? kPath : std::string_view{node.metrics_path}))
        co_return not_found();
    const std::optional<Fault> fault = faults_.take(node.name, now_nanos());
    if (fault) ++stats_.faults;
    if (fault) co_await delay(node, *fault, faults_);
    const bool other = fault && fault->kind != Fault::Kind::slow && fault->kind != Fault::Kind::hang;
    if (other) co_return faulty(node, *fault, request);

    std::string text = page_text(node, 0);
    if (!fault && net::Clock::now() - request.received_at > kLate) ++stats_.late;
    co_return page_response(node, std::move(text), request);
}

net::Task<net::Response> Kubelets::serve_summary(const Node& node, const net::Request& request) {
    const std::optional<Fault> fault = summary_faults_.take(node.name, now_nanos());
    if (fault) co_await delay(node, *fault, summary_faults_);
    if (fault && fault->kind == Fault::Kind::status) co_return failure(fault->status);
    std::string text = summary_text(node, now_nanos());
    if (fault && fault->kind == Fault::Kind::garbage) text = garbage_bytes(text.size(), fault->bytes + 1);
    ++stats_.summaries;
    net::Response response = page_response(node, std::move(text), request);
    response.headers.set("Content-Type", "application/json");
    co_return response;
}

net::Task<> Kubelets::delay(const Node& node, const Fault& fault, const Faults& faults) const {
    if (fault.kind == Fault::Kind::slow) co_await net::sleep_until(net::Clock::now() + fault.delay);
    if (fault.kind == Fault::Kind::hang) co_await hang(node, fault, faults);
}

net::Task<> Kubelets::hang(const Node& node, const Fault& fault, const Faults& faults) const {
    const auto most = net::Clock::now() + kLongestHang;
    const auto goes_on = [&] {
        const Nanos now = now_nanos();
        // One that strikes a number of requests is gone from the list with the last of them.
        return now < fault.until && (fault.requests > 0 || faults.active(node.name, now));
    };
    while (goes_on() && net::Clock::now() < most) co_await net::sleep_until(net::Clock::now() + kHangLook);
}

std::string Kubelets::page_text(const Node& node, Nanos counters_since) {
    Page& page = page_of(node);
    const Nanos now = now_nanos();
    std::string text;
    text.reserve(page.last_size() + 1024);
    page.append(text, now, counters_since);
    ++stats_.pages;
    stats_.page_bytes += text.size();
    given_.push_back({node.index, page.node_sample(), now});
    if (given_.size() > kGivenKept) given_.pop_front();
    return text;
}

net::Response Kubelets::page_response(const Node& node, std::string text, const net::Request& request) const {
    net::Response response;
    const bool compress = request.headers.has_token("Accept-Encoding", "gzip");
    if (compress) {
        text = gzip(text);
        response.headers.add("Content-Encoding", "gzip");
    }
    response.headers.add("Content-Type", "text/plain; version=0.0.4; charset=utf-8; escaping=underscores");
    // The kubelet starts a minute after its machine.
    response.headers.add("Process-Start-Time-Unix", std::to_string(node.booted / kSecond + 60));
    // Go sends a length when the whole body fits its buffer, else chunks.
    constexpr std::size_t kGoBuffer = 2048;
    if (text.size() <= kGoBuffer)
        response.body = std::move(text);
    else
        response.source = std::make_unique<PageSource>(std::move(text), options_.chunk_bytes);
    return response;
}

net::Response Kubelets::faulty(const Node& node, const Fault& fault, const net::Request& request) {
    switch (fault.kind) {
        case Fault::Kind::status:
            return failure(fault.status);
        case Fault::Kind::reset:
            return page_response(node, page_text(node, fault.since), request);
        case Fault::Kind::malformed:
            return page_response(node, with_malformed_lines(page_text(node, 0)), request);
        default:
            break;
    }
    net::Response response = page_response(node, "", net::Request{});
    const std::string text = page_text(node, 0);
    if (fault.kind == Fault::Kind::garbage) response.body = garbage_bytes(text.size(), fault.bytes + 1);
    if (fault.kind == Fault::Kind::truncated)
        response.source = std::make_unique<PageSource>(text, 4096, text.size() / 2);
    if (fault.kind == Fault::Kind::close) response.source = std::make_unique<PageSource>(text, 0, 0);
    if (fault.kind == Fault::Kind::endless)
        response.source = std::make_unique<EndlessSource>(
            "container_cpu_usage_seconds_total{container=\"endless\",namespace=\"default\",pod=\"endless\"} "
            "1 1\n",
            fault.bytes);
    return response;
}

}  // namespace sim
