// SPDX-License-Identifier: Apache-2.0
#include "gzip/writer.hpp"

#include <cassert>
#include <new>

#include <zlib.h>

namespace gzip {
namespace {

// As Go's apiserver.
constexpr int kLevel = 1;
// A window of 16 KiB and half the usual hash memory: zlib's defaults compress our lists no further, take 2 %
// less time, and twice the memory.
constexpr int kWindowBits = 14;
constexpr int kMemoryLevel = 7;

// RFC 1952: magic number, deflate, no flags, no time, fastest, any system.
constexpr std::string_view kHeader{"\x1f\x8b\x08\x00\x00\x00\x00\x00\x04\xff", 10};

void append_little_endian(std::string& out, std::size_t value, int bytes) {
    for (int i = 0; i < bytes; ++i) out.push_back(static_cast<char>(value >> (8 * i) & 0xff));
}

std::uint32_t checksum(std::uint32_t sum, std::string_view text) {
    const auto* bytes = reinterpret_cast<const Bytef*>(text.data());
    return static_cast<std::uint32_t>(crc32_z(sum, bytes, text.size()));
}

}  // namespace

Writer::Writer() : stream_{std::make_unique<z_stream>()} {
    // A negative window is zlib's way to ask for no header.
    const int made =
        deflateInit2(stream_.get(), kLevel, Z_DEFLATED, -kWindowBits, kMemoryLevel, Z_DEFAULT_STRATEGY);
    if (made != Z_OK) throw std::bad_alloc{};
}

Writer::Writer(Writer&&) noexcept = default;

Writer::~Writer() {
    if (stream_) deflateEnd(stream_.get());
}

void Writer::write(std::string& out, std::string_view text) {
    sum_ = checksum(sum_, text);
    size_ += text.size();
    run(out, text, Z_NO_FLUSH);
}

void Writer::begin(std::string& out, std::string_view first) {
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

void Writer::finish(std::string& out) {
    run(out, {}, Z_FINISH);
    append_little_endian(out, crc32_combine(first_sum_, sum_, static_cast<z_off_t>(size_)), 4);
    append_little_endian(out, first_size_ + size_, 4);
}

void Writer::run(std::string& out, std::string_view text, int flush) {
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

}  // namespace gzip
