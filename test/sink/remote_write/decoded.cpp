// SPDX-License-Identifier: Apache-2.0
#include "test/sink/remote_write/decoded.hpp"

#include <bit>
#include <cstdio>
#include <cstring>

namespace sink_test {
namespace {

// Takes from the front of its text; what is not there makes it fail for good.
struct Bytes {
    std::string_view left;
    bool failed = false;

    std::uint8_t one() {
        if (left.empty()) return failed = true, std::uint8_t{0};
        const auto byte = static_cast<std::uint8_t>(left[0]);
        left.remove_prefix(1);
        return byte;
    }
    std::uint64_t varint() {
        std::uint64_t value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            const std::uint8_t byte = one();
            value |= std::uint64_t{byte & 0x7FU} << shift;
            if (byte < 0x80) return value;
        }
        failed = true;
        return 0;
    }
    std::uint64_t little_endian(unsigned bytes) {
        std::uint64_t value = 0;
        for (unsigned i = 0; i < bytes; ++i) value |= std::uint64_t{one()} << (8 * i);
        return value;
    }
    std::string_view some(std::uint64_t bytes) {
        if (bytes > left.size()) return failed = true, std::string_view{};
        const std::string_view taken = left.substr(0, bytes);
        left.remove_prefix(bytes);
        return taken;
    }
    bool more() const { return !failed && !left.empty(); }
};

bool read_label(std::string_view message, DecodedSeries& out) {
    Bytes bytes{message};
    auto& [name, value] = out.labels.emplace_back();
    while (bytes.more()) {
        const std::uint64_t tag = bytes.varint();
        if (tag != 0x0A && tag != 0x12) return false;
        (tag == 0x0A ? name : value) = bytes.some(bytes.varint());
    }
    return !bytes.failed && !name.empty() && !value.empty();
}

bool read_sample(std::string_view message, DecodedSeries& out) {
    Bytes bytes{message};
    while (bytes.more()) {
        const std::uint64_t tag = bytes.varint();
        if (tag == 0x09)
            out.value = std::bit_cast<double>(bytes.little_endian(8));
        else if (tag == 0x10)
            out.at = static_cast<std::int64_t>(bytes.varint());
        else
            return false;
    }
    return !bytes.failed;
}

bool read_series(std::string_view message, DecodedSeries& out) {
    Bytes bytes{message};
    int samples = 0;
    while (bytes.more()) {
        const std::uint64_t tag = bytes.varint();
        const std::string_view inner = bytes.some(bytes.varint());
        if (tag == 0x0A ? !read_label(inner, out) : tag != 0x12 || !read_sample(inner, out)) return false;
        if (tag == 0x12) ++samples;
    }
    return !bytes.failed && samples == 1;
}

}  // namespace

std::string DecodedSeries::label(std::string_view name) const {
    for (const auto& each : labels)
        if (each.first == name) return each.second;
    return {};
}

std::string DecodedSeries::text() const {
    std::string all = label("__name__") + "{";
    for (const auto& each : labels)
        if (each.first != "__name__")
            all += (all.back() == '{' ? "" : ",") + each.first + "=\"" + each.second + "\"";
    char number[64];
    const bool is_stale = std::bit_cast<std::uint64_t>(value) == 0x7FF0000000000002;
    std::snprintf(number, sizeof number, is_stale ? "stale" : "%.17g", value);
    return all + "} " + number + " @" + std::to_string(at);
}

std::optional<std::string> unsnapped(std::string_view body) {
    Bytes bytes{body};
    const std::uint64_t length = bytes.varint();
    std::string out;
    while (bytes.more() && out.size() <= length) {
        const std::uint64_t tag = bytes.one();
        std::uint64_t size = tag >> 2;
        std::uint64_t offset = 0;
        switch (tag & 3) {
            case 0:
                if (size >= 60) size = bytes.little_endian(static_cast<unsigned>(size - 59));
                out += bytes.some(size + 1);
                continue;
            case 1:
                size = (tag >> 2 & 7) + 4;
                offset = tag >> 5 << 8 | bytes.one();
                break;
            case 2:
                size += 1;
                offset = bytes.little_endian(2);
                break;
            default:
                size += 1;
                offset = bytes.little_endian(4);
        }
        if (offset == 0 || offset > out.size()) return std::nullopt;
        // It may reach into what it makes.
        for (std::uint64_t i = 0; i < size; ++i) out += out[out.size() - offset];
    }
    if (bytes.failed || out.size() != length) return std::nullopt;
    return out;
}

std::optional<std::vector<DecodedSeries>> read_request(std::string_view request) {
    Bytes bytes{request};
    std::vector<DecodedSeries> all;
    while (bytes.more()) {
        if (bytes.varint() != 0x0A) return std::nullopt;
        if (!read_series(bytes.some(bytes.varint()), all.emplace_back())) return std::nullopt;
    }
    if (bytes.failed) return std::nullopt;
    return all;
}

std::optional<std::vector<DecodedSeries>> read_body(std::string_view body) {
    const auto request = unsnapped(body);
    return request ? read_request(*request) : std::nullopt;
}

}  // namespace sink_test
