// SPDX-License-Identifier: Apache-2.0
// Writes a protobuf message from its end to its start, as gogo's generated Go code does: each length is known
// when it is due, and no byte is moved. So fields are added in descending order, and what a length covers
// before the length itself.
#pragma once

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string_view>
#include <utility>

namespace apiserver {

// Field numbers are 1 to 15: all of the messages we write have a tag of one byte.
class ReverseProtobuf {
  public:
    // Keeps the memory.
    void clear() { start_ = capacity_; }
    std::size_t size() const { return capacity_ - start_; }
    // Valid until the next call of another function.
    std::string_view bytes() const { return {buffer_.get() + start_, size()}; }

    // A string, bytes or message field with this content.
    void text(unsigned field, std::string_view content) {
        raw(content);
        length_prefix(field, content.size());
    }
    // An integer or bool field.
    void number(unsigned field, std::uint64_t value) { tagged(field, 0, value); }
    // Makes a message field of all that was written since size() was `mark`.
    void message(unsigned field, std::size_t mark) { length_prefix(field, size() - mark); }
    void raw(std::string_view bytes) {
        if (bytes.empty()) return;
        std::memcpy(down(bytes.size()), bytes.data(), bytes.size());
    }

    // The start of a field whose content is `length` bytes.
    void length_prefix(unsigned field, std::size_t length) { tagged(field, 2, length); }

  private:
    void tagged(unsigned field, unsigned wire_type, std::uint64_t value) {
        assert(field >= 1 && field <= 15);
        const char tag = static_cast<char>(field << 3 | wire_type);
        // Most lengths, in one step.
        if (value < 0x80) {
            char* at = down(2);
            at[0] = tag;
            at[1] = static_cast<char>(value);
            return;
        }
        varint(value);
        *down(1) = tag;
    }
    void varint(std::uint64_t value) {
        std::size_t size = 1;
        for (std::uint64_t rest = value >> 7; rest != 0; rest >>= 7) ++size;
        char* at = down(size);
        for (; size > 1; --size, value >>= 7) *at++ = static_cast<char>((value & 0x7f) | 0x80);
        *at = static_cast<char>(value);
    }
    char* down(std::size_t size) {
        if (size > start_) grow(size);
        start_ -= size;
        return buffer_.get() + start_;
    }
    // Rare, and its callers are small enough to be inlined without it.
    [[gnu::noinline]] void grow(std::size_t size) {
        const std::size_t used = this->size();
        const std::size_t capacity = 2 * (capacity_ + size) + 256;
        std::unique_ptr<char[]> larger{new char[capacity]};
        if (used > 0) std::memcpy(larger.get() + capacity - used, buffer_.get() + start_, used);
        buffer_ = std::move(larger);
        capacity_ = capacity;
        start_ = capacity - used;
    }

    std::unique_ptr<char[]> buffer_;
    std::size_t capacity_ = 0;
    std::size_t start_ = 0;
};

// A map<string, string> entry or any other pair of strings numbered 1 and 2.
inline void write_pair(ReverseProtobuf& out, unsigned field, std::string_view first,
                       std::string_view second) {
    const std::size_t mark = out.size();
    out.text(2, second);
    out.text(1, first);
    out.message(field, mark);
}

// The ListMeta, field 1, of a list that is whole and has no version.
inline void write_list_meta(ReverseProtobuf& out) {
    constexpr std::string_view kEmpty{"\x0a\x00\x12\x00\x1a\x00", 6};
    out.text(1, kEmpty);
}

// What a protobuf answer begins with (k8s.io/apimachinery, pkg/runtime/serializer/protobuf).
inline constexpr std::string_view kProtobufMagic{"k8s\0", 4};

// Around a message: what follows it is written first, then the message, then end_envelope() with the mark
// that begin_envelope() gave. Together they make it a runtime.Unknown behind the magic number.
inline std::size_t begin_envelope(ReverseProtobuf& out) {
    out.text(4, "");
    out.text(3, "");
    return out.size();
}
inline void end_envelope(ReverseProtobuf& out, std::size_t mark, std::string_view api_version,
                         std::string_view kind) {
    out.message(2, mark);
    write_pair(out, 1, api_version, kind);
    out.raw(kProtobufMagic);
}

}  // namespace apiserver
