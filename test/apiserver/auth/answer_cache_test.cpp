// SPDX-License-Identifier: Apache-2.0
#include "apiserver/auth/answer_cache.hpp"

#include "net/task_group.hpp"
#include "test/net/run.hpp"

#include <algorithm>
#include <string>

#include <catch2/catch.hpp>

using namespace std::chrono_literals;
using test::kNoDeadline;
// A text that tells what it holds beside itself.
struct Text : std::string {
    using std::string::string;
    Text() = default;
    Text(std::string text) : std::string{std::move(text)} {}
};
inline std::size_t bytes_behind(const Text& text) {
    return text.capacity();
}
using Cache = apiserver::AnswerCache<Text>;

// No co_await inside of CHECK: its macro names the expression a second time behind `false &&`, and g++ 12
// runs it there.

namespace {

constexpr std::size_t kRoom = 64 * 1024;

// Answers when it is let.
struct Oracle {
    net::Event go;
    bool may_go = true;
    int asked = 0;
    std::chrono::nanoseconds keep_for{1h};

    net::Task<Cache::Answer> ask() {
        ++asked;
        while (!may_go) co_await go.wait_until(net::Clock::time_point::max());
        Cache::Answer answer;
        answer.value = "answer " + std::to_string(asked);
        answer.keep_for = keep_for;
        co_return answer;
    }
    Cache::Ask function() {
        return [this] { return ask(); };
    }
};

}  // namespace

TEST_CASE("An answer is kept for its time and no longer") {
    boost::asio::io_context loop{1};
    Cache cache{kRoom};
    Oracle oracle;
    auto play = [&]() -> net::Task<> {
        const auto answer1 = co_await cache.get(cache.digest("a"), "", kNoDeadline, oracle.function());
        CHECK(answer1 == "answer 1");
        const auto answer2 = co_await cache.get(cache.digest("a"), "", kNoDeadline, oracle.function());
        CHECK(answer2 == "answer 1");
        const auto answer3 = co_await cache.get(cache.digest("b"), "", kNoDeadline, oracle.function());
        CHECK(answer3 == "answer 2");
        oracle.keep_for = 0ns;
        const auto answer4 = co_await cache.get(cache.digest("c"), "", kNoDeadline, oracle.function());
        CHECK(answer4 == "answer 3");
        const auto answer5 = co_await cache.get(cache.digest("c"), "", kNoDeadline, oracle.function());
        CHECK(answer5 == "answer 4");
        oracle.keep_for = 1ns;
        const auto answer6 = co_await cache.get(cache.digest("d"), "", kNoDeadline, oracle.function());
        CHECK(answer6 == "answer 5");
        const auto answer7 = co_await cache.get(cache.digest("d"), "", kNoDeadline, oracle.function());
        CHECK(answer7 == "answer 6");
    };
    test::run(loop, play());
}

TEST_CASE("Of many answers whose time is over none is given") {
    boost::asio::io_context loop{1};
    Cache cache{kRoom};
    Oracle oracle;
    auto play = [&]() -> net::Task<> {
        oracle.keep_for = 50ms;
        for (int i = 0; i < 10; ++i)
            co_await cache.get(cache.digest(std::to_string(i)), "", kNoDeadline, oracle.function());
        co_await net::sleep_until(net::Clock::now() + 60ms);
        for (int i = 0; i < 10; ++i) {
            const auto answer =
                co_await cache.get(cache.digest(std::to_string(i)), "", kNoDeadline, oracle.function());
            CHECK(answer == "answer " + std::to_string(11 + i));
        }
    };
    test::run(loop, play());
}

