// SPDX-License-Identifier: Apache-2.0
// Many things of one kind that stay where they are, told by number; places are used again.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

namespace storage::history {

inline constexpr std::uint32_t kNowhere = UINT32_MAX;

template <class T>
class Shelf {
  public:
    std::uint32_t add(T&& thing) {
        if (spare_.empty()) {
            if (size_ == slabs_.size() * kSlab) slabs_.push_back(std::make_unique<T[]>(kSlab));
            spare_.push_back(static_cast<std::uint32_t>(size_++));
        }
        const std::uint32_t at = spare_.back();
        spare_.pop_back();
        (*this)[at] = std::move(thing);
        return at;
    }
    void remove(std::uint32_t at) {
        (*this)[at] = T{};
        spare_.push_back(at);
    }

    T& operator[](std::uint32_t at) { return slabs_[at / kSlab][at % kSlab]; }
    const T& operator[](std::uint32_t at) const { return slabs_[at / kSlab][at % kSlab]; }

    // Whether one more takes no more memory.
    bool has_spare() const { return !spare_.empty() || size_ < slabs_.size() * kSlab; }
    // Places, the empty ones too.
    std::size_t size() const { return size_; }
    std::size_t count() const { return size_ - spare_.size(); }
    std::size_t bytes() const {
        return slabs_.size() * kSlab * sizeof(T) + spare_.capacity() * sizeof(std::uint32_t);
    }

  private:
    static constexpr std::size_t kSlab = 128;

    std::vector<std::unique_ptr<T[]>> slabs_;
    std::vector<std::uint32_t> spare_;
    std::size_t size_ = 0;
};

}  // namespace storage::history
