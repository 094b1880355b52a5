// SPDX-License-Identifier: Apache-2.0
#include "telemetry/metrics.hpp"

#include <numeric>
#include <utility>

namespace telemetry {

std::uint64_t Histogram::count() const {
    return std::accumulate(counts_.begin(), counts_.end(), std::uint64_t{0});
}

std::string status_label(unsigned status) {
    return status == 0 ? "<error>" : std::to_string(status);
}

void DurationsByStatus::add(unsigned status, std::chrono::nanoseconds took) {
    by_status_.try_emplace(status, bounds_).first->second.observe(took);
}

void DurationsByStatus::write(MetricsText& text, const Family& total, const Family& duration) const {
    text.begin(total);
    for (const auto& [status, times] : by_status_)
        text.sample({{"code", status_label(status)}}, times.count());
    text.begin(duration);
    for (const auto& [status, times] : by_status_) {
        text.histogram({{"code", status_label(status)}}, times.bounds(), times.counts(), times.sum());
    }
}

void MetricsPage::add(Write write) {
    parts_.push_back([write = std::move(write)](MetricsText& text, std::string&) {
        write(text);
        return false;
    });
}

void MetricsPage::add_long(WriteSome write) {
    parts_.push_back(std::move(write));
}

bool MetricsPage::Reader::next(std::string& out, std::size_t size) {
    MetricsText text{out, out.size() + size};
    while (part_ < page_->parts_.size()) {
        if (page_->parts_[part_](text, cursor_)) return true;
        cursor_.clear();
        ++part_;
        if (text.full()) return part_ < page_->parts_.size();
    }
    return false;
}

}  // namespace telemetry
