// SPDX-License-Identifier: Apache-2.0
#include "topd/state/state_file.hpp"

#include "test/net/run.hpp"
#include "test/storage/snapshot/living_cluster.hpp"
#include "test/topd/captured_log.hpp"
#include "test/topd/file_tree.hpp"

#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

using storage::snapshot::LivingCluster;
using storage::snapshot::Memory;
using storage::snapshot::sections_of;
using storage::snapshot::served_by;
using storage::snapshot::told;
using Verdict = topd::StateReader::Verdict;

namespace {

// On a loop of its own.
template <class T>
T run_alone(net::Task<T> task) {
    boost::asio::io_context loop{1};
    return test::run(loop, std::move(task));
}

// A server that has seen a cluster for a while, and its file.
struct StateWorld {
    explicit StateWorld(int nodes = 2, int pods = 6, int ticks = 60) : cluster{1, nodes, pods} {
        cluster.introduce(server);
        for (int i = 0; i < ticks; ++i) cluster.live({&server});
    }

    topd::StateFileOptions options() const {
        topd::StateFileOptions options;
        options.path = path();
        options.now = [this] { return cluster.now(); };
        return options;
    }
    std::string path() const { return files.root() + "/state/topd.state"; }
    std::string text() const {
        std::ifstream file{path(), std::ios::binary};
        return {std::istreambuf_iterator<char>{file}, {}};
    }
    void write(const std::string& text) const { files.write("state/topd.state", text); }
    bool is_there(const std::string& suffix = {}) const { return std::filesystem::exists(path() + suffix); }

    void save() {
        topd::StateFile file{options(), server.store, &server.history, &server.stats};
        run_alone(file.save());
        CHECK(file.saved().failures == 0);
        CHECK(file.saved().at == cluster.now().unix_time);
        CHECK(file.saved().bytes == text().size());
    }
    topd::StateFile::Loaded load(Memory& into) const {
        topd::StateFile file{options(), into.store, &into.history, &into.stats};
        return run_alone(file.load());
    }
    std::string served(const Memory& by) const { return served_by(by.store, cluster.now().monotonic); }

    test::FileTree files;
    LivingCluster cluster;
    Memory server;
};

}  // namespace

TEST_CASE("A state file gives a restarted server all that it had") {
    StateWorld world;
    world.save();
    struct stat status {};
    ::stat(world.path().c_str(), &status);
    CHECK((status.st_mode & 0777) == 0600);
    Memory restarted;
    const topd::StateFile::Loaded loaded = world.load(restarted);
    CHECK(loaded.found);
    CHECK(loaded.reason.empty());
    CHECK(loaded.snapshot.nodes == 2);
    CHECK(loaded.snapshot.pods > 0);
    CHECK(told(restarted.history) == told(world.server.history));
    CHECK(loaded.snapshot.stats.series > 20);
    CHECK(!told(world.server.stats).empty());
    CHECK(told(restarted.stats) == told(world.server.stats));
    CHECK(restarted.stats.takes_pages());
    world.cluster.introduce(restarted);
    CHECK(!world.served(restarted).empty());
    CHECK(world.served(restarted) == world.served(world.server));
    CHECK(world.is_there());
    CHECK(!world.is_there(".bad"));
}

TEST_CASE("A restarted server has its figures before it has its history") {
    StateWorld world;
    world.save();
    Memory restarted;
    world.cluster.introduce(restarted);
    topd::StateFile file{world.options(), restarted.store, &restarted.history, &restarted.stats};
    boost::asio::io_context loop{1};
    std::string figures;
    bool loaded_then = true;
    const auto look = [&]() -> net::Task<> {
        co_await file.wait_for_points();
        figures = world.served(restarted);
        loaded_then = file.is_loaded() || told(restarted.history) == told(world.server.history);
    };
    std::optional<topd::StateFile::Loaded> loaded;
    test::start(loop, look());
    test::run(loop, test::keep_result(file.load(), loaded));
    CHECK(figures == world.served(world.server));
    CHECK(!loaded_then);
    CHECK(file.is_loaded());
    CHECK(told(restarted.history) == told(world.server.history));
}

TEST_CASE("A server whose state file has no points does not wait for them") {
    const StateWorld world;
    Memory restarted;
    topd::StateFile file{world.options(), restarted.store, &restarted.history, &restarted.stats};
    boost::asio::io_context loop{1};
    bool went_on = false;
    const auto wait = [&]() -> net::Task<> {
        co_await file.wait_for_points();
        went_on = true;
    };
    test::start(loop, wait());
    std::optional<topd::StateFile::Loaded> loaded;
    test::run(loop, test::keep_result(file.load(), loaded));
    CHECK(!loaded->found);
    CHECK(went_on);
}

TEST_CASE("A server without a state file starts empty and says nothing") {
    const StateWorld world;
    test::CapturedLog log;
    Memory restarted;
    const topd::StateFile::Loaded loaded = world.load(restarted);
    CHECK(!loaded.found);
    CHECK(loaded.reason.empty());
    CHECK(log.lines().empty());
}

