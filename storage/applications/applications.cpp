// SPDX-License-Identifier: Apache-2.0
#include "storage/applications/applications.hpp"

#include "storage/applications/annotated_pods.hpp"
#include "storage/applications/demands.hpp"
#include "storage/applications/figure_history.hpp"

#include <algorithm>
#include <map>
#include <unordered_set>
#include <utility>

namespace storage::applications {

struct Applications::Impl {
    explicit Impl(ApplicationsOptions o) : options{o}, demands{options} {}

    // For more of a namespace.
    bool is_full(std::string_view name_space) const;
    std::chrono::nanoseconds bound() const { return 2 * options.interval + options.timeout; }
    PodDemand::Options pod_options() const {
        constexpr std::chrono::nanoseconds kLeast{std::chrono::seconds{5}};
        return {{options.window, std::min(options.interval / 3, kLeast)}, 2 * options.series};
    }
    Known refuse(Refused why) {
        ++refused[static_cast<std::size_t>(why)];
        return {std::nullopt, Missing::no_room, {}};
    }
    Known read(const Application& application, const PodDemand& wanted, const Rule& rule,
               Monotonic now) const;
    Known read_up(const Application& application, const Rule& rule, Monotonic now) const;
    void take(Application& application, const DemandRead& read, const Reading::Impl& page);
    Application& enter(AnnotatedPod& pod, const PodKey& key);
    void leave(AnnotatedPod& pod);
    void count(Application& application);
    void count(const std::string& name_space, std::size_t before, std::size_t now);

