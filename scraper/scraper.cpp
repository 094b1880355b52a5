// SPDX-License-Identifier: Apache-2.0
#include "scraper/scraper.hpp"

#include "net/task_group.hpp"
#include "scraper/fleet.hpp"
#include "scraper/page/incomplete_rows.hpp"
#include "scraper/rounds.hpp"
#include "scraper/stats/stats_scrapes.hpp"
#include "storage/store.hpp"
#include "telemetry/log.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace scraper {
namespace {
namespace asio = boost::asio;
using Time = net::Clock::time_point;
using Node = ScrapedNode;
constexpr std::chrono::seconds kExpireEvery{5};
}  // namespace

void LeftOut::add(const storage::CommitResult& committed) {
    foreign += committed.foreign;
    over_limit += committed.over_limit;
    nameless += committed.nameless;
    twice += committed.twice;
    clock_set += committed.clock_set;
    impossible += committed.impossible;
}

// The loop: what is due is sent, and what comes is committed.
struct Scraper::Impl {
    Impl(net::Executor e, ScraperOptions o, storage::Store& s)
        : options{std::move(o)},
          store{s},
          policy{kubelet_policy(options)},
          pod_inventory{s},
          schedule{options.resolution, net::Clock::now(),
                   round_begin(options.resolution, net::Clock::now(), std::chrono::system_clock::now())},
          fleet{e, options.address, s, policy, schedule, [this] { timer.cancel(); }},
          rounds{options.resolution},
          requests{options},
          timer{e},
          group{e} {
        if (options.stats != nullptr) stats.emplace(options, s);
    }

    net::Task<> run();
    void start_due(Time now);
    Time housekeep(Time now);
    net::Task<> scrape_node(std::shared_ptr<Node> node, Time due_at);
    net::Task<> ask_stats(std::shared_ptr<Node> node);
    void finish(Node& node, ScrapeResult result, Time due_at, Time started);
    Schedule::Result commit(Node& node, const ScrapeResult& result, Time now);

    ScraperOptions options;
    storage::Store& store;
    KubeletPolicy policy;
    PodInventory pod_inventory;
    Schedule schedule;
    Fleet fleet;
    Rounds rounds;
    std::vector<Schedule::Due> due;
    PageRequests requests;
    PagePool pages;
    IncompleteRows incomplete;
    std::optional<StatsScrapes> stats;
    asio::steady_timer timer;
    Time next_expire{};
    ScraperStats counts;
    // Last: its children refer to the rest.
    net::TaskGroup group;
};

net::Task<> Scraper::Impl::run() {
    // A wait that is cancelled returns here, so that the children are joined; a new node ends it as well.
    co_await asio::this_coro::throw_if_cancelled(false);
    for (;;) {
        const asio::cancellation_state state = co_await asio::this_coro::cancellation_state;
        if (state.cancelled() != asio::cancellation_type::none) break;
        const Time now = counts.last_tick = net::Clock::now();
        start_due(now);
        timer.expires_at(std::min(schedule.next(), housekeep(now)));
        co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
    }
    group.cancel();
    co_await asio::this_coro::reset_cancellation_state();
    co_await group.wait();
    co_await asio::this_coro::throw_if_cancelled(true);
}

void Scraper::Impl::start_due(Time now) {
    due.clear();
    schedule.due(now, due);
    for (const Schedule::Due& d : due)
        group.spawn(scrape_node(fleet.nodes().find(std::string{d.name})->second, d.at));
}

// When it is wanted next.
Time Scraper::Impl::housekeep(Time now) {
    if (now >= next_expire) {
        store.expire(now);
        fleet.save_pins();
        next_expire = now + kExpireEvery;
    }
    return std::min(next_expire, rounds.look(now, fleet.nodes().size(), store.pod_count()));
}

net::Task<> Scraper::Impl::scrape_node(std::shared_ptr<Node> node, Time due_at) {
    const Time started = net::Clock::now();
    schedule.sent(due_at, started);
    try {
        ScrapeResult result;
        if (node->kubelet) {
            if (node->stats.running) co_await StatsScrapes::ended(node);
            net::ExchangeLimits limits;
            limits.deadline = started + options.request_timeout;
            limits.body_bytes = options.page_bytes;
            result = co_await scrape(node->kubelet->client(), requests.get(node->target->path, started),
                                     pages, limits);
        } else {
            result.failure.error = node->target.error();
            result.failure.detail = node->refusal;
        }
        if (!node->gone) finish(*node, std::move(result), due_at, started);
    } catch (...) {
        // Cancelled, or a bug, which must not leave the node running for ever.
        if (!node->gone) schedule.done(node->id.name, Schedule::Result::failed, net::Clock::now());
        throw;
    }
    co_await ask_stats(std::move(node));
}

net::Task<> Scraper::Impl::ask_stats(std::shared_ptr<Node> node) {
    if (!stats || node->gone || node->health.state() != NodeState::ok) co_return;
    const Time now = net::Clock::now();
    const Time next = schedule.next_of(node->id.name, now);
    if (stats->is_due(*node, now, next)) co_await stats->ask(std::move(node), next);
}

