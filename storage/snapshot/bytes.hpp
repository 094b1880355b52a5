// SPDX-License-Identifier: Apache-2.0
// Numbers and texts as bytes: what a snapshot is written with. Numbers are varints (seven bits a byte, the
// lowest first), so small ones are short.
#pragma once

#include "storage/history/bits.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace storage::snapshot {

class Bytes {
  public:
    void put(std::uint64_t value) {
        for (; value >= 0x80; value >>= 7) text_ += static_cast<char>(value | 0x80);
        text_ += static_cast<char>(value);
    }
    // May be negative; near zero it is short.
    void put_signed(std::int64_t value) { put(history::zigzag(static_cast<std::uint64_t>(value))); }
    void put(std::string_view text) {
        put(text.size());
        text_ += text;
    }
    // As they are.
    void append(std::string_view bytes) { text_ += bytes; }
    std::size_t size() const { return text_.size(); }
    std::string take() { return std::move(text_); }

  private:
    std::string text_;
};

// Reads them again, whatever they are: once something is wrong, all that follows is zero and empty.
class BytesReader {
  public:
    explicit BytesReader(std::string_view text) : text_{text} {}

    std::uint64_t number() {
        std::uint64_t value = 0;
        for (unsigned shift = 0; shift < 64 && !text_.empty(); shift += 7) {
            const auto byte = static_cast<unsigned char>(text_.front());
            text_.remove_prefix(1);
            // The tenth holds one bit.
            if (shift == 63 && byte > 1) break;
            value |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
            if (byte < 0x80) return value;
        }
        return fail();
    }
    // At most `most`; more is wrong.
    std::uint64_t number(std::uint64_t most) {
        const std::uint64_t value = number();
        return value <= most ? value : fail();
    }
    std::int64_t signed_number() { return static_cast<std::int64_t>(history::unzigzag(number())); }
    bool flag() { return number(1) != 0; }
    // A view into the bytes.
    std::string_view text(std::size_t most) {
        const std::uint64_t size = number(most);
        if (size > text_.size()) fail();
        const std::string_view taken = text_.substr(0, failed_ ? 0 : static_cast<std::size_t>(size));
        text_.remove_prefix(taken.size());
        return taken;
    }

    std::uint64_t fail() {
        failed_ = true;
        text_ = {};
        return 0;
    }
    bool failed() const { return failed_; }
    bool at_end() const { return text_.empty(); }

  private:
    std::string_view text_;
    bool failed_ = false;
};

}  // namespace storage::snapshot
