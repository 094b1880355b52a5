// SPDX-License-Identifier: Apache-2.0
// What was compressed by gzip (RFC 1952), as it arrives.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>

namespace gzip {

// Reused from body to body: the memory, some 44 KiB, is there from the first one on.
class Reader {
  public:
    enum class Outcome {
        good,
        // Not the format, a wrong checksum, or more after the end.
        broken,
        // More comes out than the limit.
        too_large
    };
    // Is given what comes out, in pieces; they are valid during the call.
    using Sink = std::function<void(std::string_view)>;

    Reader();
    ~Reader();

    // Begins a body of which at most `limit` bytes are taken once they are out.
    void restart(std::uint64_t limit);
    // REQUIRES: restart(), and nothing but good since.
    Outcome feed(std::string_view bytes, const Sink& sink);
    // The end of the stream has come, and its checksum is right.
    bool ended() const;

  private:
    struct Stream;
    std::unique_ptr<Stream> stream_;
};

}  // namespace gzip
