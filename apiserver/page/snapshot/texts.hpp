// SPDX-License-Identifier: Apache-2.0
// Names and sentences of a snapshot, copied once into large blocks and told by number.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace apiserver {

// 0: none.
using TextId = std::uint32_t;

class Texts {
  public:
    // What is longer is cut: no name in Kubernetes is.
    static constexpr std::size_t kLongest = 4096;

    // An empty one has no number. Numbers have no order.
    TextId add(std::string_view text);
    // The same text has the same number, until forget().
    TextId hold(std::string_view text);
    // As hold(); 0 where it is not there.
    TextId find(std::string_view text) const;
    // No more are held.
    void forget() { std::unordered_map<std::string_view, TextId>{}.swap(held_); }

    std::string_view operator[](TextId id) const;
    std::size_t bytes() const { return blocks_.size() * kBlock + held_.size() * 64; }

  private:
    static constexpr std::size_t kBlock = std::size_t{64} * 1024;

    std::vector<std::unique_ptr<char[]>> blocks_;
    // In the last of them.
    std::size_t used_ = kBlock;
    std::unordered_map<std::string_view, TextId> held_;
};

}  // namespace apiserver