TEST_CASE("Whoever asks the same at the same time shares one answer") {
    boost::asio::io_context loop{1};
    Cache cache{kRoom};
    Oracle oracle;
    oracle.may_go = false;
    // Even one that is not kept.
    oracle.keep_for = 0ns;
    std::vector<std::string> answers;
    auto ask = [&]() -> net::Task<> {
        answers.push_back(
            (co_await cache.get(cache.digest("a"), "", kNoDeadline, oracle.function())).value());
    };
    auto play = [&]() -> net::Task<> {
        net::TaskGroup group{loop.get_executor()};
        for (int i = 0; i < 3; ++i) group.spawn(ask());
        while (oracle.asked == 0) co_await net::sleep_until(net::Clock::now());
        oracle.may_go = true;
        oracle.go.notify();
        co_await group.wait();
    };
    test::run(loop, play());
    CHECK(oracle.asked == 1);
    CHECK(answers == std::vector<std::string>(3, "answer 1"));
}

TEST_CASE("When the asker is cancelled another one asks") {
    boost::asio::io_context loop{1};
    Cache cache{kRoom};
    Oracle oracle;
    oracle.may_go = false;
    std::vector<std::string> answers;
    auto ask = [&]() -> net::Task<> {
        answers.push_back(
            (co_await cache.get(cache.digest("a"), "", kNoDeadline, oracle.function())).value());
    };
    auto play = [&]() -> net::Task<> {
        net::TaskGroup first{loop.get_executor()};
        net::TaskGroup second{loop.get_executor()};
        first.spawn(ask());
        while (oracle.asked == 0) co_await net::sleep_until(net::Clock::now());
        second.spawn(ask());
        co_await net::sleep_until(net::Clock::now());
        first.cancel();
        co_await first.wait();
        oracle.may_go = true;
        oracle.go.notify();
        co_await second.wait();
    };
    test::run(loop, play());
    CHECK(oracle.asked == 2);
    CHECK(answers == std::vector<std::string>{"answer 2"});
}

TEST_CASE("The answer that was used longest ago makes room") {
    boost::asio::io_context loop{1};
    Oracle oracle;
    Cache one{kRoom};
    test::run(loop, one.get(one.digest("a"), "", kNoDeadline, oracle.function()));
    oracle.asked = 0;
    loop.restart();
    Cache cache{2 * one.bytes()};
    auto play = [&]() -> net::Task<> {
        co_await cache.get(cache.digest("a"), "", kNoDeadline, oracle.function());
        co_await cache.get(cache.digest("b"), "", kNoDeadline, oracle.function());
        co_await cache.get(cache.digest("a"), "", kNoDeadline, oracle.function());
        co_await cache.get(cache.digest("c"), "", kNoDeadline, oracle.function());
        CHECK(cache.size() == 2);
        CHECK(oracle.asked == 3);
        const auto answer8 = co_await cache.get(cache.digest("a"), "", kNoDeadline, oracle.function());
        CHECK(answer8 == "answer 1");
        const auto answer9 = co_await cache.get(cache.digest("b"), "", kNoDeadline, oracle.function());
        CHECK(answer9 == "answer 4");
    };
    test::run(loop, play());
}

TEST_CASE("Who has less time than the asker goes without an answer") {
    boost::asio::io_context loop{1};
    Cache cache{kRoom};
    Oracle oracle;
    oracle.may_go = false;
    auto ask = [&]() -> net::Task<> {
        co_await cache.get(cache.digest("a"), "", kNoDeadline, oracle.function());
    };
    auto play = [&]() -> net::Task<> {
        net::TaskGroup group{loop.get_executor()};
        group.spawn(ask());
        while (oracle.asked == 0) co_await net::sleep_until(net::Clock::now());
        const net::Deadline now = net::Clock::now();
        const auto none = co_await cache.get(cache.digest("a"), "", now, oracle.function());
        CHECK_FALSE(none.has_value());
        oracle.may_go = true;
        oracle.go.notify();
        co_await group.wait();
        // Known, it takes no time.
        const auto kept = co_await cache.get(cache.digest("a"), "", now, oracle.function());
        CHECK(kept == "answer 1");
    };
    test::run(loop, play());
    CHECK(oracle.asked == 1);
}

