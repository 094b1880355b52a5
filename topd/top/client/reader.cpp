// SPDX-License-Identifier: Apache-2.0
#include "topd/top/client/reader.hpp"

#include "net/task_group.hpp"
#include "topd/top/client/request.hpp"

#include <algorithm>
#include <utility>

namespace topd::top {
namespace {

constexpr std::chrono::seconds kOneAnswer{20};
// 2,000 rows with curves are some 2 MB when all names are as long as can be.
constexpr std::size_t kLongestAnswer = 16 * 1024 * 1024;
// More pods than any cluster has.
constexpr int kMostPages = 200;
constexpr int kTries = 3;
constexpr int kWaits = 5;

}  // namespace

Reader::Reader(net::Executor executor, const Place& place, std::chrono::milliseconds longest_wait)
    : place_{place}, client_{std::move(executor), place.config}, longest_wait_{longest_wait} {}

net::Task<kube::Outcome<std::string>> Reader::ask_once(std::string target) {
    net::StringSink sink{kLongestAnswer};
    net::ExchangeLimits limits;
    limits.deadline = net::Clock::now() + kOneAnswer;
    auto got = co_await client_.get(std::move(target), "application/json", sink, limits);
    if (!got) co_return std::move(got.error());
    co_return std::move(sink.text());
}

net::Task<kube::Outcome<std::string>> Reader::ask(std::string target) {
    for (int waits = 0;; ++waits) {
        kube::Outcome<std::string> answer = co_await ask_once(target);
        if (answer || answer.error().retry_after.count() == 0 || waits == kWaits) co_return answer;
        const std::chrono::milliseconds asked_for = answer.error().retry_after;
        const auto until = net::Clock::now() + std::min(asked_for, longest_wait_);
        co_await net::sleep_until(until);
    }
}

net::Task<kube::Outcome<Rows>> Reader::try_read(const Options& options) {
    Rows rows;
    for (int page = 0; page < kMostPages; ++page) {
        const std::size_t wanted = options.limit == 0 ? kPageRows : options.limit - rows.count;
        const std::string target = place_.path + rows_target(options, place_.config.name_space,
                                                             {rows.count, std::min(wanted, kPageRows)});
        const auto answer = co_await ask(target);
        if (!answer) co_return answer.error();
        const std::size_t before = rows.count;
        const std::int64_t tick = rows.tick;
        if (std::string fault = add_answer(*answer, rows); !fault.empty())
            co_return kube::Failure{kube::Errc::malformed, 0, std::move(fault)};
        if (before > 0 && rows.tick != tick) co_return kube::Failure{kube::Errc::cut_short};
        const bool is_last = rows.count == before || rows.count >= rows.matched;
        if (is_last || (options.limit > 0 && rows.count >= options.limit)) co_return rows;
    }
    co_return rows;
}

net::Task<kube::Outcome<Rows>> Reader::read(const Options& options) {
    for (int tries = 1;; ++tries) {
        kube::Outcome<Rows> rows = co_await try_read(options);
        if (rows || rows.error().code != kube::Errc::cut_short || tries == kTries) co_return rows;
    }
}

}  // namespace topd::top
