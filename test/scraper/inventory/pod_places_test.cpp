// SPDX-License-Identifier: Apache-2.0
#include "scraper/inventory/pod_places.hpp"

#include "net/task_group.hpp"
#include "storage/explain.hpp"
#include "test/kube/fake_api_server.hpp"
#include "test/net/run.hpp"
#include "test/storage/pages.hpp"
#include "test/topd/captured_log.hpp"

#include <algorithm>
#include <string>

#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>

using namespace std::chrono_literals;
using kube::test::Answer;
using kube::test::FakeApiServer;

namespace {

Answer json(std::string text, unsigned status = 200) {
    Answer answer;
    answer.pieces = {std::move(text)};
    answer.status = status;
    answer.content_type = "application/json";
    return answer;
}

// Two nodes show the pods p and q.
storage::Store& disputed_store(storage::Store& store) {
    store.put_node("a", {});
    store.put_node("b", {});
    std::vector<storage::PageRow> rows;
    for (const char* pod : {"p", "q"}) {
        store.put_pod("n", pod, {}, "uid");
        rows.push_back(storage::row("n", pod, "c", 1000, 1, 990));
    }
    store.commit("a", storage::page(rows), storage::at(0));
    store.commit("b", storage::page(rows), storage::at(1));
    return store;
}

std::string owner(const storage::Store& store, const char* pod) {
    return std::string{store.explain_pod("n", pod, storage::at(1)).node};
}

net::Task<bool> use_up(net::Executor executor, FakeApiServer& server, scraper::PodPlaces& places) {
    net::TaskGroup serving{executor};
    net::TaskGroup asking{executor};
    serving.spawn(server.run());
    asking.spawn(places.run(10ms));
    const bool exhausted = co_await server.exhausted();
    asking.cancel();
    co_await asking.wait();
    server.stop();
    co_await serving.wait();
    co_return exhausted;
}

// What was asked until the server had answered all, and one more.
std::vector<std::string> asked(std::deque<Answer> script, storage::Store& store) {
    boost::asio::io_context loop{1};
    FakeApiServer server{loop.get_executor(), std::move(script)};
    scraper::PodPlaces places{loop.get_executor(), server.config(), store};
    CHECK(::test::run(loop, use_up(loop.get_executor(), server, places)));
    return server.targets();
}

}  // namespace

TEST_CASE("the API server is asked where the pods are that two nodes show") {
    storage::Store store{storage::StoreOptions{}};
    disputed_store(store);
    CHECK(owner(store, "p") == "a");
    // The second answer stays away: the first has been taken in by then.
    const auto targets = asked({json(R"({"metadata":{"uid":"uid"},"spec":{"nodeName":"b"}})")}, store);
    CHECK(targets ==
          std::vector<std::string>{"GET /api/v1/namespaces/n/pods/p", "GET /api/v1/namespaces/n/pods/q"});
    CHECK(owner(store, "p").empty());
    store.commit("b", storage::page({storage::row("n", "p", "c", 1000, 1, 990)}), storage::at(1));
    CHECK(owner(store, "p") == "b");
    CHECK(owner(store, "q") == "a");
}

TEST_CASE("what the API server does not say settles nothing") {
    const Answer answers[] = {json(R"({"kind":"Status"})", 404), json(R"({"kind":"Status"})", 403),
                              json("[]"), json(R"({"metadata":{"uid":"other"},"spec":{"nodeName":"b"}})"),
                              json(R"({"metadata":{"uid":"uid"},"spec":{}})")};
    for (const Answer& answer : answers) {
        CAPTURE(answer.pieces.front());
        storage::Store store{storage::StoreOptions{}};
        disputed_store(store);
        CHECK(asked({answer}, store).size() == 2);
        CHECK(owner(store, "p") == "a");
    }
}

TEST_CASE("what was asked of a pod is said, and what could not be with the reason") {
    const auto [answer, line] = GENERATE(table<Answer, std::string>({
        {json(R"({"metadata":{"uid":"uid"},"spec":{"nodeName":"b"}})"),
         R"("Two nodes show a pod" pod="n/p" isOn="b")"},
        {json(R"({"message":"no"})", 403),
         R"("Two nodes show a pod, and where it is could not be asked" pod="n/p" err="the API server answered 403: no")"},
        {json("[]"),
         R"("Two nodes show a pod, and where it is could not be asked" pod="n/p" err="the answer is no pod")"},
    }));
    storage::Store store{storage::StoreOptions{}};
    disputed_store(store);
    ::test::CapturedLog log;
    asked({answer}, store);
    const auto& lines = log.lines();
    CHECK(std::count(lines.begin(), lines.end(), line) == 1);
}

TEST_CASE("questions about pods keep a pace") {
    storage::Store store{storage::StoreOptions{}};
    disputed_store(store);
    const auto begin = net::Clock::now();
    CHECK(asked({json("{}")}, store).size() == 2);
    CHECK(net::Clock::now() - begin >= scraper::PodPlaces::kPace);
}

TEST_CASE("a name that is none is not asked for") {
    storage::Store store{storage::StoreOptions{}};
    disputed_store(store);
    // The last one is a name, and shows that its turn has come.
    for (const char* name : {"../secrets/x", "a?b", "a%2fb", "A", "r"}) {
        store.put_pod("n", name, {}, "uid");
        store.commit("a", storage::page({storage::row("n", name, "c", 1000, 1, 990)}), storage::at(1));
        store.commit("b", storage::page({storage::row("n", name, "c", 1000, 1, 990)}), storage::at(1));
    }
    const auto targets = asked({json("{}"), json("{}")}, store);
    CHECK(targets == std::vector<std::string>{"GET /api/v1/namespaces/n/pods/p",
                                              "GET /api/v1/namespaces/n/pods/q",
                                              "GET /api/v1/namespaces/n/pods/r"});
}
