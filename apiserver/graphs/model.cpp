// SPDX-License-Identifier: Apache-2.0
#include "apiserver/graphs/model.hpp"

#include "apiserver/answer.hpp"
#include "apiserver/encode/json_indent.hpp"
#include "apiserver/graphs/minutes.hpp"
#include "apiserver/graphs/object_metrics.hpp"
#include "apiserver/graphs/points_json.hpp"
#include "apiserver/graphs/rfc3339.hpp"
#include "apiserver/representation/piece_size.hpp"
#include "text/go_text.hpp"
#include "text/go_time.hpp"

#include <memory>
#include <optional>
#include <utility>
#include <variant>

namespace apiserver {
namespace {

using storage::history::OfCluster;
using storage::history::OfNamespace;
using storage::history::OfPod;
using storage::history::Seconds;
using storage::history::Subject;

bool is_sum(const Subject& subject) {
    return std::holds_alternative<OfCluster>(subject) || std::holds_alternative<OfNamespace>(subject);
}

// nullopt: there are no figures of that name. The second names are older than the first.
std::optional<Figure> figure_of(std::string_view metric, bool of_sum) {
    if (metric == "cpu/usage_rate" || metric == "cpu-usage") return Figure::cpu;
    if (metric == "memory/usage" || metric == "memory-usage") return Figure::memory;
    const bool set = metric == "memory/working_set" || metric == "memory-working";
    if (set && !of_sum) return Figure::memory;
    return std::nullopt;
}

net::Response answer_pretty(std::string_view compact) {
    net::Response response;
    response.headers.set("Content-Type", "application/json");
    JsonIndenter{kGoRestful}.append(response.body, compact);
    return response;
}

// When there is such a parameter; an empty one is as none.
text::Parsed<std::optional<Seconds>> time_parameter(const Query& query, std::string_view key,
                                                    Between between) {
    const std::string_view text = query.get(key);
    if (text.empty()) return std::optional<Seconds>{};
    const auto time = parse_rfc3339(text, between);
    if (!time) return text::ParseError{"timestamp argument cannot be parsed: " + time.error().text};
    return std::optional<Seconds>{*time};
}

// The first of the labels, which have commas between, that is no pair.
std::optional<std::string_view> bad_label(std::string_view labels) {
    NameList list{labels};
    while (const auto label = list.next())
        if (label->find(':') == std::string_view::npos) return label;
    return std::nullopt;
}

// What is asked for, or what is wrong with the question.
text::Parsed<MinuteRange> asked_minutes(const ModelSources& sources, const Query& query) {
    const auto start = time_parameter(query, "start", Between::up);
    if (!start) return start.error();
    const auto end = time_parameter(query, "end", Between::down);
    if (!end) return end.error();
    const std::string_view labels = query.get("labels");
    if (labels.empty()) return shown_minutes(sources.history, sources.now, *start, end->value_or(INT64_MAX));
    if (const auto bad = bad_label(labels))
        return text::ParseError{"invalid label pair " + text::quoted(*bad)};
    // Nothing we have is told apart by labels.
    return MinuteRange{};
}

void append_result(std::string& out, const std::vector<MinutePoint>& points) {
    out.append("{\"metrics\":");
    append_points(out, points);
    out.append(",\"latestTimestamp\":\"");
    // Go's zero time.
    if (points.empty()) out.append("0001-01-01T00:00:00Z");
    if (!points.empty()) text::append_timestamp(out, points.back().at);
    out.append("\"}");
}

class PodListParts final : public Parts {
  public:
    PodListParts(const ModelSources& sources, const ModelPodList& list, MinuteRange range)
        : sources_{sources},
          name_space_{list.name_space},
          names_{list.names},
          metric_{list.metric},
          left_{names_} {
        if (const auto figure = figure_of(metric_, false))
            reader_.emplace(sources_.history, *figure, range);
        else
            object_.emplace(sources_, metric_, range);
    }

    bool advance(std::string& out) override {
        const std::size_t enough = out.size() + kPieceBytes;
        if (!std::exchange(begun_, true)) out.append("{\"items\":[");
        for (std::size_t i = 0; i < kTurnSeries && out.size() < enough; ++i) {
            const auto name = left_.next();
            if (!name) {
                // It is the one that is not indented, and ends as Go's Encoder ends.
                out.append("]}\n");
                return false;
            }
            if (std::exchange(item_, true)) out.push_back(',');
            const OfPod pod{name_space_, *name};
            append_result(out, reader_ ? reader_->read(pod) : object_->read(pod));
        }
        return true;
    }

  private:
    ModelSources sources_;
    std::string name_space_;
    std::string names_;
    std::string metric_;
    NameList left_;
    // One of the two.
    std::optional<MinuteReader> reader_;
    std::optional<ObjectMetric> object_;
    bool begun_ = false;
    bool item_ = false;
};

}  // namespace

net::Response answer_series(const ModelSources& sources, const ModelSeries& series, const Query& query) {
    const auto range = asked_minutes(sources, query);
    if (!range) return answer_plain(400, range.error().text);
    std::vector<MinutePoint> points;
    if (series.of) {
        const auto figure = figure_of(series.metric, is_sum(*series.of));
        if (figure)
            points = MinuteReader{sources.history, *figure, *range}.read(*series.of);
        else
            points = ObjectMetric{sources, series.metric, *range}.read(*series.of);
    }
    std::string compact;
    append_result(compact, points);
    return answer_pretty(compact);
}

net::Task<net::Response> answer_pod_list(const ModelSources& sources, const ModelPodList& list,
                                         const net::Request& request, const Query& query,
                                         Compression& compression) {
    const auto range = asked_minutes(sources, query);
    if (!range) co_return answer_plain(400, range.error().text);
    auto parts = std::make_unique<PodListParts>(sources, list, *range);
    co_return co_await answer_parts(request, "application/json", std::move(parts), compression);
}

net::Response answer_metrics(const ModelSources& sources, const ModelMetrics& metrics) {
    if (!metrics.of) return answer_pretty("[]");
    std::vector<std::string> names = object_metric_names(sources, *metrics.of);
    if (is_served(sources, *metrics.of)) {
        if (!is_sum(*metrics.of)) names.insert(names.begin(), "memory/working_set");
        names.insert(names.begin(), {"cpu/usage_rate", "memory/usage"});
    }
    std::string compact = "[";
    for (const std::string& name : names) {
        if (compact.size() > 1) compact.push_back(',');
        text::append_json_string(compact, name);
    }
    return answer_pretty(compact + "]");
}

}  // namespace apiserver
