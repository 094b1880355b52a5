// SPDX-License-Identifier: Apache-2.0
// The points of large charts: sums of things at the same times.
#pragma once

#include "apiserver/page/series/series_request.hpp"
#include "storage/history/history.hpp"
#include "storage/history/peak_reader.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace apiserver {

inline constexpr std::size_t kMostPoints = 4'000;

// The times of a chart's points.
struct GridTimes {
    storage::history::Tier tier = storage::history::Tier::recent;
    storage::history::Seconds start = 0;
    // Of the tier.
    storage::history::Seconds length = 15;
    std::size_t count = 0;
    // So many points are told as one.
    std::size_t merged = 1;

    storage::history::Seconds step() const { return length * static_cast<storage::history::Seconds>(merged); }
    std::size_t told() const { return (count + merged - 1) / merged; }
    // Whether maxima are told beside the means.
    bool has_maxima() const { return tier == storage::history::Tier::longer || merged > 1; }
    storage::history::Seconds end() const {
        return count == 0 ? start : start + length * static_cast<storage::history::Seconds>(count - 1);
    }
};

GridTimes grid_times(const storage::history::History& history, const SeriesRequest& request);

// With three digits behind the point at most.
void append_thousandths(std::string& out, std::uint64_t number);

class Grid {
  public:
    explicit Grid(const GridTimes& times) : times_{times}, cells_(times.count) {}

    // Adds the points of a thing.
    void add(const storage::history::History& history, const storage::history::Subject& subject);
    void add(const Grid& more);
    // What is left of this without those; a figure never falls below nothing.
    void take_off(const Grid& less);
    bool any() const { return any_; }
    // More of it than nothing.
    bool has_swap() const { return has_swap_; }

    enum class Figure { cpu, memory, swap };
    // An array of means, or of maxima, with null where there is no point. CPU in millicores.
    void append_means(std::string& out, Figure figure) const;
    void append_maxima(std::string& out, Figure figure) const;
    // When the lives began whose points were added last, oldest first: Unix time.
    const std::vector<storage::history::Seconds>& lives() const { return lives_; }
    // Of the newest point that was added last; 0: there is none.
    storage::history::Seconds newest() const { return newest_; }

  private:
    struct Cell {
        // Nanocores, bytes; and the greatest of them.
        std::uint64_t mean[3] = {};
        std::uint64_t greatest[3] = {};
        bool any = false;
        bool swap = false;
    };
    template <class Tell>
    void append_cells(std::string& out, Figure figure, const Tell& tell) const;
    template <class Point>
    void add_points(const std::vector<Point>& points);
    Cell* cell_at(storage::history::Seconds at);
    static bool has(const Cell& cell, Figure figure) { return figure == Figure::swap ? cell.swap : cell.any; }

    GridTimes times_;
    std::vector<Cell> cells_;
    std::vector<storage::history::RecentPoint> recent_;
    std::vector<storage::history::LongPoint> longer_;
    std::vector<storage::history::Seconds> lives_;
    storage::history::Seconds newest_ = 0;
    bool any_ = false;
    bool has_swap_ = false;
};

}  // namespace apiserver
