// SPDX-License-Identifier: Apache-2.0
#include "sink/sender.hpp"

#include "sink/memory_queue.hpp"
#include "test/net/run.hpp"

#include <chrono>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>

namespace {

using namespace std::chrono_literals;
using sink::Batch;
using sink::Verdict;
using Fate = Verdict::Fate;

// A batch of letters, a point each; whoever takes it keeps the letters.
Batch batch(sink::Seconds tick, std::string letters) {
    const auto points = static_cast<std::uint32_t>(letters.size());
    return {tick, 0, true, points, std::move(letters)};
}

Verdict verdict(Fate fate, std::string reason = {}, std::uint64_t refused = 0) {
    Verdict made;
    made.fate = fate;
    made.reason = std::move(reason);
    made.refused = refused;
    return made;
}

struct Offer {
    std::string body;
    bool repeated = false;
    bool operator==(const Offer&) const = default;
};

// Judges as the test says, and writes down what it was offered.
class Judge final : public sink::Receiver {
  public:
    explicit Judge(std::function<Verdict(const Offer&, std::size_t number)> judge)
        : judge_{std::move(judge)} {}

    net::Task<Verdict> deliver(const Batch& each, bool repeated) override {
        offers.push_back({each.body, repeated});
        co_return judge_(offers.back(), offers.size());
    }
    std::optional<std::pair<Batch, Batch>> halves(const Batch& each) const override {
        if (each.body.size() < 2) return std::nullopt;
        const auto middle = each.body.size() / 2;
        return std::pair{batch(each.tick, each.body.substr(0, middle)),
                         batch(each.tick, each.body.substr(middle))};
    }

    std::vector<Offer> offers;

