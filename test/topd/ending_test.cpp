// SPDX-License-Identifier: Apache-2.0
#include "topd/ending.hpp"

#include "test/net/run.hpp"
#include "test/topd/captured_log.hpp"

#include <csignal>
#include <exception>
#include <optional>
#include <stdexcept>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/system/system_error.hpp>
#include <catch2/catch.hpp>

#include <sys/wait.h>
#include <unistd.h>

using namespace std::chrono_literals;

namespace {

net::Task<> fails(std::exception_ptr how) {
    co_await net::sleep_until(net::Clock::now());
    std::rethrow_exception(how);
}

net::Task<> runs(bool& cancelled) {
    struct Note {
        bool& cancelled;
        ~Note() { cancelled = true; }
    } const note{cancelled};
    co_await net::sleep_until(net::Clock::now() + 1h);
}

}  // namespace

TEST_CASE("A background task that fails ends the process and is named") {
    struct Case {
        const char* name;
        std::exception_ptr how;
        std::string says;
    };
    const Case cases[] = {
        {"an exception", std::make_exception_ptr(std::runtime_error{"boom"}),
         "the watch of nodes failed: boom"},
        {"something that is none", std::make_exception_ptr(1),
         "the watch of nodes failed: an exception of an unknown type"},
        {"cancelled, and nobody asked for it",
         std::make_exception_ptr(boost::system::system_error{boost::asio::error::operation_aborted}),
         "the watch of nodes failed: Operation canceled"},
    };
    for (const Case& c : cases) DYNAMIC_SECTION(c.name) {
            test::CapturedLog log;
            boost::asio::io_context loop{1};
            std::optional<topd::Ending> ending{loop.get_executor()};
            net::TaskGroup background{loop.get_executor(), ending->on_failure()};
            bool cancelled = false;
            auto play = [&]() -> net::Task<> {
                background.spawn(runs(cancelled), "the scraper");
                background.spawn(fails(c.how), "the watch of nodes");
                co_await ending->wait();
                CHECK(ending->failure().substr(0, c.says.size()) == c.says);
                CHECK(background.size() == 1);
                background.cancel();
                co_await background.wait();
                ending.reset();
            };
            test::run(loop, play());
            CHECK(cancelled);
            REQUIRE(log.lines().size() == 1);
            CHECK(
                log.lines()[0].starts_with("\"A task failed, topd ends\" task=\"the watch of nodes\" err="));
        }
}

TEST_CASE("A signal ends the process without a failure") {
    boost::asio::io_context loop{1};
    std::optional<topd::Ending> ending{loop.get_executor()};
    auto play = [&]() -> net::Task<> {
        std::raise(SIGTERM);
        co_await ending->wait();
        CHECK(ending->failure().empty());
        ending.reset();
    };
    test::CapturedLog log;
    test::run(loop, play());
    CHECK(log.lines() == std::vector<std::string>{"\"Shutting down\" signal=\"terminated\""});
}

TEST_CASE("A failure before the wait ends it, and of several failures the first is told") {
    test::CapturedLog log;
    boost::asio::io_context loop{1};
    std::optional<topd::Ending> ending{loop.get_executor()};
    const auto failed = ending->on_failure();
    failed("the scraper", "boom");
    failed("the watch of nodes", "bang");
    bool ended = false;
    auto play = [&]() -> net::Task<> {
        co_await ending->wait();
        ended = true;
        loop.stop();
    };
    boost::asio::co_spawn(loop, play(), boost::asio::detached);
    loop.run_for(10s);
    CHECK(ended);
    CHECK(ending->failure() == "the scraper failed: boom");
    CHECK(log.lines().size() == 2);
    ending.reset();
}

TEST_CASE("A second signal ends the process at once") {
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        test::CapturedLog log;
        boost::asio::io_context loop{1};
        topd::Ending ending{loop.get_executor()};
        auto play = [&]() -> net::Task<> {
            std::raise(SIGTERM);
            co_await ending.wait();
            std::raise(SIGTERM);
            co_await net::sleep_until(net::Clock::now() + 10s);
        };
        test::run(loop, play());
        ::_exit(3);
    }
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    REQUIRE(WIFEXITED(status));
    CHECK(WEXITSTATUS(status) == 1);
}

TEST_CASE("A process that hangs in its last moments ends all the same") {
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        topd::end_within(50ms, 7);
        // At most, so that nothing is left when the end does not come.
        ::sleep(20);
        ::_exit(1);
    }
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    REQUIRE(WIFEXITED(status));
    CHECK(WEXITSTATUS(status) == 7);
}
