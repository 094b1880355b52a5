// SPDX-License-Identifier: Apache-2.0
#include "apiserver/page/snapshot/snapshot_taker.hpp"

#include "apiserver/debug/words.hpp"
#include "apiserver/page/snapshot/pod_groups.hpp"
#include "apiserver/page/snapshot/workload_name.hpp"
#include "apiserver/turns/stint.hpp"
#include "storage/watched/watched_objects.hpp"

#include <algorithm>
#include <string>
#include <unordered_map>
#include <utility>

namespace apiserver {
namespace {

using storage::history::Seconds;

// Looked at between two looks at the clock.
constexpr std::size_t kBatch = 32;

std::uint32_t to_seconds(storage::Nanos at) {
    return at <= 0 ? 0 : static_cast<std::uint32_t>(std::min<storage::Nanos>(at / 1'000'000'000, UINT32_MAX));
}

void add(std::optional<std::uint64_t>& sum, std::optional<std::uint64_t> more) {
    if (more) sum = sum.value_or(0) + *more;
}

std::uint64_t amount(storage::ResourceList list, std::string_view resource) {
    return storage::amount_of(list, resource).value_or(kNoFigure);
}

void set_reserved(UsageRow& row, storage::ResourceList requests, storage::ResourceList limits) {
    row.cpu_request = amount(requests, "cpu");
    row.memory_request = amount(requests, "memory");
    row.cpu_limit = amount(limits, "cpu");
    row.memory_limit = amount(limits, "memory");
}

class Taker {
  public:
    Taker(const PageSources& sources, std::uint64_t number, std::size_t bytes)
        : sources_{sources}, bytes_{bytes}, out_{std::make_shared<Snapshot>()} {
        out_->number = number;
        out_->tick = sources.history.reach().to;
        out_->as_of =
            std::chrono::floor<std::chrono::seconds>(sources.clock().wall.time_since_epoch()).count();
        out_->objects = sources.objects != nullptr;
        const auto reserve = [&](Kind kind, std::size_t count) {
            out_->of(kind).reserve(std::min(count, bytes / sizeof(UsageRow)));
        };
        reserve(Kind::node, sources.store.node_count());
        reserve(Kind::pod, sources.store.pod_count());
        reserve(Kind::container, sources.store.container_count());
        ok_ = out_->texts.hold("ok");
    }

    net::Task<> run();
    std::shared_ptr<const Snapshot> take() { return std::move(out_); }

  private:
    // A batch; false: those were the last.
    bool add_nodes();
    bool add_pods();
    void add_node(const storage::NodeView& view, const Moments& now);
    void add_pod(const storage::PodView& view, storage::Monotonic now);
    void add_containers(const storage::PodView& view, UsageRow& pod);
    void explain(const storage::PodView& view, UsageRow& pod, storage::Monotonic now);
    // What the samples of the pods from `first` on tell: where they are, and since when.
    void add_samples(std::size_t first, storage::PodKey after, storage::Monotonic now);
    void set_objects(UsageRow& pod, std::size_t first_container);
    void finish_pod(UsageRow& pod, std::size_t first_container);
    bool is_full() const { return out_->bytes() > bytes_; }
    TextId hold(std::string_view text) { return out_->texts.hold(text); }

    const PageSources& sources_;
    std::size_t bytes_;
    std::shared_ptr<Snapshot> out_;
    TextId ok_ = 0;
    // Behind which the walks go on.
    std::string after_namespace_;
    std::string after_;
    // Where the pods of a batch have their first container.
    std::vector<std::size_t> first_containers_;
    // Places of rows.
    std::unordered_map<TextId, std::uint32_t> nodes_;
    PodGroups groups_{*out_};
};

net::Task<> Taker::run() {
    Stint stint;
    while (add_nodes())
        if (stint.is_over()) co_await stint.rest();
    after_.clear();
    while (add_pods())
        if (stint.is_over()) co_await stint.rest();
    if (out_->cpu.used) out_->cpu.used = millicores(*out_->cpu.used);
    groups_.count();
    if (sources_.objects != nullptr) groups_.set_reserved(*sources_.objects);
    stint.renew();
    co_await groups_.sort(stint);
    out_->texts.forget();
}

bool Taker::add_nodes() {
    const Moments now = sources_.clock();
    std::size_t seen = 0;
    const std::string after = std::move(after_);
    after_.clear();
    sources_.store.walk_nodes(after, now.monotonic, [&](const storage::NodeView& node) {
        add_node(node, now);
        if (++seen == kBatch) after_ = node.name;
        return seen < kBatch;
    });
    return seen == kBatch && !(out_->cut = is_full());
}

void Taker::add_node(const storage::NodeView& view, const Moments& now) {
    UsageRow row;
    row.name = hold(view.name);
    const auto explained = sources_.store.explain_node(view.name, now.monotonic);
    NodeScrape scrape;
    const bool scraped = sources_.reports.node && sources_.reports.node(view.name, scrape);
    if (view.usage) {
        row.cpu = view.usage->cpu;
        row.memory = view.usage->memory;
        add(out_->cpu.used, row.cpu);
        add(out_->memory.used, row.memory);
        ++out_->with_figures[static_cast<std::size_t>(Kind::node)];
    }
    if (explained) row.last_sample = to_seconds(explained->points.last.at);
    if (scraped)
        row.state = hold(scrape.state);
    else if (view.usage)
        row.state = ok_;
    else if (explained)
        row.state = hold(label(explained->lack));
    if (!scrape.error.empty())
        row.reason = hold(scrape.error);
    else if (explained)
        row.reason = hold(why(*explained, sources_.store.bound()));
    row.remedy = hold(scrape.hint);
    if (sources_.objects != nullptr) {
        if (const auto object = sources_.objects->node(view.name)) {
            row.cpu_limit = amount(object->allocatable, "cpu");
            row.memory_limit = amount(object->allocatable, "memory");
            add(out_->cpu.allocatable, storage::amount_of(object->allocatable, "cpu"));
            add(out_->memory.allocatable, storage::amount_of(object->allocatable, "memory"));
            add(out_->cpu.capacity, storage::amount_of(object->capacity, "cpu"));
            add(out_->memory.capacity, storage::amount_of(object->capacity, "memory"));
        }
        const storage::ResourceSums sums = sources_.objects->sums_of_node(view.name);
        row.cpu_request = sums.requests.cpu;
        row.memory_request = sums.requests.memory;
        add(out_->cpu.requested, sums.requests.cpu);
        add(out_->memory.requested, sums.requests.memory);
        add(out_->cpu.limits, sums.limits.cpu);
        add(out_->memory.limits, sums.limits.memory);
    }
    nodes_.emplace(row.name, static_cast<std::uint32_t>(out_->of(Kind::node).size()));
    out_->of(Kind::node).push_back(row);
}

bool Taker::add_pods() {
    const storage::Monotonic now = sources_.clock().monotonic;
    const std::size_t first = out_->of(Kind::pod).size();
    const std::string after_namespace = after_namespace_, after = after_;
    first_containers_.clear();
    std::size_t seen = 0;
    sources_.store.walk_pods({}, {after_namespace, after}, now, [&](const storage::PodView& pod) {
        add_pod(pod, now);
        if (++seen < kBatch) return true;
        after_namespace_ = pod.name_space;
        after_ = pod.name;
        return false;
    });
    add_samples(first, {after_namespace, after}, now);
    auto& pods = out_->of(Kind::pod);
    for (std::size_t i = first; i < pods.size(); ++i) finish_pod(pods[i], first_containers_[i - first]);
    return seen == kBatch && !(out_->cut = is_full());
}

void Taker::add_pod(const storage::PodView& view, storage::Monotonic now) {
    auto& containers = out_->of(Kind::container);
    first_containers_.push_back(containers.size());
    UsageRow row;
    row.name_space = hold(view.name_space);
    row.name = out_->texts.add(view.name);
    if (view.containers.empty())
        explain(view, row, now);
    else
        add_containers(view, row);
    out_->of(Kind::pod).push_back(row);
}

void Taker::add_containers(const storage::PodView& view, UsageRow& pod) {
    pod.state = ok_;
    pod.cpu = pod.memory = 0;
    for (const storage::ContainerView& container : view.containers) {
        UsageRow row;
        row.name_space = pod.name_space;
        row.pod = pod.name;
        row.name = hold(container.name);
        row.state = ok_;
        row.cpu = container.usage.cpu;
        row.memory = container.usage.memory;
        pod.cpu += row.cpu;
        pod.memory += row.memory;
        out_->of(Kind::container).push_back(row);
    }
    ++out_->with_figures[static_cast<std::size_t>(Kind::pod)];
}

void Taker::explain(const storage::PodView& view, UsageRow& pod, storage::Monotonic now) {
    const auto explained = sources_.store.explain_pod(view.name_space, view.name, now);
    const auto bound = sources_.store.bound();
    pod.state = hold(label(explained.verdict));
    pod.reason = hold(why(explained, bound));
    pod.node = hold(explained.node);
    for (const storage::ContainerExplanation& container : explained.containers) {
        if (container.lack == storage::Lack::ended) continue;
        UsageRow row;
        row.name_space = pod.name_space;
        row.pod = pod.name;
        row.name = hold(container.name);
        row.started = to_seconds(container.points.started);
        const bool measured = container.lack == storage::Lack::none;
        row.state = measured ? pod.state : hold(label(container.lack));
        // A pod is served whole or not at all.
        row.reason = measured ? pod.reason : hold(why(container, bound));
        out_->of(Kind::container).push_back(row);
    }
}

void Taker::add_samples(std::size_t first, storage::PodKey after, storage::Monotonic now) {
    auto& pods = out_->of(Kind::pod);
    auto& containers = out_->of(Kind::container);
    std::size_t at = first;
    if (at == pods.size()) return;
    sources_.store.walk_pod_samples(after, now, [&](const storage::PodSamplesView& view) {
        UsageRow& pod = pods[at];
        if (!view.node.empty()) pod.node = hold(view.node);
        std::size_t container = first_containers_[at - first];
        // The same that are in PodView, in the same order.
        for (const storage::ContainerSampleView& each : view.containers)
            containers[container++].started = to_seconds(each.sample.started);
        return ++at < pods.size();
    });
}

void Taker::set_objects(UsageRow& pod, std::size_t first_container) {
    const auto object = sources_.objects->pod(out_->text(pod.name_space), out_->text(pod.name));
    if (!object) return;
    if (pod.node == 0) pod.node = hold(object->node);
    const bool owned = !object->workload_name.empty();
    pod.workload = hold(owned ? std::string{object->workload_kind} + "/" + std::string{object->workload_name}
                              : "Pod/" + std::string{object->name});
    set_reserved(pod, object->requests, object->limits);
    pod.restarts = 0;
    for (std::size_t i = 0; i < object->containers.size(); ++i) pod.restarts += object->restarts_of(i);
    auto& containers = out_->of(Kind::container);
    for (std::size_t at = first_container; at < containers.size() && containers[at].pod == pod.name; ++at) {
        UsageRow& row = containers[at];
        for (std::size_t i = 0; i < object->containers.size(); ++i) {
            const storage::ContainerObject& container = object->containers[i];
            if (container.name != out_->text(row.name)) continue;
            set_reserved(row, container.requests, container.limits);
            row.restarts = object->restarts_of(i);
        }
    }
}

void Taker::finish_pod(UsageRow& pod, std::size_t first_container) {
    if (sources_.objects != nullptr)
        set_objects(pod, first_container);
    else
        pod.workload = hold("Pods/" + std::string{workload_name(out_->text(pod.name))});
    auto& containers = out_->of(Kind::container);
    for (std::size_t at = first_container; at < containers.size() && containers[at].pod == pod.name; ++at) {
        UsageRow& row = containers[at];
        row.node = pod.node;
        row.workload = pod.workload;
        const bool earlier = row.started != 0 && (pod.started == 0 || row.started < pod.started);
        if (earlier) pod.started = row.started;
        if (row.cpu != kNoFigure) ++out_->with_figures[static_cast<std::size_t>(Kind::container)];
    }
    if (const auto node = nodes_.find(pod.node); node != nodes_.end())
        ++out_->of(Kind::node)[node->second].pods;
    groups_.add(pod);
}

}  // namespace

std::size_t Snapshot::bytes() const {
    std::size_t sum = texts.bytes();
    for (const auto& each : rows) sum += each.size() * sizeof(UsageRow);
    return sum;
}

net::Task<std::shared_ptr<const Snapshot>> take_snapshot(const PageSources& sources, std::uint64_t number,
                                                         std::size_t bytes) {
    Taker taker{sources, number, bytes};
    co_await taker.run();
    co_return taker.take();
}

}  // namespace apiserver
