// SPDX-License-Identifier: Apache-2.0
#include "scraper/applications/pod_scrape.hpp"

#include "net/http/client.hpp"
#include "net/stages.hpp"
#include "scraper/applications/pod_page.hpp"
#include "scraper/kubelet/failure.hpp"

#include <array>
#include <utility>

namespace scraper {
namespace {

constexpr unsigned kOk = 200;
constexpr std::size_t kHeadBytes = std::size_t{16} * 1024;
// What OpenMetrics has beyond it is of no use here, and its parsers are fewer.
constexpr std::string_view kAccept = "text/plain;version=0.0.4,*/*;q=0.1";

// A new connection each time: the address may have another owner by now.
class PodConnector final : public net::Connector, private net::ServerJudge {
  public:
    PodConnector(const Endpoint& endpoint, const PodTls* tls) : endpoint_{endpoint}, tls_{tls} {}

    net::Task<net::Result<net::Connection>> connect(net::Deadline deadline,
                                                    net::StageLimits limits) override {
        const boost::asio::ip::tcp::endpoint to{endpoint_.address, endpoint_.port};
        std::string name = endpoint_.address.to_string();
        const bool has_tls = endpoint_.tls && tls_ != nullptr;
        const net::TlsClient* const tls = has_tls ? &tls_->client : nullptr;
        return net::Connection::connect(to, tls, std::move(name), deadline, this, limits);
    }
    std::string authority() const override { return endpoint_.authority(); }
    std::uint64_t generation() const override { return 0; }

  private:
    net::Error judge(const net::PeerCertificate&, const net::Error& chain) override {
        return tls_->insecure ? net::Error{} : chain;
    }

    const Endpoint& endpoint_;
    const PodTls* tls_;
};

// Otherwise the end of the connection is the end of the body, and it may be anywhere.
bool has_length(const net::Headers& headers) {
    return headers.contains("Content-Length") ||
           net::equal_ignoring_case(headers.find("Transfer-Encoding").value_or(""), "chunked");
}

// A body of another status is not read.
class PodPageSink final : public net::BodySink {
  public:
    explicit PodPageSink(storage::applications::Reading& into) : parser_{into} {}

    net::Result<> head(const net::ResponseHead& head) override {
        status_ = head.status;
        if (status_ != kOk) return net::make_error_code(net::Errc::refused_content);
        encoding_ = head.headers.find("Content-Encoding").value_or("identity");
        const std::string_view type = head.headers.find("Content-Type").value_or("");
        is_html_ = type.starts_with("text/html");
        parser_.set_format(format_of(type));
        if (!has_length(head.headers)) parser_.set_ends_with_connection();
        if (is_html_ || !net::equal_ignoring_case(encoding_, "identity"))
            return net::make_error_code(net::Errc::refused_content);
        return {};
    }
    net::Result<> body(std::string_view piece) override {
        parser_.feed(piece);
        return {};
    }

    // nullopt: the page's head is fine.
    std::optional<PodScrape> refusal() const {
        if (status_ != 0 && status_ != kOk) {
            const bool elsewhere = status_ >= 300 && status_ < 400;
            return PodScrape{PodOutcome::http_status, "it answered " + std::to_string(status_) +
                                                          (elsewhere ? ": redirects are not followed" : "")};
        }
        if (is_html_) return PodScrape{PodOutcome::malformed, "it answered HTML, not metrics"};
        if (status_ == kOk && !net::equal_ignoring_case(encoding_, "identity"))
            return PodScrape{PodOutcome::malformed, "its page is compressed, which was not asked for"};
        return std::nullopt;
    }
    PodScrape end() {
        std::string fault = parser_.finish();
        return {fault.empty() ? PodOutcome::ok : PodOutcome::malformed, std::move(fault)};
    }

  private:
    PodPageParser parser_;
    unsigned status_ = 0;
    bool is_html_ = false;
    std::string encoding_;
};

PodOutcome outcome_of(const net::Error& error) {
    Failure failure;
    failure.error = error;
    switch (failure.reason()) {
        case Reason::timeout:
            return PodOutcome::timeout;
        case Reason::too_large:
            return PodOutcome::too_large;
        case Reason::malformed:
            return PodOutcome::malformed;
        case Reason::stopped:
            return PodOutcome::stopped;
        case Reason::tls:
        case Reason::certificate_authority:
        case Reason::certificate_expired:
        case Reason::certificate_name:
        case Reason::certificate_usage:
        case Reason::certificate_pin:
            return PodOutcome::tls;
        default:
            return PodOutcome::connect;
    }
}

}  // namespace

std::string_view label(PodOutcome outcome) {
    static constexpr std::array<std::string_view, kPodOutcomes> kLabels{
        "ok",      "refused",     "lookup",    "connect",   "tls",
        "timeout", "http_status", "too_large", "malformed", "stopped"};
    return kLabels[static_cast<std::size_t>(outcome)];
}

net::Task<PodScrape> scrape_pod(net::Executor executor, Endpoint endpoint, const PodTls* tls,
                                std::string user_agent, PodScrapeLimits limits,
                                storage::applications::Reading& into) {
    PodConnector connector{endpoint, tls};
    net::HttpClient client{executor, static_cast<net::Connector&>(connector)};
    net::Request request;
    request.target = endpoint.path;
    request.headers.add("User-Agent", user_agent);
    request.headers.add("Accept", kAccept);
    net::ExchangeLimits exchange;
    exchange.deadline = net::Clock::now() + limits.whole;
    exchange.stages.connect = limits.connect;
    exchange.head_bytes = kHeadBytes;
    exchange.body_bytes = limits.page_bytes;
    PodPageSink sink{into};
    const net::Result<net::ResponseHead> answer = co_await client.exchange(request, sink, exchange);
    if (const auto refused = sink.refusal()) co_return *refused;
    if (answer) co_return sink.end();
    PodScrape failed{outcome_of(answer.error()), endpoint.url() + ": " + answer.error().message()};
    if (failed.outcome == PodOutcome::too_large)
        failed.trouble = "its page is over " + std::to_string(limits.page_bytes) + " bytes";
    co_return failed;
}

}  // namespace scraper