void Scraper::Impl::finish(Node& node, ScrapeResult result, Time due_at, Time started) {
    const Time ended = net::Clock::now();
    NodeHealth::Attempt attempt = node.judge(result, started, ended);
    // Says nothing about the node.
    if (attempt.reason == Reason::stopped)
        return schedule.done(node.id.name, Schedule::Result::failed, ended);
    ++counts.scrapes[static_cast<std::size_t>(attempt.reason)];
    node.requests.add(ended - started, std::chrono::system_clock::now());
    const Schedule::Result brought = commit(node, result, ended);
    if (brought == Schedule::Result::page)
        schedule.done(node.id.name, brought, ended,
                      to_next_sample(result.page->rows, std::chrono::system_clock::now()));
    else
        schedule.done(node.id.name, brought, ended);
    const auto outcome = result.page ? Rounds::Outcome::page : Rounds::Outcome::failure;
    rounds.record(outcome, ended - due_at, node.counted_in_round);
    const std::uint32_t failures_before = node.health.failures();
    const NodeHealth::Say say = fleet.record(node, std::move(attempt));
    log_health(node.id.name, node.health, say, failures_before);
}

Schedule::Result Scraper::Impl::commit(Node& node, const ScrapeResult& result, Time now) {
    if (result.page) {
        incomplete.say(node.id.name, result.page->rows);
        const storage::CommitResult committed = store.commit(node.id.name, result.page->rows, now);
        counts.bad_lines += result.page->rows.bad_lines;
        counts.left_out.add(committed);
        node.say(*result.page, committed);
        const bool waits = !node.has_first_figures && lacks_second_sample(store, result.page->rows, now);
        if (waits || !committed.node_has_usage) return Schedule::Result::page;
        node.has_first_figures = true;
        return committed.unborn > 0 ? Schedule::Result::young : Schedule::Result::usage;
    }
    if (!options.bridge) {
        // A page that says nothing and lacks everything: the store lets go of the node's points.
        const PagePool::Lease nothing = pages.take();
        nothing->rows.complete = false;
        store.commit(node.id.name, nothing->rows, now);
    }
    return result.failure.reason() == Reason::unsupported ? Schedule::Result::unsupported
                                                          : Schedule::Result::failed;
}

Scraper::Scraper(net::Executor executor, ScraperOptions options, storage::Store& store)
    : impl_{std::make_unique<Impl>(executor, std::move(options), store)} {}
Scraper::~Scraper() = default;

kube::Observer<kube::Node>& Scraper::nodes() {
    return impl_->fleet.watch();
}
kube::Observer<kube::Pod>& Scraper::pods() {
    return impl_->pod_inventory;
}
net::Result<> Scraper::replace_tls(const net::TlsClient::Options& options) {
    if (!impl_->policy.tls) return {};
    const net::Result<net::TlsClient> tls = net::TlsClient::make(options);
    if (!tls) return tls.error();
    impl_->policy.tls->replace(*tls);
    return {};
}
net::Task<> Scraper::run() {
    return impl_->run();
}

ScraperStats Scraper::stats() const {
    ScraperStats stats = impl_->counts;
    stats.nodes = impl_->fleet.nodes().size();
    const Fleet::States& states = impl_->fleet.states();
    const std::array<std::size_t*, 4> by_state{&stats.pending, &stats.ok, &stats.failing, &stats.unsupported};
    for (std::size_t i = 0; i < by_state.size(); ++i) *by_state[i] = states[i];
    stats.running = impl_->group.size();
    stats.late = impl_->schedule.counts().late;
    stats.worst_delay = impl_->schedule.counts().worst;
    stats.skipped = impl_->schedule.counts().skipped;
    stats.extra = impl_->schedule.counts().extra;
    if (impl_->stats) stats.stats = impl_->stats->counts();
    stats.repeating = impl_->store.repeating_node_count();
    return stats;
}

Time Scraper::last_tick() const {
    return impl_->counts.last_tick;
}

FirstFigures Scraper::first_figures() const {
    return impl_->fleet.first_figures();
}

std::string Scraper::summary(Summary::Names names) const {
    return impl_->fleet.summary(names);
}

std::optional<NodeReport> Scraper::report(std::string_view name) const {
    const Fleet::Nodes& nodes = impl_->fleet.nodes();
    const auto at = nodes.find(std::string{name});
    if (at == nodes.end()) return std::nullopt;
    const Node& node = *at->second;
    return NodeReport{node.url(), &node.health, impl_->schedule.next_of(name, net::Clock::now())};
}

void Scraper::visit_requests(const std::string& after, const RequestsVisit& visit) const {
    const Fleet::Nodes& nodes = impl_->fleet.nodes();
    auto at = nodes.upper_bound(after);
    while (at != nodes.end() && visit(at->first, at->second->requests)) ++at;
}

const telemetry::Histogram& Scraper::longest_lags() const {
    return impl_->rounds.longest_lags();
}

}  // namespace scraper
