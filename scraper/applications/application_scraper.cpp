// SPDX-License-Identifier: Apache-2.0
#include "scraper/applications/application_scraper.hpp"

#include "net/task_group.hpp"
#include "scraper/applications/pod_lookup.hpp"

#include <algorithm>
#include <deque>
#include <unordered_map>
#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace scraper {
namespace {

namespace asio = boost::asio;
using storage::PodKey;
using storage::applications::Applications;
using storage::applications::Missing;
using storage::applications::Wanted;
using Time = net::Clock::time_point;

constexpr std::chrono::seconds kExpireEvery{5};
constexpr std::chrono::seconds kSlow{1};

storage::Nanos unix_now() {
    return std::chrono::nanoseconds{std::chrono::system_clock::now().time_since_epoch()}.count();
}

// Names of Kubernetes hold no slash.
std::string name_of(const PodKey& pod) {
    return std::string{pod.name_space}.append("/").append(pod.name);
}

// A pod in demand.
struct ScrapedPod {
    explicit ScrapedPod(const PodKey& key) : name_space{key.name_space}, name{key.name} {}

    PodKey key() const { return {name_space, name}; }
    std::string id() const { return name_of(key()); }

    std::string name_space;
    std::string name;
    // Of the pod that is meant, as the watch has it.
    std::string uid;
    std::optional<kube::PodNetwork> network;
    int failed_connects = 0;
    // Its last scrape failed, or took long: many of its kind must not keep the others from their turns.
    bool slow = false;
    std::string url;
    PodOutcome last = PodOutcome::ok;
};
using PodPtr = std::shared_ptr<ScrapedPod>;

}  // namespace

struct ApplicationScraper::Impl {
    Impl(net::Executor e, ApplicationScraperOptions o, const kube::Config& cluster, Applications& a)
        : executor{e},
          options{std::move(o)},
          applications{a},
          schedule{options.schedule},
          lookup{e, cluster},
          timer{e},
          group{e} {
        applications.on_wanted([this](const PodKey& pod) { wake(pod); });
    }
    ~Impl() { applications.on_wanted({}); }

    void wake(const PodKey& key);
    net::Task<> run();
    void take_due(Time now);
    void begin(const PodPtr& pod);
    void queue(PodPtr pod);
    void pump(Time now);
    void start_scrapes(std::deque<PodPtr>& waiting, std::size_t below);
    bool has_look_ups() const;
    bool is_meant(const ScrapedPod& pod) const;
    Time next(Time now) const;
    net::Task<> look_up(PodPtr pod);
    net::Task<> scrape(PodPtr pod);
    net::Task<> scrape_at(PodPtr pod, Endpoint endpoint, Wanted wanted);
    void finish(ScrapedPod& pod, Wanted wanted, PodScrape result);
    void end(ScrapedPod& pod, PodOutcome outcome, bool soon);
    void fail(ScrapedPod& pod, PodOutcome outcome, Missing why, const std::string& trouble);

    net::Executor executor;
    ApplicationScraperOptions options;
    Applications& applications;
    PodSchedule schedule;
    PodLookup lookup;
    std::unordered_map<std::string, PodPtr> pods;
    // That are due, and wait for their turn.
    std::deque<PodPtr> to_look_up;
    std::deque<PodPtr> slow_to_look_up;
    std::deque<PodPtr> to_scrape;
    std::deque<PodPtr> slow_to_scrape;
    std::size_t running = 0;
    ApplicationScraperStats counts;
    asio::steady_timer timer;
    Time next_expire{};
    // Last: its children refer to the rest.
    net::TaskGroup group;
};

void ApplicationScraper::Impl::wake(const PodKey& key) {
    const std::string id = name_of(key);
    PodPtr& pod = pods[id];
    if (!pod) pod = std::make_shared<ScrapedPod>(key);
    schedule.wake(id, net::Clock::now());
    timer.cancel();
}

