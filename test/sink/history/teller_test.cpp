// SPDX-License-Identifier: Apache-2.0
#include "sink/history/teller.hpp"

#include "sink/memory_queue.hpp"
#include "storage/history/feed.hpp"
#include "test/net/run.hpp"

#include <map>
#include <set>
#include <string>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>

namespace {

using sink::Batch;
using sink::Row;
using storage::history::ContainerFigures;
using storage::history::History;
using storage::history::HistoryOptions;

constexpr std::int64_t kStart = 1'800'000'000;

// A line for each row: what it is of, and what it has, in pages of 4 KiB; "-" for what has ended.
class Lines final : public sink::Format {
  public:
    void begin(const sink::TickSpan& tick) override {
        text_ = std::to_string(tick.at - kStart) + "\n";
        points_ = 0;
    }
    void add(const Row& row) override {
        constexpr const char* kNames[] = {"node", "pod", "container", "namespace", "cluster"};
        text_ += kNames[static_cast<std::size_t>(row.of)];
        for (const std::string_view name : {row.name_space, row.pod, row.container, row.node})
            if (!name.empty()) text_.append(" ").append(name);
        text_ += row.now ? " " + std::to_string(row.now->memory / 4096) : " -";
        if (!row.is_known) text_ += " unknown";
        text_ += row.before ? " after " + std::to_string(row.before->memory / 4096) + "\n" : "\n";
        ++points_;
    }
    std::size_t points() const override { return points_; }
    std::size_t bytes() const override { return text_.size(); }
    Batch take() override {
        Batch batch;
        batch.points = static_cast<std::uint32_t>(points_);
        batch.body = std::move(text_);
        text_.clear();
        points_ = 0;
        return batch;
    }

  private:
    std::string text_;
    std::size_t points_ = 0;
};

HistoryOptions ticks_of_15(std::chrono::seconds window = std::chrono::hours{1}) {
    HistoryOptions options;
    options.resolution = std::chrono::seconds{15};
    options.recent_window = window;
    return options;
}

// A history, and a teller of it that runs when it is told to.
struct Telling {
    History history;
    Lines lines;
    sink::MemoryQueue queue;
    sink::Progress progress;
    sink::Events events;
    sink::Teller teller;
    boost::asio::io_context loop;
    std::map<std::string, storage::history::Link> pods;
    storage::history::Link node;

    explicit Telling(sink::TellerOptions options, std::size_t queue_bytes = 1'000'000,
                     HistoryOptions of_history = ticks_of_15())
        : history{of_history},
          queue{queue_bytes},
          teller{std::move(options), history, nullptr, lines, queue, progress, events},
          node{history.feed().link_node("n1")} {}

