// SPDX-License-Identifier: Apache-2.0
#include "apiserver/list/gzip.hpp"

#include "apiserver/list/yield.hpp"

#include <cassert>
#include <new>
#include <utility>

#include <zlib.h>

namespace apiserver {
namespace {

// As Go's apiserver.
constexpr int kLevel = 1;
// A window of 16 KiB and half the usual hash memory: zlib's defaults compress our lists no further, take 2 %
// less time, and twice the memory.
constexpr int kWindowBits = 14;
constexpr int kMemoryLevel = 7;

// How much is compressed before others run, and how much is sent at once at least.
constexpr std::size_t kTurnBytes = 64 * 1024;
constexpr std::size_t kSendBytes = 16 * 1024;

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view kSpace = " \t\r\n\v\f";
    const std::size_t first = text.find_first_not_of(kSpace);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

// RFC 1952: magic number, deflate, no flags, no time, fastest, any system.
constexpr std::string_view kHeader{"\x1f\x8b\x08\x00\x00\x00\x00\x00\x04\xff", 10};

void append_little_endian(std::string& out, std::size_t value, int bytes) {
    for (int i = 0; i < bytes; ++i) out.push_back(static_cast<char>(value >> (8 * i) & 0xff));
}

std::uint32_t checksum(std::uint32_t sum, std::string_view text) {
    const auto* bytes = reinterpret_cast<const Bytef*>(text.data());
    return static_cast<std::uint32_t>(crc32_z(sum, bytes, text.size()));
}

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
                co_await yield();
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
    GzipWriter writer_;
    bool headed_ = false;
    std::string begun_;
    std::size_t used_ = 0;
    std::unique_ptr<net::BodySource> rest_;
};

}  // namespace

bool accepts_gzip(const net::Request& request) {
    std::string_view header = request.headers.find("Accept-Encoding").value_or("");
    while (!header.empty()) {
        const std::size_t comma = header.find(',');
        if (trimmed(header.substr(0, comma)) == "gzip") return true;
        header = comma == std::string_view::npos ? std::string_view{} : header.substr(comma + 1);
    }
    return false;
}

GzipWriter::GzipWriter() : stream_{std::make_unique<z_stream>()} {
    // A negative window is zlib's way to ask for no header.
    const int made =
        deflateInit2(stream_.get(), kLevel, Z_DEFLATED, -kWindowBits, kMemoryLevel, Z_DEFAULT_STRATEGY);
    if (made != Z_OK) throw std::bad_alloc{};
}

GzipWriter::GzipWriter(GzipWriter&&) noexcept = default;

GzipWriter::~GzipWriter() {
    if (stream_) deflateEnd(stream_.get());
}

void GzipWriter::write(std::string& out, std::string_view text) {
    sum_ = checksum(sum_, text);
    size_ += text.size();
    run(out, text, Z_NO_FLUSH);
}

void GzipWriter::begin(std::string& out, std::string_view first) {
    assert(first.size() <= 0xffff && first_size_ == 0);
    out.append(kHeader);
    if (first.empty()) return;
    first_sum_ = checksum(0, first);
    first_size_ = first.size();
    // A stored block of deflate (RFC 1951, 3.2.4): the blocks behind it do not look back over it.
    out.push_back('\0');
    append_little_endian(out, first.size(), 2);
    append_little_endian(out, ~first.size(), 2);
    out.append(first);
}

void GzipWriter::finish(std::string& out) {
    run(out, {}, Z_FINISH);
    append_little_endian(out, crc32_combine(first_sum_, sum_, static_cast<z_off_t>(size_)), 4);
    append_little_endian(out, first_size_ + size_, 4);
}

void GzipWriter::run(std::string& out, std::string_view text, int flush) {
    char ready[8 * 1024];
    // zlib's interface has no const; it does not write there.
    stream_->next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
    stream_->avail_in = static_cast<uInt>(text.size());
    do {
        stream_->next_out = reinterpret_cast<Bytef*>(ready);
        stream_->avail_out = sizeof ready;
        const int result = deflate(stream_.get(), flush);
        assert(result == Z_OK || result == Z_STREAM_END || result == Z_BUF_ERROR);
        static_cast<void>(result);
        out.append(ready, sizeof ready - stream_->avail_out);
    } while (stream_->avail_out == 0);
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