TEST_CASE("A file that is no state file is named and put aside") {
    StateWorld world;
    world.write("something else altogether");
    test::CapturedLog log;
    Memory restarted;
    const topd::StateFile::Loaded loaded = world.load(restarted);
    CHECK(loaded.verdict == Verdict::foreign);
    CHECK(!world.is_there());
    CHECK(world.is_there(".bad"));
    CHECK(log.lines().at(0).find("it is not a state file of topd") != std::string::npos);
    world.save();
    CHECK(world.load(restarted).reason.empty());
}

TEST_CASE("What is in the place of the state file and cannot be read is left there") {
    const StateWorld world;
    SECTION("a folder") {
        std::filesystem::create_directories(world.path());
    }
    SECTION("a pipe that nobody writes to") {
        std::filesystem::create_directories(std::filesystem::path{world.path()}.parent_path());
        REQUIRE(::mkfifo(world.path().c_str(), 0600) == 0);
    }
    Memory restarted;
    const topd::StateFile::Loaded loaded = world.load(restarted);
    CHECK(!loaded.found);
    CHECK(loaded.reason == "it is no regular file");
    CHECK(world.is_there());
}

TEST_CASE("A state file that cannot be written is said once, and when it works again") {
    StateWorld world;
    world.files.write("state", "in the way");
    test::CapturedLog log;
    {
        topd::StateFile file{world.options(), world.server.store, &world.server.history, &world.server.stats};
        run_alone(file.save());
        run_alone(file.save());
        CHECK(file.saved().failures == 2);
        world.files.remove("state");
        run_alone(file.save());
        CHECK(file.saved().failures == 2);
    }
    const std::vector<std::string> lines = log.lines();
    REQUIRE(lines.size() == 2);
    CHECK(lines[0].find("Failed to write the state file") != std::string::npos);
    CHECK(lines[1].find("works again") != std::string::npos);
}

TEST_CASE("A state file is not larger than it may be, and the rest is whole") {
    StateWorld world{4, 400, 30};
    topd::StateFileOptions options = world.options();
    options.most_bytes = 200'000;
    topd::StateFile file{options, world.server.store, &world.server.history, &world.server.stats};
    run_alone(file.save());
    CHECK(world.text().size() < options.most_bytes);
    Memory restarted;
    const topd::StateFile::Loaded loaded = world.load(restarted);
    CHECK(loaded.reason.empty());
    CHECK(loaded.snapshot.history.series > 100);
    // One that grew meanwhile is not read beyond.
    options.most_bytes = 100'000;
    Memory another;
    topd::StateFile smaller{options, another.store, &another.history, &another.stats};
    CHECK(run_alone(smaller.load()).reason == "it is larger than 100000 bytes");
}

TEST_CASE("The state file with any byte changed or cut anywhere is named and starts a server all the same") {
    StateWorld world{1, 2, 9};
    world.save();
    const std::string whole = world.text();
    CHECK(whole.size() < 4000);
    Memory full;
    REQUIRE(world.load(full).reason.empty());
    const std::string summaries = told(full.stats);
    REQUIRE(!summaries.empty());
    // They stand behind all others, before the end mark.
    const std::size_t end = whole.size() - topd::state_end(0).size();
    const std::size_t begin = end - topd::state_section_head(0, "").size() -
                              sections_of(world.server, world.cluster.now()).back().bytes.size();
    std::size_t tried = 0;
    const auto try_with = [&](const std::string& text) {
        world.write(text);
        if (text.empty()) std::ofstream{world.path(), std::ios::trunc};
        Memory restarted;
        const topd::StateFile::Loaded loaded = world.load(restarted);
        REQUIRE(loaded.found);
        REQUIRE(!loaded.reason.empty());
        REQUIRE(world.is_there(".bad"));
        world.cluster.introduce(restarted);
        world.served(restarted);
        told(restarted.history);
        ++tried;
        return std::pair{loaded.sections, told(restarted.stats)};
    };
    test::CapturedLog log;
    for (std::size_t at = 0; at < whole.size(); ++at) {
        std::string text = whole;
        text[at] = static_cast<char>(text[at] ^ (1 << at % 8));
        // Five sections; all but the one that was hit are used. Of the magic nothing is known.
        const auto [sections, summaries_then] = try_with(text);
        REQUIRE(sections >= (at < 8 ? 0U : 4U));
        REQUIRE(summaries_then == (at < 8 || (at >= begin && at < end) ? "" : summaries));
        if (at % 3 == 0) try_with(whole.substr(0, at));
    }
    CHECK(tried > whole.size());
}

TEST_CASE(
    "A server that keeps no summaries passes over them in its state file, and one that keeps them needs "
    "none") {
    StateWorld world;
    world.save();
    Memory restarted;
    test::CapturedLog log;
    {
        topd::StateFile file{world.options(), restarted.store, &restarted.history, nullptr};
        const topd::StateFile::Loaded loaded = run_alone(file.load());
        CHECK(loaded.reason.empty());
        CHECK(loaded.snapshot.stats.series == 0);
        run_alone(file.save());
    }
    CHECK(told(restarted.history) == told(world.server.history));
    // The file of a topd that did not know of them is the same.
    Memory again;
    CHECK(world.load(again).reason.empty());
    CHECK(told(again.history) == told(world.server.history));
    CHECK(told(again.stats).empty());
    CHECK(again.stats.takes_pages());
    for (const std::string& line : log.lines()) CHECK(line.find("Read the state file") != std::string::npos);
}

