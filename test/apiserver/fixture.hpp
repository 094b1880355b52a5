// SPDX-License-Identifier: Apache-2.0
// An Api over a real store, with clocks that stand still, and requests as clients send them.
#pragma once

#include "apiserver/access.hpp"
#include "apiserver/api.hpp"
#include "apiserver/request/request_info.hpp"
#include "storage/store.hpp"
#include "test/net/run.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
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

storage::PageRow page_row(const Used& used, bool newest);

// Answers what it is told to.
struct FixedAuthenticator final : apiserver::Authenticator {
    apiserver::AuthResult result{apiserver::AuthResult::Verdict::accepted,
                                 {"joe", "", {"system:authenticated"}, {}}};
    net::Task<apiserver::AuthResult> authenticate(const net::Request&, net::Deadline) override;
};

struct FixedAuthorizer final : apiserver::Authorizer {
    apiserver::Decision result{apiserver::Decision::Verdict::allowed, ""};
    std::vector<apiserver::RequestInfo> asked;
    net::Task<apiserver::Decision> authorize(const apiserver::User&, const apiserver::RequestInfo& info,
                                             net::Deadline) override;
};

using Header = std::pair<std::string, std::string>;

net::Request request(std::string target, const std::vector<Header>& headers = {}, std::string method = "GET");

// The answer, on a loop of its own; its body may be streamed, and need the Api.
net::Response respond(apiserver::Api& api, net::Request asked);

// Reads a streamed body to its end.
std::string whole_body(net::Response& response);
// A gzip stream, as zlib reads it.
std::string unpacked(std::string packed);

inline const std::string kMetrics = "/apis/metrics.k8s.io/v1beta1";
inline const Header kProtobuf{"Accept", "application/vnd.kubernetes.protobuf"};

struct Cluster {
    storage::Store store{storage::StoreOptions{}};
    storage::Monotonic now{std::chrono::seconds{1000}};
    FixedAuthenticator authenticator;
    FixedAuthorizer authorizer;
    apiserver::ApiOptions options = make_options();

    Cluster();
    ~Cluster();
    apiserver::ApiOptions make_options();
    // Takes two pages of the node, so that everything in them has a rate.
    void scrape(const std::string& node, const Used& used, const std::vector<PodUse>& pods = {});
    // The nodes and pods that the golden bytes are about.
    void fill();
    // As many pods, "pod-100000" and on, of one container each: all that the node has.
    void add_pods(std::size_t count, const std::string& name_space = "ns",
                  const Used& each = {"main", 1, 1024}, const std::string& node = "n");

    net::Response ask(net::Request asked);
    net::Response get(std::string target, const std::vector<Header>& headers = {});
    std::string body(std::string target, const std::vector<Header>& headers = {});
};

std::string header(const net::Response& response, std::string_view name);

}  // namespace test
