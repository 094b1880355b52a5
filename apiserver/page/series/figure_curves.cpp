// SPDX-License-Identifier: Apache-2.0
#include "apiserver/page/series/figure_curves.hpp"

#include "apiserver/page/snapshot/json.hpp"
#include "storage/applications/figure_history.hpp"

#include <cmath>
#include <cstdint>
#include <vector>

namespace apiserver {
namespace {

using storage::applications::FigurePoint;
using storage::applications::KnownFigure;
using storage::history::Seconds;

struct Cell {
    // Thousandths.
    double sum = 0;
    std::size_t count = 0;
};

void append_milli(std::string& out, std::int64_t milli) {
    if (milli < 0) out.push_back('-');
    append_thousandths(out, static_cast<std::uint64_t>(milli < 0 ? -milli : milli));
}

// A tick belongs to the time at which it ends, or to the next one that is told. False: there is none.
bool add_up(const std::vector<FigurePoint>& points, const GridTimes& times, std::vector<Cell>& cells) {
    cells.assign(times.told(), {});
    bool any = false;
    for (const FigurePoint& point : points) {
        const Seconds behind = point.at - times.start;
        const auto place =
            static_cast<std::size_t>(behind <= 0 ? 0 : (behind + times.length - 1) / times.length);
        if (place >= times.count) continue;
        Cell& cell = cells[place / times.merged];
        cell.sum += static_cast<double>(point.milli);
        ++cell.count;
        any = true;
    }
    return any;
}

void append_means(std::string& out, const std::vector<Cell>& cells) {
    append_array(out, cells, [&](const Cell& cell) {
        if (cell.count == 0)
            out.append("null");
        else
            append_milli(out, std::llround(cell.sum / static_cast<double>(cell.count)));
    });
}

}  // namespace

void append_figure_curves(std::string& out, const PageSources& sources, const SeriesRequest& request,
                          const GridTimes& times) {
    if (sources.figures == nullptr || request.of != SeriesOf::pod || times.count == 0) return;
    const storage::PodKey pod{request.name_space, request.name};
    std::vector<KnownFigure> known;
    sources.figures->figures(pod, known);
    std::vector<FigurePoint> points;
    std::vector<Cell> cells;
    std::size_t told = 0;
    for (const KnownFigure& each : known) {
        if (told == kMostFigures) break;
        sources.figures->read(pod, each, {times.start - times.length + 1, times.end()}, points);
        if (!add_up(points, times, cells)) continue;
        if (told++ == 0) member(out, "own").push_back('[');
        if (out.back() != '[') out.push_back(',');
        JsonObject figure{out};
        append_text(figure.member("name"), each.metric);
        append_text(figure.member("selector"), each.selector);
        append_means(figure.member("values"), cells);
        figure.end();
    }
    if (told > 0) out.push_back(']');
}

}  // namespace apiserver
