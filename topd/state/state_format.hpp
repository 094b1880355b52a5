// SPDX-License-Identifier: Apache-2.0
// The file of --state-file: a head (magic, version), sections that each carry their kind, length and
// checksums, and an end mark. Pure: bytes in, bytes out.
//
//   head     "topdstat", version, CRC of these
//   section  mark, kind, length, CRC of the bytes, CRC of these; the bytes
//   end      a section of kind 0 with the number of sections before it
//
// Numbers have four bytes, the lowest first. A section that is damaged costs that section: the next is found
// by its mark.
#pragma once

#include "storage/snapshot/section.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace topd {

inline constexpr std::uint32_t kStateVersion = 1;

std::string state_head();
// What stands before the bytes of a section, and at the end.
std::string state_section_head(std::uint32_t kind, std::string_view bytes);
std::string state_end(std::uint32_t sections);

class StateReader {
  public:
    // Puts at most so many bytes there; how many: 0 at the end.
    using Read = std::function<std::size_t(char* to, std::size_t most)>;
    explicit StateReader(Read read) : read_{std::move(read)} {}

    struct Item {
        std::uint32_t kind = 0;
        // Valid until the next call.
        std::string_view bytes;
    };
    // The next section that is intact. nullopt: there is none.
    std::optional<Item> next();

    enum class Verdict {
        whole,
        // Something is missing or broken; what next() gave is intact all the same.
        damaged,
        // Not a file of ours, or of a newer version: nothing of it is read.
        foreign,
        future,
    };
    // When next() has given all. The reason is empty if it is whole.
    Verdict verdict() const { return verdict_; }
    const std::string& reason() const { return reason_; }

  private:
    struct Head {
        std::uint32_t kind = 0;
        std::uint32_t length = 0;
        std::uint32_t checksum = 0;
    };

    // Whether so many bytes are there.
    bool have(std::size_t bytes);
    std::string_view ahead() const { return std::string_view{buffer_}.substr(at_); }
    bool open();
    // Of a section that begins here.
    std::optional<Head> head();
    // Goes to the next place where one does.
    bool find_head();
    void end(std::string_view bytes);
    void damaged(std::string_view reason);

    Read read_;
    std::string buffer_;
    std::size_t at_ = 0;
    bool read_all_ = false;
    bool opened_ = false;
    bool done_ = false;
    std::uint32_t sections_ = 0;
    Verdict verdict_ = Verdict::whole;
    std::string reason_;
};

}  // namespace topd
