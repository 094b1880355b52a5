// SPDX-License-Identifier: Apache-2.0
#include "sink/influx/format.hpp"

#include "gzip/writer.hpp"
#include "heapster/object_metrics.hpp"
#include "heapster/usage_metrics.hpp"
#include "sink/influx/summary_lines.hpp"
#include "storage/watched/watched_objects.hpp"

#include <cmath>
#include <cstdint>
#include <optional>
#include <utility>

namespace sink::influx {
namespace {

using heapster::Value;
using storage::history::RecentPoint;

// Text that waits for being compressed.
constexpr std::size_t kPieceBytes = 64 * 1024;

std::string_view type_of(Row::Of of) {
    switch (of) {
        case Row::Of::node:
            return "node";
        case Row::Of::pod:
            return "pod";
        case Row::Of::container:
            return "pod_container";
        case Row::Of::name_space:
            return "ns";
        case Row::Of::cluster:
            break;
    }
    return "cluster";
}

storage::history::Subject subject_of(const Row& row) {
    switch (row.of) {
        case Row::Of::node:
            return storage::history::OfNode{row.node};
        case Row::Of::pod:
            return storage::history::OfPod{row.name_space, row.pod};
        case Row::Of::container:
            return storage::history::OfContainer{row.name_space, row.pod, row.container};
        case Row::Of::name_space:
            return storage::history::OfNamespace{row.name_space};
        case Row::Of::cluster:
            break;
    }
    return storage::history::OfCluster{};
}

class InfluxFormat final : public Format {
  public:
    explicit InfluxFormat(FormatOptions options)
        : options_{std::move(options)},
          lines_{options_.schema},
          take_{[this](std::string_view metric, Value value) { lines_.add(metric, value); }} {
        if (options_.extras.stats != nullptr)
            summaries_.emplace(*options_.extras.stats, options_.disable_counter_metrics, lines_,
                               [this](const Tags& tags, Seconds at) { write(tags, at); });
    }

    void begin(const TickSpan& tick) override {
        tick_ = tick;
        pod_.reset();
        clear();
    }
    void add(const Row& row) override;

    // A pod that waits for its containers has figures: one line at least.
    std::size_t points() const override { return points_ + (pod_ ? 1 : 0); }
    std::size_t bytes() const override { return body_.size() + text_.size(); }
    Batch take() override;

  private:
    // A pod's row, until its containers have come: what they use, each rounded, is what it uses.
    struct WaitingPod {
        Row row;
        std::uint64_t millicores = 0;
        bool has_containers = false;
    };

    void clear();
    void hold(const Row& pod);
    void end_pod();
    void tell(const Row& row, std::optional<std::uint64_t> millicores);
    void tell_usage(const Row& row, const RecentPoint& now, std::uint64_t millicores);
    void write(const Tags& tags, Seconds at);
    void compress();
    std::string_view image_of(const Row& row) const;

    FormatOptions options_;
    TickSpan tick_;
    Lines lines_;
    heapster::Take take_;
    std::optional<SummaryLines> summaries_;
    std::optional<WaitingPod> pod_;
    std::string pod_name_space_, pod_name_, pod_node_;

    std::string tags_;
    std::string text_;
    std::string body_;
    std::optional<gzip::Writer> writer_;
    std::size_t points_ = 0;
};

void InfluxFormat::clear() {
    text_.clear();
    body_.clear();
    writer_.reset();
    points_ = 0;
}

void InfluxFormat::add(const Row& row) {
    if (row.of != Row::Of::container) end_pod();
    if (row.of == Row::Of::pod && row.now) {
        hold(row);
        return;
    }
    if (row.of == Row::Of::container && row.now && pod_ && pod_->row.name_space == row.name_space &&
        pod_->row.pod == row.pod) {
        pod_->millicores += heapster::millicores(row.now->cpu);
        pod_->has_containers = true;
    }
    tell(row, std::nullopt);
}

void InfluxFormat::hold(const Row& pod) {
    // Names are the caller's for the call alone.
    pod_name_space_.assign(pod.name_space);
    pod_name_.assign(pod.pod);
    pod_node_.assign(pod.node);
    pod_ = WaitingPod{pod};
    pod_->row.name_space = pod_name_space_;
    pod_->row.pod = pod_name_;
    pod_->row.node = pod_node_;
}

void InfluxFormat::end_pod() {
    if (!pod_) return;
    const WaitingPod pod = *pod_;
    pod_.reset();
    tell(pod.row, pod.has_containers ? std::optional{pod.millicores} : std::nullopt);
}

void InfluxFormat::tell(const Row& row, std::optional<std::uint64_t> millicores) {
    Tags tags;
    tags.cluster_name = options_.cluster_name;
    tags.container_base_image = image_of(row);
    tags.container_name = row.container;
    tags.namespace_name = row.name_space;
    tags.nodename = row.node;
    tags.pod_name = row.pod;
    tags.type = type_of(row.of);
    if (row.now) {
        tell_usage(row, *row.now, millicores.value_or(heapster::millicores(row.now->cpu)));
        write(tags, tick_.at);
    }
    if (summaries_ && tick_.summaries.from <= tick_.summaries.to)
        summaries_->tell(row, tags, tick_.summaries);
}

void InfluxFormat::tell_usage(const Row& row, const RecentPoint& now, std::uint64_t millicores) {
    const bool is_sum = row.of == Row::Of::name_space || row.of == Row::Of::cluster;
    constexpr double kNanosPerSecond = 1e9;
    if (!is_sum && !options_.disable_counter_metrics)
        lines_.add(heapster::kCpuUsage,
                   static_cast<std::uint64_t>(std::llround(now.cpu_seconds * kNanosPerSecond)));
    lines_.add(heapster::kCpuUsageRate, millicores);
    lines_.add(heapster::kMemoryUsage, now.memory);
    if (!is_sum) lines_.add(heapster::kMemoryWorkingSet, now.memory);
    if (!is_sum && now.swap) lines_.add("memory/swap", *now.swap);
    if (options_.extras.objects != nullptr)
        heapster::tell_objects(*options_.extras.objects, subject_of(row), {millicores, now.memory}, take_);
}

std::string_view InfluxFormat::image_of(const Row& row) const {
    if (row.of != Row::Of::container || options_.extras.objects == nullptr) return {};
    const storage::WatchedObjects& objects = *options_.extras.objects;
    auto pod = objects.pod(row.name_space, row.pod);
    // Its summaries are told a while after their time.
    if (!pod) pod = objects.ended_pod(row.name_space, row.pod);
    if (!pod) return {};
    for (const storage::ContainerObject& each : pod->containers)
        if (each.name == row.container) return each.image;
    return {};
}

void InfluxFormat::write(const Tags& tags, Seconds at) {
    tags_.clear();
    append_tags(tags_, tags);
    points_ += lines_.write(text_, tags_, at);
    if (text_.size() < kPieceBytes) return;
    compress();
}

void InfluxFormat::compress() {
    if (!writer_) writer_.emplace().begin(body_, {});
    writer_->write(body_, text_);
    text_.clear();
}

Batch InfluxFormat::take() {
    end_pod();
    compress();
    writer_->finish(body_);
    Batch batch;
    batch.points = static_cast<std::uint32_t>(points_);
    batch.body = std::move(body_);
    clear();
    return batch;
}

}  // namespace

std::unique_ptr<Format> make_format(FormatOptions options) {
    return std::make_unique<InfluxFormat>(std::move(options));
}

}  // namespace sink::influx
