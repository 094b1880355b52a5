// SPDX-License-Identifier: Apache-2.0
#include "telemetry/log.hpp"

#include "telemetry/log_queue.hpp"

#include <algorithm>
#include <condition_variable>
#include <cstdio>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <catch2/catch.hpp>

#include <unistd.h>

using namespace telemetry;

namespace {

// The end of the log: keeps lines, and holds the writer back while it is shut.
class Lines {
  public:
    void write(std::string_view line) {
        std::unique_lock lock{mutex_};
        writing_ = true;
        changed_.notify_all();
        changed_.wait(lock, [&] { return open_; });
        lines_.emplace_back(line);
    }
    void shut() { set_open(false); }
    void open() { set_open(true); }
    void wait_until_writing() {
        std::unique_lock lock{mutex_};
        changed_.wait(lock, [&] { return writing_; });
    }
    std::vector<std::string> take() {
        const std::lock_guard lock{mutex_};
        return std::move(lines_);
    }

  private:
    void set_open(bool open) {
        const std::lock_guard lock{mutex_};
        open_ = open;
        changed_.notify_all();
    }

    std::mutex mutex_;
    std::condition_variable changed_;
    bool open_ = true;
    bool writing_ = false;
    std::vector<std::string> lines_;
};

LogEnds ends(Lines& lines, std::size_t queue_lines = 64) {
    return {[&lines](std::string_view line) { lines.write(line); },
            [] { return std::chrono::system_clock::time_point{std::chrono::milliseconds{1500}}; },
            queue_lines};
}

std::string json_line(const std::string& message, unsigned line) {
    return "{\"ts\":1500.000,\"caller\":\"log_test.cpp:" + std::to_string(line) + "\",\"msg\":\"" + message +
           "\",\"v\":0}\n";
}

}  // namespace

TEST_CASE("lines reach the end in order and shutdown writes what is queued") {
    Lines lines;
    init({LogOptions::Format::json, 0}, ends(lines));
    info("one");
    const unsigned line = __LINE__;
    info("two");
    shutdown();
    CHECK(lines.take() == std::vector<std::string>{json_line("one", line - 1), json_line("two", line + 1)});
}

TEST_CASE("a full queue loses its oldest lines and says how many") {
    Lines lines;
    init({LogOptions::Format::json, 0}, ends(lines, 8));
    const auto before = dropped_lines();
    lines.shut();
    info("held");
    lines.wait_until_writing();
    for (int i = 0; i < 20; ++i) info("line " + std::to_string(i));
    CHECK(dropped_lines() - before == 12);
    lines.open();
    // The one that was being written, and the eight that the queue kept: nothing waits any more.
    for (std::size_t written = 0; written < 9; written += lines.take().size()) std::this_thread::yield();
    SECTION("at the next line after the writer has caught up") {
        info("after");
        std::vector<std::string> seen;
        while (seen.size() < 2) {
            for (auto& line : lines.take()) seen.push_back(std::move(line));
            std::this_thread::yield();
        }
        CHECK(seen.front().find("\"msg\":\"Log lines were lost: queue full\",\"v\":0,\"lines\":12") !=
              std::string::npos);
        shutdown();
    }
    SECTION("and keeps the count after the end") {
        shutdown();
        CHECK(dropped_lines() - before >= 12);
    }
}

namespace {

// A log whose clock stands, until it is moved.
struct Paced {
    Lines lines;
    std::chrono::system_clock::time_point now{std::chrono::hours{1}};

    Paced() {
        init({LogOptions::Format::text, 0},
             {[this](std::string_view line) { lines.write(line); }, [this] { return now; }, 1024});
    }
    // What was written: the severity and what comes after the place.
    std::vector<std::string> end() {
        shutdown();
        std::vector<std::string> all;
        for (const std::string& line : lines.take())
            all.push_back(line.substr(0, 1) + line.substr(line.find(']') + 1));
        return all;
    }
};

}  // namespace

TEST_CASE("lines about clients come ten a second and then a count") {
    Paced log;
    std::vector<std::string> expected;
    for (int i = 0; i < 100; ++i) {
        if (i % 2 == 0)
            paced_info("even", {{"i", i}});
        else
            paced_error("odd", {{"i", i}});
        if (i < 10)
            expected.push_back((i % 2 == 0 ? "I \"even\" i=" : "E \"odd\" i=") + std::to_string(i) + "\n");
    }
    // Lines of ours are not counted and do not wait.
    info("ours");
    expected.emplace_back("I \"ours\"\n");
    SECTION("with the first line of any kind in another second") {
        log.now += std::chrono::seconds{1};
        info("ours");
        paced_info("new");
        expected.insert(expected.end(),
                        {"I \"Left out lines about clients\" count=90\n", "I \"ours\"\n", "I \"new\"\n"});
    }
    SECTION("also when the clock was set back") {
        log.now -= std::chrono::seconds{100};
        paced_info("new");
        expected.insert(expected.end(), {"I \"Left out lines about clients\" count=90\n", "I \"new\"\n"});
    }
    SECTION("at the latest at the end") {
        expected.emplace_back("I \"Left out lines about clients\" count=90\n");
    }
    CHECK(log.end() == expected);
}

TEST_CASE("verbose asks for the level of the options") {
    Lines lines;
    init({LogOptions::Format::text, 2}, ends(lines));
    CHECK(verbose(0));
    CHECK(verbose(2));
    CHECK_FALSE(verbose(3));
    shutdown();
}

TEST_CASE("many threads may log at once") {
    Lines lines;
    init({LogOptions::Format::json, 0}, ends(lines, 1000));
    {
        std::vector<std::jthread> threads;
        for (int t = 0; t < 4; ++t)
            threads.emplace_back([] {
                for (int i = 0; i < 100; ++i) info("from a thread");
            });
    }
    shutdown();
    CHECK(lines.take().size() == 400);
}

TEST_CASE("before init a line goes to stderr at once") {
    int pipe_ends[2];
    REQUIRE(pipe(pipe_ends) == 0);
    const int saved = dup(STDERR_FILENO);
    dup2(pipe_ends[1], STDERR_FILENO);
    error("no configuration", {{"err", "boom"}});
    dup2(saved, STDERR_FILENO);
    char text[256] = {};
    const auto length = read(pipe_ends[0], text, sizeof text - 1);
    for (const int file : {saved, pipe_ends[0], pipe_ends[1]}) close(file);
    REQUIRE(length > 0);
    CHECK(text[0] == 'E');
    CHECK(std::string{text}.find("] \"no configuration\" err=\"boom\"\n") != std::string::npos);
}