TEST_CASE("Sections that only a newer topd knows cost themselves, and the file is put aside") {
    StateWorld world;
    world.save();
    const std::string whole = world.text();
    const std::size_t sections = sections_of(world.server, world.cluster.now()).size();
    const std::string bytes = "what nobody knows yet";
    const std::string end = topd::state_end(static_cast<std::uint32_t>(sections));
    REQUIRE(whole.ends_with(end));
    world.write(whole.substr(0, whole.size() - end.size()) + topd::state_section_head(6, bytes) + bytes +
                topd::state_end(static_cast<std::uint32_t>(sections + 1)));
    test::CapturedLog log;
    Memory restarted;
    CHECK(world.load(restarted).reason == "a section is of an unknown kind");
    CHECK(world.is_there(".bad"));
    CHECK(told(restarted.history) == told(world.server.history));
    CHECK(told(restarted.stats) == told(world.server.stats));
    world.cluster.introduce(restarted);
    CHECK(world.served(restarted) == world.served(world.server));
}

TEST_CASE("Summaries of another interval are left out as far as they do not fit, and that is said") {
    struct Case {
        const char* name;
        std::int64_t interval;
        const char* said;
    };
    const Case cases[] = {
        {"the long rows are at the same times", 30, "The recent summaries of the state file are left out"},
        {"none is", 45, "The summaries of the state file are left out"},
    };
    StateWorld world;
    world.save();
    for (const Case& c : cases) DYNAMIC_SECTION(c.name) {
            storage::stats::StatsOptions options = Memory::small_stats();
            options.pace = std::chrono::seconds{c.interval};
            Memory restarted{Memory::small(), options};
            test::CapturedLog log;
            CHECK(world.load(restarted).reason.empty());
            const std::vector<std::string> lines = log.lines();
            REQUIRE(lines.size() == 2);
            CHECK(lines[1].find(c.said) != std::string::npos);
            CHECK(lines[1].find("--kubelet-summary-interval\" seconds=60") != std::string::npos);
        }
}

TEST_CASE("No summary is taken while the state file is read") {
    StateWorld world;
    world.save();
    Memory restarted;
    topd::StateFile file{world.options(), restarted.store, &restarted.history, &restarted.stats};
    boost::asio::io_context loop{1};
    bool took_pages = true;
    const auto look = [&]() -> net::Task<> {
        co_await file.wait_for_points();
        took_pages = restarted.stats.takes_pages();
        // One that was on its way.
        storage::stats::StatsPage page;
        page.node.filesystem.used = 4096;
        restarted.stats.commit("node-9", page, world.cluster.now().unix_time.count() / 1000,
                               [](std::string_view, std::string_view) { return true; });
    };
    std::optional<topd::StateFile::Loaded> loaded;
    test::start(loop, look());
    test::run(loop, test::keep_result(file.load(), loaded));
    CHECK(!took_pages);
    CHECK(restarted.stats.takes_pages());
    CHECK(told(restarted.stats) == told(world.server.stats));
}

TEST_CASE("What a killed server left beside the state file is removed, and nothing else") {
    StateWorld world;
    world.save();
    world.files.write("state/topd.state.aB3xyz", "half of it");
    world.files.write("state/topd.state.old", "somebody's");
    world.files.write("state/topd.state.backup1", "somebody's");
    world.files.write("state/topd.state.ab-xyz", "somebody's");
    Memory restarted;
    CHECK(world.load(restarted).reason.empty());
    CHECK(!world.is_there(".aB3xyz"));
    CHECK(world.is_there(".old"));
    CHECK(world.is_there(".backup1"));
    CHECK(world.is_there(".ab-xyz"));
    CHECK(world.is_there());
}

TEST_CASE("A server killed while it writes leaves a whole state file, and what it left half is removed") {
    StateWorld world{2, 60, 30};
    world.save();
    std::mt19937 random{2};
    for (int kill = 0; kill < 200; ++kill) {
        CAPTURE(kill);
        const pid_t child = ::fork();
        REQUIRE(child >= 0);
        if (child == 0) {
            topd::StateFile file{world.options(), world.server.store, &world.server.history,
                                 &world.server.stats};
            for (;;) run_alone(file.save());
        }
        ::usleep(static_cast<useconds_t>(random() % 20'000));
        REQUIRE(::kill(child, SIGKILL) == 0);
        REQUIRE(::waitpid(child, nullptr, 0) == child);
        test::CapturedLog log;
        Memory restarted;
        const topd::StateFile::Loaded loaded = world.load(restarted);
        REQUIRE(loaded.found);
        REQUIRE(loaded.reason == "");
        REQUIRE(loaded.snapshot.pods > 0);
        const std::filesystem::path folder = std::filesystem::path{world.path()}.parent_path();
        REQUIRE(std::distance(std::filesystem::directory_iterator{folder}, {}) == 1);
    }
}
