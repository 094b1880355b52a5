// SPDX-License-Identifier: Apache-2.0
#include "apiserver/graphs/dashboard.hpp"

#include "apiserver/answer.hpp"
#include "apiserver/graphs/minutes.hpp"
#include "apiserver/representation/piece_size.hpp"
#include "text/go_text.hpp"
#include "text/go_time.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace apiserver {
namespace {

using storage::history::History;
using storage::history::OfNode;
using storage::history::OfPod;
using storage::history::Seconds;
using storage::history::Subject;

// It knows "cpu", and takes all else for memory.
Figure figure_of(std::string_view metric) {
    return metric == "cpu" ? Figure::cpu : Figure::memory;
}

class SeriesParts final : public Parts {
  public:
    SeriesParts(const History& history, const DashboardSeries& series, Seconds now)
        : reader_{history, figure_of(series.metric), shown_minutes(history, now, std::nullopt)},
          names_{series.names} {
        if (series.name_space) name_space_.emplace(*series.name_space);
        tail_ = ",\"metricName\":";
        text::append_json_string(tail_, series.metric);
        tail_ += ",\"uids\":[";
        NameList list{names_};
        while (const auto name = list.next()) wanted_.push_back(*name);
        std::sort(wanted_.begin(), wanted_.end());
        wanted_.erase(std::unique(wanted_.begin(), wanted_.end()), wanted_.end());
    }

    bool advance(std::string& out) override {
        const std::size_t enough = out.size() + kPieceBytes;
        for (std::size_t i = 0; i < kTurnSeries && next_ < wanted_.size() && out.size() < enough; ++i)
            append(out, wanted_[next_++]);
        if (next_ < wanted_.size()) return true;
        out.append(begun_ ? "]}" : "{\"items\":null}");
        return false;
    }

  private:
    void append(std::string& out, std::string_view name) {
        const auto& points = reader_.read(subject(name));
        if (points.empty()) return;
        out.append(std::exchange(begun_, true) ? "," : "{\"items\":[");
        out.append("{\"dataPoints\":[],\"metricPoints\":");
        append_points(out, points);
        out.append(tail_);
        // The name, under the name of UIDs.
        text::append_json_string(out, name);
        out.append("]}");
    }

    Subject subject(std::string_view name) const {
        if (name_space_) return OfPod{*name_space_, name};
        return OfNode{name};
    }

    MinuteReader reader_;
    std::optional<std::string> name_space_;
    // As they came; what is wanted are views into it.
    std::string names_;
    std::vector<std::string_view> wanted_;
    // What follows the points, up to the name.
    std::string tail_;
    std::size_t next_ = 0;
    bool begun_ = false;
};

}  // namespace

std::unique_ptr<Parts> dashboard_series(const History& history, const DashboardSeries& series, Seconds now) {
    return std::make_unique<SeriesParts>(history, series, now);
}

net::Response dashboard_elsewhere(std::string_view target, Seconds now) {
    std::string text;
    text::append_timestamp(text, now);
    text.append(" - URL: ").append(target);
    return answer_plain(200, std::move(text));
}

}  // namespace apiserver
