// SPDX-License-Identifier: Apache-2.0
#include "storage/applications/pod_demand.hpp"

#include <algorithm>
#include <cmath>

namespace storage::applications {
namespace {

// The first family that the page has samples of; else the first one that it could have samples of.
std::optional<std::uint8_t> chosen(const DemandRead& read) {
    for (const auto which : {&FamilyRead::present, &FamilyRead::declared})
        for (std::uint8_t rank = 0; rank < kRanks; ++rank)
            if (read.families[rank].*which) return rank;
    return std::nullopt;
}

Kind kind_of(const Rule& rule, std::uint8_t rank) {
    const auto at = std::find_if(rule.candidates.begin(), rule.candidates.end(),
                                 [rank](const Candidate& each) { return each.rank == rank; });
    return at->kind;
}

std::vector<SeriesValue> settled(std::vector<SeriesValue> values) {
    settle(values);
    return values;
}

std::uint32_t known_of(const std::vector<SeriesValue>& values) {
    const auto is_known = [](const SeriesValue& each) { return !std::isnan(each.value); };
    return static_cast<std::uint32_t>(std::count_if(values.begin(), values.end(), is_known));
}

}  // namespace

void PodDemand::take(const DemandRead& read, Monotonic asked, Nanos asked_at, const Options& options) {
    page_ = asked;
    asked_at_ = asked_at;
    figure_.reset();
    series_ = 0;
    missing_ = judge(read, options);
    know(read);
}

void PodDemand::refuse() {
    forget();
    figure_.reset();
    missing_ = Missing::no_room;
}

void PodDemand::forget() {
    rank_.reset();
    sums_.forget();
    counts_.forget();
    points_.clear();
}

void PodDemand::know(const DemandRead& read) {
    for (std::size_t rank = 0; rank < kRanks; ++rank)
        if (read.families[rank].present || read.families[rank].declared) known_.set(rank);
}

Missing PodDemand::judge(const DemandRead& read, const Options& options) {
    if (read.too_many) {
        forget();
        return Missing::no_room;
    }
    const auto rank = chosen(read);
    if (!rank) {
        if (rank_) points_.mark(*page_, options.points);
        return Missing::no_family;
    }
    const FamilyRead& family = read.families[*rank];
    const Kind kind = kind_of(*read.rule, *rank);
    if (kind == Kind::gauge) return take_gauge(family);
    if (family.present && rank_ != rank) {
        // What a family that was not there before has counted so far may be years old.
        if (rank_ || !known_.test(*rank)) forget();
        rank_ = rank;
    }
    return take_counter(family, kind, options);
}

Missing PodDemand::take_gauge(const FamilyRead& family) {
    if (family.values.empty()) return family.bad ? Missing::not_a_number : Missing::no_series;
    const std::vector<SeriesValue> values = settled(family.values);
    double sum = 0;
    for (const SeriesValue& each : values) sum += each.value;
    series_ = static_cast<std::uint32_t>(values.size());
    figure_ = Figure{milli_of(sum), asked_at_, {}};
    return Missing::nothing;
}

Missing PodDemand::take_counter(const FamilyRead& family, Kind kind, const Options& options) {
    const bool is_mean = kind == Kind::mean;
    const std::vector<SeriesValue> values = settled(family.values);
    const std::vector<SeriesValue> counts = settled(family.counts);
    series_ = known_of(values);
    points_.add({sums_.take(values, options.series), counts_.take(counts, options.series)});
    if (family.bad && (series_ == 0 || is_mean)) return Missing::not_a_number;
    points_.mark(*page_, options.points);
    if (is_mean && !family.present) return Missing::no_events;
    if (is_mean && (values.empty() || counts.empty())) return Missing::no_series;
    const auto rise = points_.rise();
    if (!rise) return Missing::one_page;
    if (!std::isfinite(rise->by.total) || !std::isfinite(rise->by.count)) {
        points_.clear();
        return Missing::not_a_number;
    }
    if (is_mean && rise->by.count <= 0) return Missing::no_events;
    const double over = is_mean ? rise->by.count : std::chrono::duration<double>(rise->distance).count();
    figure_ = Figure{milli_of(rise->by.total / over), asked_at_, rise->distance};
    return Missing::nothing;
}

}  // namespace storage::applications
