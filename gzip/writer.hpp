// SPDX-License-Identifier: Apache-2.0
// Compression by gzip.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

struct z_stream_s;

namespace gzip {

// Compresses one body; the format's header and trailer are its own work (RFC 1952).
class Writer {
  public:
    // What one holds.
    static constexpr std::size_t kBytes = 136 * 1024;

    Writer();
    ~Writer();
    Writer(Writer&&) noexcept;
    Writer& operator=(Writer&&) = delete;

    // Appends what is ready of the compressed text, possibly nothing. 64 KiB take 0.2 ms.
    void write(std::string& out, std::string_view text);
    // Appends what must be sent before all of that: the header, and `first`, at most 64 KiB less a byte that
    // stand before the text written. May come late: protobuf lists have their head last. Once, before
    // finish().
    void begin(std::string& out, std::string_view first);
    // Appends the rest. Nothing may follow.
    void finish(std::string& out);

  private:
    void run(std::string& out, std::string_view text, int flush);

    std::unique_ptr<z_stream_s> stream_;
    // Checksums and sizes of the uncompressed text.
    std::uint32_t first_sum_ = 0;
    std::uint32_t sum_ = 0;
    std::size_t first_size_ = 0;
    std::size_t size_ = 0;
};

}  // namespace gzip