    // A tick with pods "namespace/name", each with one container, and what it holds in pages.
    void tick(std::int64_t second, const std::map<std::string, unsigned>& figures) {
        history.feed().begin_tick(kStart + second);
        for (const auto& [name, pages] : figures) {
            const auto slash = name.find('/');
            const std::string name_space = name.substr(0, slash), pod = name.substr(slash + 1);
            if (!pods.contains(name)) pods[name] = history.feed().link_pod(name_space, pod);
            const ContainerFigures container{"app", {1'000'000, pages * 4096ULL, {}}, {1, 7}};
            history.feed().put_pod(pods.at(name), name_space, node, {&container, 1});
        }
        if (!figures.empty()) history.feed().put_node(node, {1'000'000, 4096, {}}, {});
        history.feed().end_tick();
        history.tend();
        events.ended.notify();
    }
    void start() { test::start(loop, teller.run()); }
    // Until it waits for something.
    void run() {
        loop.restart();
        while (loop.poll() != 0) {
        }
    }
    std::vector<Batch> take() {
        std::vector<Batch> all;
        while (queue.waiting().batches > 0) {
            loop.restart();
            test::start(loop, keep(all));
            loop.poll();
        }
        return all;
    }
    net::Task<> keep(std::vector<Batch>& all) {
        const Batch* const front = co_await queue.front();
        all.push_back(*front);
        co_await queue.pop();
        events.less.notify();
    }
    std::string told() {
        std::string text;
        for (const Batch& each : take()) text += each.body;
        return text;
    }
};

sink::TellerOptions every(std::int64_t seconds) {
    sink::TellerOptions options;
    options.interval = std::chrono::seconds{seconds};
    return options;
}

TEST_CASE("a sink is told each of its ticks, rows by name") {
    Telling telling{every(30)};
    telling.start();
    telling.tick(15, {{"b/y", 9}});
    telling.run();
    CHECK(telling.told().empty());
    telling.tick(30, {{"b/y", 1}, {"a/x", 2}});
    telling.run();
    CHECK(telling.told() ==
          "30\nnode n1 1\n"
          "pod a x n1 2\ncontainer a x app n1 2\npod b y n1 1\ncontainer b y app n1 1\n"
          "namespace a 2\nnamespace b 1\ncluster 3\n");
    telling.tick(45, {{"b/y", 5}});
    telling.run();
    CHECK(telling.told().empty());
    telling.tick(60, {{"b/y", 6}});
    telling.run();
    CHECK(telling.told() ==
          "60\nnode n1 1 after 1\n"
          "pod a x n1 - after 2\ncontainer a x app n1 - after 2\n"
          "pod b y n1 6 after 1\ncontainer b y app n1 6 after 1\n"
          "namespace a - after 2\nnamespace b 6 after 1\ncluster 6 after 3\n");
    CHECK(telling.progress.told == kStart + 60);
    // What has ended is told once.
    telling.tick(90, {{"b/y", 7}});
    telling.run();
    CHECK(telling.told().find("pod a") == std::string::npos);
}

TEST_CASE("ticks without any figures are told once, as an end") {
    Telling telling{every(15)};
    telling.start();
    telling.tick(15, {{"a/x", 2}});
    telling.run();
    telling.tick(30, {});
    telling.tick(45, {});
    telling.tick(60, {{"a/x", 3}});
    telling.run();
    const std::string told = telling.told();
    CHECK(told.find("30\nnode n1 - after 1\npod a x n1 - after 2\n") != std::string::npos);
    CHECK(told.find("45\n") == std::string::npos);
    CHECK(told.find("60\nnode n1 1\npod a x n1 3\n") != std::string::npos);
}

TEST_CASE("a node without figures is told as long as it is there") {
    bool is_there = true;
    sink::TellerOptions options = every(15);
    options.place = kStart;
    options.knows_node = [&](std::string_view name) { return is_there && name == "n1"; };
    Telling telling{options};
    telling.start();
    telling.tick(15, {{"a/x", 2}});
    telling.run();
    // Another node has figures.
    const auto other = telling.history.feed().link_node("n2");
    const auto tick_of_other = [&](std::int64_t second) {
        telling.history.feed().begin_tick(kStart + second);
        const ContainerFigures container{"app", {1'000'000, 4096, {}}, {1, 7}};
        telling.history.feed().put_pod(telling.pods.at("a/x"), "a", other, {&container, 1});
        telling.history.feed().end_tick();
        telling.events.ended.notify();
        telling.run();
        return telling.told();
    };
    telling.told();
    CHECK(tick_of_other(30).find("30\nnode n1 - after 1\n") != std::string::npos);
    CHECK(tick_of_other(45).find("45\nnode n1 -\n") != std::string::npos);
    is_there = false;
    CHECK(tick_of_other(60).find("60\nnode n1 - unknown\n") != std::string::npos);
    CHECK(tick_of_other(75).find("node n1") == std::string::npos);
}

// What is told of a tick that ends when two had before, to a sink that was told up to `place`, at :50.
std::string told_behind(std::int64_t place, std::int64_t second) {
    sink::TellerOptions options = every(15);
    options.place = kStart + place;
    options.now = [] { return kStart + 50; };
    Telling telling{options};
    telling.start();
    for (std::int64_t before = 15; before < second; before += 15) telling.tick(before, {{"a/x", 2}});
    telling.run();
    CHECK(telling.told().empty());
    telling.tick(second, {{"a/x", 3}});
    telling.run();
    return telling.told();
}

TEST_CASE("a sink whose last tick is yet to come goes on from the ticks there are") {
    CHECK(told_behind(86'400, 45).starts_with("45\nnode n1 1\n"));
}

TEST_CASE("a place that is ahead of a history that was read is kept") {
    CHECK(told_behind(45, 45).empty());
    CHECK(told_behind(45, 60).starts_with("60\nnode n1 1\n"));
}

TEST_CASE("a sink goes on behind its place, and without one with the newest tick") {
    sink::TellerOptions options = every(15);
    options.place = kStart + 30;
    Telling resumed{options};
    Telling fresh{every(15)};
    for (Telling* each : {&resumed, &fresh}) {
        for (std::int64_t second = 15; second <= 75; second += 15) each->tick(second, {{"a/x", 2}});
        each->start();
        each->run();
    }
    const std::string told = resumed.told();
    CHECK(told.starts_with("45\nnode n1 1\n"));
    CHECK(told.find("75\nnode n1 1 after 1\n") != std::string::npos);
    CHECK(fresh.told().starts_with("75\nnode n1 1\n"));
    CHECK(resumed.progress.lost_ticks == 0);
}

TEST_CASE("ticks that history has no more are counted") {
    sink::TellerOptions options = every(30);
    options.place = kStart;
    Telling telling{options, 1'000'000, ticks_of_15(std::chrono::seconds{60})};
    for (std::int64_t second = 15; second <= 300; second += 15) telling.tick(second, {{"a/x", 2}});
    telling.start();
    telling.run();
    const auto from = telling.history.reach().recent_from - kStart;
    const auto first = (from + 29) / 30 * 30;
    REQUIRE(first > 30);
    CHECK(telling.progress.lost_ticks == static_cast<std::uint64_t>(first / 30 - 1));
    CHECK(telling.told().starts_with(std::to_string(first) + "\nnode n1 1\n"));
}

TEST_CASE("a tick is told in batches, the last one said to be so, each thing once") {
    sink::TellerOptions options = every(15);
    options.batch_points = 50;
    Telling telling{options};
    std::map<std::string, unsigned> figures;
    for (int i = 0; i < 200; ++i) figures["ns" + std::to_string(i % 40) + "/pod" + std::to_string(i)] = 3;
    telling.start();
    telling.tick(15, figures);
    telling.run();
    const std::vector<Batch> batches = telling.take();
    REQUIRE(batches.size() > 3);
    std::set<std::string> pods;
    std::size_t rows = 0, points = 0;
    for (std::size_t i = 0; i < batches.size(); ++i) {
        CHECK(batches[i].tick == kStart + 15);
        CHECK(batches[i].number == i);
        CHECK(batches[i].last == (i + 1 == batches.size()));
        points += batches[i].points;
        std::size_t at = 0;
        for (std::size_t end = 0; (end = batches[i].body.find('\n', at)) != std::string::npos; at = end + 1) {
            const std::string line = batches[i].body.substr(at, end - at);
            if (line.starts_with("pod ")) pods.insert(line);
            if (line != "15") ++rows;
        }
    }
    CHECK(pods.size() == 200);
    // The node, pods and containers, namespaces, the cluster.
    CHECK(rows == 1 + 400 + 40 + 1);
    CHECK(points == rows);
}

TEST_CASE("who finds the queue full waits until there is less") {
    sink::TellerOptions options = every(15);
    options.batch_points = 2;
    options.place = kStart;
    Telling telling{options, 300};
    telling.start();
    std::map<std::string, unsigned> figures;
    for (int i = 0; i < 100; ++i) figures["a/" + std::to_string(i)] = 1;
    telling.tick(15, figures);
    telling.tick(30, figures);
    telling.run();
    CHECK(telling.queue.full());
    CHECK(telling.queue.waiting().batches < 3);
    CHECK(telling.progress.told == kStart);
    std::size_t points = 0;
    while (telling.queue.waiting().batches > 0) {
        for (const Batch& each : telling.take()) points += each.points;
        telling.run();
    }
    CHECK(points == 2 * (1 + 200 + 1 + 1));
    CHECK(telling.progress.told == kStart + 30);
}

}  // namespace
