// SPDX-License-Identifier: Apache-2.0
// Long lists: sent in pieces while the store goes on changing.
#include "apiserver/encode/json.hpp"
#include "apiserver/list/answer.hpp"
#include "apiserver/representation/piece_size.hpp"
#include "test/apiserver/list/lab.hpp"

#include <functional>
#include <set>

#include <boost/asio/post.hpp>
#include <catch2/catch.hpp>

using test::Cluster;
using test::kMetrics;
using test::kProtobuf;

namespace {

constexpr int kListedPods = 20'000;
// Lists with selectors are not shared.
const std::string kAllPods = kMetrics + "/pods?labelSelector=%21none";

std::string pod_name(int i) {
    std::string digits = std::to_string(i);
    return "pod-" + std::string(6 - digits.size(), '0') + digits;
}

// Even numbers are there throughout; odd ones come and go.
void fill(Cluster& cluster) {
    cluster.store.put_node("n", {});
    std::vector<test::PodUse> pods;
    for (int i = 0; i < kListedPods; ++i) {
        const std::string app = "app-" + std::to_string(i % 100);
        cluster.store.put_pod("ns", pod_name(i), {{"app", app}});
        pods.push_back({"ns", pod_name(i), {{"main", static_cast<std::uint64_t>(1000 + i), 1024}}});
    }
    cluster.scrape("n", {"", 1, 1}, pods);
}

// What changes between two pieces: the odd pods around the given one go, and new ones come.
void churn(Cluster& cluster, int round) {
    std::vector<test::PodUse> fresh;
    for (int i = 1 + 2 * round; i < kListedPods; i += 200) {
        if (round % 2 == 0) {
            cluster.store.remove_pod("ns", pod_name(i));
            continue;
        }
        const std::string name = pod_name(i) + "-new";
        cluster.store.put_pod("ns", name, {{"fresh", std::to_string(round)}});
    }
}

struct Sent {
    std::string body;
    std::size_t pieces = 1;
    std::size_t longest = 0;
};

Sent send(Cluster& cluster, apiserver::Api& api, net::Request request, bool changing) {
    net::Response response = test::respond(api, std::move(request));
    REQUIRE(response.status == 200);
    Sent sent{response.body, 1, response.body.size()};
    for (bool more = response.source != nullptr; more; ++sent.pieces) {
        if (changing) churn(cluster, static_cast<int>(sent.pieces));
        std::string piece;
        more = test::next(response, piece).value() == net::Piece::more;
        sent.longest = std::max(sent.longest, piece.size());
        sent.body += piece;
    }
    return sent;
}

}  // namespace

TEST_CASE("a long list is whole and ordered while pods come and go") {
    Cluster cluster;
    fill(cluster);
    apiserver::Api api{cluster.options, cluster.store, cluster.authenticator, cluster.authorizer};
    const bool protobuf = GENERATE(false, true);
    CAPTURE(protobuf);
    std::vector<test::Header> headers;
    if (protobuf) headers.push_back(kProtobuf);
    const Sent sent = send(cluster, api, test::request(kMetrics + "/pods", headers), true);
    CHECK(sent.pieces > 10);
    CHECK(sent.longest < 2 * apiserver::kPieceBytes);

    const test::Document list = protobuf ? test::read_protobuf(sent.body) : test::read_json(sent.body);
    std::set<std::string> seen;
    std::string last;
    for (const test::Row& row : list.rows) {
        REQUIRE(last < row.name);
        last = row.name;
        seen.insert(row.name);
    }
    int missing = 0;
    for (int i = 0; i < kListedPods; i += 2) missing += seen.count(pod_name(i)) == 1 ? 0 : 1;
    CHECK(missing == 0);
    if (!protobuf) CHECK(list.rows.size() < static_cast<std::size_t>(kListedPods));
}

TEST_CASE("long lists say the same in all forms") {
    Cluster cluster;
    fill(cluster);
    const test::Document plain = test::read_json(cluster.body(kMetrics + "/pods"));
    CHECK(plain.rows.size() == kListedPods);
    CHECK((plain == test::read_protobuf(cluster.body(kMetrics + "/pods", {kProtobuf}))));
    CHECK((plain == test::read_json(cluster.body(kMetrics + "/pods?pretty=true"))));
    CHECK(cluster.body(kMetrics + "/pods").ends_with("]}\n"));
    CHECK(cluster.body(kMetrics + "/pods?pretty=true").ends_with("\n  ]\n}"));
    const test::Document some =
        test::read_json(cluster.body(kMetrics + "/pods?labelSelector=app%3Dapp-7", {{"Accept", "*/*"}}));
    CHECK(some.rows.size() == kListedPods / 100);
    CHECK(test::read_protobuf(cluster.body(kMetrics + "/pods?labelSelector=app%3Dnone", {kProtobuf}))
              .rows.empty());
}

TEST_CASE("a list of less than a piece is one body") {
    Cluster cluster;
    cluster.fill();
    apiserver::Api api{cluster.options, cluster.store, cluster.authenticator, cluster.authorizer};
    for (const std::vector<test::Header>& headers : {std::vector<test::Header>{}, {kProtobuf}}) {
        const net::Response response = test::respond(api, test::request(kMetrics + "/pods", headers));
        CHECK(response.source == nullptr);
    }
}

