// SPDX-License-Identifier: Apache-2.0
#include "test/sim/api/aggregation/aggregator.hpp"

#include "net/event.hpp"
#include "telemetry/log.hpp"
#include "test/sim/api/aggregation/front_proxy.hpp"
#include "test/sim/cluster/names.hpp"
#include "test/sim/cluster/seed.hpp"

#include <algorithm>
#include <cstdlib>
#include <optional>

namespace sim {
namespace {

// As kube-aggregator does (k8s.io/kube-aggregator, pkg/apiserver/handler_proxy.go).
constexpr int kProbes = 5;
constexpr std::size_t kIdleClients = 25;
constexpr std::chrono::seconds kProbeTime{5};
constexpr std::chrono::seconds kRequestTime{60};
constexpr std::size_t kDiscoveryBytes = 1024 * 1024;
// Answers up to this size are sent with their length, as they came.
constexpr std::uint64_t kWholeAnswer = 256 * 1024;

net::Response unavailable(std::string text) {
    net::Response response;
    response.status = 503;
    response.headers.add("Content-Type", "text/plain; charset=utf-8");
    response.headers.add("X-Content-Type-Options", "nosniff");
    response.body = std::move(text);
    return response;
}

net::Request aggregator_request(std::string target) {
    net::Request request;
    request.target = std::move(target);
    request.headers.add("User-Agent", "Go-http-client/1.1");
    request.headers.add("X-Remote-User", "system:kube-aggregator");
    request.headers.add("X-Remote-Group", "system:masters");
    return request;
}

}  // namespace

// One request on its way: what has come back of its answer.
struct Aggregator::Exchange {
    net::Request request;
    net::Deadline deadline;
    std::optional<net::ResponseHead> head;
    std::string pending;
    bool done = false;
    net::Error error;
    net::Event changed;

    void finish(net::Error why) {
        if (done) return;
        error = why;
        done = true;
        changed.notify();
    }
};

class Aggregator::AnswerSink final : public net::BodySink {
  public:
    explicit AnswerSink(Exchange& exchange) : exchange_{exchange} {}
    net::Result<> head(const net::ResponseHead& head) override {
        exchange_.head = head;
        exchange_.changed.notify();
        return {};
    }
    net::Result<> body(std::string_view piece) override {
        exchange_.pending += piece;
        exchange_.changed.notify();
        return {};
    }

  private:
    Exchange& exchange_;
};

class Aggregator::AnswerSource final : public net::BodySource {
  public:
    explicit AnswerSource(std::shared_ptr<Exchange> exchange) : exchange_{std::move(exchange)} {}
    net::Task<net::Result<net::Piece>> next(std::string& out) override {
        const net::Deadline until = exchange_->deadline + std::chrono::seconds{1};
        while (exchange_->pending.empty() && !exchange_->done) co_await exchange_->changed.wait_until(until);
        if (exchange_->error) co_return exchange_->error;
        out += exchange_->pending;
        exchange_->pending.clear();
        co_return exchange_->done ? net::Piece::last : net::Piece::more;
    }

