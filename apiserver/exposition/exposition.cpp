// SPDX-License-Identifier: Apache-2.0
#include "apiserver/exposition/exposition.hpp"

#include "apiserver/compression/gzip.hpp"
#include "net/yield.hpp"

#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace apiserver {
namespace {

constexpr std::string_view kContentType = "text/plain; version=0.0.4; charset=utf-8; escaping=underscores";
constexpr std::size_t kCompressionBytes = gzip::Writer::kBytes + 2 * Exposition::kPieceBytes;

class PageBody final : public net::BodySource {
  public:
    explicit PageBody(telemetry::MetricsPage::Reader reader) : reader_{std::move(reader)} {}

    net::Task<net::Result<net::Piece>> next(std::string& out) override {
        co_await net::yield();
        const bool more = reader_.next(out, Exposition::kPieceBytes);
        co_return more ? net::Piece::more : net::Piece::last;
    }

  private:
    telemetry::MetricsPage::Reader reader_;
};

}  // namespace

Exposition::Exposition(const telemetry::MetricsPage& page, std::int64_t started)
    : page_{page}, started_{started}, gzip_{kCompressed * kCompressionBytes} {}

net::Response Exposition::respond(const net::Request& request) {
    net::Response response;
    response.headers.set("Content-Type", kContentType);
    response.headers.set("Process-Start-Time-Unix", std::to_string(started_));
    telemetry::MetricsPage::Reader reader{page_};
    if (reader.next(response.body, kPieceBytes))
        response.source = std::make_unique<PageBody>(std::move(reader));
    std::optional<ByteBudget::Lease> lease;
    if (accepts_gzip(request)) lease = gzip_.lease(kCompressionBytes);
    if (lease && !response.body.empty()) compress(response, std::move(*lease));
    return response;
}

}  // namespace apiserver
