// SPDX-License-Identifier: Apache-2.0
#include "apiserver/compression/gzip.hpp"

#include "net/yield.hpp"
#include "text/split.hpp"

#include <utility>

namespace apiserver {
namespace {

// How much is compressed before others run, and how much is sent at once at least.
constexpr std::size_t kTurnBytes = 64 * 1024;
constexpr std::size_t kSendBytes = 16 * 1024;

constexpr std::string_view kSpace = " \t\r\n\v\f";

class GzipBody final : public net::BodySource {
  public:
    // rest: what follows `begun`; null: nothing.
    GzipBody(std::string begun, std::unique_ptr<net::BodySource> rest, ByteBudget::Lease lease)
        : lease_{std::move(lease)}, begun_{std::move(begun)}, rest_{std::move(rest)} {}

    net::Task<net::Result<net::Piece>> next(std::string& out) override {
        const std::size_t from = out.size();
        std::string text;
        if (!std::exchange(headed_, true)) writer_.begin(out, {});
        while (out.size() - from < kSendBytes) {
            net::Piece piece = net::Piece::last;
            text.clear();
            if (used_ < begun_.size()) {
                co_await net::yield();
                if (take_begun(text) || rest_) piece = net::Piece::more;
            } else {
                auto next = co_await rest_->next(text);
                if (!next) co_return next.error();
                piece = *next;
            }
            writer_.write(out, text);
            if (piece == net::Piece::more) continue;
            writer_.finish(out);
            co_return net::Piece::last;
        }
        co_return net::Piece::more;
    }

  private:
    // The next turn's part of what was there from the start. False: it was the last.
    bool take_begun(std::string& text) {
        text = begun_.substr(used_, kTurnBytes);
        used_ += text.size();
        if (used_ < begun_.size()) return true;
        lease_.give_back(begun_.size());
        std::string{}.swap(begun_);
        used_ = 0;
        return false;
    }

    ByteBudget::Lease lease_;
    gzip::Writer writer_;
    bool headed_ = false;
    std::string begun_;
    std::size_t used_ = 0;
    std::unique_ptr<net::BodySource> rest_;
};

}  // namespace

bool accepts_gzip(const net::Request& request) {
    std::string_view header = request.headers.find("Accept-Encoding").value_or("");
    while (!header.empty())
        if (text::trimmed(text::take(header, ','), kSpace) == "gzip") return true;
    return false;
}

void set_gzip_headers(net::Response& response) {
    response.headers.set("Content-Encoding", "gzip");
    response.headers.add("Vary", "Accept-Encoding");
}

void compress(net::Response& response, ByteBudget::Lease lease) {
    set_gzip_headers(response);
    std::string begun = std::exchange(response.body, {});
    response.source =
        std::make_unique<GzipBody>(std::move(begun), std::move(response.source), std::move(lease));
}

}  // namespace apiserver