  private:
    std::function<Verdict(const Offer&, std::size_t)> judge_;
};

struct Sent {
    sink::Progress progress;
    std::vector<Offer> offers;
    std::size_t waiting = 0;
};

// Sends until all is done with, or `enough` offers were made.
Sent send(std::vector<Batch> batches, std::function<Verdict(const Offer&, std::size_t)> judging,
          sink::Seconds maybe_sent = 0, std::size_t enough = 100) {
    boost::asio::io_context loop;
    sink::MemoryQueue queue{1'000'000};
    Sent sent;
    sink::Events events;
    Judge judge{std::move(judging)};
    sink::SenderOptions options;
    options.backoff = {1ms, 2ms, 1min};
    options.denied = 3ms;
    options.maybe_sent = maybe_sent;
    sink::Sender sender{options, queue, judge, sent.progress, events};
    for (Batch& each : batches) test::start(loop, queue.push(std::move(each)));
    loop.run();
    loop.restart();
    test::start(loop, sender.run());
    while (queue.waiting().batches > 0 && judge.offers.size() < enough)
        if (loop.run_one_for(5s) == 0) break;
    sent.offers = judge.offers;
    sent.waiting = queue.waiting().batches;
    return sent;
}

TEST_CASE("batches are handed over in their order, and counted") {
    const Sent sent = send({batch(15, "abc"), batch(30, "de")},
                           [](const Offer&, std::size_t) { return verdict(Fate::taken); });
    CHECK(sent.offers == std::vector<Offer>{{"abc"}, {"de"}});
    CHECK(sent.progress.sent == 5);
    CHECK(sent.progress.sent_bytes == 5);
    CHECK(sent.progress.done == 30);
    CHECK(sent.waiting == 0);
    CHECK(sent.progress.refused.empty());
}

TEST_CASE("what a receiver that is away was offered is offered again, and said to be repeated") {
    const Sent sent = send({batch(15, "abc"), batch(30, "de")}, [](const Offer&, std::size_t number) {
        return number <= 2 ? verdict(Fate::again, "unreachable") : verdict(Fate::taken);
    });
    CHECK(sent.offers == std::vector<Offer>{{"abc"}, {"abc", true}, {"abc", true}, {"de"}});
    CHECK(sent.progress.retries.at("unreachable") == 2);
    CHECK(sent.progress.sent == 5);
    CHECK(sent.progress.trouble.empty());
}

TEST_CASE("what a receiver refused to look at for now was not taken") {
    const Sent sent = send({batch(15, "abc")}, [](const Offer&, std::size_t number) {
        return number == 1 ? verdict(Fate::again, "too_many_requests") : verdict(Fate::taken);
    });
    CHECK(sent.offers == std::vector<Offer>{{"abc"}, {"abc"}});
}

TEST_CASE("who is denied keeps what it has and asks again") {
    const Sent sent = send(
        {batch(15, "abc")}, [](const Offer&, std::size_t) { return verdict(Fate::denied, "unauthorized"); },
        0, 3);
    CHECK(sent.waiting == 1);
    CHECK(sent.progress.retries.at("unauthorized") >= 2);
    CHECK(sent.progress.trouble == "unauthorized");
    // It was not taken, for sure.
    CHECK_FALSE(sent.offers.back().repeated);
}

TEST_CASE("what is refused is lost, by reason, and not offered again") {
    const Sent sent =
        send({batch(15, "abc"), batch(30, "de"), batch(45, "fghi")}, [](const Offer& offer, std::size_t) {
            if (offer.body == "abc") return verdict(Fate::refused, "other", 3);
            if (offer.body == "de") return verdict(Fate::already_there);
            return verdict(Fate::taken, "partial", 3);
        });
    CHECK(sent.offers.size() == 3);
    CHECK(sent.progress.refused == std::map<std::string, std::uint64_t>{{"other", 3}, {"partial", 3}});
    CHECK(sent.progress.already_there == 2);
    CHECK(sent.progress.sent == 1);
}

TEST_CASE("a batch is halved until what is not wanted stands alone") {
    const Sent sent = send({batch(15, "abXcdefg"), batch(30, "h")}, [](const Offer& offer, std::size_t) {
        return offer.body.find('X') == std::string::npos ? verdict(Fate::taken)
                                                         : verdict(Fate::halve, "out_of_order");
    });
    CHECK(sent.offers ==
          std::vector<Offer>{{"abXcdefg"}, {"abXc"}, {"ab"}, {"Xc"}, {"X"}, {"c"}, {"defg"}, {"h"}});
    CHECK(sent.progress.sent == 8);
    CHECK(sent.progress.refused == std::map<std::string, std::uint64_t>{{"out_of_order", 1}});
    CHECK(sent.progress.done == 30);
}

TEST_CASE("of halves only the one that was offered in vain is repeated") {
    const Sent sent = send({batch(15, "aX")}, [](const Offer& offer, std::size_t number) {
        if (offer.body == "a" && number == 2) return verdict(Fate::again, "unreachable");
        return offer.body.find('X') == std::string::npos ? verdict(Fate::taken)
                                                         : verdict(Fate::halve, "duplicate");
    });
    CHECK(sent.offers == std::vector<Offer>{{"aX"}, {"a"}, {"a", true}, {"X"}});
    CHECK(sent.progress.sent == 1);
}

// Says that there is nothing, and is given something meanwhile, as a queue on a thread of its own may be.
class LateQueue final : public sink::Queue {
  public:
    explicit LateQueue(sink::Events& events) : events_{events} {}

    net::Task<> push(Batch each) override {
        batch_ = std::move(each);
        co_return;
    }
    net::Task<const Batch*> front() override {
        if (asked_++ > 0) co_return batch_ ? &*batch_ : nullptr;
        batch_ = batch(15, "abc");
        ++events_.pushes;
        events_.more.notify();
        co_return nullptr;
    }
    net::Task<> pop() override {
        batch_.reset();
        co_return;
    }
    sink::Waiting waiting() const override { return {}; }

  private:
    sink::Events& events_;
    std::optional<Batch> batch_;
    int asked_ = 0;
};

TEST_CASE("what comes while the queue says that there is nothing is sent at once") {
    boost::asio::io_context loop;
    sink::Events events;
    LateQueue queue{events};
    sink::Progress progress;
    Judge judge{[](const Offer&, std::size_t) { return verdict(Fate::taken); }};
    sink::Sender sender{{}, queue, judge, progress, events};
    test::start(loop, sender.run());
    while (loop.poll() != 0) {
    }
    CHECK(judge.offers == std::vector<Offer>{{"abc"}});
}

TEST_CASE("what an earlier run may have sent is said to be repeated") {
    const Sent sent = send(
        {batch(15, "a"), batch(30, "b"), batch(45, "c")},
        [](const Offer&, std::size_t) { return verdict(Fate::taken); }, 30);
    CHECK(sent.offers == std::vector<Offer>{{"a", true}, {"b", true}, {"c"}});
}

}  // namespace