    ApplicationsOptions options;
    Demands demands;
    AnnotatedPods pods;
    // Of pods: those with an application.
    std::unordered_set<AnnotatedPod*> in_demand;
    // Of pods, and those of each namespace.
    std::size_t bytes = 0;
    std::map<std::string, std::size_t, std::less<>> bytes_of_namespace;
    std::function<void(const PodKey&)> wake;
    std::uint64_t refused[kRefused] = {};
};

bool Applications::Impl::is_full(std::string_view name_space) const {
    if (bytes + demands.bytes() >= options.bytes) return true;
    const auto pods_of_it = bytes_of_namespace.find(name_space);
    const std::size_t of_pods = pods_of_it == bytes_of_namespace.end() ? 0 : pods_of_it->second;
    return of_pods + demands.bytes(name_space) >= options.bytes / kNamespacesPart;
}

// What its application weighs now.
void Applications::Impl::count(Application& application) {
    const std::size_t before = application.bytes;
    application.bytes = sizeof application + application.name_space.size() + application.pod.size();
    for (const PodDemand& each : application.demands) application.bytes += each.bytes();
    count(application.name_space, before, application.bytes);
}

void Applications::Impl::count(const std::string& name_space, std::size_t before, std::size_t now) {
    bytes = bytes - before + now;
    std::size_t& of_it = bytes_of_namespace[name_space];
    of_it = of_it - before + now;
    if (of_it == 0) bytes_of_namespace.erase(name_space);
}

Application& Applications::Impl::enter(AnnotatedPod& pod, const PodKey& key) {
    if (!pod.application) {
        pod.application = std::make_unique<Application>();
        pod.application->name_space = key.name_space;
        pod.application->pod = key.name;
        in_demand.insert(&pod);
    }
    return *pod.application;
}

void Applications::Impl::leave(AnnotatedPod& pod) {
    if (!pod.application) return;
    count(pod.application->name_space, pod.application->bytes, 0);
    in_demand.erase(&pod);
    pod.application.reset();
}

Known Applications::Impl::read_up(const Application& application, const Rule& rule, Monotonic now) const {
    if (!application.tried || now - application.tried->when > bound())
        return {std::nullopt, Missing::waiting, {}};
    if (!meets(rule.demand.series, {})) return {std::nullopt, Missing::no_series, {}};
    // Nobody asked the pod itself.
    if (application.trouble == Missing::not_annotated)
        return {std::nullopt, application.trouble, application.detail};
    const bool up = application.trouble == Missing::nothing;
    return {Figure{up ? 1000 : 0, application.tried->at, {}}, Missing::nothing, {}};
}

Known Applications::Impl::read(const Application& application, const PodDemand& wanted, const Rule& rule,
                               Monotonic now) const {
    if (rule.demand.metric == kUp) return read_up(application, rule, now);
    const bool fresh = wanted.page() && now - *wanted.page() <= bound();
    if (fresh) return {wanted.figure(), wanted.missing(), {}};
    if (application.trouble != Missing::nothing)
        return {std::nullopt, application.trouble, application.detail};
    return {std::nullopt, Missing::waiting, {}};
}

void Applications::Impl::take(Application& application, const DemandRead& read, const Reading::Impl& page) {
    PodDemand* const wanted = application.find(read.demand);
    if (wanted == nullptr) return;
    const std::size_t before = wanted->series_bytes();
    wanted->take(read, page.asked, page.asked_at, pod_options());
    if (read.too_many) refuse(Refused::series);
    count(application);
    // What was there before keeps its room.
    if (wanted->series_bytes() > before && is_full(application.name_space)) {
        wanted->refuse();
        refuse(Refused::bytes);
        count(application);
    }
    if (wanted->figure()) demands.found(read.demand);
}

Applications::Applications(ApplicationsOptions options) : impl_{std::make_unique<Impl>(options)} {}
Applications::~Applications() = default;

const ApplicationsOptions& Applications::options() const {
    return impl_->options;
}

Asked Applications::ask(const Demand& demand, Monotonic now) {
    const Asked asked = impl_->demands.ask(demand, now);
    if (asked.id == 0) impl_->refuse(asked.refused);
    return asked;
}

Known Applications::known(const Asked& asked, std::string_view pod, Monotonic now) {
    const Rule* const rule = impl_->demands.rule(asked.id);
    if (rule == nullptr) return {std::nullopt, Missing::no_room, {}};
    const PodKey key{rule->demand.name_space, pod};
    AnnotatedPod* const annotated = impl_->pods.find(key);
    if (annotated == nullptr) return {std::nullopt, Missing::not_annotated, {}};
    Application* const before = annotated->application.get();
    if (PodDemand* const wanted = before != nullptr ? before->find(asked.id) : nullptr) {
        wanted->ask(now);
        return impl_->read(*before, *wanted, *rule, now);
    }
    if (before == nullptr && impl_->in_demand.size() >= impl_->options.pods)
        return impl_->refuse(Refused::pods);
    if (impl_->is_full(key.name_space)) return impl_->refuse(Refused::bytes);
    Application& application = impl_->enter(*annotated, key);
    const PodDemand& wanted = application.demands.emplace_back(asked.id, now);
    impl_->count(application);
    if (impl_->wake) impl_->wake(key);
    return impl_->read(application, wanted, *rule, now);
}

void Applications::visit_annotated(std::string_view name_space,
                                   const std::function<void(std::string_view)>& visit) const {
    impl_->pods.visit(name_space, visit);
}

std::vector<std::string> Applications::metric_names() const {
    return impl_->demands.metric_names();
}

Explanation Applications::explain(const PodKey& pod, Monotonic now) const {
    Explanation told;
    const AnnotatedPod* const annotated = impl_->pods.find(pod);
    if (annotated == nullptr) return told;
    told.annotated = true;
    told.annotations = *annotated->annotations;
    if (!annotated->application) return told;
    const Application& application = *annotated->application;
    if (application.page) told.page_age = now - *application.page;
    told.trouble = application.detail;
    for (const PodDemand& each : application.demands) {
        const Rule* const rule = impl_->demands.rule(each.demand());
        if (rule == nullptr) continue;
        told.demands.push_back({rule->demand, impl_->demands.since(each.demand(), now),
                                impl_->read(application, each, *rule, now), each.series()});
    }
    return told;
}

void Applications::tell(FigureHistory& history, std::int64_t at, Monotonic now) const {
    history.begin_tick(at);
    for (const AnnotatedPod* const pod : impl_->in_demand) {
        const Application& application = *pod->application;
        for (const PodDemand& each : application.demands) {
            const Rule* const rule = impl_->demands.rule(each.demand());
            if (rule == nullptr) continue;
            const Known known = impl_->read(application, each, *rule, now);
            if (known.figure)
                history.put({application.name_space, application.pod}, {rule->demand.metric, rule->selector},
                            known.figure->milli);
        }
    }
}

void Applications::begin_pods() {
    impl_->pods.begin();
}

void Applications::end_pods() {
    impl_->pods.end([this](AnnotatedPod& pod) { impl_->leave(pod); });
}

void Applications::put_pod(const PodKey& pod, std::string_view uid, const Annotations& annotations,
                           std::string_view version) {
    AnnotatedPod& known = impl_->pods.put(pod, annotations);
    if (known.uid != uid) impl_->leave(known);
    known.uid = uid;
    known.revision = std::hash<std::string_view>{}(version);
}

void Applications::remove_pod(const PodKey& pod) {
    AnnotatedPod* const known = impl_->pods.find(pod);
    if (known == nullptr) return;
    impl_->leave(*known);
    impl_->pods.remove(pod);
}

void Applications::on_wanted(std::function<void(const PodKey&)> wake) {
    impl_->wake = std::move(wake);
}

std::string_view Applications::wanted_uid(const PodKey& pod) const {
    const AnnotatedPod* const known = impl_->pods.find(pod);
    return known != nullptr && known->application ? std::string_view{known->uid} : std::string_view{};
}

std::uint64_t Applications::revision(const PodKey& pod) const {
    const AnnotatedPod* const known = impl_->pods.find(pod);
    return known == nullptr ? 0 : known->revision;
}

std::optional<Wanted> Applications::wanted(const PodKey& pod, Monotonic now, Nanos unix_now) const {
    const AnnotatedPod* const known = impl_->pods.find(pod);
    if (known == nullptr || !known->application) return std::nullopt;
    const Nanos oldest = unix_now - 2 * impl_->options.interval.count();
    Reading::Impl::Limits limits;
    limits.series = impl_->options.series;
    limits.all_series =
        std::clamp<std::size_t>(impl_->options.bytes / 128 / sizeof(SeriesValue), 1'000, 20'000);
    limits.oldest = oldest;
    auto page = std::make_unique<Reading::Impl>(now, unix_now, limits);
    for (const PodDemand& each : known->application->demands)
        if (auto rule = impl_->demands.shared_rule(each.demand())) page->add(each.demand(), std::move(rule));
    page->index();
    return Wanted{known->uid, *known->annotations, Reading{std::move(page)}};
}

void Applications::commit(const PodKey& pod, std::string_view uid, Reading page) {
    AnnotatedPod* const known = impl_->pods.find(pod);
    if (known == nullptr || !known->application || known->uid != uid || !page.impl_) return;
    Application& application = *known->application;
    const Reading::Impl& read = *page.impl_;
    application.page = read.asked;
    application.tried = Application::Try{read.asked, read.asked_at};
    application.trouble = Missing::nothing;
    application.detail.clear();
    for (const DemandRead& each : read.reads) impl_->take(application, each, read);
}

void Applications::fail(const PodKey& pod, std::string_view uid, Missing why, std::string_view detail,
                        Monotonic now, Nanos unix_now) {
    AnnotatedPod* const known = impl_->pods.find(pod);
    if (known == nullptr || !known->application || known->uid != uid) return;
    Application& application = *known->application;
    application.tried = Application::Try{now, unix_now};
    application.trouble = why;
    application.detail = detail;
}

bool Applications::lacks_second_page(const PodKey& pod) const {
    const AnnotatedPod* const known = impl_->pods.find(pod);
    if (known == nullptr || !known->application) return false;
    const auto& demands = known->application->demands;
    return std::any_of(demands.begin(), demands.end(),
                       [](const PodDemand& each) { return each.missing() == Missing::one_page; });
}

void Applications::expire(Monotonic now) {
    const Monotonic oldest = now - impl_->options.demand_life;
    impl_->demands.expire(oldest);
    for (auto at = impl_->in_demand.begin(); at != impl_->in_demand.end();) {
        AnnotatedPod& pod = **at++;
        auto& demands = pod.application->demands;
        const auto is_over = [&](const PodDemand& each) {
            return each.asked_for() < oldest || impl_->demands.rule(each.demand()) == nullptr;
        };
        if (std::erase_if(demands, is_over) == 0) continue;
        impl_->count(*pod.application);
        if (demands.empty()) impl_->leave(pod);
    }
}

ApplicationsStats Applications::stats() const {
    ApplicationsStats stats;
    stats.demands = impl_->demands.size();
    stats.pods = impl_->in_demand.size();
    stats.annotated = impl_->pods.size();
    stats.bytes = impl_->bytes + impl_->demands.bytes();
    std::copy(std::begin(impl_->refused), std::end(impl_->refused), std::begin(stats.refused));
    return stats;
}

}  // namespace storage::applications
