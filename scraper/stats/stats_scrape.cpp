// SPDX-License-Identifier: Apache-2.0
#include "scraper/stats/stats_scrape.hpp"

#include "net/http/date.hpp"
#include "scraper/kubelet/page_failure.hpp"
#include "scraper/stats/stats_parser.hpp"

#include <optional>
#include <string>
#include <utility>

namespace scraper {
namespace {

constexpr unsigned kNoSuchPage = 404;

storage::stats::Seconds seconds_of(std::string_view date) {
    const auto time = net::parse_http_date(date);
    if (!time) return 0;
    return std::chrono::duration_cast<std::chrono::seconds>(time->time_since_epoch()).count();
}

// Parses the body of a 200, keeps the beginning of any other.
class StatsSink final : public net::BodySink {
  public:
    explicit StatsSink(std::uint64_t page_bytes) { body_.limit = page_bytes; }

    net::Result<> head(const net::ResponseHead& head) override {
        body_.status = head.status;
        if (!body_.is_page()) return {};
        page_ = std::make_unique<storage::stats::StatsPage>();
        page_->kubelet_time = seconds_of(head.headers.find("Date").value_or(""));
        parser_.emplace(*page_);
        body_.type = head.headers.find("Content-Type").value_or("");
        body_.encoding = head.headers.find("Content-Encoding").value_or("identity");
        if (net::equal_ignoring_case(body_.encoding, "gzip"))
            unpacked_.emplace().restart(body_.limit);
        else if (!net::equal_ignoring_case(body_.encoding, "identity"))
            return make_error_code(Errc::bad_encoding);
        return {};
    }

    net::Result<> body(std::string_view piece) override {
        body_.bytes += piece.size();
        if (unpacked_) return unpack(piece);
        if (parser_) return parse(piece);
        return take_said(body_, piece);
    }

    StatsResult end(const net::Error& error) {
        StatsResult result;
        result.failure = judge(error);
        if (!result.failure.error) result.page = std::move(page_);
        return result;
    }

  private:
    net::Result<> parse(std::string_view piece) {
        if (parser_->feed(piece)) return {};
        return make_error_code(Errc::not_stats);
    }

    net::Result<> unpack(std::string_view piece) {
        using Outcome = gzip::Reader::Outcome;
        bool good = true;
        const auto outcome =
            unpacked_->feed(piece, [&](std::string_view text) { good = good && parser_->feed(text); });
        if (!good) return make_error_code(Errc::not_stats);
        if (outcome == Outcome::good) return {};
        if (outcome == Outcome::broken) return make_error_code(Errc::bad_gzip);
        return net::make_error_code(net::Errc::body_too_large);
    }

    Failure judge(const net::Error& error) {
        if (page_ && error == Errc::not_stats) return no_stats();
        if (page_ && error) return broken_page(error, body_);
        if (unpacked_ && !unpacked_->ended()) return broken_page(make_error_code(Errc::bad_gzip), body_);
        if (page_) return parser_->finish() ? Failure{} : no_stats();
        return no_page(error, body_);
    }

    Failure no_stats() const {
        Failure failure = broken_page(make_error_code(Errc::not_stats), body_);
        if (!body_.type.empty()) failure.detail += " of Content-Type " + printable_line(body_.type);
        return failure;
    }

    PageBody body_;
    std::unique_ptr<storage::stats::StatsPage> page_;
    std::optional<StatsParser> parser_;
    std::optional<gzip::Reader> unpacked_;
};

}  // namespace

net::Task<StatsResult> scrape_stats(net::HttpClient& client, std::shared_ptr<const net::Request> request,
                                    net::ExchangeLimits limits) {
    StatsSink sink{limits.body_bytes};
    const net::Result<net::ResponseHead> answer = co_await client.exchange(*request, sink, limits);
    co_return sink.end(answer ? net::Error{} : answer.error());
}

std::string_view stats_hint(const Failure& failure) {
    if (failure.status == 403)
        return "allow topd's service account the verb get on nodes/stats (deploy/summary)";
    if (failure.status == kNoSuchPage) return "the kubelet has no such page, and is asked seldom";
    switch (failure.reason()) {
        case Reason::too_large:
            return "topd reads pages of 16 MiB at most, less within a memory limit";
        case Reason::malformed:
            return "";
        default:
            return failure.hint();
    }
}

}  // namespace scraper
