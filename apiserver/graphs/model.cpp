// SPDX-License-Identifier: Apache-2.0
#include "apiserver/graphs/model.hpp"

#include "apiserver/answer.hpp"
#include "apiserver/encode/json_indent.hpp"
#include "apiserver/graphs/minutes.hpp"
#include "apiserver/graphs/object_metrics.hpp"
#include "apiserver/graphs/stats_figures.hpp"
#include "apiserver/representation/piece_size.hpp"
#include "heapster/summary_metrics.hpp"
#include "heapster/usage_metrics.hpp"
#include "text/go_text.hpp"
#include "text/go_time.hpp"
#include "text/rfc3339.hpp"

#include <memory>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

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
    if (metric == heapster::kCpuUsageRate || metric == "cpu-usage") return Figure::cpu;
    if (metric == heapster::kMemoryUsage || metric == "memory-usage") return Figure::memory;
    const bool set = metric == heapster::kMemoryWorkingSet || metric == "memory-working";
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
                                                    text::Between between) {
    const std::string_view text = query.get(key);
    if (text.empty()) return std::optional<Seconds>{};
    const auto time = text::parse_rfc3339(text, between);
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

// What is asked for.
struct Asked {
    std::optional<Seconds> start;
    Seconds end = INT64_MAX;
    std::string_view labels;
};

// Or what is wrong with the question.
text::Parsed<Asked> asked_of(const Query& query) {
    const auto start = time_parameter(query, "start", text::Between::up);
    if (!start) return start.error();
    const auto end = time_parameter(query, "end", text::Between::down);
    if (!end) return end.error();
    const std::string_view labels = query.get("labels");
    if (!labels.empty())
        if (const auto bad = bad_label(labels))
            return text::ParseError{"invalid label pair " + text::quoted(*bad)};
    return Asked{*start, end->value_or(INT64_MAX), labels};
}

std::optional<storage::stats::Subject> stats_subject(const ModelSubject& of) {
    using storage::stats::Subject;
    if (const auto* const free = std::get_if<FreeContainer>(&of))
        return Subject{storage::stats::OfSystemContainer{free->node, heapster::kubelet_name(free->name)}};
    const auto& subject = std::get<storage::history::Subject>(of);
    if (const auto* const node = std::get_if<storage::history::OfNode>(&subject)) return Subject{*node};
    if (const auto* const pod = std::get_if<OfPod>(&subject)) return Subject{*pod};
    if (const auto* const container = std::get_if<storage::history::OfContainer>(&subject))
        return Subject{*container};
    return std::nullopt;
}

// Reads one metric of thing after thing.
class SeriesReader {
  public:
    SeriesReader(const ModelSources& sources, std::string_view metric, const Asked& asked)
        : sources_{sources}, metric_{metric}, labels_{asked.labels} {
        // Nothing that history has is told apart by labels.
        if (labels_.empty()) minutes_ = shown_minutes(sources.history, sources.now, asked.start, asked.end);
        if (sources.stats != nullptr)
            range_ = shown_stats(*sources.stats, sources.now, asked.start, asked.end);
    }

    std::vector<MinutePoint> read(const ModelSubject& of) const {
        if (const auto* const subject = std::get_if<Subject>(&of)) {
            const auto figure = figure_of(metric_, is_sum(*subject));
            if (figure) return MinuteReader{sources_.history, *figure, minutes_}.read(*subject);
        }
        const auto told = stats_subject(of);
        if (sources_.stats != nullptr && told) {
            std::vector<MinutePoint> points = read_stats(*sources_.stats, *told, metric_, labels_, range_);
            if (!points.empty()) return points;
        }
        const auto* const subject = std::get_if<Subject>(&of);
        if (subject == nullptr) return {};
        return ObjectMetricReader{sources_, metric_, minutes_}.read(*subject);
    }

  private:
    ModelSources sources_;
    std::string metric_;
    std::string labels_;
    MinuteRange minutes_;
    storage::stats::TimeRange range_;
};

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
    PodListParts(const ModelSources& sources, const ModelPodList& list, const Asked& asked)
        : name_space_{list.name_space},
          names_{list.names},
          left_{names_},
          reader_{sources, list.metric, asked} {}

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
            append_result(out, reader_.read(Subject{OfPod{name_space_, *name}}));
        }
        return true;
    }

  private:
    std::string name_space_;
    std::string names_;
    NameList left_;
    SeriesReader reader_;
    bool begun_ = false;
    bool item_ = false;
};

}  // namespace

net::Response answer_series(const ModelSources& sources, const ModelSeries& series, const Query& query) {
    const auto asked = asked_of(query);
    if (!asked) return answer_plain(400, asked.error().text);
    std::string compact;
    append_result(compact, SeriesReader{sources, series.metric, *asked}.read(series.of));
    return answer_pretty(compact);
}

net::Task<net::Response> answer_pod_list(const ModelSources& sources, const ModelPodList& list,
                                         const net::Request& request, const Query& query,
                                         Compression& compression) {
    const auto asked = asked_of(query);
    if (!asked) co_return answer_plain(400, asked.error().text);
    auto parts = std::make_unique<PodListParts>(sources, list, *asked);
    co_return co_await answer_parts(request, "application/json", std::move(parts), compression);
}

net::Response answer_metrics(const ModelSources& sources, const ModelMetrics& metrics) {
    std::vector<std::string> names;
    if (const auto* const subject = std::get_if<Subject>(&metrics.of)) {
        names = object_metric_names(sources, *subject);
        if (is_served(sources, *subject)) {
            if (!is_sum(*subject)) names.insert(names.begin(), heapster::kMemoryWorkingSet);
            names.insert(names.begin(), {heapster::kCpuUsageRate, heapster::kMemoryUsage});
        }
    }
    if (const auto subject = stats_subject(metrics.of); subject && sources.stats != nullptr) {
        const auto range = shown_stats(*sources.stats, sources.now, std::nullopt, sources.now);
        for (const std::string_view name : stats_metrics(*sources.stats, *subject, range))
            names.emplace_back(name);
    }
    std::string compact = "[";
    for (const std::string& name : names) {
        if (compact.size() > 1) compact.push_back(',');
        text::append_json_string(compact, name);
    }
    return answer_pretty(compact + "]");
}

}  // namespace apiserver
