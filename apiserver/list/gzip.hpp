// SPDX-License-Identifier: Apache-2.0
// gzip for answers, by the rules of k8s.io/apiserver (pkg/endpoints/handlers/responsewriters/writers.go).
#pragma once

#include "apiserver/list/byte_budget.hpp"
#include "net/http.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

struct z_stream_s;

namespace apiserver {

// Bodies of more bytes than this are compressed.
inline constexpr std::size_t kGzipThreshold = 128 * 1024;
// What one GzipWriter holds.
inline constexpr std::size_t kGzipWriterBytes = 136 * 1024;

// Whether an item of the first Accept-Encoding line is exactly "gzip": one with a q is none.
bool accepts_gzip(const net::Request& request);

// Compresses one body; the gzip format's header and trailer are its own work (RFC 1952).
class GzipWriter {
  public:
    GzipWriter();
    ~GzipWriter();
    GzipWriter(GzipWriter&&) noexcept;
    GzipWriter& operator=(GzipWriter&&) = delete;

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

// Says in the head of an answer that its body is compressed.
void set_gzip_headers(net::Response& response);

// Makes the body of `response`, over the threshold, a compressed one that is sent in pieces; the lease, of
// the writer and the body's first part, is held until then.
void compress(net::Response& response, ByteBudget::Lease lease);

}  // namespace apiserver
