// SPDX-License-Identifier: Apache-2.0
#include "apiserver/turns/parts.hpp"

#include "apiserver/compression/gzip.hpp"
#include "apiserver/representation/piece_size.hpp"
#include "net/yield.hpp"

#include <optional>
#include <utility>

namespace apiserver {
namespace {

class PartsBody final : public net::BodySource {
  public:
    explicit PartsBody(std::unique_ptr<Parts> parts) : parts_{std::move(parts)} {}

    net::Task<net::Result<net::Piece>> next(std::string& out) override {
        const std::size_t enough = out.size() + kPieceBytes / 2;
        bool more = true;
        while (more && out.size() < enough) {
            co_await net::yield();
            more = parts_->advance(out);
        }
        co_return more ? net::Piece::more : net::Piece::last;
    }

  private:
    std::unique_ptr<Parts> parts_;
};

}  // namespace

net::Task<net::Response> answer_parts(const net::Request& request, std::string_view type,
                                      std::unique_ptr<Parts> parts, Compression& compression) {
    std::optional<ByteBudget::Lease> lease;
    if (accepts_gzip(request)) lease = compression.lease(kGzipThreshold + kPieceBytes);
    const std::size_t enough = lease ? kGzipThreshold : kPieceBytes;
    net::Response response;
    response.headers.set("Content-Type", type);
    bool more = parts->advance(response.body);
    while (more && response.body.size() <= enough) {
        co_await net::yield();
        more = parts->advance(response.body);
    }
    if (more) response.source = std::make_unique<PartsBody>(std::move(parts));
    if (lease && response.body.size() > kGzipThreshold) compress(response, std::move(*lease));
    co_return response;
}

}  // namespace apiserver
