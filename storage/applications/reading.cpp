// SPDX-License-Identifier: Apache-2.0
#include "storage/applications/reading_impl.hpp"

#include <algorithm>
#include <cmath>
#include <functional>

namespace storage::applications {
namespace {

std::uint64_t mixed(std::uint64_t bits) {
    // The finalizer of MurmurHash3.
    bits ^= bits >> 33;
    bits *= 0xff51afd7ed558ccdULL;
    bits ^= bits >> 33;
    bits *= 0xc4ceb9fe1a85ec53ULL;
    return bits ^ (bits >> 33);
}

// Whatever the order of the labels is.
std::uint64_t hash_of(const LabelViews& labels) {
    const std::hash<std::string_view> hash;
    std::uint64_t sum = 0;
    for (const auto& [name, value] : labels) {
        // An empty label is none.
        if (!value.empty()) sum += mixed(hash(name) * 31 + mixed(hash(value)));
    }
    return sum;
}

}  // namespace

void Reading::Impl::add(std::uint32_t demand, std::shared_ptr<const Rule> rule) {
    DemandRead& read = reads.emplace_back();
    read.demand = demand;
    read.rule = std::move(rule);
}

void Reading::Impl::index() {
    for (std::uint32_t i = 0; i < reads.size(); ++i) {
        const std::vector<Candidate>& candidates = reads[i].rule->candidates;
        for (std::uint32_t k = 0; k < candidates.size(); ++k)
            names.push_back({candidates[k].sample_name, i, k});
    }
    std::sort(names.begin(), names.end(), [](const Named& a, const Named& b) { return a.name < b.name; });
}

std::vector<Reading::Impl::Named>::const_iterator Reading::Impl::first_of(std::string_view name) const {
    const auto at =
        std::lower_bound(names.begin(), names.end(), name,
                         [](const Named& named, std::string_view key) { return named.name < key; });
    return at != names.end() && at->name == name ? at : names.end();
}

void Reading::Impl::take(DemandRead& read, const Candidate& candidate, const Sample& sample) {
    FamilyRead& family = read.families[candidate.rank];
    family.present = true;
    if (read.too_many || !meets(read.rule->demand.series, sample.labels)) return;
    const bool is_figure =
        std::isfinite(sample.value) && (candidate.kind == Kind::gauge || sample.value >= 0);
    const bool is_old = sample.at != 0 && sample.at < limits.oldest;
    const bool is_good = is_figure && !is_old;
    if (!is_good) {
        family.bad = true;
        if (candidate.kind == Kind::gauge) return;
    }
    std::vector<SeriesValue>& into = candidate.is_count ? family.counts : family.values;
    if (into.size() == limits.series || held == limits.all_series) {
        read.too_many = true;
        return;
    }
    into.push_back({hash_of(sample.labels), is_good ? sample.value : kUnknown});
    ++held;
}

Reading::Reading() = default;
Reading::Reading(std::unique_ptr<Impl> impl) : impl_{std::move(impl)} {}
Reading::Reading(Reading&&) noexcept = default;
Reading& Reading::operator=(Reading&&) noexcept = default;
Reading::~Reading() = default;

bool Reading::wants(std::string_view sample_name) const {
    return impl_ && impl_->first_of(sample_name) != impl_->names.end();
}

void Reading::declare_counter(std::string_view sample_name) {
    if (!impl_) return;
    for (auto at = impl_->first_of(sample_name); at != impl_->names.end() && at->name == sample_name; ++at) {
        DemandRead& read = impl_->reads[at->read];
        const Candidate& candidate = read.rule->candidates[at->candidate];
        if (candidate.kind != Kind::gauge) read.families[candidate.rank].declared = true;
    }
}

void Reading::sample(const Sample& sample) {
    if (!impl_) return;
    for (auto at = impl_->first_of(sample.name); at != impl_->names.end() && at->name == sample.name; ++at) {
        DemandRead& read = impl_->reads[at->read];
        const Candidate& candidate = read.rule->candidates[at->candidate];
        if (fits(candidate, *read.rule, sample.name, sample.type)) impl_->take(read, candidate, sample);
    }
}

}  // namespace storage::applications
