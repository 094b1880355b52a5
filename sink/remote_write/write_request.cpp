// SPDX-License-Identifier: Apache-2.0
#include "sink/remote_write/write_request.hpp"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>

#include <protozero/exception.hpp>
#include <protozero/pbf_reader.hpp>
#include <protozero/varint.hpp>

namespace sink::remote_write {
namespace {

// Numbers of fields with their wire types: 2 is bytes with their length, 1 is 8 bytes, 0 a varint.
constexpr char kSeriesTag = 1 << 3 | 2;
constexpr char kLabelTag = 1 << 3 | 2;
constexpr char kSampleTag = 2 << 3 | 2;
constexpr char kNameTag = 1 << 3 | 2;
constexpr char kTextTag = 2 << 3 | 2;
constexpr char kValueTag = 1 << 3 | 1;
constexpr char kTimeTag = 2 << 3 | 0;

constexpr std::size_t kMostVarint = 10;

static_assert(std::endian::native == std::endian::little, "protobuf's doubles are little endian");

std::size_t varint_bytes(std::size_t value) {
    return static_cast<std::size_t>(protozero::length_of_varint(value));
}

char* put_varint(char* at, std::uint64_t value) {
    return at + protozero::add_varint_to_buffer(at, value);
}

char* put_bytes(char* at, std::string_view bytes) {
    std::memcpy(at, bytes.data(), bytes.size());
    return at + bytes.size();
}

char* put_text(char* at, char tag, std::string_view text) {
    *at++ = tag;
    return put_bytes(put_varint(at, text.size()), text);
}

std::size_t text_bytes(std::string_view text) {
    return 1 + varint_bytes(text.size()) + text.size();
}

void append_label(std::string& out, std::string_view name, std::string_view value) {
    const std::size_t inner = text_bytes(name) + text_bytes(value);
    const std::size_t begin = out.size();
    out.resize(begin + 1 + varint_bytes(inner) + inner);
    char* at = out.data() + begin;
    *at++ = kLabelTag;
    put_text(put_text(put_varint(at, inner), kNameTag, name), kTextTag, value);
}

// With its tag and length; returns its end. There must be room for kMostSample bytes.
constexpr std::size_t kMostSample = 2 + 1 + sizeof(double) + 1 + kMostVarint;
char* put_sample(char* at, const query::Sample& sample) {
    *at++ = kSampleTag;
    char* const length = at++;
    *at++ = kValueTag;
    std::memcpy(at, &sample.value, sizeof(double));
    at += sizeof(double);
    *at++ = kTimeTag;
    at = put_varint(at, static_cast<std::uint64_t>(sample.at));
    *length = static_cast<char>(at - length - 1);
    return at;
}

}  // namespace

WriteRequest::WriteRequest(LabelPairs external) : external_{std::move(external)} {
    std::erase_if(external_, [](const auto& label) {
        return label.first.empty() || label.second.empty() || label.first == query::kMetricName;
    });
    std::stable_sort(external_.begin(), external_.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    const auto is_same = [](const auto& a, const auto& b) { return a.first == b.first; };
    external_.erase(std::unique(external_.begin(), external_.end(), is_same), external_.end());
}

std::string WriteRequest::name_label(std::string_view metric) {
    std::string label;
    append_label(label, query::kMetricName, metric);
    return label;
}

void WriteRequest::use(const query::Labels& labels) {
    head_.clear();
    tail_.clear();
    const auto append = [&](std::string_view name, std::string_view value) {
        append_label(name < query::kMetricName ? head_ : tail_, name, value);
    };
    auto next = external_.begin();
    for (std::size_t i = 0; i < labels.size(); ++i) {
        const query::Label label = labels[i];
        for (; next != external_.end() && next->first < label.name; ++next) append(next->first, next->second);
        if (next != external_.end() && next->first == label.name) ++next;
        if (label.name != query::kMetricName) append(label.name, label.value);
    }
    for (; next != external_.end(); ++next) append(next->first, next->second);
}

void WriteRequest::add(std::string_view name_label, const query::Sample& sample) {
    char encoded[kMostSample];
    const auto sample_bytes = static_cast<std::size_t>(put_sample(encoded, sample) - encoded);
    const std::size_t inner = head_.size() + name_label.size() + tail_.size() + sample_bytes;
    const std::size_t begin = bytes_.size();
    bytes_.resize(begin + 1 + varint_bytes(inner) + inner);
    char* at = bytes_.data() + begin;
    *at++ = kSeriesTag;
    at = put_varint(at, inner);
    at = put_bytes(put_bytes(put_bytes(at, head_), name_label), tail_);
    put_bytes(at, {encoded, sample_bytes});
    ++series_;
}

void WriteRequest::clear() {
    bytes_.clear();
    series_ = 0;
}

std::optional<Middle> middle_of(std::string_view request) {
    const auto skip_series = [](protozero::pbf_reader& reader, std::uint32_t most) {
        std::uint32_t series = 0;
        for (; series < most && reader.next(); ++series) {
            if (reader.tag() != 1) return std::uint32_t{0};
            reader.skip();
        }
        return series;
    };
    try {
        protozero::pbf_reader all{request.data(), request.size()};
        const std::uint32_t series = skip_series(all, UINT32_MAX);
        if (series < 2) return std::nullopt;
        protozero::pbf_reader half{request.data(), request.size()};
        Middle middle{0, skip_series(half, series / 2), series - series / 2};
        middle.at = request.size() - half.length();
        return middle;
    } catch (const protozero::exception&) {
        return std::nullopt;
    }
}

}  // namespace sink::remote_write
