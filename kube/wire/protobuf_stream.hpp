// SPDX-License-Identifier: Apache-2.0
// Lists and watches in protobuf.
//
// A list is "k8s\0" and Unknown{1 typeMeta, 2 raw}, where raw is {1 ListMeta, 2 items...}
// (k8s.io/apimachinery/pkg/runtime/generated.proto, serializer/protobuf). A watch is frames of a big-endian
// 32-bit length and a bare WatchEvent (pkg/util/framer). Both decoders know the wire format only: what an
// object holds is for decode.hpp. They do no IO, and never throw.
#pragma once

#include "kube/failure.hpp"
#include "kube/wire/stream_reader.hpp"

#include <cstdint>

namespace kube {

// A varint that may be split anywhere.
class VarintReader {
  public:
    enum class State { more, done, bad };
    State push(unsigned char byte);
    std::uint64_t value() const { return value_; }
    bool started() const { return bytes_ != 0; }
    void clear();

  private:
    std::uint64_t value_ = 0;
    unsigned bytes_ = 0;
};

// Collects a known number of bytes. Nothing is copied when they all stand in one piece of input.
class ByteCollector {
  public:
    void start(std::size_t size);
    // The bytes, once they are complete: valid until the next call, or until `input`'s memory goes.
    std::optional<std::string_view> take(std::string_view& input);

  private:
    std::size_t wanted_ = 0;
    std::string held_;
};

class ListDecoder final : public ListReader {
  public:
    explicit ListDecoder(std::size_t longest_item = kLongestItem) : longest_item_{longest_item} {}

    net::Result<std::optional<std::string_view>> next(std::string_view& input) override;
    net::Result<> finish() const override;

  private:
    enum class State { magic, key, varint, length, skip, collect };
    enum class Part { item, list_meta, type_meta };

    // One byte of the magic, a key, a length or a skipped number.
    net::Result<> push(unsigned char byte);
    net::Result<> begin_field(std::uint64_t key);
    net::Result<> begin_bytes(std::uint64_t size);
    net::Result<> collect(Part part, std::uint64_t size);
    net::Result<> skip(std::uint64_t size);
    net::Result<> take_part(Part part, std::string_view bytes);
    void end_field();
    void consume(std::size_t bytes);
    bool in_raw() const { return raw_left_.has_value(); }

    std::size_t longest_item_;
    State state_ = State::magic;
    Part part_ = Part::item;
    std::size_t magic_seen_ = 0;
    std::uint64_t field_ = 0;
    std::uint64_t skip_left_ = 0;
    // What is left of Unknown.raw while we are inside it.
    std::optional<std::uint64_t> raw_left_;
    bool raw_seen_ = false;
    VarintReader varint_;
    ByteCollector collector_;
};

class WatchDecoder final : public WatchReader {
  public:
    explicit WatchDecoder(std::size_t longest_frame = kLongestItem) : longest_frame_{longest_frame} {}

    // A frame, a WatchEvent's bytes: see decode_event.
    net::Result<std::optional<std::string_view>> next(std::string_view& input) override;
    net::Result<> finish() const override;

  private:
    std::size_t longest_frame_;
    std::uint32_t length_ = 0;
    unsigned length_bytes_ = 0;
    bool in_frame_ = false;
    ByteCollector collector_;
};

}  // namespace kube
