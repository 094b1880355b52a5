// SPDX-License-Identifier: Apache-2.0
#include "apiserver/page/series/stats_curves.hpp"

#include "apiserver/page/snapshot/json.hpp"
#include "storage/stats/stats_history.hpp"

#include <algorithm>
#include <optional>
#include <vector>

namespace apiserver {
namespace {

namespace stats = storage::stats;
using stats::Seconds;
using Values = std::vector<std::optional<std::uint64_t>>;

// Of a point, in the order of stats::Part.
constexpr std::size_t kReceived = 0, kSent = 1;
constexpr std::size_t kUsed = 0, kCapacity = 1;
constexpr std::size_t kEphemeral = 4;
constexpr std::size_t kLayer = 0, kLogs = 1;
// What lies between two points that are so far apart is not known: pages come each minute, and a row of the
// long tier each five.
constexpr Seconds kLongestGap = 900;

class StatsCurves {
  public:
    StatsCurves(std::string& out, const stats::StatsHistory& history, const GridTimes& times)
        : out_{out}, history_{history}, times_{times} {}

    // False: there are no points.
    bool read(const stats::Subject& subject, stats::Part part) {
        // One more before, so that the first rate is known.
        const stats::TimeRange range{times_.start - kLongestGap, times_.end()};
        if (times_.tier == storage::history::Tier::recent)
            history_.read_recent(subject, part, range, points_);
        else
            history_.read_long(subject, part, range, points_);
        return !points_.empty();
    }

    // Of a counter: between two points of one life.
    void rates(std::string_view key, std::size_t value) {
        Values out(times_.told());
        for (std::size_t i = 1; i < points_.size(); ++i) {
            const stats::Point& a = points_[i - 1];
            const stats::Point& b = points_[i];
            if (a.life != b.life || !a.values[value] || !b.values[value]) continue;
            if (b.at <= a.at || *b.values[value] < *a.values[value]) continue;
            fill(out, a.at, b.at,
                 (*b.values[value] - *a.values[value]) / static_cast<std::uint64_t>(b.at - a.at));
        }
        append(key, out);
    }

    // Of bytes: a point stands for the time from the one before.
    template <class Of>
    void levels(std::string_view key, const Of& of) {
        Values out(times_.told());
        for (std::size_t i = 0; i < points_.size(); ++i) {
            const Seconds before = i == 0 ? points_[i].at - times_.step() : points_[i - 1].at;
            if (const stats::Number value = of(points_[i])) fill(out, before, points_[i].at, *value);
        }
        append(key, out);
    }

    const std::vector<stats::Point>& points() const { return points_; }

  private:
    // The times behind `from` and not behind `to`.
    void fill(Values& out, Seconds from, Seconds to, std::uint64_t value) const {
        from = std::max(from, to - kLongestGap);
        const Seconds step = times_.step();
        Seconds at = from < times_.start ? 0 : (from - times_.start) / step + 1;
        for (; at < static_cast<Seconds>(out.size()) && times_.start + at * step <= to; ++at)
            out[static_cast<std::size_t>(at)] = value;
    }
    void append(std::string_view key, const Values& values) {
        const bool any =
            std::any_of(values.begin(), values.end(), [](const auto& each) { return each.has_value(); });
        if (!any) return;
        append_array(member(out_, key), values, [&](const auto& each) { append_number(out_, each); });
    }

    std::string& out_;
    const stats::StatsHistory& history_;
    const GridTimes& times_;
    std::vector<stats::Point> points_;
};

void append_volumes(std::string& out, StatsCurves& curves, const stats::StatsHistory& history,
                    const SeriesRequest& request) {
    stats::KnownPod pod;
    if (!history.pod(request.name_space, request.name, pod) || pod.volumes.empty()) return;
    member(out, "volumes").push_back('[');
    for (const stats::KnownVolume& volume : pod.volumes) {
        const stats::OfVolume of{request.name_space, request.name, volume.name};
        if (!curves.read(of, stats::Part::filesystem)) continue;
        if (out.back() != '[') out.push_back(',');
        JsonObject told{out};
        append_text(told.member("name"), volume.claim.empty() ? volume.name : volume.claim);
        told.number("used", curves.points().back().values[kUsed]);
        told.number("capacity", curves.points().back().values[kCapacity]);
        told.end();
    }
    out.push_back(']');
}

}  // namespace

void append_stats_curves(std::string& out, const PageSources& sources, const SeriesRequest& request,
                         const GridTimes& times) {
    if (sources.stats == nullptr || times.count == 0) return;
    const bool node = request.of == SeriesOf::node;
    const bool pod = request.of == SeriesOf::pod;
    if (!node && !pod && request.of != SeriesOf::container) return;
    member(out, "more").push_back('{');
    StatsCurves curves{out, *sources.stats, times};
    const auto value_at = [](std::size_t place) {
        return [place](const stats::Point& point) { return point.values[place]; };
    };
    if (node || pod) {
        const stats::Subject of = node ? stats::Subject{stats::OfNode{request.name}}
                                       : stats::Subject{stats::OfPod{request.name_space, request.name}};
        if (curves.read(of, stats::Part::network)) {
            curves.rates("networkReceived", kReceived);
            curves.rates("networkSent", kSent);
        }
        if (curves.read(of, node ? stats::Part::filesystem : stats::Part::memory))
            curves.levels("filesystemUsed", value_at(node ? kUsed : kEphemeral));
        if (pod) append_volumes(out, curves, *sources.stats, request);
    } else if (curves.read(stats::OfContainer{request.name_space, request.pod, request.name},
                           stats::Part::disk)) {
        curves.levels("filesystemUsed", [](const stats::Point& point) -> stats::Number {
            if (!point.values[kLayer] && !point.values[kLogs]) return std::nullopt;
            return point.values[kLayer].value_or(0) + point.values[kLogs].value_or(0);
        });
    }
    out.push_back('}');
}

}  // namespace apiserver