TEST_CASE("What an asker found out when its time was over is nobody else's, unless it is to be kept") {
    for (const bool kept : {false, true}) {
        boost::asio::io_context loop{1};
        Cache cache{kRoom};
        Oracle oracle;
        oracle.may_go = false;
        oracle.keep_for = kept ? 1h : 0ns;
        std::vector<std::string> answers;
        const net::Deadline over = net::Clock::now();
        auto ask = [&](net::Deadline until) -> net::Task<> {
            answers.push_back((co_await cache.get(cache.digest("a"), "", until, oracle.function())).value());
        };
        auto play = [&]() -> net::Task<> {
            net::TaskGroup group{loop.get_executor()};
            group.spawn(ask(over));
            while (oracle.asked == 0) co_await net::sleep_until(net::Clock::now());
            group.spawn(ask(kNoDeadline));
            co_await net::sleep_until(net::Clock::now());
            oracle.may_go = true;
            oracle.go.notify();
            co_await group.wait();
        };
        test::run(loop, play());
        CHECK(answers == std::vector<std::string>{"answer 1", kept ? "answer 1" : "answer 2"});
    }
}

TEST_CASE("However many and however long the questions and answers are, they take what they may") {
    struct Case {
        const char* name;
        std::size_t question;
        std::size_t answer;
        // At least so many of the last ones are kept; one that takes half of it all is not.
        std::size_t least;
    };
    const Case cases[] = {{"short", 10, 10, 200},
                          {"long questions", 10'000, 0, 200},
                          {"long answers", 10, 5'000, 10},
                          {"huge answers", 10, 40'000, 0}};
    for (const Case& c : cases) DYNAMIC_SECTION(c.name) {
            boost::asio::io_context loop{1};
            Cache cache{kRoom};
            std::size_t most = 0;
            auto answer = [&]() -> net::Task<Cache::Answer> {
                co_return Cache::Answer{Text(std::string(c.answer, 'x')), 1h};
            };
            auto play = [&]() -> net::Task<> {
                for (int i = 0; i < 20'000; ++i) {
                    std::string question = std::to_string(i);
                    question.resize(c.question, 'a');
                    Cache::Ask ask = answer;
                    co_await cache.get(cache.digest(question), "", kNoDeadline, std::move(ask));
                    most = std::max(most, cache.bytes());
                }
            };
            test::run(loop, play());
            CHECK(most <= kRoom);
            CHECK(cache.size() >= c.least);
            if (c.least == 0) CHECK(cache.size() == 0);
            CHECK(cache.bytes() >= cache.size() * c.answer);
        }
}

TEST_CASE("What is over is let go of though nobody asks for it again") {
    boost::asio::io_context loop{1};
    Cache cache{kRoom};
    Oracle oracle;
    auto play = [&]() -> net::Task<> {
        oracle.keep_for = 1ns;
        for (int i = 0; i < 100; ++i) {
            co_await cache.get(cache.digest(std::to_string(i)), "", kNoDeadline, oracle.function());
            // Others in between, which are not.
            oracle.keep_for = i % 2 == 0 ? 1ns : 1h;
        }
        for (int i = 0; i < 100; ++i) cache.find(cache.digest("never asked"));
        CHECK(cache.size() == 49);
        for (int i = 0; i < 100; ++i) cache.find(cache.digest("never asked"));
        CHECK(cache.size() == 49);
    };
    test::run(loop, play());
}

TEST_CASE("Another line is not waited for, and its answer counts once for both") {
    boost::asio::io_context loop{1};
    Cache cache{kRoom};
    Oracle oracle;
    oracle.may_go = false;
    std::vector<std::string> answers;
    auto ask = [&](std::string line) -> net::Task<> {
        const auto answer =
            co_await cache.get(cache.digest("a"), std::move(line), kNoDeadline, oracle.function());
        answers.push_back(answer.value());
    };
    auto play = [&]() -> net::Task<> {
        net::TaskGroup group{loop.get_executor()};
        group.spawn(ask("one"));
        group.spawn(ask("one"));
        group.spawn(ask("other"));
        while (oracle.asked < 2) co_await net::sleep_until(net::Clock::now());
        oracle.may_go = true;
        oracle.go.notify();
        co_await group.wait();
        CHECK(cache.size() == 1);
    };
    test::run(loop, play());
    CHECK(oracle.asked == 2);
    CHECK(answers.size() == 3);
}