net::Task<> ApplicationScraper::Impl::run() {
    co_await asio::this_coro::throw_if_cancelled(false);
    for (;;) {
        const asio::cancellation_state state = co_await asio::this_coro::cancellation_state;
        if (state.cancelled() != asio::cancellation_type::none) break;
        const Time now = net::Clock::now();
        take_due(now);
        pump(now);
        if (now >= next_expire) {
            applications.expire(now);
            next_expire = now + kExpireEvery;
        }
        timer.expires_at(next(now));
        co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
    }
    group.cancel();
    co_await asio::this_coro::reset_cancellation_state();
    co_await group.wait();
    co_await asio::this_coro::throw_if_cancelled(true);
}

void ApplicationScraper::Impl::take_due(Time now) {
    while (const auto id = schedule.take_due(now)) {
        const PodPtr pod = pods.find(*id)->second;
        begin(pod);
    }
}

// Sends the pod on its way, or lets go of it when nothing is in demand of it any more.
void ApplicationScraper::Impl::begin(const PodPtr& pod) {
    const std::string_view uid = applications.wanted_uid(pod->key());
    if (uid.empty()) {
        schedule.remove(pod->id());
        pods.erase(pod->id());
        return;
    }
    if (pod->uid != uid) {
        pod->uid = uid;
        pod->network.reset();
        pod->failed_connects = 0;
    }
    if (pod->network)
        queue(pod);
    else
        (pod->slow ? slow_to_look_up : to_look_up).push_back(pod);
}

void ApplicationScraper::Impl::queue(PodPtr pod) {
    (pod->slow ? slow_to_scrape : to_scrape).push_back(std::move(pod));
}

void ApplicationScraper::Impl::pump(Time now) {
    start_scrapes(to_scrape, options.at_once);
    start_scrapes(slow_to_scrape, options.at_once / 2);
    std::deque<PodPtr>& waiting = to_look_up.empty() ? slow_to_look_up : to_look_up;
    if (waiting.empty() || !lookup.has_room() || now < lookup.next()) return;
    group.spawn(look_up(std::move(waiting.front())), "a look-up of a pod");
    waiting.pop_front();
}

bool ApplicationScraper::Impl::has_look_ups() const {
    return lookup.has_room() && !(to_look_up.empty() && slow_to_look_up.empty());
}

// While fewer than that are running.
void ApplicationScraper::Impl::start_scrapes(std::deque<PodPtr>& waiting, std::size_t below) {
    for (; !waiting.empty() && running < below; waiting.pop_front()) {
        ++running;
        group.spawn(scrape(std::move(waiting.front())), "a scrape of a pod");
    }
}

Time ApplicationScraper::Impl::next(Time now) const {
    Time then = std::min(schedule.next(), next_expire);
    if (has_look_ups()) then = std::min(then, std::max(now, lookup.next()));
    return then;
}

// It is still that one that is in demand.
bool ApplicationScraper::Impl::is_meant(const ScrapedPod& pod) const {
    return applications.wanted_uid(pod.key()) == pod.uid;
}

net::Task<> ApplicationScraper::Impl::look_up(PodPtr pod) {
    if (!is_meant(*pod)) {
        schedule.done(pod->id(), net::Clock::now(), false);
        timer.cancel();
        co_return;
    }
    LookedUpPod found = co_await lookup.ask(pod->name_space, pod->name);
    timer.cancel();
    if (found.trouble.empty() && found.pod.uid != pod->uid)
        found.trouble = "the API server has another pod of that name by now";
    if (!found.trouble.empty()) {
        fail(*pod, PodOutcome::lookup, Missing::not_annotated, found.trouble);
        co_return;
    }
    pod->network = std::move(found.pod);
    queue(std::move(pod));
}

