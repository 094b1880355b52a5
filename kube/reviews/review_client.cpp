// SPDX-License-Identifier: Apache-2.0
#include "kube/reviews/review_client.hpp"

#include "net/stages.hpp"
#include "net/task_group.hpp"

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
      line_{options.shares},
      random_{std::random_device{}()} {}

// There are as many as are called at once.
std::unique_ptr<Client> ReviewClient::take() {
    if (idle_.empty()) return std::make_unique<Client>(executor_, config_);
    std::unique_ptr<Client> client = std::move(idle_.back());
    idle_.pop_back();
    return client;
}

std::string ReviewClient::describe(std::string_view path, const Failure& failure) const {
    std::string text = config_.server.tls ? "Post \"https://" : "Post \"http://";
    text.append(config_.server.authority()).append(config_.path_prefix).append(path);
    return text.append("\": ").append(failure.text());
}

std::chrono::milliseconds ReviewClient::jittered(std::chrono::milliseconds pause) {
    std::uniform_real_distribution<double> jitter{1.0, 1.2};
    return std::chrono::milliseconds{
        static_cast<std::int64_t>(static_cast<double>(pause.count()) * jitter(random_))};
}

net::Task<Outcome<std::string>> ReviewClient::ask(std::string path, std::string body, Asker asker,
                                                  net::Deadline until) {
    const net::Deadline deadline = std::min<net::Deadline>(until, net::Clock::now() + options_.timeout);
    ReviewLine::Place place{line_, asker, body.size()};
    while (!place.called()) {
        if (!place.admitted() || net::Clock::now() >= deadline)
            co_return Failure{make_error_code(net::Errc::overloaded)};
        co_await place.wait_until(deadline);
    }
    // Given back however this ends, before the next one is called; a client that was interrupted reconnects
    // by itself.
    struct Loan {
        std::vector<std::unique_ptr<Client>>& idle;
        std::unique_ptr<Client> client;
        ~Loan() { idle.push_back(std::move(client)); }
    } const loan{idle_, take()};

    std::chrono::milliseconds pause = options_.first_pause;
    for (int tries = 1;; ++tries) {
        const auto asked = net::Clock::now();
        auto answer = co_await loan.client->post_json(path, body, deadline);
        answers_.add(loan.client->last_status(), net::Clock::now() - asked);
        if (answer || tries == options_.tries || !may_pass(answer.error())) co_return answer;
        const auto wait = std::max<std::chrono::milliseconds>(jittered(pause), answer.error().retry_after);
        if (net::Clock::now() + wait >= deadline) co_return answer;
        co_await net::sleep_until(net::Clock::now() + wait);
        pause = pause * 3 / 2;
    }
}

}  // namespace kube
