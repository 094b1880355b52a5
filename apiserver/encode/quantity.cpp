// SPDX-License-Identifier: Apache-2.0
#include "apiserver/encode/quantity.hpp"

#include <bit>
#include <charconv>
#include <cstring>

namespace apiserver {
namespace {

constexpr std::string_view kDecimal[] = {"n", "u", "m", "", "k", "M", "G", "T", "P", "E"};
constexpr std::size_t kMilli = 2;
constexpr std::size_t kOne = 3;
constexpr std::string_view kBinary[] = {"", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"};

}  // namespace

QuantityText::QuantityText(std::uint64_t mantissa, std::string_view suffix, bool negative) {
    text_[0] = '-';
    char* end = std::to_chars(text_ + (negative ? 1 : 0), text_ + sizeof text_, mantissa).ptr;
    std::memcpy(end, suffix.data(), suffix.size());
    size_ = static_cast<std::uint8_t>(end - text_ + static_cast<std::ptrdiff_t>(suffix.size()));
}

QuantityText QuantityText::of_nanocores(std::uint64_t nanocores) {
    if (nanocores == 0) return {0, ""};
    std::size_t step = 0;
    while (nanocores % 1000 == 0) nanocores /= 1000, ++step;
    return {nanocores, kDecimal[step]};
}

QuantityText QuantityText::of_bytes(std::uint64_t bytes) {
    if (bytes == 1000) return {1, kDecimal[kOne + 1]};
    if (bytes < 1024) return {bytes, ""};
    const auto step = static_cast<std::size_t>(std::countr_zero(bytes)) / 10;
    return {bytes >> (10 * step), kBinary[step]};
}

QuantityText QuantityText::of_milli(std::int64_t milli) {
    if (milli == 0) return {0, ""};
    const bool negative = milli < 0;
    auto mantissa = static_cast<std::uint64_t>(milli);
    if (negative) mantissa = 0 - mantissa;
    std::size_t step = kMilli;
    while (mantissa % 1000 == 0) mantissa /= 1000, ++step;
    return {mantissa, kDecimal[step], negative};
}

}  // namespace apiserver
