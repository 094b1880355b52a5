// SPDX-License-Identifier: Apache-2.0
#include "test/sim/kubelet/page_source.hpp"

#include "net/error.hpp"

#include <algorithm>

#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace sim {

namespace asio = boost::asio;

PageSource::PageSource(std::string text, std::size_t piece, std::size_t cut_after)
    : text_{std::move(text)}, piece_{piece == 0 ? text_.size() : piece}, cut_after_{cut_after} {}

net::Task<net::Result<net::Piece>> PageSource::next(std::string& out) {
    const std::size_t end = std::min(text_.size(), cut_after_);
    if (sent_ >= end && end < text_.size()) co_return make_error_code(net::Errc::refused_content);
    const std::size_t size = std::min(piece_, end - sent_);
    out.append(text_, sent_, size);
    sent_ += size;
    co_return sent_ < text_.size() ? net::Piece::more : net::Piece::last;
}

EndlessSource::EndlessSource(const std::string& line, std::uint64_t bytes) : bytes_{bytes} {
    while (piece_.size() < 64 * 1024) piece_ += line;
}

net::Task<net::Result<net::Piece>> EndlessSource::next(std::string& out) {
    // A client that reads as fast as we write must not keep the loop from the others.
    co_await asio::post(co_await asio::this_coro::executor, asio::use_awaitable);
    out += piece_;
    sent_ += piece_.size();
    co_return bytes_ == 0 || sent_ < bytes_ ? net::Piece::more : net::Piece::last;
}

}  // namespace sim
