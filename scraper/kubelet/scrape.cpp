// SPDX-License-Identifier: Apache-2.0
#include "scraper/kubelet/scrape.hpp"

#include "net/http/date.hpp"
#include "scraper/kubelet/page_failure.hpp"

#include <chrono>
#include <string_view>
#include <utility>

namespace scraper {
namespace {

storage::Nanos wall_clock() {
    return std::chrono::duration_cast<std::chrono::nanoseconds>(
               std::chrono::system_clock::now().time_since_epoch())
        .count();
}

// 0: it says none.
storage::Nanos time_of(std::string_view date) {
    const auto time = net::parse_http_date(date);
    if (!time) return 0;
    return std::chrono::duration_cast<std::chrono::nanoseconds>(time->time_since_epoch()).count();
}

// Parses the body of a 200, keeps the beginning of any other.
class PageSink final : public net::BodySink {
  public:
    PageSink(PagePool& pages, storage::Nanos requested_at, std::uint64_t page_bytes)
        : pages_{pages}, requested_at_{requested_at} {
        body_.limit = page_bytes;
    }

    net::Result<> head(const net::ResponseHead& head) override {
        body_.status = head.status;
        if (!body_.is_page()) return {};
        page_ = pages_.take();
        page_->parser.restart(page_->rows, requested_at_);
        page_->rows.kubelet_time = time_of(head.headers.find("Date").value_or(""));
        const std::string_view type = head.headers.find("Content-Type").value_or("");
        body_.type = type.starts_with("text/plain") ? type.substr(0, 10) : type;
        body_.encoding = head.headers.find("Content-Encoding").value_or("identity");
        compressed_ = net::equal_ignoring_case(body_.encoding, "gzip");
        if (compressed_) page_->unpacked.restart(body_.limit);
        if (!compressed_ && !net::equal_ignoring_case(body_.encoding, "identity"))
            return make_error_code(Errc::bad_encoding);
        return {};
    }

    net::Result<> body(std::string_view piece) override {
        body_.bytes += piece.size();
        if (compressed_) return unpack(piece);
        if (page_) {
            page_->parser.feed(piece);
            return {};
        }
        return take_said(body_, piece);
    }

    ScrapeResult end(const net::Error& error) {
        ScrapeResult result;
        result.failure = judge(error);
        if (result.failure.error) return result;
        page_->rows.request_time = net::Clock::now() - begun_;
        result.page = std::move(page_);
        return result;
    }

  private:
    net::Result<> unpack(std::string_view piece) {
        using Outcome = gzip::Reader::Outcome;
        PageParser& parser = page_->parser;
        switch (page_->unpacked.feed(piece, [&parser](std::string_view text) { parser.feed(text); })) {
            case Outcome::good:
                return {};
            case Outcome::broken:
                return make_error_code(Errc::bad_gzip);
            case Outcome::too_large:
                break;
        }
        return net::make_error_code(net::Errc::body_too_large);
    }

    Failure judge(const net::Error& error) {
        if (page_ && error) return broken_page(error, body_);
        if (page_ && compressed_ && !page_->unpacked.ended())
            return broken_page(make_error_code(Errc::bad_gzip), body_);
        if (page_) {
            page_->parser.finish();
            return judge_page(*page_, body_);
        }
        return no_page(error, body_);
    }

    PagePool& pages_;
    storage::Nanos requested_at_;
    net::Clock::time_point begun_ = net::Clock::now();
    PageBody body_;
    bool compressed_ = false;
    PagePool::Lease page_;
};

}  // namespace

PagePool::Lease PagePool::take() {
    if (idle_.empty()) return Lease{new ParsedPage, Return{this}};
    std::unique_ptr<ParsedPage> page = std::move(idle_.back());
    idle_.pop_back();
    page->rows.clear();
    return Lease{page.release(), Return{this}};
}

void PagePool::give(ParsedPage* page) noexcept {
    std::unique_ptr<ParsedPage> owned{page};
    if (idle_.capacity() == 0) idle_.reserve(kMaxIdle);
    if (idle_.size() < kMaxIdle && page->rows.containers.capacity() <= kMaxRows)
        idle_.push_back(std::move(owned));
}

PageRequests::PageRequests(const ScraperOptions& options)
    : token_{options.completely_insecure ? kube::Token{} : options.token},
      user_agent_{options.user_agent},
      compression_{options.compression} {}

std::shared_ptr<const net::Request> PageRequests::get(const std::string& path, net::Clock::time_point now) {
    std::string authorization;
    if (!token_.empty()) authorization = "Bearer " + token_.value(now);
    if (last_ && last_->target == path && authorization_ == authorization) return last_;

    net::Request request;
    request.target = path;
    request.headers.add("User-Agent", user_agent_);
    if (compression_ == Compression::gzip) request.headers.add("Accept-Encoding", "gzip");
    if (!authorization.empty()) request.headers.add("Authorization", authorization);
    authorization_ = std::move(authorization);
    last_ = std::make_shared<const net::Request>(std::move(request));
    return last_;
}

net::Task<ScrapeResult> scrape(net::HttpClient& client, std::shared_ptr<const net::Request> request,
                               PagePool& pages, net::ExchangeLimits limits) {
    PageSink sink{pages, wall_clock(), limits.body_bytes};
    const net::Result<net::ResponseHead> answer = co_await client.exchange(*request, sink, limits);
    co_return sink.end(answer ? net::Error{} : answer.error());
}

}  // namespace scraper
