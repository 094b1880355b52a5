// SPDX-License-Identifier: Apache-2.0
#include "apiserver/page/series/grid.hpp"

#include "apiserver/encode/json_object.hpp"
#include "apiserver/page/snapshot/tiers.hpp"

#include <algorithm>
#include <optional>
#include <type_traits>

namespace apiserver {
namespace {

using storage::history::LongPoint;
using storage::history::RecentPoint;
using storage::history::Seconds;
using storage::history::Tier;

constexpr Seconds kMostCells = 16'000;

// Millicores.
void append_cpu(std::string& out, std::uint64_t nanocores) {
    append_thousandths(out, nanocores / 1000 + (nanocores % 1000 >= 500 ? 1 : 0));
}

}  // namespace

void append_thousandths(std::string& out, std::uint64_t number) {
    append_number(out, number / 1000);
    std::uint64_t rest = number % 1000;
    if (rest == 0) return;
    out.push_back('.');
    for (std::uint64_t digit = 100; rest > 0; digit /= 10) {
        out.push_back(static_cast<char>('0' + rest / digit));
        rest %= digit;
    }
}

GridTimes grid_times(const storage::history::History& history, const SeriesRequest& request) {
    const storage::history::Reach reach = history.reach();
    GridTimes times;
    const Seconds to = request.to == 0 ? reach.to : std::min(request.to, reach.to);
    const Seconds from = request.from != 0 ? request.from : std::max<Seconds>(to - request.range, 1);
    times.tier = tier_for(history, from, to);
    // So many ticks take too much memory for what they show.
    const bool too_fine = to - from > kMostCells * history.options().resolution.count();
    if (too_fine && reach.long_from != 0) times.tier = Tier::longer;
    const bool recent = times.tier == Tier::recent;
    times.length = recent ? history.options().resolution.count() : kBucketLength;
    // What is not kept needs no places.
    const Seconds oldest = recent ? reach.recent_from : reach.long_from;
    const Seconds first = std::max(from, oldest - oldest % times.length);
    times.start = (first + times.length - 1) / times.length * times.length;
    if (reach.to == 0 || oldest == 0 || times.start > to) return times;
    times.count = static_cast<std::size_t>((to - times.start) / times.length) + 1;
    times.merged = (times.count + kMostPoints - 1) / kMostPoints;
    return times;
}

Grid::Cell* Grid::cell_at(Seconds at) {
    if (at < times_.start) return nullptr;
    const auto place = static_cast<std::size_t>((at - times_.start) / times_.length);
    return place < cells_.size() ? &cells_[place] : nullptr;
}

template <class Point>
void Grid::add_points(const std::vector<Point>& points) {
    lives_.clear();
    newest_ = points.empty() ? 0 : points.back().at;
    for (const Point& point : points) {
        const Seconds life = point.started / 1'000'000'000;
        if (life != 0 && (lives_.empty() || lives_.back() != life)) lives_.push_back(life);
        Cell* const cell = cell_at(point.at);
        if (cell == nullptr) continue;
        cell->any = any_ = true;
        cell->mean[0] += point.cpu;
        cell->mean[1] += point.memory;
        if constexpr (std::is_same_v<Point, LongPoint>) {
            cell->greatest[0] += point.cpu_max;
            cell->greatest[1] += point.memory_max;
            if (point.swap_max) cell->greatest[2] += *point.swap_max;
        } else {
            cell->greatest[0] += point.cpu;
            cell->greatest[1] += point.memory;
            if (point.swap) cell->greatest[2] += *point.swap;
        }
        if (!point.swap) continue;
        cell->swap = true;
        has_swap_ = has_swap_ || *point.swap > 0;
        cell->mean[2] += *point.swap;
    }
}

void Grid::add(const storage::history::History& history, const storage::history::Subject& subject) {
    const storage::history::TimeRange range{times_.start, times_.end()};
    if (times_.count == 0) return;
    if (times_.tier == Tier::recent) {
        history.read(subject, range, recent_);
        add_points(recent_);
    } else {
        history.read(subject, range, longer_);
        add_points(longer_);
    }
}

void Grid::add(const Grid& more) {
    for (std::size_t i = 0; i < cells_.size() && i < more.cells_.size(); ++i) {
        Cell& cell = cells_[i];
        for (std::size_t figure = 0; figure < 3; ++figure) {
            cell.mean[figure] += more.cells_[i].mean[figure];
            cell.greatest[figure] += more.cells_[i].greatest[figure];
        }
        cell.any = cell.any || more.cells_[i].any;
        cell.swap = cell.swap || more.cells_[i].swap;
    }
    any_ = any_ || more.any_;
    has_swap_ = has_swap_ || more.has_swap_;
}

void Grid::take_off(const Grid& less) {
    for (std::size_t i = 0; i < cells_.size() && i < less.cells_.size(); ++i) {
        Cell& cell = cells_[i];
        for (std::size_t figure = 0; figure < 3; ++figure) {
            cell.mean[figure] -= std::min(cell.mean[figure], less.cells_[i].mean[figure]);
            cell.greatest[figure] -= std::min(cell.greatest[figure], less.cells_[i].greatest[figure]);
        }
    }
}

// tell(first, end) of the cells that are told as one: nullopt where none of them has the figure.
template <class Tell>
void Grid::append_cells(std::string& out, Figure figure, const Tell& tell) const {
    out.push_back('[');
    for (std::size_t first = 0; first < cells_.size(); first += times_.merged) {
        if (first > 0) out.push_back(',');
        const std::optional<std::uint64_t> value =
            tell(first, std::min(first + times_.merged, cells_.size()));
        if (!value)
            out.append("null");
        else if (figure == Figure::cpu)
            append_cpu(out, *value);
        else
            append_number(out, *value);
    }
    out.push_back(']');
}

void Grid::append_means(std::string& out, Figure figure) const {
    append_cells(out, figure, [&](std::size_t first, std::size_t end) {
        std::optional<std::uint64_t> mean;
        double sum = 0;
        std::size_t count = 0;
        for (std::size_t i = first; i < end; ++i) {
            if (!has(cells_[i], figure)) continue;
            sum += static_cast<double>(cells_[i].mean[static_cast<std::size_t>(figure)]);
            ++count;
        }
        if (count > 0) mean = static_cast<std::uint64_t>(sum / static_cast<double>(count));
        return mean;
    });
}

void Grid::append_maxima(std::string& out, Figure figure) const {
    append_cells(out, figure, [&](std::size_t first, std::size_t end) {
        std::optional<std::uint64_t> greatest;
        for (std::size_t i = first; i < end; ++i)
            if (has(cells_[i], figure))
                greatest =
                    std::max(greatest.value_or(0), cells_[i].greatest[static_cast<std::size_t>(figure)]);
        return greatest;
    });
}

}  // namespace apiserver
