// SPDX-License-Identifier: Apache-2.0
// Container names, each stored once: thousands of pods call theirs "main".
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <boost/unordered/unordered_flat_set.hpp>

namespace storage {

// Must outlive the names it hands out.
class Names {
    struct Entry {
        std::string text;
        Names* home;
        std::uint32_t holders;
    };

  public:
    // Holds one name. The text goes with its last holder.
    class Name {
      public:
        Name() = default;
        Name(Name&& other) noexcept;
        Name& operator=(Name&& other) noexcept;
        ~Name();
        std::string_view text() const { return entry_->text; }

      private:
        friend class Names;
        explicit Name(Entry* entry) : entry_{entry} {}
        Entry* entry_ = nullptr;
    };

    Names() = default;
    Names(const Names&) = delete;
    Names& operator=(const Names&) = delete;

    Name hold(std::string_view text);
    std::size_t size() const { return entries_.size(); }

  private:
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
        std::size_t operator()(const Entry* entry) const { return (*this)(std::string_view{entry->text}); }
    };
    struct Equal {
        using is_transparent = void;
        bool operator()(const Entry* a, const Entry* b) const { return a == b; }
        bool operator()(std::string_view text, const Entry* entry) const { return text == entry->text; }
        bool operator()(const Entry* entry, std::string_view text) const { return text == entry->text; }
    };
    void forget(Entry* entry);

    boost::unordered_flat_set<Entry*, Hash, Equal> entries_;
};

}  // namespace storage
