// SPDX-License-Identifier: Apache-2.0
// What one page of a pod says about what is in demand, told sample by sample as it arrives.
#pragma once

#include "storage/node_page.hpp"

#include <cstdint>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

namespace storage::applications {

// Of a family, as its page declares it; `untyped` if it does not, or in words that mean nothing here.
enum class Type : std::uint8_t { untyped, gauge, counter, histogram, summary };

// Unescaped. Views into the line.
using LabelViews = std::vector<std::pair<std::string_view, std::string_view>>;

struct Sample {
    // As the line begins: with _total, _count and the like.
    std::string_view name;
    // Of the family that the line belongs to.
    Type type = Type::untyped;
    const LabelViews& labels;
    double value = 0;
    // Its own time, Unix time; 0: it has none.
    Nanos at = 0;
};

struct Rule;

class Reading {
  public:
    Reading();
    Reading(Reading&&) noexcept;
    Reading& operator=(Reading&&) noexcept;
    ~Reading();

    // Whether a sample of this name can matter: all others need not be told.
    bool wants(std::string_view sample_name) const;
    // The page declares a family; it may have no samples.
    void family(std::string_view name, Type type);
    void sample(const Sample& sample);

  private:
    friend class Applications;
    struct Impl;
    explicit Reading(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace storage::applications
