// SPDX-License-Identifier: Apache-2.0
// Takes lists and watches apart while they arrive, in any split, holding one object in memory at a time.
//
// A list is "k8s\0" and Unknown{1 typeMeta, 2 raw}, where raw is {1 ListMeta, 2 items...}
// (k8s.io/apimachinery/pkg/runtime/generated.proto, serializer/protobuf). A watch is frames of a big-endian
// 32-bit length and a bare WatchEvent (pkg/util/framer). Both decoders know the wire format only: what an
// object holds is for decode.hpp. They do no IO, and never throw.
#pragma once

#include "kube/failure.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace kube {

// The longest object, or part of one, that is collected. etcd takes 1.5 MiB.
inline constexpr std::size_t kLongestItem = 8 * 1024 * 1024;

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

// After an error the decoder is spent.
class ListDecoder {
  public:
    explicit ListDecoder(std::size_t longest_item = kLongestItem) : longest_item_{longest_item} {}

    // The next item's bytes; consumes what it has used from the front of `input`. nullopt: all of `input` is
    // used and more is needed. The view holds until the next call, or until `input`'s memory goes.
    net::Result<std::optional<std::string_view>> next(std::string_view& input);

    // To be asked when the body has ended: Errc::cut_short unless the message was complete.
    net::Result<> finish() const;

    // Known when finish() is content.
    const std::string& resource_version() const { return resource_version_; }
    // Not empty: there is a further page.
    const std::string& continue_token() const { return continue_token_; }
    const std::string& kind() const { return kind_; }

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
    std::string resource_version_;
    std::string continue_token_;
    std::string kind_;
};

// After an error the decoder is spent.
class WatchDecoder {
  public:
    explicit WatchDecoder(std::size_t longest_frame = kLongestItem) : longest_frame_{longest_frame} {}

    // The next frame, a WatchEvent's bytes (see decode_event); as ListDecoder::next.
    net::Result<std::optional<std::string_view>> next(std::string_view& input);

    // To be asked when the body has ended: Errc::cut_short in the middle of a frame.
    net::Result<> finish() const;

  private:
    std::size_t longest_frame_;
    std::uint32_t length_ = 0;
    unsigned length_bytes_ = 0;
    bool in_frame_ = false;
    ByteCollector collector_;
};

}  // namespace kube
