// SPDX-License-Identifier: Apache-2.0
#include "kube/wire/protobuf_stream.hpp"

#include "kube/wire/decode.hpp"

#include <algorithm>

namespace kube {
namespace {

constexpr std::uint64_t kVarint = 0;
constexpr std::uint64_t kFixed64 = 1;
constexpr std::uint64_t kBytes = 2;
constexpr std::uint64_t kFixed32 = 5;

// Unknown's fields, and those of every list.
constexpr std::uint64_t kTypeMeta = 1;
constexpr std::uint64_t kRaw = 2;
constexpr std::uint64_t kListMeta = 1;
constexpr std::uint64_t kItems = 2;

}  // namespace

VarintReader::State VarintReader::push(unsigned char byte) {
    // The tenth byte holds the 64th bit only.
    if (bytes_ == 9 && byte > 1) return State::bad;
    value_ |= static_cast<std::uint64_t>(byte & 0x7f) << (7 * bytes_);
    ++bytes_;
    return (byte & 0x80) != 0 ? State::more : State::done;
}

void VarintReader::clear() {
    value_ = 0;
    bytes_ = 0;
}

void ByteCollector::start(std::size_t size) {
    wanted_ = size;
    held_.clear();
}

std::optional<std::string_view> ByteCollector::take(std::string_view& input) {
    const std::string_view piece = input.substr(0, wanted_ - held_.size());
    input.remove_prefix(piece.size());
    if (held_.empty() && piece.size() == wanted_) return piece;
    held_.reserve(wanted_);
    held_ += piece;
    if (held_.size() < wanted_) return std::nullopt;
    return held_;
}

net::Result<std::optional<std::string_view>> ListDecoder::next(std::string_view& input) {
    for (;;) {
        const std::size_t before = input.size();
        if (state_ == State::collect) {
            const auto bytes = collector_.take(input);
            consume(before - input.size());
            if (!bytes) return std::nullopt;
            const Part part = part_;
            end_field();
            if (part == Part::item) return bytes;
            if (auto taken = take_part(part, *bytes); !taken) return taken.error();
        } else if (state_ == State::skip) {
            input.remove_prefix(static_cast<std::size_t>(std::min<std::uint64_t>(skip_left_, before)));
            skip_left_ -= before - input.size();
            consume(before - input.size());
            if (skip_left_ != 0) return std::nullopt;
            end_field();
        } else {
            if (input.empty()) return std::nullopt;
            const auto byte = static_cast<unsigned char>(input.front());
            input.remove_prefix(1);
            if (raw_left_ == 0u) return Errc::malformed;
            consume(1);
            if (auto pushed = push(byte); !pushed) return pushed.error();
        }
    }
}

net::Result<> ListDecoder::finish() const {
    const bool between_fields = state_ == State::key && !varint_.started();
    if (!between_fields || in_raw() || !raw_seen_) return Errc::cut_short;
    return {};
}

net::Result<> ListDecoder::push(unsigned char byte) {
    if (state_ == State::magic) {
        if (byte != static_cast<unsigned char>(kMagic[magic_seen_])) return Errc::malformed;
        if (++magic_seen_ == kMagic.size()) state_ = State::key;
        return {};
    }
    const auto read = varint_.push(byte);
    if (read == VarintReader::State::bad) return Errc::malformed;
    if (read == VarintReader::State::more) return {};
    const std::uint64_t value = varint_.value();
    varint_.clear();
    switch (state_) {
        case State::key:
            return begin_field(value);
        case State::length:
            return begin_bytes(value);
        default:
            end_field();
            return {};
    }
}

net::Result<> ListDecoder::begin_field(std::uint64_t key) {
    field_ = key >> 3;
    if (field_ == 0) return Errc::malformed;
    switch (key & 7) {
        case kVarint:
            state_ = State::varint;
            return {};
        case kBytes:
            state_ = State::length;
            return {};
        case kFixed64:
            return skip(8);
        case kFixed32:
            return skip(4);
        default:
            return Errc::malformed;
    }
}

net::Result<> ListDecoder::begin_bytes(std::uint64_t size) {
    if (in_raw()) {
        if (field_ == kItems) return collect(Part::item, size);
        if (field_ == kListMeta) return collect(Part::list_meta, size);
        return skip(size);
    }
    if (field_ == kTypeMeta) return collect(Part::type_meta, size);
    if (field_ != kRaw) return skip(size);
    if (raw_seen_) return Errc::malformed;
    raw_seen_ = true;
    raw_left_ = size;
    end_field();
    return {};
}

net::Result<> ListDecoder::collect(Part part, std::uint64_t size) {
    if (in_raw() && size > *raw_left_) return Errc::malformed;
    if (size > longest_item_) return Errc::item_too_large;
    part_ = part;
    collector_.start(static_cast<std::size_t>(size));
    state_ = State::collect;
    return {};
}

net::Result<> ListDecoder::skip(std::uint64_t size) {
    if (in_raw() && size > *raw_left_) return Errc::malformed;
    skip_left_ = size;
    state_ = State::skip;
    return {};
}

net::Result<> ListDecoder::take_part(Part part, std::string_view bytes) {
    if (part == Part::type_meta) {
        auto type = decode_type_meta(bytes);
        if (!type) return type.error();
        kind_ = type->kind;
        return {};
    }
    auto meta = decode_list_meta(bytes);
    if (!meta) return meta.error();
    resource_version_ = std::move(meta->resource_version);
    continue_token_ = std::move(meta->continue_token);
    return {};
}

void ListDecoder::end_field() {
    state_ = State::key;
    if (raw_left_ == 0u) raw_left_.reset();
}

void ListDecoder::consume(std::size_t bytes) {
    if (in_raw()) *raw_left_ -= bytes;
}

net::Result<std::optional<std::string_view>> WatchDecoder::next(std::string_view& input) {
    while (!in_frame_) {
        if (input.empty()) return std::nullopt;
        length_ = (length_ << 8) | static_cast<unsigned char>(input.front());
        input.remove_prefix(1);
        if (++length_bytes_ < sizeof length_) continue;
        if (length_ > longest_frame_) return Errc::item_too_large;
        collector_.start(length_);
        in_frame_ = true;
    }
    const auto frame = collector_.take(input);
    if (!frame) return std::nullopt;
    in_frame_ = false;
    length_ = 0;
    length_bytes_ = 0;
    return frame;
}

net::Result<> WatchDecoder::finish() const {
    if (in_frame_ || length_bytes_ != 0) return Errc::cut_short;
    return {};
}

}  // namespace kube
