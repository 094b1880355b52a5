// SPDX-License-Identifier: Apache-2.0
#include "apiserver/auth/answer_cache.hpp"

#include "net/task_group.hpp"
#include "test/net/run.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

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

// A cache, and one who answers when it is let.
struct Scene {
    explicit Scene(std::size_t room = kRoom) : cache{room} {}

    net::Task<Cache::Answer> answer() {
        ++asked;
        while (!may_go) co_await go.wait_until(kNoDeadline);
        Cache::Answer made;
        made.value = "answer " + std::to_string(asked);
        made.keep_for = keep_for;
        co_return made;
    }
    void let_go() {
        may_go = true;
        go.notify();
    }
    net::Task<std::optional<Text>> get(std::string question, net::Deadline until = kNoDeadline,
                                       std::string line = "") {
        return cache.get(cache.digest(question), std::move(line), until, [this] { return answer(); });
    }
    // Of one who has all the time and nobody beside them.
    std::string answer_to(const std::string& question) {
        boost::asio::io_context alone{1};
        return test::run(alone, get(question)).value();
    }
    // Of those who ask together.
    net::Task<> ask(std::string question, net::Deadline until = kNoDeadline, std::string line = "") {
        const auto got = co_await get(std::move(question), until, std::move(line));
        answers.push_back(got.value());
    }
    net::Task<> until_asked(int times = 1) {
        while (asked < times) co_await net::sleep_until(net::Clock::now());
    }

    boost::asio::io_context loop{1};
    Cache cache;
    net::Event go;
    bool may_go = true;
    int asked = 0;
    std::chrono::nanoseconds keep_for{1h};
    std::vector<std::string> answers;
};

}  // namespace

TEST_CASE("An answer is kept for its time and no longer") {
    Scene scene;
    CHECK(scene.answer_to("a") == "answer 1");
    CHECK(scene.answer_to("a") == "answer 1");
    CHECK(scene.answer_to("b") == "answer 2");
    scene.keep_for = 0ns;
    CHECK(scene.answer_to("c") == "answer 3");
    CHECK(scene.answer_to("c") == "answer 4");
    scene.keep_for = 1ns;
    CHECK(scene.answer_to("d") == "answer 5");
    CHECK(scene.answer_to("d") == "answer 6");
}

TEST_CASE("Of many answers whose time is over none is given") {
    Scene scene;
    scene.keep_for = 50ms;
    for (int i = 0; i < 10; ++i) scene.answer_to(std::to_string(i));
    test::run(scene.loop, net::sleep_until(net::Clock::now() + 60ms));
    for (int i = 0; i < 10; ++i)
        CHECK(scene.answer_to(std::to_string(i)) == "answer " + std::to_string(11 + i));
}

TEST_CASE("Whoever asks the same at the same time shares one answer") {
    Scene scene;
    scene.may_go = false;
    // Even one that is not kept.
    scene.keep_for = 0ns;
    auto play = [&]() -> net::Task<> {
        net::TaskGroup group{scene.loop.get_executor()};
        for (int i = 0; i < 3; ++i) group.spawn(scene.ask("a"));
        co_await scene.until_asked();
        scene.let_go();
        co_await group.wait();
    };
    test::run(scene.loop, play());
    CHECK(scene.asked == 1);
    CHECK(scene.answers == std::vector<std::string>(3, "answer 1"));
}

TEST_CASE("When the asker is cancelled another one asks") {
    Scene scene;
    scene.may_go = false;
    auto play = [&]() -> net::Task<> {
        net::TaskGroup first{scene.loop.get_executor()};
        net::TaskGroup second{scene.loop.get_executor()};
        first.spawn(scene.ask("a"));
        co_await scene.until_asked();
        second.spawn(scene.ask("a"));
        co_await net::sleep_until(net::Clock::now());
        first.cancel();
        co_await first.wait();
        scene.let_go();
        co_await second.wait();
    };
    test::run(scene.loop, play());
    CHECK(scene.asked == 2);
    CHECK(scene.answers == std::vector<std::string>{"answer 2"});
}

TEST_CASE("The answer that was used longest ago makes room") {
    Scene one;
    one.answer_to("a");
    Scene scene{2 * one.cache.bytes()};
    for (const char* question : {"a", "b", "a", "c"}) scene.answer_to(question);
    CHECK(scene.cache.size() == 2);
    CHECK(scene.asked == 3);
    CHECK(scene.answer_to("a") == "answer 1");
    CHECK(scene.answer_to("b") == "answer 4");
}

TEST_CASE("Who has less time than the asker goes without an answer") {
    Scene scene;
    scene.may_go = false;
    auto play = [&]() -> net::Task<> {
        net::TaskGroup group{scene.loop.get_executor()};
        group.spawn(scene.ask("a"));
        co_await scene.until_asked();
        const net::Deadline now = net::Clock::now();
        const auto none = co_await scene.get("a", now);
        CHECK_FALSE(none.has_value());
        scene.let_go();
        co_await group.wait();
        // Known, it takes no time.
        const auto kept = co_await scene.get("a", now);
        CHECK(kept == "answer 1");
    };
    test::run(scene.loop, play());
    CHECK(scene.asked == 1);
}

TEST_CASE("What an asker found out when its time was over is nobody else's, unless it is to be kept") {
    for (const bool kept : {false, true}) {
        Scene scene;
        scene.may_go = false;
        scene.keep_for = kept ? 1h : 0ns;
        const net::Deadline over = net::Clock::now();
        auto play = [&]() -> net::Task<> {
            net::TaskGroup group{scene.loop.get_executor()};
            group.spawn(scene.ask("a", over));
            co_await scene.until_asked();
            group.spawn(scene.ask("a"));
            co_await net::sleep_until(net::Clock::now());
            scene.let_go();
            co_await group.wait();
        };
        test::run(scene.loop, play());
        CHECK(scene.answers == std::vector<std::string>{"answer 1", kept ? "answer 1" : "answer 2"});
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
    Scene scene;
    scene.keep_for = 1ns;
    for (int i = 0; i < 100; ++i) {
        scene.answer_to(std::to_string(i));
        // Others in between, which are not.
        scene.keep_for = i % 2 == 0 ? 1ns : 1h;
    }
    for (int i = 0; i < 200; ++i) {
        scene.cache.find(scene.cache.digest("never asked"));
        if (i >= 99) CHECK(scene.cache.size() == 49);
    }
}

TEST_CASE("Another line is not waited for, and its answer counts once for both") {
    Scene scene;
    scene.may_go = false;
    auto play = [&]() -> net::Task<> {
        net::TaskGroup group{scene.loop.get_executor()};
        for (const char* line : {"one", "one", "other"}) group.spawn(scene.ask("a", kNoDeadline, line));
        co_await scene.until_asked(2);
        scene.let_go();
        co_await group.wait();
        CHECK(scene.cache.size() == 1);
    };
    test::run(scene.loop, play());
    CHECK(scene.asked == 2);
    CHECK(scene.answers.size() == 3);
}
