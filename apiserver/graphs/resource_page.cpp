// SPDX-License-Identifier: Apache-2.0
#include "apiserver/graphs/resource_page.hpp"

#include "apiserver/encode/json_object.hpp"
#include "apiserver/representation/piece_size.hpp"
#include "storage/watched/watched_objects.hpp"
#include "telemetry/metrics_text.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>

namespace apiserver {
namespace {

using storage::ContainerObject;
using storage::ContainerSampleView;
using storage::NodeSampleView;
using storage::PodSamplesView;
using storage::Reading;
using storage::SampleView;
using telemetry::MetricType;

constexpr std::uint64_t kNanosPerSecond = 1'000'000'000;
constexpr storage::Nanos kNanosPerMillisecond = 1'000'000;

enum class Of { containers, nodes };
// In what the store counts; the page tells seconds and bytes.
enum class Unit { nanoseconds, bytes };

struct ResourceFamily {
    telemetry::Family head;
    Of of{};
    Unit unit{};
    // nullopt: there is no line. at == 0: the line has no time.
    std::optional<Reading> (*value)(const SampleView&) = nullptr;
};

std::optional<Reading> cpu(const SampleView& sample) {
    return sample.cpu;
}
std::optional<Reading> memory(const SampleView& sample) {
    return sample.memory;
}
std::optional<Reading> swap(const SampleView& sample) {
    return sample.swap;
}
// Kubelets give it no time either.
std::optional<Reading> start(const SampleView& sample) {
    if (sample.started <= 0) return std::nullopt;
    return Reading{static_cast<std::uint64_t>(sample.started), 0};
}

// In the order of a kubelet's page.
constexpr std::array kFamilies{
    ResourceFamily{
        {"container_cpu_usage_seconds_total",
         "[STABLE] Cumulative cpu time consumed by the container in core-seconds", MetricType::counter},
        Of::containers,
        Unit::nanoseconds,
        cpu},
    ResourceFamily{{"container_memory_working_set_bytes",
                    "[STABLE] Current working set of the container in bytes", MetricType::gauge},
                   Of::containers,
                   Unit::bytes,
                   memory},
    ResourceFamily{{"container_start_time_seconds",
                    "[STABLE] Start time of the container since unix epoch in seconds", MetricType::gauge},
                   Of::containers,
                   Unit::nanoseconds,
                   start},
    ResourceFamily{{"container_swap_usage_bytes",
                    "[ALPHA] Current amount of the container swap usage in bytes. Reported only on "
                    "non-windows systems",
                    MetricType::gauge},
                   Of::containers,
                   Unit::bytes,
                   swap},
    ResourceFamily{{"node_cpu_usage_seconds_total",
                    "[STABLE] Cumulative cpu time consumed by the node in core-seconds", MetricType::counter},
                   Of::nodes,
                   Unit::nanoseconds,
                   cpu},
    ResourceFamily{{"node_memory_working_set_bytes", "[STABLE] Current working set of the node in bytes",
                    MetricType::gauge},
                   Of::nodes,
                   Unit::bytes,
                   memory},
    ResourceFamily{{"node_swap_usage_bytes",
                    "[ALPHA] Current swap usage of the node in bytes. Reported only on non-windows systems",
                    MetricType::gauge},
                   Of::nodes,
                   Unit::bytes,
                   swap},
};

// Whole and exact, where Go writes 5.0675712e+07: every reader takes both.
void append_value(std::string& out, std::uint64_t value, Unit unit) {
    if (unit == Unit::bytes) return append_number(out, value);
    append_number(out, value / kNanosPerSecond);
    const std::uint64_t rest = value % kNanosPerSecond;
    if (rest == 0) return;
    // 1 before the digits keeps their leading zeros until the point takes its place.
    const std::size_t point = out.size();
    append_number(out, kNanosPerSecond + rest);
    out[point] = '.';
    out.erase(out.find_last_not_of('0') + 1);
}

void append_label(std::string& out, std::string_view name, std::string_view value) {
    out.append(name).append("=\"");
    telemetry::append_label_value(out, value);
    out.push_back('"');
}

// One family after the other, each a walk of its own that is taken up where it stopped.
class ResourceParts final : public Parts {
  public:
    ResourceParts(const storage::Store& store, std::function<storage::Monotonic()> now,
                  const storage::WatchedObjects* objects)
        : store_{store}, now_{std::move(now)}, objects_{objects} {}

