// SPDX-License-Identifier: Apache-2.0
#include "series/demanded.hpp"

#include "series/catalog.hpp"
#include "series/expansion.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace series {
namespace {

using query::Advance;
using query::Labels;
using query::Matcher;
using query::Millis;
using query::MillisRange;
using query::Sample;
using storage::PodKey;
using storage::applications::FigureHistory;
using storage::applications::FigurePoint;
using storage::applications::KnownFigure;
using storage::history::History;
using storage::history::Seconds;

// Looked at for one call.
constexpr std::size_t kPods = 128;

// [a-zA-Z_:][a-zA-Z0-9_:]*
bool is_metric_name(std::string_view name) {
    const auto is_made_of = [](char c) { return query::is_name_char(c) || c == ':'; };
    return !name.empty() && (query::is_name_start(name[0]) || name[0] == ':') &&
           std::all_of(name.begin(), name.end(), is_made_of);
}

class Cursor final : public query::SeriesCursor {
  public:
    Cursor(const FigureHistory& figures, const History& history, std::span<const Matcher> matchers,
           MillisRange range)
        : figures_{figures}, history_{history}, matchers_{matchers}, range_{range} {}

    Advance next() override {
        if (!begun_) {
            begun_ = true;
            find_pods();
        }
        if (at_ + 1 < items_.size()) {
            ++at_;
            return Advance::series;
        }
        items_.clear();
        at_ = 0;
        for (std::size_t looked = 0; items_.empty() && looked < kPods && pod_ < pods_.size(); ++looked)
            take(pods_[pod_++]);
        if (!items_.empty()) return Advance::series;
        return pod_ < pods_.size() ? Advance::pause : Advance::end;
    }

    void labels(Labels& out) const override {
        const Item& item = items_[at_];
        const auto& [name_space, pod] = pods_[pod_ - 1];
        out.clear();
        out.append(query::kMetricName, item.metric);
        out.append("instance", node_);
        out.append("job", kJob);
        out.append("namespace", name_space);
        out.append("node", node_);
        out.append("pod", pod);
        out.append("selector", item.selector);
    }

    // A tick without a figure ends the value that it had before.
    void samples(std::vector<Sample>& out) const override {
        out.clear();
        const Item& item = items_[at_];
        const auto& [name_space, pod] = pods_[pod_ - 1];
        // Whole seconds within the range.
        const storage::history::TimeRange wanted{(range_.from + 999) / 1000, range_.to / 1000};
        figures_.read({name_space, pod}, {item.metric, item.selector}, wanted, points_);
        const Seconds tick = figures_.options().resolution.count();
        const Seconds last = std::min(figures_.last(), wanted.to);
        for (std::size_t i = 0; i < points_.size(); ++i) {
            const Seconds after = points_[i].at + tick;
            out.push_back({points_[i].at * 1000, static_cast<double>(points_[i].milli) / 1000});
            const bool goes_on = i + 1 < points_.size() && points_[i + 1].at <= after;
            if (!goes_on && after <= last) out.push_back({after * 1000, query::kStale});
        }
    }

  private:
    struct Item {
        std::string metric;
        std::string selector;
    };
    using PodName = std::pair<std::string, std::string>;

    bool may_have_metric() const {
        const auto* const names = query::literals_of(matchers_, query::kMetricName);
        return names == nullptr || std::any_of(names->begin(), names->end(), [&](const std::string& name) {
                   return is_shown(name) && figures_.has_metric(name);
               });
    }

    // By name: figures may come and go while the walk goes on.
    void find_pods() {
        if (!query::may_be(matchers_, "job", kJob) || !may_have_metric()) return;
        const auto* const namespaces = query::literals_of(matchers_, "namespace");
        const auto* const names = query::literals_of(matchers_, "pod");
        const auto add = [this](const PodKey& pod) {
            if (query::may_be(matchers_, "namespace", pod.name_space) &&
                query::may_be(matchers_, "pod", pod.name))
                pods_.emplace_back(pod.name_space, pod.name);
        };
        if (namespaces == nullptr) return figures_.visit_pods({}, add);
        for (const std::string& name_space : *namespaces) {
            // No pod is in a namespace without a name, and to a walk it means all.
            if (names == nullptr && !name_space.empty()) figures_.visit_pods(name_space, add);
            if (names == nullptr) continue;
            for (const std::string& name : *names) add({name_space, name});
        }
    }

    void take(const PodName& pod) {
        figures_.figures({pod.first, pod.second}, known_);
        if (known_.empty()) return;
        storage::history::KnownPod told;
        node_ = history_.pod(pod.first, pod.second, told) ? told.node : std::string_view{};
        if (!query::may_be(matchers_, "node", node_) || !query::may_be(matchers_, "instance", node_)) return;
        for (const KnownFigure& each : known_)
            if (is_shown(each.metric) && query::may_be(matchers_, query::kMetricName, each.metric) &&
                query::may_be(matchers_, "selector", each.selector))
                items_.push_back({std::string{each.metric}, std::string{each.selector}});
    }

    const FigureHistory& figures_;
    const History& history_;
    std::span<const Matcher> matchers_;
    MillisRange range_;
    bool begun_ = false;
    // Those that may match, and the next of them.
    std::vector<PodName> pods_;
    std::size_t pod_ = 0;
    // Of the pod before that.
    std::string node_;
    std::vector<Item> items_;
    std::size_t at_ = 0;
    std::vector<KnownFigure> known_;
    mutable std::vector<FigurePoint> points_;
};

}  // namespace

bool is_shown(std::string_view metric) {
    const auto named = families();
    const auto at =
        std::lower_bound(named.begin(), named.end(), metric,
                         [](const Family& family, std::string_view name) { return family.name < name; });
    return is_metric_name(metric) && (at == named.end() || at->name != metric);
}

std::vector<std::string> demanded_names(const FigureHistory& figures) {
    std::vector<std::string> names = figures.metric_names();
    std::erase_if(names, [](const std::string& name) { return !is_shown(name); });
    return names;
}

std::unique_ptr<query::SeriesCursor> select_demanded(const FigureHistory& figures, const History& history,
                                                     std::span<const Matcher> matchers, MillisRange range) {
    return std::make_unique<Cursor>(figures, history, matchers, range);
}

}  // namespace series
