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

// What a sample is, by its family's type: untyped ones are told by their names.
enum class Type : std::uint8_t {
    untyped,
    gauge,
    counter,   // also the count and the sum of a histogram or a summary
    quantile,  // of a summary
};

// Unescaped. Views into the line.
using LabelViews = std::vector<std::pair<std::string_view, std::string_view>>;

struct Sample {
    // As the line begins: with _total, _count and the like.
    std::string_view name;
    Type type = Type::untyped;
    const LabelViews& labels;
    double value = 0;
    // Its own time, Unix time; 0: it has none.
    Nanos at = 0;
};

// What is kept is bounded: a demand that has too many series on the page has none.
class Reading {
  public:
    Reading();
    Reading(Reading&&) noexcept;
    Reading& operator=(Reading&&) noexcept;
    ~Reading();

    // Whether a sample of this name can matter: all others need not be told.
    bool wants(std::string_view sample_name) const;
    // The page has counters of this name, though there may be no sample of them.
    void declare_counter(std::string_view sample_name);
    void sample(const Sample& sample);

  private:
    friend class Applications;
    struct Impl;
    explicit Reading(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace storage::applications
