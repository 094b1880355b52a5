// SPDX-License-Identifier: Apache-2.0
// One snapshot a tick, shared by all who ask, kept while somebody does.
#include "apiserver/page/snapshot/snapshot_taker.hpp"
#include "net/yield.hpp"
#include "test/apiserver/page/asking.hpp"

#include <memory>
#include <string>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <catch2/catch.hpp>

using test::header;
using test::page::asked_ui;

namespace {

constexpr const char* kPods = "/ui/api/rows?kind=pod";

std::shared_ptr<const apiserver::Snapshot> taken(const test::graphs::Scene& scene, std::size_t bytes) {
    boost::asio::io_context loop{1};
    const apiserver::PageSources sources = test::page::sources(scene);
    return test::run(loop, apiserver::take_snapshot(sources, 1, bytes));
}

}  // namespace

TEST_CASE("a snapshot is taken once a tick and forgotten when nobody asks") {
    test::graphs::Scene scene;
    scene.run(5);
    apiserver::Ui ui{test::page::sources(scene)};
    CHECK(ui.data().kept_snapshot() == nullptr);
    const net::Response first = asked_ui(ui, kPods);
    const auto snapshot = ui.data().kept_snapshot();
    REQUIRE(snapshot != nullptr);
    CHECK(snapshot->tick == test::graphs::kStart + 4 * test::graphs::kTick);
    CHECK(asked_ui(ui, "/ui/api/overview").status == 200);
    CHECK(ui.data().kept_snapshot() == snapshot);

    const std::string etag = header(first, "ETag");
    const net::Response same = asked_ui(ui, kPods, {{"If-None-Match", etag}});
    CHECK(same.status == 304);
    CHECK(same.body.empty());
    CHECK(header(same, "ETag") == etag);
    CHECK(header(same, "Cache-Control") == "no-cache");

    scene.run(1);
    const net::Response next = asked_ui(ui, kPods, {{"If-None-Match", etag}});
    CHECK(next.status == 200);
    CHECK(header(next, "ETag") != etag);
    CHECK(ui.data().kept_snapshot() != snapshot);
    CHECK(ui.data().kept_snapshot()->tick == snapshot->tick + test::graphs::kTick);

    ui.data().forget_unused();
    CHECK(ui.data().kept_snapshot() != nullptr);
    scene.now += 121;
    ui.data().forget_unused();
    CHECK(ui.data().kept_snapshot() == nullptr);
}

TEST_CASE("a tick that does not come leaves no page standing still") {
    test::graphs::Scene scene;
    scene.run(5);
    apiserver::Ui ui{test::page::sources(scene)};
    asked_ui(ui, kPods);
    const auto snapshot = ui.data().kept_snapshot();
    scene.now += 2 * test::graphs::kTick - 1;
    asked_ui(ui, kPods);
    CHECK(ui.data().kept_snapshot() == snapshot);
    scene.now += 1;
    asked_ui(ui, kPods);
    CHECK(ui.data().kept_snapshot() != snapshot);
}

TEST_CASE("a snapshot has a bound, and says that it was reached") {
    test::graphs::Scene scene;
    for (int i = 0; i < 500; ++i) {
        const std::string name = "job-" + std::to_string(1000 + i);
        scene.loads.push_back({"batch", name, "main", 1, 4096});
        scene.store.put_pod("batch", name, {});
    }
    scene.run(5);
    const auto whole = taken(scene, std::size_t{64} * 1024 * 1024);
    CHECK(whole->of(apiserver::Kind::pod).size() == 503);
    CHECK(whole->measured(apiserver::Kind::pod) == 503);
    CHECK(whole->of(apiserver::Kind::container).size() == 504);
    CHECK(whole->of(apiserver::Kind::workload).size() == 3);
    CHECK(!whole->cut);
    CHECK(whole->bytes() < std::size_t{1024} * 1024);
    // It fills the room that it is given, though what it reserves at first may be more.
    const std::size_t needed = whole->bytes();
    CHECK(!taken(scene, needed)->cut);
    CHECK(taken(scene, needed)->of(apiserver::Kind::pod).size() == 503);
    const auto half = taken(scene, needed / 2);
    CHECK(half->cut);
    CHECK(half->of(apiserver::Kind::pod).size() > 64);
    const auto cut = taken(scene, 1);
    CHECK(cut->cut);
    CHECK(cut->of(apiserver::Kind::pod).size() < 503);

    apiserver::PageDataOptions options;
    options.snapshot_bytes = 1;
    apiserver::Ui ui{test::page::sources(scene), options};
    CHECK(test::page::told(ui, "/ui/api/rows?kind=node&curves=0").find(R"("cut":true)") != std::string::npos);
}

TEST_CASE("one answer is made at a time, and so many wait") {
    test::graphs::Scene scene;
    scene.run(5);
    apiserver::PageDataOptions options;
    options.waiting = 1;
    apiserver::Ui ui{test::page::sources(scene), options};
    boost::asio::io_context loop{1};
    std::vector<unsigned> statuses;
    std::string refusal;
    const net::Request request = test::request(kPods, {});
    const auto target = apiserver::parse_target(request.target);
    const auto ask = [&]() -> net::Task<> {
        const auto response = co_await ui.respond(request, target->path, target->query);
        statuses.push_back(response->status);
        if (response->status == 503) refusal = response->body + header(*response, "Retry-After");
    };
    for (int i = 0; i < 3; ++i) boost::asio::co_spawn(loop, ask, boost::asio::detached);
    loop.run();
    CHECK(statuses == std::vector<unsigned>{503, 200, 200});
    CHECK(refusal == R"({"error":"too many ask at once"}1)");
}

TEST_CASE("long answers are compressed for who takes gzip") {
    test::graphs::Scene scene;
    for (int i = 0; i < 50; ++i) {
        const std::string name = "job-" + std::to_string(1000 + i);
        scene.loads.push_back({"batch", name, "main", 1, 4096});
        scene.store.put_pod("batch", name, {});
    }
    scene.run(5);
    apiserver::Ui ui{test::page::sources(scene)};
    const net::Response plain = asked_ui(ui, kPods);
    const net::Response packed = asked_ui(ui, kPods, {{"Accept-Encoding", "gzip"}});
    CHECK(header(plain, "Content-Encoding") == "<none>");
    CHECK(header(plain, "Vary") == "Accept-Encoding");
    CHECK(header(packed, "Content-Encoding") == "gzip");
    CHECK(header(packed, "Vary") == "Accept-Encoding");
    CHECK(packed.body.size() < plain.body.size() / 4);
    CHECK(test::unpacked(packed.body) == plain.body);
    const net::Response few = asked_ui(ui, "/ui/api/rows?kind=node", {{"Accept-Encoding", "gzip"}});
    CHECK(header(few, "Content-Encoding") == "<none>");
}
