// SPDX-License-Identifier: Apache-2.0
#include "kube/reflector.hpp"

#include "kube/client.hpp"
#include "kube/collection.hpp"
#include "kube/full_objects.hpp"
#include "kube/object_stream.hpp"
#include "net/task_group.hpp"
#include "telemetry/log.hpp"

#include <random>

namespace kube {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr int kGone = 410;
// At 500 objects a page, five million objects.
constexpr int kMostPages = 10'000;
// Lists and watches have no size that is too large: one object is held at a time.
constexpr std::uint64_t kAnySize = std::numeric_limits<std::uint64_t>::max();

// Whether a watch that failed so cannot go on from the version that it named: the server has forgotten it,
// does not know it yet (its data is older than what we saw, 504) or cannot read it; or it gave up on the
// watch by an event.
bool version_is_lost(const Failure& failure) {
    const int status = failure.http_status;
    if (failure.code == Errc::watch_error) return status != 429;
    return status == kGone || status == 400 || status == 504;
}

class ListAndWatch final : public Reflector {
  public:
    ListAndWatch(net::Executor executor, const Config& config, Collection collection,
                 std::unique_ptr<Delivery> delivery, const ReflectorOptions& options)
        : client_{std::move(executor), config},
          collection_{std::move(collection)},
          delivery_{std::move(delivery)},
          options_{options},
          random_{std::random_device{}()},
          backoff_{options.backoff, std::random_device{}()} {}

    net::Task<> run() override;
    bool synced() const override { return synced_; }
    std::string last_error() const override { return last_error_; }

  private:
    net::Task<Outcome<>> list();
    net::Task<Outcome<>> list_page(ListSink& sink, std::string target);
    net::Task<Outcome<>> watch();
    void listed(std::string version, std::uint64_t objects);
    void succeeded();
    void fell_silent(const Failure& failure, bool had_news);
    milliseconds failed(const Failure& failure);

