// SPDX-License-Identifier: Apache-2.0
// One demand of one pod: what its pages have said so far.
#pragma once

#include "storage/applications/figure.hpp"
#include "storage/applications/increases.hpp"
#include "storage/applications/rate.hpp"
#include "storage/applications/reading_impl.hpp"
#include "storage/usage.hpp"

#include <bitset>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace storage::applications {

class PodDemand {
  public:
    struct Options {
        Points::Options points;
        // Series that are remembered, absent ones included.
        std::size_t series = 0;
    };

    PodDemand(std::uint32_t demand, Monotonic now) : demand_{demand}, asked_for_{now} {}

    std::uint32_t demand() const { return demand_; }
    // Somebody asked for it.
    void ask(Monotonic now) { asked_for_ = now; }
    Monotonic asked_for() const { return asked_for_; }

    // asked, asked_at: when the page was asked for.
    void take(const DemandRead& read, Monotonic asked, Nanos asked_at, const Options& options);
    // Its series find no room.
    void refuse();

    // Of the last page.
    const std::optional<Figure>& figure() const { return figure_; }
    Missing missing() const { return missing_; }
    // When it was asked for; nullopt: none has come since this is in demand.
    std::optional<Monotonic> page() const { return page_; }
    std::size_t series() const { return series_; }

    std::size_t bytes() const { return sizeof *this + series_bytes() + points_.bytes(); }
    // What grows with its series.
    std::size_t series_bytes() const { return sums_.bytes() + counts_.bytes(); }

  private:
    Missing judge(const DemandRead& read, const Options& options);
    Missing take_gauge(const FamilyRead& family);
    Missing take_counter(const FamilyRead& family, Kind kind, const Options& options);
    void forget();
    void know(const DemandRead& read);

    std::uint32_t demand_;
    Monotonic asked_for_;
    std::optional<Monotonic> page_;
    Nanos asked_at_ = 0;
    std::optional<Figure> figure_;
    Missing missing_ = Missing::waiting;
    std::uint32_t series_ = 0;
    // Counters: the families that pages had or declared, the one that they are of, and how they have risen
    // since the first page of it.
    std::bitset<kRanks> known_;
    std::optional<std::uint8_t> rank_;
    Increases sums_;
    Increases counts_;
    Points points_;
};

}  // namespace storage::applications
