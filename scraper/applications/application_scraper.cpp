// SPDX-License-Identifier: Apache-2.0
#include "scraper/applications/application_scraper.hpp"

#include "net/task_group.hpp"
#include "scraper/applications/pod_lookup.hpp"
#include "scraper/applications/scraped_pod.hpp"

#include <algorithm>
#include <array>
#include <deque>
#include <numeric>
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

storage::Nanos unix_now() {
    return std::chrono::nanoseconds{std::chrono::system_clock::now().time_since_epoch()}.count();
}

using PodPtr = std::shared_ptr<ScrapedPod>;
// That wait for a turn, by Pace.
using Queues = std::array<std::deque<PodPtr>, kPaces>;

std::size_t size_of(const Queues& queues) {
    return std::accumulate(queues.begin(), queues.end(), std::size_t{0},
                           [](std::size_t sum, const auto& queue) { return sum + queue.size(); });
}

void put(Queues& queues, PodPtr pod) {
    queues[static_cast<std::size_t>(pod->pace())].push_back(std::move(pod));
}

}  // namespace

struct ApplicationScraper::Impl {
    Impl(const net::Executor& e, ApplicationScraperOptions o, const kube::Config& cluster, Applications& a)
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
    void begin(const PodPtr& pod, Time now);
    void pump(Time now);
    void start_scrapes(std::deque<PodPtr>& waiting, std::size_t below);
    bool has_look_ups() const;
    bool is_meant(const ScrapedPod& pod) const;
    Time next(Time now) const;
    net::Task<> look_up(PodPtr pod);
    net::Task<> scrape(PodPtr pod);
    net::Task<> scrape_at(PodPtr pod, Endpoint endpoint, Wanted wanted);
    void finish(ScrapedPod& pod, Wanted wanted, const PodScrape& result, bool took_long);
    void end(ScrapedPod& pod, PodOutcome outcome, bool soon);
    void fail(ScrapedPod& pod, PodOutcome outcome, const std::string& trouble);
    void report(ScrapedPod& pod, PodOutcome outcome, Missing why, const std::string& trouble);

    net::Executor executor;
    ApplicationScraperOptions options;
    Applications& applications;
    PodSchedule schedule;
    PodLookup lookup;
    std::unordered_map<std::string, PodPtr> pods;
    Queues to_look_up;
    Queues to_scrape;
    std::size_t running = 0;
    ApplicationScraperStats counts;
    asio::steady_timer timer;
    Time next_expire{};
    // Last: its children refer to the rest.
    net::TaskGroup group;
};

void ApplicationScraper::Impl::wake(const PodKey& key) {
    auto made = std::make_shared<ScrapedPod>(key);
    const std::string id = made->id();
    PodPtr& pod = pods[id];
    if (!pod) pod = std::move(made);
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
        begin(pod, now);
    }
}

// Sends the pod on its way, or lets go of it when nothing is in demand of it any more.
void ApplicationScraper::Impl::begin(const PodPtr& pod, Time now) {
    const std::string_view uid = applications.wanted_uid(pod->key());
    if (uid.empty()) {
        schedule.remove(pod->id());
        pods.erase(pod->id());
        return;
    }
    pod->meet(uid, applications.revision(pod->key()));
    put(pod->is_placed(now) ? to_scrape : to_look_up, pod);
}

void ApplicationScraper::Impl::pump(Time now) {
    const std::size_t most[kPaces] = {options.at_once, options.at_once - options.at_once / 4,
                                      options.at_once / 2};
    for (std::size_t pace = 0; pace < kPaces; ++pace) start_scrapes(to_scrape[pace], most[pace]);
    const auto waiting =
        std::find_if(to_look_up.begin(), to_look_up.end(), [](const auto& queue) { return !queue.empty(); });
    if (waiting == to_look_up.end() || !lookup.has_room() || now < lookup.next()) return;
    group.spawn(look_up(std::move(waiting->front())), "a look-up of a pod");
    waiting->pop_front();
}

bool ApplicationScraper::Impl::has_look_ups() const {
    return lookup.has_room() && size_of(to_look_up) > 0;
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
        fail(*pod, PodOutcome::lookup, found.trouble);
        co_return;
    }
    pod->place(std::move(found.pod), net::Clock::now() + options.place_kept);
    put(to_scrape, std::move(pod));
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
        pod->believed_until = found.lasts ? Time::max() : net::Clock::now() + options.refusal_kept;
        fail(*pod, PodOutcome::refused, found.refusal);
        co_return;
    }
    pod->url = found.endpoint.url();
    co_await scrape_at(std::move(pod), std::move(found.endpoint), std::move(*wanted));
}

net::Task<> ApplicationScraper::Impl::scrape_at(PodPtr pod, Endpoint endpoint, Wanted wanted) {
    const PodTls* const tls = options.tls ? &*options.tls : nullptr;
    std::string user_agent = options.user_agent;
    const Time begun = net::Clock::now();
    const PodScrape result = co_await scrape_pod(executor, std::move(endpoint), tls, std::move(user_agent),
                                                 options.limits, wanted.reading);
    const bool took_long = net::Clock::now() - begun > options.slow;
    finish(*pod, std::move(wanted), result, took_long);
}

void ApplicationScraper::Impl::finish(ScrapedPod& pod, Wanted wanted, const PodScrape& result,
                                      bool took_long) {
    if (result.outcome != PodOutcome::ok) {
        pod.failed_scrape();
        return report(pod, result.outcome, Missing::unreachable, result.trouble);
    }
    pod.good(took_long);
    applications.commit(pod.key(), wanted.uid, std::move(wanted.reading));
    end(pod, PodOutcome::ok, applications.lacks_second_page(pod.key()));
}

// It was not asked itself.
void ApplicationScraper::Impl::fail(ScrapedPod& pod, PodOutcome outcome, const std::string& trouble) {
    pod.failed();
    report(pod, outcome, Missing::not_annotated, trouble);
}

void ApplicationScraper::Impl::report(ScrapedPod& pod, PodOutcome outcome, Missing why,
                                      const std::string& trouble) {
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
    stats.waiting = size_of(impl_->to_look_up) + size_of(impl_->to_scrape);
    return stats;
}

std::optional<PodReport> ApplicationScraper::report(const PodKey& pod) const {
    const std::string id = ScrapedPod{pod}.id();
    const auto known = impl_->pods.find(id);
    if (known == impl_->pods.end()) return std::nullopt;
    return PodReport{known->second->url, impl_->schedule.next_of(id), known->second->last};
}

}  // namespace scraper