    Client client_;
    Collection collection_;
    std::unique_ptr<Delivery> delivery_;
    ReflectorOptions options_;
    std::mt19937 random_;
    net::Backoff backoff_;
    // Where to watch from; empty: a list is needed first.
    std::string version_;
    bool synced_ = false;
    bool said_silent_ = false;
    net::Clock::time_point listed_at_{};
    std::string last_error_;
};

net::Task<> ListAndWatch::run() {
    for (;;) {
        Outcome<> done;
        if (version_.empty())
            done = co_await list();
        else
            done = co_await watch();
        if (done) continue;
        // Being told to stop is no failure.
        const auto state = co_await boost::asio::this_coro::cancellation_state;
        if (state.cancelled() != boost::asio::cancellation_type::none) co_return;
        const milliseconds wait = failed(done.error());
        co_await net::sleep_until(net::Clock::now() + wait);
    }
}

net::Task<Outcome<>> ListAndWatch::list() {
    std::string target = list_target(collection_, "");
    std::string continue_token;
    std::string version;
    std::uint64_t objects = 0;
    for (int page = 0; page < kMostPages; ++page) {
        const bool first = continue_token.empty();
        ListSink sink{collection_.resource, first ? ListSink::Page::first : ListSink::Page::further,
                      *delivery_};
        auto got = co_await list_page(sink, target);
        if (!got && !first && got.error().http_status == kGone) {
            // The server has forgotten the version that the pages belong to.
            telemetry::info("List expired between two pages, listing in one piece",
                            {{"resource", collection_.resource}});
            continue_token.clear();
            target = whole_list_target(collection_);
            objects = 0;
            continue;
        }
        if (!got) co_return got;
        if (first) version = sink.list().resource_version();
        objects += sink.objects();
        continue_token = sink.list().continue_token();
        if (continue_token.empty()) {
            listed(std::move(version), objects);
            co_return Outcome<>{};
        }
        target = list_target(collection_, continue_token);
    }
    co_return Failure{Errc::too_many_pages};
}

net::Task<Outcome<>> ListAndWatch::list_page(ListSink& sink, std::string target) {
    net::ExchangeLimits limits;
    limits.deadline = net::Clock::now() + options_.list_timeout;
    limits.stages = options_.stages;
    limits.body_bytes = kAnySize;
    auto got = co_await client_.get(std::move(target), collection_.list_accept, sink, limits);
    if (!got) co_return got;
    if (const auto whole = sink.finish(); !whole) co_return Failure{whole.error()};
    co_return Outcome<>{};
}

net::Task<Outcome<>> ListAndWatch::watch() {
    std::uniform_int_distribution<seconds::rep> between{options_.shortest_watch.count(),
                                                        options_.longest_watch.count()};
    const seconds timeout{between(random_)};
    const auto started = net::Clock::now();
    net::ExchangeLimits limits;
    limits.deadline = started + timeout + options_.watch_grace;
    limits.stages = options_.stages;
    limits.stages.silence = options_.watch_silence;
    limits.body_bytes = kAnySize;
    const std::string from = version_;
    std::function<void()> opened = [this] { succeeded(); };
    WatchSink sink{collection_.resource, version_, *delivery_, std::move(opened)};
    std::string target = watch_target(collection_, version_, timeout);
    auto got = co_await client_.get(std::move(target), collection_.watch_accept, sink, limits);
    if (sink.failure()) co_return *sink.failure();
    if (!got && got.error().code.category() == net::silence_category()) {
        fell_silent(got.error(), version_ != from);
        co_return Outcome<>{};
    }
    if (!got) co_return got;
    if (const auto whole = sink.finish(); !whole) co_return Failure{whole.error()};
    if (net::Clock::now() - started < options_.too_short) co_return Failure{Errc::watch_too_short};
    co_return Outcome<>{};
}

void ListAndWatch::listed(std::string version, std::uint64_t objects) {
    delivery_->end_list();
    version_ = std::move(version);
    synced_ = true;
    listed_at_ = net::Clock::now();
    succeeded();
    telemetry::info("Caches are synced", {{"resource", collection_.resource}, {"objects", objects}});
}

void ListAndWatch::succeeded() {
    if (last_error_.empty()) return;
    telemetry::info("The API server answers again", {{"resource", collection_.resource}});
    last_error_.clear();
}

// No failure: the next one goes on from the last version, over a new connection. Of a server that never says
// anything it is said once.
void ListAndWatch::fell_silent(const Failure& failure, bool had_news) {
    if (said_silent_ && !had_news) return;
    said_silent_ = true;
    telemetry::warning("Watch fell silent, opening it anew", {{"err", failure.text()},
                                                              {"resource", collection_.resource},
                                                              {"server", client_.server()},
                                                              {"path", collection_.path},
                                                              {"hint", failure.hint()}});
}

milliseconds ListAndWatch::failed(const Failure& failure) {
    const bool listing = version_.empty();
    const milliseconds asked = std::min<milliseconds>(failure.retry_after, options_.backoff.longest);
    const bool lost = !listing && version_is_lost(failure);
    const auto now = net::Clock::now();
    milliseconds step = backoff_.next(now);
    // A server that is there and only forgot the version (it was restarted, say) is listed at once: what we
    // know may be old already. Not twice in a row, or a server that always forgets would be listed without
    // end.
    if (lost && now - listed_at_ > options_.backoff.longest) step = std::min(step, options_.backoff.first);
    const milliseconds wait = std::max(step, asked);
    last_error_ = failure.text();
    telemetry::warning(listing ? "Failed to list" : "Failed to watch",
                       {{"err", last_error_},
                        {"resource", collection_.resource},
                        {"server", client_.server()},
                        {"path", collection_.path},
                        {"retryIn", std::to_string(wait.count()) + "ms"},
                        {"hint", failure.hint()}});
    if (lost) version_.clear();
    return wait;
}

}  // namespace

std::unique_ptr<Reflector> watch_nodes(net::Executor executor, const Config& config,
                                       std::string label_selector, Observer<Node>& observer,
                                       const ReflectorOptions& options) {
    return std::make_unique<ListAndWatch>(std::move(executor), config, nodes(std::move(label_selector)),
                                          deliver_to(observer), options);
}

std::unique_ptr<Reflector> watch_pods(net::Executor executor, const Config& config, Observer<Pod>& observer,
                                      const ReflectorOptions& options) {
    Pod blank;
    blank.scrape.prefix = options.scrape_annotations;
    return std::make_unique<ListAndWatch>(std::move(executor), config, running_pods(),
                                          deliver_to(observer, std::move(blank)), options);
}

std::unique_ptr<Reflector> watch_full_nodes(net::Executor executor, const Config& config,
                                            std::string label_selector, Observer<FullNode>& observer,
                                            const ReflectorOptions& options) {
    return std::make_unique<ListAndWatch>(std::move(executor), config, nodes(std::move(label_selector)),
                                          deliver_to(observer), options);
}

std::unique_ptr<Reflector> watch_full_pods(net::Executor executor, const Config& config,
                                           Observer<FullPod>& observer, const ReflectorOptions& options) {
    FullPod blank;
    blank.scrape.prefix = options.scrape_annotations;
    return std::make_unique<ListAndWatch>(std::move(executor), config, whole_running_pods(),
                                          deliver_to(observer, std::move(blank)), options);
}

std::unique_ptr<Reflector> watch_config_map(net::Executor executor, const Config& config,
                                            const std::string& name_space, const std::string& name,
                                            Observer<ConfigMap>& observer, const ReflectorOptions& options) {
    return std::make_unique<ListAndWatch>(std::move(executor), config, config_map(name_space, name),
                                          deliver_to(observer), options);
}

}  // namespace kube
