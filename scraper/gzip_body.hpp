// SPDX-License-Identifier: Apache-2.0
// A body that comes compressed by gzip (RFC 1952), as it arrives.
#pragma once

#include "net/error.hpp"

#include <cstdint>
#include <memory>
#include <string_view>

namespace scraper {

class PageParser;

// Reused from page to page: the memory, some 44 KiB, is there from the first one on.
class GzipBody {
  public:
    GzipBody();
    ~GzipBody();

    // Begins a body of which at most `limit` bytes are taken once they are out.
    void restart(std::uint64_t limit);
    // Hands on what comes out. Errors: Errc::bad_gzip, net::Errc::body_too_large.
    net::Result<> feed(std::string_view bytes, PageParser& parser);
    // The end of the stream has come, and its checksum is right.
    bool ended() const;

  private:
    struct Stream;
    std::unique_ptr<Stream> stream_;
};

}  // namespace scraper
