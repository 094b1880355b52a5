// SPDX-License-Identifier: Apache-2.0
#include "test/sim/kubelet/pages/page.hpp"

#include "test/sim/cluster/seed.hpp"
#include "test/sim/kubelet/pages/go_number.hpp"

#include <algorithm>
#include <charconv>
#include <map>
#include <tuple>

namespace sim {
namespace {

// One family: its head, and its series' lines.
class Family {
  public:
    // The name is the third word of the head: "# HELP name ...".
    Family(std::string& out, std::string_view head)
        : out_{out}, head_{head}, name_{head.substr(7, head.find(' ', 7) - 7)} {}

    // A family without series is not printed at all.
    void line(std::string_view labels, std::string_view ending) {
        if (!begun_) out_.append(head_);
        begun_ = true;
        out_.append(name_).append(labels).append(ending);
    }

  private:
    std::string& out_;
    std::string_view head_;
    std::string_view name_;
    bool begun_ = false;
};

constexpr std::string_view kContainerCpu =
    "# HELP container_cpu_usage_seconds_total [STABLE] Cumulative cpu time consumed by the container in "
    "core-seconds\n# TYPE container_cpu_usage_seconds_total counter\n";
constexpr std::string_view kContainerMemory =
    "# HELP container_memory_working_set_bytes [STABLE] Current working set of the container in bytes\n"
    "# TYPE container_memory_working_set_bytes gauge\n";
constexpr std::string_view kContainerStart =
    "# HELP container_start_time_seconds [STABLE] Start time of the container since unix epoch in seconds\n"
    "# TYPE container_start_time_seconds gauge\n";
constexpr std::string_view kContainerSwapLimit =
    "# HELP container_swap_limit_bytes [ALPHA] Current amount of the container swap limit in bytes. Reported "
    "only "
    "on non-windows systems\n# TYPE container_swap_limit_bytes gauge\n";
constexpr std::string_view kContainerSwap =
    "# HELP container_swap_usage_bytes [ALPHA] Current amount of the container swap usage in bytes. Reported "
    "only "
    "on non-windows systems\n# TYPE container_swap_usage_bytes gauge\n";
constexpr std::string_view kNodeCpu =
    "# HELP node_cpu_usage_seconds_total [STABLE] Cumulative cpu time consumed by the node in core-seconds\n"
    "# TYPE node_cpu_usage_seconds_total counter\n";
constexpr std::string_view kNodeMemory =
    "# HELP node_memory_working_set_bytes [STABLE] Current working set of the node in bytes\n"
    "# TYPE node_memory_working_set_bytes gauge\n";
constexpr std::string_view kNodeSwap =
    "# HELP node_swap_usage_bytes [ALPHA] Current swap usage of the node in bytes. Reported only on "
    "non-windows "
    "systems\n# TYPE node_swap_usage_bytes gauge\n";
constexpr std::string_view kPodCpu =
    "# HELP pod_cpu_usage_seconds_total [STABLE] Cumulative cpu time consumed by the pod in core-seconds\n"
    "# TYPE pod_cpu_usage_seconds_total counter\n";
constexpr std::string_view kPodMemory =
    "# HELP pod_memory_working_set_bytes [STABLE] Current working set of the pod in bytes\n"
    "# TYPE pod_memory_working_set_bytes gauge\n";
constexpr std::string_view kPodSwap =
    "# HELP pod_swap_usage_bytes [ALPHA] Current amount of the pod swap usage in bytes. Reported only on "
    "non-windows systems\n# TYPE pod_swap_usage_bytes gauge\n";
constexpr std::string_view kScrapeError =
    "# HELP resource_scrape_error [STABLE] 1 if there was an error while getting container metrics, 0 "
    "otherwise\n"
    "# TYPE resource_scrape_error gauge\nresource_scrape_error 0\n";

std::uint64_t clock_key(std::uint64_t seed, const Pod& pod, int container, Nanos born) {
    return mix(mix(mix(seed, pod.uid), static_cast<std::uint64_t>(container) + 2),
               static_cast<std::uint64_t>(born));
}

PageEnding make_ending(double value, Millis at) {
    PageEnding ending;
    char* to = write_go_number(ending.text.data(), value);
    if (at != 0) {
        *to++ = ' ';
        to = std::to_chars(to, ending.text.data() + ending.text.size() - 1, at).ptr;
    }
    *to++ = '\n';
    ending.size = static_cast<std::uint8_t>(to - ending.text.data());
    return ending;
}

}  // namespace

Page::Page(const Node& node, Sampling sampling, std::uint64_t seed, Nanos running_since)
    : node_{node},
      sampling_{sampling},
      seed_{mix(seed, node.name)},
      running_since_{running_since},
      node_clock_{make_clock(Sampled::node, seed_, node.booted)} {}

SampleClock Page::make_clock(Sampled what, std::uint64_t key, Nanos born) const {
    const bool fixed = sampling_.mode == Sampling::Mode::fixed;
    return {sampling_, what, fixed ? seed_ : key, (born + kMilli - 1) / kMilli, running_since_ / kMilli};
}

// Keeps the clocks of what was there before.
void Page::collect() {
    using Key = std::pair<const Pod*, int>;
    std::map<Key, Series> known;
    for (auto* list : {&containers_, &pods_}) {
        for (Series& series : *list)
            known.emplace(Key{series.pod.get(), series.container}, std::move(series));
        list->clear();
    }
    const auto take = [&](const std::shared_ptr<Pod>& pod, int container) {
        if (auto found = known.extract({pod.get(), container})) return std::move(found.mapped());
        const auto what = container < 0 ? Sampled::pod : Sampled::container;
        Series series{pod, container,
                      make_clock(what, clock_key(seed_, *pod, container, pod->started), pod->started)};
        series.labels = container < 0 ? "{"
                                      : "{container=\"" +
                                            pod->containers[static_cast<std::size_t>(container)].name + "\",";
        series.labels += "namespace=\"" + pod->name_space + "\",pod=\"" + pod->name + "\"} ";
        return series;
    };
    for (const auto& pod : node_.pods) {
        pods_.push_back(take(pod, -1));
        for (int i = 0; i < static_cast<int>(pod->containers.size()); ++i)
            containers_.push_back(take(pod, i));
    }
    const auto order = [](const Series& a, const Series& b) {
        const auto name = [](const Series& s) {
            return s.container < 0 ? std::string_view{}
                                   : s.pod->containers[static_cast<std::size_t>(s.container)].name;
        };
        return std::tuple{name(a), std::string_view{a.pod->name_space}, std::string_view{a.pod->name}} <
               std::tuple{name(b), std::string_view{b.pod->name_space}, std::string_view{b.pod->name}};
    };
    std::sort(containers_.begin(), containers_.end(), order);
    std::sort(pods_.begin(), pods_.end(), order);
    generation_ = node_.generation;
}

void Page::refresh(Series& series, Nanos now) {
    const Pod& pod = *series.pod;
    Nanos born = pod.started;
    if (series.container >= 0) {
        const Life* life = pod.containers[static_cast<std::size_t>(series.container)].life_at(now);
        born = life ? life->start : 0;
    }
    series.shown = born != 0 && pod.started <= now && now < pod.removed;
    if (!series.shown) return;
    bool fresh = stale_;
    if (series.born != born) {
        const auto what = series.container < 0 ? Sampled::pod : Sampled::container;
        series.born = born;
        series.clock = make_clock(what, clock_key(seed_, pod, series.container, born), born);
        fresh = true;
    }
    fresh = series.clock.advance(now / kMilli) || fresh;
    series.shown = series.clock.last() != 0;
    if (series.shown && fresh) write_endings(series);
}

double Page::cpu_seconds(std::uint64_t nanos, std::uint64_t hidden, Nanos at) const {
    if (counters_since_ != 0 && at >= counters_since_) nanos -= std::min(nanos, hidden);
    return static_cast<double>(nanos) / 1e9;
}

void Page::write_endings(Series& series) {
    const Millis at = series.clock.last();
    const Nanos when = at * kMilli;
    const Pod& pod = *series.pod;
    if (series.container < 0) {
        const std::uint64_t hidden = counters_since_ ? pod.cpu_nanos(counters_since_) : 0;
        series.cpu = make_ending(cpu_seconds(pod.cpu_nanos(when), hidden, when), at);
        series.memory = make_ending(static_cast<double>(pod.memory_bytes(when)), at);
        series.swap = make_ending(0, at);
        return;
    }
    const Container& container = pod.containers[static_cast<std::size_t>(series.container)];
    const Life& life = *container.life_at(series.born);
    const std::uint64_t hidden = counters_since_ ? life.cpu_nanos(counters_since_) : 0;
    series.cpu = make_ending(cpu_seconds(life.cpu_nanos(when), hidden, when), at);
    series.memory = make_ending(static_cast<double>(life.memory_bytes(when)), at);
    series.start = make_ending(static_cast<double>(life.start) / 1e9, 0);
    // As observed: containers with a limit, and those that were restarted.
    if (container.memory_limit_bytes > 0 || container.restarts > 0)
        series.swap_limit = make_ending(static_cast<double>(container.memory_limit_bytes), at);
    series.swap = make_ending(0, at);
}

void Page::refresh_node(Nanos now) {
    if (!node_clock_.advance(now / kMilli) && !stale_) return;
    const Millis at = node_clock_.last();
    const Nanos when = at * kMilli;
    const std::uint64_t hidden = counters_since_ ? node_.cpu_nanos(counters_since_) : 0;
    node_cpu_ = make_ending(cpu_seconds(node_.cpu_nanos(when), hidden, when), at);
    node_memory_ = make_ending(static_cast<double>(node_.memory_bytes(when)), at);
    node_swap_ = make_ending(0, at);
}

void Page::append_containers(std::string& out) const {
    const auto family = [&](std::string_view head, PageEnding Series::*ending) {
        Family lines{out, head};
        for (const Series& series : containers_)
            if (series.shown && (series.*ending).size > 0) lines.line(series.labels, (series.*ending).view());
    };
    family(kContainerCpu, &Series::cpu);
    family(kContainerMemory, &Series::memory);
    family(kContainerStart, &Series::start);
    family(kContainerSwapLimit, &Series::swap_limit);
    family(kContainerSwap, &Series::swap);
}

void Page::append_node(std::string& out) const {
    if (node_clock_.last() == 0) return;
    Family{out, kNodeCpu}.line(" ", node_cpu_.view());
    Family{out, kNodeMemory}.line(" ", node_memory_.view());
    Family{out, kNodeSwap}.line(" ", node_swap_.view());
}

void Page::append_pods(std::string& out) const {
    const auto family = [&](std::string_view head, PageEnding Series::*ending) {
        Family lines{out, head};
        for (const Series& series : pods_)
            if (series.shown) lines.line(series.labels, (series.*ending).view());
    };
    family(kPodCpu, &Series::cpu);
    family(kPodMemory, &Series::memory);
    family(kPodSwap, &Series::swap);
}

void Page::append(std::string& out, Nanos now, Nanos counters_since) {
    stale_ = counters_since != counters_since_;
    counters_since_ = counters_since;
    if (generation_ != node_.generation) collect();
    for (auto* list : {&containers_, &pods_})
        for (Series& series : *list) refresh(series, now);
    refresh_node(now);
    const std::size_t before = out.size();
    append_containers(out);
    append_node(out);
    append_pods(out);
    out.append(kScrapeError);
    last_size_ = out.size() - before;
}

std::vector<SampleRecord> Page::samples() const {
    std::vector<SampleRecord> records;
    for (const auto* list : {&containers_, &pods_})
        for (const Series& series : *list) {
            if (!series.shown) continue;
            const Container* container =
                series.container < 0 ? nullptr
                                     : &series.pod->containers[static_cast<std::size_t>(series.container)];
            records.push_back({series.pod.get(), container, series.clock.recent()});
        }
    return records;
}

}  // namespace sim
