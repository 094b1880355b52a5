// SPDX-License-Identifier: Apache-2.0
// An Api over a real store, with clocks that stand still, and requests as clients send them.
#pragma once

#include "apiserver/api.hpp"
#include "test/net/run.hpp"

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace test {

// The time of all requests: 2026-11-22T15:31:26Z.
inline constexpr std::int64_t kNow = 1795361486;
// The time of the newest samples: 2026-11-22T15:31:18Z.
inline constexpr std::int64_t kSampled = 1795361478;

// What one container, or a node, used over `window` up to kSampled.
struct Used {
    std::string name;
    std::uint64_t nanocores = 0;
    std::uint64_t memory = 0;
    std::optional<std::uint64_t> swap{};
    std::chrono::milliseconds window{10'000};
    // Of the newest sample, before kSampled.
    std::chrono::milliseconds age{0};
};

struct PodUse {
    std::string name_space;
    std::string name;
    std::vector<Used> containers{};
};

inline storage::PageRow page_row(const Used& used, bool newest) {
    const auto at = std::chrono::nanoseconds{std::chrono::seconds{kSampled}} - used.age;
    const auto window = std::chrono::nanoseconds{used.window};
    // Rounded up, so that the rate is not below what was asked for.
    const auto milliseconds = static_cast<std::uint64_t>(used.window.count());
    const std::uint64_t burnt = (used.nanocores * milliseconds + 999) / 1000;
    storage::PageRow row;
    row.container = used.name;
    const storage::Nanos when = (newest ? at : at - window).count();
    constexpr std::uint64_t kBefore = 5'000'000'000;
    row.cpu = storage::Reading{newest ? kBefore + burnt : kBefore, when};
    row.memory = storage::Reading{used.memory, when};
    if (used.swap) row.swap = storage::Reading{*used.swap, when};
    return row;
}

// Answers what it is told to.
struct FixedAuthenticator final : apiserver::Authenticator {
    apiserver::AuthResult result{apiserver::AuthResult::Verdict::accepted,
                                 {"joe", "", {"system:authenticated"}, {}}};
    net::Task<apiserver::AuthResult> authenticate(const net::Request&, net::Deadline) override {
        co_return result;
    }
};

struct FixedAuthorizer final : apiserver::Authorizer {
    apiserver::Decision result{apiserver::Decision::Verdict::allowed, ""};
    std::vector<apiserver::RequestInfo> asked;
    net::Task<apiserver::Decision> authorize(const apiserver::User&, const apiserver::RequestInfo& info,
                                             net::Deadline) override {
        asked.push_back(info);
        co_return result;
    }
};

using Header = std::pair<std::string, std::string>;

inline net::Request request(std::string target, std::vector<Header> headers = {},
                            std::string method = "GET") {
    net::Request out;
    out.method = std::move(method);
    out.target = std::move(target);
    for (const auto& [name, value] : headers) out.headers.add(name, value);
    return out;
}

// Reads a streamed body to its end.
inline std::string whole_body(net::Response& response) {
    std::string body = response.body;
    for (bool more = response.source != nullptr; more;) {
        boost::asio::io_context loop{1};
        const auto piece = run(loop, response.source->next(body));
        more = piece.value() == net::Piece::more;
    }
    return body;
}

inline const std::string kMetrics = "/apis/metrics.k8s.io/v1beta1";
inline const Header kProtobuf{"Accept", "application/vnd.kubernetes.protobuf"};

struct Cluster {
    storage::Store store{storage::StoreOptions{}};
    storage::Monotonic now{std::chrono::seconds{1000}};
    FixedAuthenticator authenticator;
    FixedAuthorizer authorizer;
    apiserver::ApiOptions options = make_options();

    apiserver::ApiOptions make_options() {
        apiserver::ApiOptions out;
        out.version = "0.1.0";
        out.server_address = ":10443";
        out.metrics.wall_clock = [] {
            return std::chrono::system_clock::time_point{std::chrono::seconds{kNow}};
        };
        out.metrics.monotonic_clock = [this] { return now; };
        return out;
    }

    // Takes two pages of the node, so that everything in them has a rate.
    void scrape(const std::string& node, const Used& used, const std::vector<PodUse>& pods = {}) {
        for (const bool newest : {false, true}) {
            storage::NodePage page;
            page.node = page_row(used, newest);
            page.node.container = {};
            for (const PodUse& pod : pods) {
                for (const Used& container : pod.containers) {
                    storage::PageRow row = page_row(container, newest);
                    row.name_space = pod.name_space;
                    row.pod = pod.name;
                    page.containers.push_back(row);
                }
            }
            store.commit(node, page, now);
        }
    }

    // The nodes and pods that the golden bytes are about.
    void fill() {
        store.put_node("n1", {{"kubernetes.io/hostname", "n1"}, {"zone", "a"}});
        store.put_node("n2", {});
        store.put_node("n3", {{"zone", "b"}});
        store.put_pod("default", "web-0", {{"app", "web"}});
        store.put_pod("default", "web-1", {{"app", "web"}});
        store.put_pod("kube-system", "dns", {{"app", "dns"}});
        scrape("n1", {"", 123458473, 1234567168, std::nullopt, std::chrono::milliseconds{10'010}});
        Used app{"app", 1'500'000'000, 52428801, 0, std::chrono::milliseconds{15'002}};
        Used proxy{"proxy", 0, 2048, std::nullopt, std::chrono::milliseconds{15'002}};
        scrape("n2", {"", 60'000'000, 1048576, 1000},
               {{"default", "web-0", {proxy, app}}, {"kube-system", "dns", {{"dns", 1'000'000, 1024}}}});
    }

    net::Response ask(net::Request asked) {
        apiserver::Api api{options, store, authenticator, authorizer};
        boost::asio::io_context loop{1};
        net::Response response = run(loop, api.respond(std::move(asked)));
        // The body may need the api.
        response.body = whole_body(response);
        response.source.reset();
        return response;
    }
    net::Response get(std::string target, std::vector<Header> headers = {}) {
        return ask(request(std::move(target), std::move(headers)));
    }
    std::string body(std::string target, std::vector<Header> headers = {}) {
        return get(std::move(target), std::move(headers)).body;
    }
};

inline std::string header(const net::Response& response, std::string_view name) {
    return std::string{response.headers.find(name).value_or("<none>")};
}

}  // namespace test
