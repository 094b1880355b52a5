// SPDX-License-Identifier: Apache-2.0
// The canonical text of a resource.Quantity, made from a whole number (k8s.io/apimachinery,
// pkg/api/resource).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace apiserver {

// Holds its text itself: no allocation.
class QuantityText {
  public:
    // Format DecimalSI, scale nano: 1234000 is 1234u, 1500000000 is 1500m.
    static QuantityText of_nanocores(std::uint64_t nanocores);
    // Format BinarySI: 2048 is 2Ki; below 1024 it is printed as DecimalSI, so 1000 is 1k.
    static QuantityText of_bytes(std::uint64_t bytes);

    // Format DecimalSI, scale milli: 10500 is 10500m, -42000 is -42, 42000000 is 42k.
    static QuantityText of_milli(std::int64_t milli);

    std::string_view view() const { return {text_, size_}; }

  private:
    QuantityText(std::uint64_t mantissa, std::string_view suffix, bool negative = false);

    // A sign, 20 digits and a suffix.
    char text_[23];
    std::uint8_t size_ = 0;
};

}  // namespace apiserver