  private:
    std::shared_ptr<Exchange> exchange_;
};

Aggregator::Aggregator(net::Executor executor, AggregatorOptions options)
    : executor_{executor}, options_{std::move(options)}, calls_{executor} {
    group_.name = options_.group;
    for (const std::string& version : options_.versions) group_.versions.push_back({version, nullptr});
    available_.resize(options_.versions.size());
}

Aggregator::~Aggregator() = default;

bool Aggregator::available(std::string_view version) const {
    for (std::size_t i = 0; i < options_.versions.size(); ++i)
        if (options_.versions[i] == version) return available_[i];
    return false;
}

// Five at a time; one that passes is enough.
struct Aggregator::Probes {
    int left = kProbes;
    int passed = 0;
    net::Event changed;
};

net::Task<> Aggregator::probe_once(std::string path, std::shared_ptr<Probes> probes) {
    net::HttpClient client{executor_, options_.server};
    const net::Request request = aggregator_request(std::move(path));
    net::StringSink sink{kDiscoveryBytes};
    net::ExchangeLimits limits;
    limits.deadline = net::Clock::now() + kProbeTime;
    const auto answer = co_await client.exchange(request, sink, limits);
    if (answer && answer->status / 100 == 2) ++probes->passed;
    --probes->left;
    probes->changed.notify();
}

net::Task<bool> Aggregator::probe(std::string path) {
    const auto probes = std::make_shared<Probes>();
    for (int i = 0; i < kProbes; ++i) calls_.spawn(probe_once(path, probes));
    const auto until = net::Clock::now() + 2 * kProbeTime;
    while (probes->left > 0 && net::Clock::now() < until) co_await probes->changed.wait_until(until);
    co_return probes->passed > 0;
}

net::Task<> Aggregator::check_versions() {
    for (std::size_t i = 0; i < options_.versions.size(); ++i) {
        const bool was = available_[i];
        const bool is = co_await probe("/apis/" + options_.group + "/" + options_.versions[i]);
        available_[i] = is;
        if (!is) group_.versions[i].entry = nullptr;
        if (was != is)
            telemetry::info("APIService changed",
                            {{"name", options_.versions[i] + "." + options_.group}, {"available", is}});
    }
}

net::Task<bool> Aggregator::fetch_discovery() {
    net::HttpClient client{executor_, options_.server};
    net::Request request = aggregator_request("/apis");
    request.headers.add("Accept", "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList");
    net::StringSink sink{kDiscoveryBytes};
    net::ExchangeLimits limits;
    limits.deadline = net::Clock::now() + kProbeTime;
    const auto answer = co_await client.exchange(request, sink, limits);
    const bool good =
        answer && answer->status == 200 &&
        answer->headers.find("Content-Type").value_or("").find("v=v2;") != std::string_view::npos;
    if (!good) co_return false;
    const auto document = nlohmann::ordered_json::parse(sink.text(), nullptr, false);
    if (!document.is_object() || !document.contains("items")) co_return false;
    for (const auto& item : document["items"]) {
        if (item["metadata"].value("name", "") != options_.group) continue;
        for (std::size_t i = 0; i < group_.versions.size(); ++i) {
            group_.versions[i].entry = nullptr;
            for (const auto& entry : item["versions"])
                if (entry.value("version", "") == group_.versions[i].name && available_[i])
                    group_.versions[i].entry = entry;
        }
    }
    co_return true;
}

net::Task<> Aggregator::run() {
    if (options_.versions.empty()) co_return;
    std::chrono::milliseconds wait{100};
    net::Clock::time_point next_discovery{};
    for (;;) {
        co_await check_versions();
        const bool any = std::find(available_.begin(), available_.end(), true) != available_.end();
        const bool all = std::find(available_.begin(), available_.end(), false) == available_.end();
        const bool stale =
            std::any_of(group_.versions.begin(), group_.versions.end(),
                        [](const AggregatedVersion& version) { return version.entry.is_null(); });
        if (any && (stale || net::Clock::now() >= next_discovery)) {
            const bool fetched = co_await fetch_discovery();
            if (fetched) next_discovery = net::Clock::now() + options_.discovery_interval;
        }
        wait = all ? options_.check_interval : std::min(wait * 2, options_.retry_interval);
        co_await net::sleep_until(net::Clock::now() + wait);
        if (all) wait = std::chrono::milliseconds{100};
    }
}

net::Task<> Aggregator::finish() {
    calls_.cancel();
    co_await calls_.wait();
}

std::unique_ptr<net::HttpClient> Aggregator::take_client() {
    if (idle_.empty()) return std::make_unique<net::HttpClient>(executor_, options_.server);
    auto client = std::move(idle_.back());
    idle_.pop_back();
    return client;
}

void Aggregator::give_back(std::unique_ptr<net::HttpClient> client) {
    if (client->connected() && idle_.size() < kIdleClients) idle_.push_back(std::move(client));
}

net::Task<> Aggregator::pass_on(std::shared_ptr<Exchange> exchange) {
    // However this ends, nobody waits for it any longer.
    struct Finish {
        std::shared_ptr<Exchange> of;
        ~Finish() { of->finish(make_error_code(net::Errc::stopped)); }
    } const finish{exchange};
    auto client = take_client();
    AnswerSink sink{*exchange};
    net::ExchangeLimits limits;
    limits.deadline = exchange->deadline;
    limits.body_bytes = std::uint64_t{4} << 30;
    const auto answer = co_await client->exchange(exchange->request, sink, limits);
    exchange->finish(answer ? net::Error{} : answer.error());
    give_back(std::move(client));
}

net::Task<net::Response> Aggregator::forward(const net::Request& request, const Url& url, const User& user) {
    const auto segments = url.segments();
    if (segments.size() < 3 || !available(segments[2])) co_return unavailable("service unavailable\n");

    auto exchange = std::make_shared<Exchange>();
    exchange->request = proxied_request(request, url, user, make_uid(mix(++serial_, 53)));
    exchange->deadline = net::Clock::now() + (segments.size() == 3 ? kProbeTime : kRequestTime);
    calls_.spawn(pass_on(exchange));

    const auto until = exchange->deadline + std::chrono::seconds{1};
    while (!exchange->head && !exchange->done) co_await exchange->changed.wait_until(until);
    if (!exchange->head)
        co_return unavailable("error trying to reach service: " + exchange->error.message() + "\n");
    const std::string_view length = exchange->head->headers.find("Content-Length").value_or("");
    const bool whole = !length.empty() && length.size() < 9 &&
                       std::strtoull(std::string{length}.c_str(), nullptr, 10) <= kWholeAnswer;
    while (whole && !exchange->done) co_await exchange->changed.wait_until(until);

    net::Response response;
    response.status = exchange->head->status;
    response.headers = proxied_answer(exchange->head->headers);
    if (exchange->done && !exchange->error)
        response.body = std::move(exchange->pending);
    else
        response.source = std::make_unique<AnswerSource>(exchange);
    co_return response;
}

}  // namespace sim