    bool advance(std::string& out) override {
        const bool more = family().of == Of::nodes ? walk_nodes(out) : walk_pods(out);
        if (more) return true;
        begun_ = false;
        after_namespace_.clear();
        after_.clear();
        return ++family_ < kFamilies.size();
    }

  private:
    const ResourceFamily& family() const { return kFamilies[family_]; }

    bool walk_nodes(std::string& out) {
        const std::size_t enough = out.size() + kPieceBytes / 2;
        std::size_t seen = 0;
        bool more = false;
        store_.walk_node_samples(after_, now_(), [&](const NodeSampleView& node) {
            after_ = node.name;
            if (node.sample) append_node(out, node.name, *node.sample);
            more = ++seen >= kTurnThings || out.size() >= enough;
            return !more;
        });
        return more;
    }

    bool walk_pods(std::string& out) {
        const std::size_t enough = out.size() + kPieceBytes / 2;
        std::size_t seen = 0;
        bool more = false;
        store_.walk_pod_samples({after_namespace_, after_}, now_(), [&](const PodSamplesView& pod) {
            after_namespace_ = pod.name_space;
            after_ = pod.name;
            // Those of a node that is gone end with it, as they would with its kubelet.
            if (!pod.node.empty()) append_pod(out, pod);
            more = ++seen >= kTurnThings || out.size() >= enough;
            return !more;
        });
        return more;
    }

    void append_node(std::string& out, std::string_view name, const SampleView& sample) {
        const auto value = family().value(sample);
        if (!value) return;
        begin_line(out);
        append_label(out, "node", name);
        end_line(out, *value);
    }

    void append_pod(std::string& out, const PodSamplesView& pod) {
        if (pod.containers.empty()) return;
        const auto object = objects_ == nullptr ? std::nullopt : objects_->pod(pod.name_space, pod.name);
        const auto containers = object ? object->containers : std::span<const ContainerObject>{};
        of_pod_.clear();
        append_label(of_pod_, ",namespace", pod.name_space);
        append_label(of_pod_, ",node", pod.node);
        append_label(of_pod_, ",pod", pod.name);
        for (const ContainerSampleView& container : pod.containers) {
            const auto value = family().value(container.sample);
            if (!value) continue;
            begin_line(out);
            append_label(out, "container", container.name);
            append_label(out, ",image", image_of(containers, container.name));
            out.append(of_pod_);
            end_line(out, *value);
        }
    }

    void begin_line(std::string& out) {
        // As kubelets do, no head without a line.
        if (!std::exchange(begun_, true)) telemetry::MetricsText{out}.begin(family().head);
        out.append(family().head.name).push_back('{');
    }

    void end_line(std::string& out, const Reading& value) const {
        out.append("} ");
        append_value(out, value.value, family().unit);
        if (value.at >= kNanosPerMillisecond) {
            out.push_back(' ');
            append_number(out, value.at / kNanosPerMillisecond);
        }
        out.push_back('\n');
    }

    const storage::Store& store_;
    std::function<storage::Monotonic()> now_;
    const storage::WatchedObjects* objects_;
    std::size_t family_ = 0;
    // Its head is written.
    bool begun_ = false;
    // The last key of its walk.
    std::string after_namespace_;
    std::string after_;
    // The labels that all containers of a pod have.
    std::string of_pod_;
};

}  // namespace

std::unique_ptr<Parts> resource_page(const storage::Store& store, std::function<storage::Monotonic()> now,
                                     const storage::WatchedObjects* objects) {
    return std::make_unique<ResourceParts>(store, std::move(now), objects);
}

}  // namespace apiserver
