// SPDX-License-Identifier: Apache-2.0
#include "apiserver/page/data.hpp"

#include "apiserver/compression/gzip.hpp"
#include "apiserver/etag.hpp"
#include "apiserver/page/errors.hpp"
#include "apiserver/page/overview/overview.hpp"
#include "apiserver/page/rows/rows.hpp"
#include "apiserver/page/series/series.hpp"
#include "apiserver/page/snapshot/snapshot_taker.hpp"
#include "net/yield.hpp"
#include "telemetry/log.hpp"
#include "text/go_text.hpp"

#include <chrono>
#include <optional>
#include <random>
#include <utility>
#include <variant>

#include <boost/system/system_error.hpp>

namespace apiserver {
namespace {

// Shorter answers are sent as they are.
constexpr std::size_t kCompressed = 1024;
// What is compressed before others run: 0.2 ms of work.
constexpr std::size_t kPiece = std::size_t{64} * 1024;

// How long one waits for its turn.
constexpr std::chrono::seconds kLongestWait{10};
// How long a snapshot is kept that nobody asks for, and how often that is looked at.
constexpr std::chrono::seconds kKept{120};
constexpr std::chrono::seconds kLookForUnused{30};

struct OverviewRequest {};

struct Unread {
    unsigned status = 400;
    std::string why;
};

using DataRequest = std::variant<Unread, OverviewRequest, RowsRequest, SeriesRequest>;

template <class Request>
void set_read(DataRequest& out, text::Parsed<Request> read) {
    if (read)
        out.emplace<Request>(std::move(*read));
    else
        out.emplace<Unread>(400U, read.error().text);
}

// In place: g++ 12 takes what is moved out of a function for uninitialised.
void read_request(std::string_view name, const Query& query, DataRequest& out) {
    if (name == "overview")
        out.emplace<OverviewRequest>();
    else if (name == "rows")
        set_read(out, read_rows_request(query));
    else if (name == "series")
        set_read(out, read_series_request(query));
    else
        out.emplace<Unread>(404U, "there are overview, rows and series, and no " + text::quoted(name));
}

net::Task<> compress_whole(net::Response& response) {
    response.headers.set("Content-Encoding", "gzip");
    const std::string plain = std::exchange(response.body, {});
    gzip::Writer writer;
    writer.begin(response.body, {});
    for (std::size_t at = 0; at < plain.size(); at += kPiece) {
        if (at > 0) co_await net::yield();
        writer.write(response.body, std::string_view{plain}.substr(at, kPiece));
    }
    writer.finish(response.body);
}

}  // namespace

PageData::PageData(PageSources sources, PageDataOptions options)
    : sources_{std::move(sources)},
      options_{std::move(options)},
      turns_{{.waiting = options_.waiting}},
      run_{std::to_string(std::random_device{}())} {}

net::Task<net::Response> PageData::respond(const net::Request& request, std::string_view name,
                                           const Query& query) {
    std::string bug;
    try {
        co_return co_await respond_read(request, name, query);
    } catch (const boost::system::system_error&) {
        // Cancelled.
        throw;
    } catch (const std::exception& error) {
        bug = error.what();
    }
    telemetry::paced_error("The page's figures could not be told", {{"err", bug}});
    co_return page_error(500, bug);
}

bool PageData::is_current(const Snapshot& snapshot) const {
    // A tick that does not come, at the start or when the clock was set, leaves no page standing still.
    const std::chrono::nanoseconds longest = 2 * sources_.history.options().resolution;
    return snapshot.tick == sources_.history.reach().to &&
           sources_.clock().monotonic - snapshot_at_ < longest;
}

std::string PageData::tag_of(const Snapshot& snapshot) const {
    return "W/\"" + run_ + "-" + std::to_string(snapshot.number) + "-" + std::to_string(snapshot.tick) + "-" +
           std::to_string(changes_.number()) + "\"";
}

net::Task<std::shared_ptr<const Snapshot>> PageData::snapshot() {
    if (snapshot_ && is_current(*snapshot_)) co_return snapshot_;
    // Not two at a time.
    snapshot_.reset();
    const storage::Monotonic at = sources_.clock().monotonic;
    auto taken = co_await take_snapshot(sources_, ++taken_, options_.snapshot_bytes);
    snapshot_at_ = at;
    snapshot_ = taken;
    co_return taken;
}

net::Task<net::Response> PageData::respond_read(const net::Request& request, std::string_view name,
                                                const Query& query) {
    asked_at_ = sources_.clock().monotonic;
    // What is wrong costs nobody a turn.
    DataRequest asked;
    read_request(name, query, asked);
    if (const auto* unread = std::get_if<Unread>(&asked)) co_return page_error(unread->status, unread->why);
    net::Response response;
    response.headers.set("Vary", "Accept-Encoding");
    if (snapshot_ && is_current(*snapshot_) && client_has(request, tag_of(*snapshot_))) {
        response.status = 304;
        response.headers.set("ETag", tag_of(*snapshot_));
        co_return response;
    }
    const std::optional<Turns::Turn> turn = co_await turns_.take(net::Clock::now() + kLongestWait);
    if (!turn) co_return page_error(503, "too many ask at once");
    const std::shared_ptr<const Snapshot> now = co_await snapshot();
    if (std::holds_alternative<OverviewRequest>(asked)) {
        if (changes_.is_due(now->as_of)) changes_wanted_.notify();
        response.body = co_await overview_answer(sources_, *now, options_.version, changes_);
    } else if (const auto* rows = std::get_if<RowsRequest>(&asked)) {
        response.body = co_await rows_answer(sources_, *now, *rows);
    } else {
        auto series = co_await series_answer(sources_, *now, std::get<SeriesRequest>(asked));
        if (!series) co_return page_error(404, "nothing is known of it");
        response.body = std::move(*series);
    }
    response.headers.set("ETag", tag_of(*now));
    response.headers.set("Content-Type", "application/json");
    if (response.body.size() > kCompressed && accepts_gzip(request)) co_await compress_whole(response);
    co_return response;
}

net::Task<> PageData::run() {
    for (;;) {
        co_await changes_wanted_.wait_until(net::Clock::now() + kLookForUnused);
        forget_unused();
        // The task may outlast the snapshot's time.
        const std::shared_ptr<const Snapshot> now = snapshot_;
        if (now && changes_.is_due(now->as_of)) co_await changes_.renew(sources_, *now);
    }
}

void PageData::forget_unused() {
    if (sources_.clock().monotonic - asked_at_ <= kKept) return;
    snapshot_.reset();
    changes_.forget();
}

}  // namespace apiserver
