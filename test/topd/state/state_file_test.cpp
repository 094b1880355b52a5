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
        topd::StateFile file{options(), server.store, &server.history};
        run_alone(file.save());
        CHECK(file.saved().failures == 0);
        CHECK(file.saved().at == cluster.now().unix_time);
        CHECK(file.saved().bytes == text().size());
    }
    topd::StateFile::Loaded load(Memory& into) const {
        topd::StateFile file{options(), into.store, &into.history};
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
    topd::StateFile file{world.options(), restarted.store, &restarted.history};
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
    topd::StateFile file{world.options(), restarted.store, &restarted.history};
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
        topd::StateFile file{world.options(), world.server.store, &world.server.history};
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
    topd::StateFile file{options, world.server.store, &world.server.history};
    run_alone(file.save());
    CHECK(world.text().size() < options.most_bytes);
    Memory restarted;
    const topd::StateFile::Loaded loaded = world.load(restarted);
    CHECK(loaded.reason.empty());
    CHECK(loaded.snapshot.history.series > 100);
    // One that grew meanwhile is not read beyond.
    options.most_bytes = 100'000;
    Memory another;
    topd::StateFile smaller{options, another.store, &another.history};
    CHECK(run_alone(smaller.load()).reason == "it is larger than 100000 bytes");
}

TEST_CASE("The state file with any byte changed or cut anywhere is named and starts a server all the same") {
    StateWorld world{1, 2, 4};
    world.save();
    const std::string whole = world.text();
    CHECK(whole.size() < 4000);
    Memory full;
    REQUIRE(world.load(full).reason.empty());
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
        return loaded.sections;
    };
    test::CapturedLog log;
    for (std::size_t at = 0; at < whole.size(); ++at) {
        std::string text = whole;
        text[at] = static_cast<char>(text[at] ^ (1 << at % 8));
        // Four sections; all but the one that was hit are used. Of the magic nothing is known.
        REQUIRE(try_with(text) >= (at < 8 ? 0U : 3U));
        if (at % 3 == 0) try_with(whole.substr(0, at));
    }
    CHECK(tried > whole.size());
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
            topd::StateFile file{world.options(), world.server.store, &world.server.history};
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
