// SPDX-License-Identifier: Apache-2.0
#include "topd/doctor/ask/api_reader.hpp"

#include "kube/object_stream.hpp"
#include "net/http/date.hpp"

#include <algorithm>
#include <limits>

namespace topd::doctor {
namespace {

using std::chrono::system_clock;

constexpr std::chrono::seconds kOneAnswer{10};
constexpr std::size_t kLongestAnswer = 4 * 1024 * 1024;
// At 500 nodes a page.
constexpr int kMostPages = 100;

class DatedSink final : public net::BodySink {
  public:
    net::Result<> head(const net::ResponseHead& head) override {
        const auto date = head.headers.find("Date");
        if (date) date_ = net::parse_http_date(*date);
        return {};
    }
    net::Result<> body(std::string_view piece) override { return text_.body(piece); }

    std::string& text() { return text_.text(); }
    const std::optional<system_clock::time_point>& date() const { return date_; }

  private:
    net::StringSink text_{kLongestAnswer};
    std::optional<system_clock::time_point> date_;
};

class NodeCollector final : public kube::Observer<kube::Node> {
  public:
    void begin_list() override { nodes_.clear(); }
    void end_list() override {}
    void put(const kube::Node& node) override { nodes_.push_back(node); }
    void removed(const kube::Node&) override {}

    std::vector<kube::Node>& nodes() { return nodes_; }

  private:
    std::vector<kube::Node> nodes_;
};

// Keeps the first ones.
class AnnotatedPods final : public kube::Observer<kube::Pod> {
  public:
    explicit AnnotatedPods(std::size_t most) : most_{most} {}

    void begin_list() override {}
    void end_list() override {}
    void put(const kube::Pod& pod) override {
        if (pod.scrape.wanted && !is_full()) pods_.push_back(pod);
    }
    void removed(const kube::Pod&) override {}

    bool is_full() const { return pods_.size() == most_; }
    std::vector<kube::Pod>& pods() { return pods_; }

  private:
    std::size_t most_;
    std::vector<kube::Pod> pods_;
};

}  // namespace

ApiReader::ApiReader(net::Executor executor, const kube::Config& config, net::Deadline end)
    : client_{std::move(executor), config}, end_{end} {}

net::Deadline ApiReader::soon() const {
    return std::min(end_, net::Clock::now() + kOneAnswer);
}

net::Task<Answer> ApiReader::get(std::string path) {
    DatedSink sink;
    net::ExchangeLimits limits;
    limits.deadline = soon();
    auto got = co_await client_.get(std::move(path), "application/json", sink, limits);
    if (!got) co_return std::move(got.error());
    if (sink.date()) {
        // The header knows whole seconds.
        const auto ours = std::chrono::floor<std::chrono::seconds>(system_clock::now());
        clock_ahead_ = std::chrono::floor<std::chrono::seconds>(*sink.date()) - ours;
    }
    co_return std::move(sink.text());
}

net::Task<Answer> ApiReader::post(std::string path, std::string body) {
    co_return co_await client_.post_json(std::move(path), std::move(body), soon());
}

net::Task<kube::Outcome<>> ApiReader::list(kube::Collection collection, kube::Delivery& into,
                                           std::function<bool()> enough) {
    std::string target = kube::list_target(collection, "");
    for (int page = 0; page < kMostPages; ++page) {
        using Page = kube::ListSink::Page;
        kube::ListSink sink{collection.resource, page == 0 ? Page::first : Page::further, into};
        net::ExchangeLimits limits;
        limits.deadline = end_;
        limits.body_bytes = std::numeric_limits<std::uint64_t>::max();
        auto got = co_await client_.get(std::move(target), collection.list_accept, sink, limits);
        if (!got) co_return std::move(got.error());
        if (const auto whole = sink.finish(); !whole) co_return kube::Failure{whole.error()};
        if (sink.list().continue_token().empty() || enough()) co_return kube::Outcome<>{};
        target = kube::list_target(collection, sink.list().continue_token());
    }
    co_return kube::Failure{kube::Errc::too_many_pages};
}

net::Task<kube::Outcome<std::vector<kube::Node>>> ApiReader::nodes(std::string label_selector) {
    NodeCollector collector;
    const auto delivery = kube::deliver_to<kube::Node>(collector);
    const auto got = co_await list(kube::nodes(std::move(label_selector)), *delivery, [] { return false; });
    if (!got) co_return got.error();
    co_return std::move(collector.nodes());
}

net::Task<kube::Outcome<std::vector<kube::Pod>>> ApiReader::annotated_pods(std::string prefix,
                                                                           std::size_t most) {
    AnnotatedPods found{most};
    kube::Pod blank;
    blank.scrape.prefix = std::move(prefix);
    const auto delivery = kube::deliver_to<kube::Pod>(found, std::move(blank));
    const auto got = co_await list(kube::running_pods(), *delivery, [&found] { return found.is_full(); });
    if (!got) co_return got.error();
    co_return std::move(found.pods());
}

}  // namespace topd::doctor