TEST_CASE("a long list lets other work run between its pieces") {
    Cluster cluster;
    fill(cluster);
    apiserver::Api api{cluster.options, cluster.store, cluster.authenticator, cluster.authorizer};
    boost::asio::io_context loop{1};
    int turns = 0;
    bool done = false;
    std::function<void()> tick = [&] {
        ++turns;
        if (!done) boost::asio::post(loop, tick);
    };
    boost::asio::post(loop, tick);
    net::Request request = test::request(kMetrics + "/pods", {kProtobuf});
    auto ask = [&]() -> net::Task<> {
        net::Response response = co_await api.respond(std::move(request));
        done = true;
    };
    test::run(loop, ask());
    CHECK(turns > 20);
}

TEST_CASE("protobuf lists under way share a bound and one always passes") {
    Cluster cluster;
    fill(cluster);
    cluster.options.metrics.encoded_list_bytes = 3'000'000;
    cluster.options.metrics.encoded_list_wait = {};
    apiserver::Api api{cluster.options, cluster.store, cluster.authenticator, cluster.authorizer};
    const auto ask = [&] { return test::respond(api, test::request(kAllPods, {kProtobuf})); };
    net::Response first = ask();
    REQUIRE(first.status == 200);
    const net::Response second = ask();
    CHECK(second.status == 429);
    CHECK(second.body == "Too many requests, please try again later.\n");
    CHECK(test::header(second, "Retry-After") == "1");
    CHECK(test::read_protobuf(test::whole_body(first)).rows.size() == kListedPods);
    // What was sent no longer counts, nor does an answer that was given up.
    CHECK(ask().status == 200);
    first = ask();
    CHECK(ask().status == 429);
    first.source.reset();
    CHECK(ask().status == 200);
}

TEST_CASE("a protobuf list that nobody reads makes room for others") {
    Cluster cluster;
    fill(cluster);
    cluster.options.metrics.encoded_list_bytes = 3'000'000;
    cluster.options.metrics.encoded_list_wait = {};
    apiserver::Api api{cluster.options, cluster.store, cluster.authenticator, cluster.authorizer};
    const auto ask = [&] { return test::respond(api, test::request(kAllPods, {kProtobuf})); };
    net::Response stalled = ask();
    net::Response read = ask();
    std::string piece;
    CHECK(read.status == 429);
    cluster.now += apiserver::KeptLists::kPatience;
    read = ask();
    REQUIRE(read.status == 200);
    CHECK(test::next(read, piece).has_value());

    // Whoever takes a piece in time keeps the rest.
    cluster.now += apiserver::KeptLists::kPatience - std::chrono::milliseconds{1};
    CHECK(test::next(read, piece).has_value());
    cluster.now += std::chrono::milliseconds{1};
    CHECK(ask().status == 429);
    CHECK(test::next(read, piece).has_value());
    // The other's answer ends as one that is not whole.
    const auto rest = test::next(stalled, piece);
    REQUIRE(!rest);
    CHECK(rest.error() == net::Errc::overloaded);
}

TEST_CASE("bytes kept by a label set's id are forgotten when the id gets another meaning") {
    storage::Store store{storage::StoreOptions{}};
    apiserver::EncodedLabels labels{apiserver::encode_labels_json, 64};
    const auto labels_of = [&](const std::string& node) {
        return std::string{labels.of(store, store.node(node, storage::Monotonic{})->labels)};
    };
    store.put_node("a", {{"k", "1"}});
    CHECK(labels_of("a") == R"(,"labels":{"k":"1"})");
    for (int i = 2; i < 50; ++i) {
        // Each set replaces the one before, whose id may be used again.
        store.put_node("a", {{"k", std::to_string(i)}});
        store.put_node("b", {{"other", std::string(static_cast<std::size_t>(i), 'x')}});
        CHECK(labels_of("a") == R"(,"labels":{"k":")" + std::to_string(i) + "\"}");
        CHECK(labels_of("b") ==
              R"(,"labels":{"other":")" + std::string(static_cast<std::size_t>(i), 'x') + "\"}");
    }
}

TEST_CASE("a verdict on a label set is forgotten when the id gets another meaning") {
    storage::Store store{storage::StoreOptions{}};
    apiserver::LabelFilter filter{*apiserver::LabelSelector::parse("app=web")};
    std::set<storage::LabelSetId> ids;
    for (int i = 0; i < 50; ++i) {
        // Each set replaces the one before, whose id may be used again.
        const bool wanted = i % 3 == 0;
        store.put_node("a", {{"app", wanted ? "web" : "db"}, {"round", std::to_string(i)}});
        const storage::LabelSetId id = store.node("a", storage::Monotonic{})->labels;
        ids.insert(id);
        CHECK(filter.accepts(store, id) == wanted);
        CHECK(filter.accepts(store, id) == wanted);
    }
    // Otherwise this test shows nothing.
    CHECK(ids.size() < 50);
}
