// SPDX-License-Identifier: Apache-2.0
#include "gzip/reader.hpp"

#include <array>
#include <new>

#include <zlib.h>

namespace gzip {
namespace {

// zlib: 15 bits of window, and 16 for the header of gzip.
constexpr int kGzipWindow = 15 + 16;

}  // namespace

struct Reader::Stream {
    Stream() {
        if (inflateInit2(&z, kGzipWindow) != Z_OK) throw std::bad_alloc{};
    }
    ~Stream() { inflateEnd(&z); }
    Stream(const Stream&) = delete;
    Stream& operator=(const Stream&) = delete;

    z_stream z{};
    std::uint64_t left = 0;
    bool ended = false;
};

Reader::Reader() = default;
Reader::~Reader() = default;

void Reader::restart(std::uint64_t limit) {
    if (stream_) {
        inflateReset(&stream_->z);
    } else {
        stream_ = std::make_unique<Stream>();
    }
    stream_->left = limit;
    stream_->ended = false;
}

Reader::Outcome Reader::feed(std::string_view bytes, const Sink& sink) {
    // One for all: nothing waits between its filling and its use.
    static thread_local std::array<unsigned char, 32 * 1024> out;
    z_stream& z = stream_->z;
    // zlib does not write to it.
    z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    z.avail_in = static_cast<uInt>(bytes.size());
    do {
        if (stream_->ended) return z.avail_in == 0 ? Outcome::good : Outcome::broken;
        z.next_out = out.data();
        z.avail_out = static_cast<uInt>(out.size());
        const int outcome = inflate(&z, Z_NO_FLUSH);
        // Z_BUF_ERROR: no more can be done with what has come.
        if (outcome != Z_OK && outcome != Z_STREAM_END && outcome != Z_BUF_ERROR) return Outcome::broken;
        const std::size_t size = out.size() - z.avail_out;
        if (size > stream_->left) return Outcome::too_large;
        stream_->left -= size;
        stream_->ended = outcome == Z_STREAM_END;
        sink({reinterpret_cast<const char*>(out.data()), size});
    } while (z.avail_in > 0 || z.avail_out == 0);
    return Outcome::good;
}

bool Reader::ended() const {
    return stream_->ended;
}

}  // namespace gzip
