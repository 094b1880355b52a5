// SPDX-License-Identifier: Apache-2.0
#include "kube/review_client.hpp"

#include "net/stages.hpp"
#include "net/task_group.hpp"
#include "telemetry/log.hpp"

#include <algorithm>
#include <utility>

namespace kube {
namespace {

bool may_pass(const Failure& failure) {
    if (failure.retry_after.count() > 0) return true;
    if (failure.http_status == 0)
        return !net::is_timeout(failure.code) && failure.code != net::Errc::overloaded &&
               failure.code.category() != net::certificate_category();
    return failure.http_status == 429 || failure.http_status == 500 || failure.http_status == 504;
}

}  // namespace

ReviewClient::ReviewClient(net::Executor executor, Config config, const ReviewOptions& options)
    : executor_{std::move(executor)},
      config_{std::move(config)},
      options_{options},
      random_{std::random_device{}()} {}

net::Task<Outcome<std::unique_ptr<Client>>> ReviewClient::take(net::Deadline deadline) {
    if (idle_.empty() && clients_ >= options_.connections && waiting_ >= options_.waiting)
        co_return Failure{make_error_code(net::Errc::overloaded)};
    ++waiting_;
    struct Leave {
        std::size_t& waiting;
        ~Leave() { --waiting; }
    } const leave{waiting_};
    while (idle_.empty() && clients_ >= options_.connections) {
        if (net::Clock::now() >= deadline) co_return Failure{make_error_code(net::Errc::timeout)};
        co_await given_.wait_until(deadline);
    }
    if (idle_.empty()) {
        ++clients_;
        co_return std::make_unique<Client>(executor_, config_);
    }
    std::unique_ptr<Client> client = std::move(idle_.back());
    idle_.pop_back();
    co_return client;
}

void ReviewClient::give(std::unique_ptr<Client> client) {
    idle_.push_back(std::move(client));
    given_.notify();
}

std::chrono::milliseconds ReviewClient::jittered(std::chrono::milliseconds pause) {
    std::uniform_real_distribution<double> jitter{1.0, 1.2};
    return std::chrono::milliseconds{
        static_cast<std::int64_t>(static_cast<double>(pause.count()) * jitter(random_))};
}

void ReviewClient::say_late(const Failure& failure, const std::string& path) {
    if (!log_.allows(net::Clock::now())) return;
    telemetry::warning("The API server did not answer a review in time",
                       {{"err", failure.text()},
                        {"server", config_.server.authority()},
                        {"path", path},
                        {"hint", failure.hint()}});
}

net::Task<Outcome<std::string>> ReviewClient::ask(std::string path, std::string body, net::Deadline until) {
    const net::Deadline deadline = std::min<net::Deadline>(until, net::Clock::now() + options_.timeout);
    auto taken = co_await take(deadline);
    if (!taken) co_return taken.error();
    // Given back however this ends; a client that was interrupted reconnects by itself.
    struct Loan {
        ReviewClient& owner;
        std::unique_ptr<Client> client;
        ~Loan() { owner.give(std::move(client)); }
    } const loan{*this, std::move(*taken)};

    std::chrono::milliseconds pause = options_.first_pause;
    for (int tries = 1;; ++tries) {
        const auto asked = net::Clock::now();
        auto answer = co_await loan.client->post_json(path, body, deadline);
        answers_.add(loan.client->last_status(), net::Clock::now() - asked);
        if (!answer && net::is_timeout(answer.error().code)) say_late(answer.error(), path);
        if (answer || tries == options_.tries || !may_pass(answer.error())) co_return answer;
        const auto wait = std::max<std::chrono::milliseconds>(jittered(pause), answer.error().retry_after);
        if (net::Clock::now() + wait >= deadline) co_return answer;
        co_await net::sleep_until(net::Clock::now() + wait);
        pause = pause * 3 / 2;
    }
}

}  // namespace kube