net::Task<> ApplicationScraper::Impl::scrape(PodPtr pod) {
    // Whatever the end is: it is due again, if it is not yet.
    struct Running {
        Impl& impl;
        std::string id;
        ~Running() {
            --impl.running;
            impl.schedule.done(id, net::Clock::now(), false);
            impl.timer.cancel();
        }
    };
    const Running one{*this, pod->id()};
    if (!is_meant(*pod)) co_return;
    auto wanted = applications.wanted(pod->key(), net::Clock::now(), unix_now());
    if (!wanted) co_return;
    FoundEndpoint found = endpoint_of(wanted->annotations, *pod->network, options.rules);
    if (!found.refusal.empty()) {
        // It may have an address later.
        if (!found.by_annotation) pod->network.reset();
        fail(*pod, PodOutcome::refused, Missing::not_annotated, found.refusal);
        co_return;
    }
    pod->url = found.endpoint.url();
    co_await scrape_at(std::move(pod), std::move(found.endpoint), std::move(*wanted));
}

net::Task<> ApplicationScraper::Impl::scrape_at(PodPtr pod, Endpoint endpoint, Wanted wanted) {
    const PodTls* const tls = options.tls ? &*options.tls : nullptr;
    std::string user_agent = options.user_agent;
    const Time begun = net::Clock::now();
    PodScrape result = co_await scrape_pod(executor, std::move(endpoint), tls, std::move(user_agent),
                                           options.limits, wanted.reading);
    pod->slow = result.outcome != PodOutcome::ok || net::Clock::now() - begun > kSlow;
    finish(*pod, std::move(wanted), std::move(result));
}

void ApplicationScraper::Impl::finish(ScrapedPod& pod, Wanted wanted, PodScrape result) {
    if (result.outcome == PodOutcome::connect && ++pod.failed_connects == kFailedConnects) {
        // It may have been given another address.
        pod.network.reset();
        pod.failed_connects = 0;
    }
    if (result.outcome != PodOutcome::ok)
        return fail(pod, result.outcome, Missing::unreachable, result.trouble);
    pod.failed_connects = 0;
    applications.commit(pod.key(), wanted.uid, std::move(wanted.reading));
    end(pod, PodOutcome::ok, applications.lacks_second_page(pod.key()));
}

void ApplicationScraper::Impl::fail(ScrapedPod& pod, PodOutcome outcome, Missing why,
                                    const std::string& trouble) {
    pod.slow = true;
    if (outcome != PodOutcome::stopped)
        applications.fail(pod.key(), pod.uid, why, trouble, net::Clock::now(), unix_now());
    end(pod, outcome, false);
}

void ApplicationScraper::Impl::end(ScrapedPod& pod, PodOutcome outcome, bool soon) {
    ++counts.scrapes[static_cast<std::size_t>(outcome)];
    pod.last = outcome;
    schedule.done(pod.id(), net::Clock::now(), soon);
}

ApplicationScraper::ApplicationScraper(net::Executor executor, ApplicationScraperOptions options,
                                       const kube::Config& cluster, Applications& applications)
    : impl_{std::make_unique<Impl>(std::move(executor), std::move(options), cluster, applications)} {}
ApplicationScraper::~ApplicationScraper() = default;

net::Task<> ApplicationScraper::run() {
    return impl_->run();
}

ApplicationScraperStats ApplicationScraper::stats() const {
    ApplicationScraperStats stats = impl_->counts;
    stats.running = impl_->running;
    stats.waiting = impl_->to_look_up.size() + impl_->slow_to_look_up.size() + impl_->to_scrape.size() +
                    impl_->slow_to_scrape.size();
    return stats;
}

std::optional<PodReport> ApplicationScraper::report(const PodKey& pod) const {
    const std::string id = name_of(pod);
    const auto known = impl_->pods.find(id);
    if (known == impl_->pods.end()) return std::nullopt;
    return PodReport{known->second->url, impl_->schedule.next_of(id), known->second->last};
}

}  // namespace scraper
