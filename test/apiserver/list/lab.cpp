// SPDX-License-Identifier: Apache-2.0
#include "test/apiserver/list/lab.hpp"

#include "apiserver/groups/metrics/route.hpp"

#include <algorithm>
#include <memory>
#include <new>
#include <stdexcept>
#include <utility>

namespace test {
namespace {

// Fails at a row, as one that finds no memory.
class FailingEncoder final : public apiserver::Encoder {
  public:
    FailingEncoder(std::unique_ptr<apiserver::Encoder> encoder, std::size_t& fails_in)
        : encoder_{std::move(encoder)}, fails_in_{fails_in} {}

    void object(std::string& out, const apiserver::Row& row) override { encoder_->object(out, row); }
    void item(std::string& out, const apiserver::Row& row) override {
        if (fails_in_ > 0 && --fails_in_ == 0) throw std::bad_alloc{};
        encoder_->item(out, row);
    }
    void list_head(std::string& out, std::size_t item_bytes) override {
        encoder_->list_head(out, item_bytes);
    }
    void list_tail(std::string& out) override { encoder_->list_tail(out); }

  private:
    std::unique_ptr<apiserver::Encoder> encoder_;
    std::size_t& fails_in_;
};

}  // namespace

ListLab::ListLab(std::size_t limit, std::chrono::milliseconds wait)
    : kept{limit, wait, [this] { return cluster.now; }} {
    set_figures(1'000'000);
}

void ListLab::set_figures(std::uint64_t nanocores) {
    cluster.add_pods(kPods, "ns", {"main", nanocores, 1024});
}

net::Task<net::Response> ListLab::ask(bool shared, bool gzip) {
    apiserver::RowStyle style{apiserver::kPods.kind, apiserver::kPods.list_kind, "metrics.k8s.io/v1"};
    auto rows = std::make_unique<apiserver::ProtobufEncoder>(cluster.store, labels, std::move(style));
    auto encoder = std::make_unique<FailingEncoder>(std::move(rows), fails_in);
    apiserver::ListScope scope;
    scope.of = apiserver::AllPods{};
    apiserver::ListWalk walk{cluster.store, std::move(scope), std::move(encoder),
                             [this] { return cluster.now; }, &freshness};
    apiserver::Representation form;
    form.type = apiserver::MediaType::protobuf;
    std::optional<apiserver::ListKey> key;
    if (shared) key = apiserver::ListKey{{"v1", apiserver::AllPods{}}, form, gzip};
    return apiserver::answer_list(std::move(walk), form, gzip ? &compression : nullptr, std::move(key), kept);
}

net::Response ListLab::asked(bool shared, bool gzip) {
    boost::asio::io_context alone{1};
    return run(alone, ask(shared, gzip));
}

net::Task<> ListLab::read(Read& to, bool shared, bool gzip) {
    net::Response response = co_await ask(shared, gzip);
    to.status = response.status;
    to.body = std::move(response.body);
    bool more = response.source != nullptr;
    while (more) {
        peak = std::max(peak, used());
        auto piece = co_await response.source->next(to.body);
        more = piece && *piece == net::Piece::more;
    }
}

ListLab::~ListLab() = default;

net::Result<net::Piece> next(net::Response& response, std::string& body) {
    boost::asio::io_context loop{1};
    return run(loop, response.source->next(body));
}

void read(net::Response& response, std::string& body, int pieces) {
    for (int i = 0; i < pieces; ++i)
        if (!next(response, body)) throw std::runtime_error{"given up"};
}

bool read_rest(net::Response& response, std::string& body) {
    net::Result<net::Piece> piece = net::Piece::more;
    while (piece && *piece == net::Piece::more) piece = next(response, body);
    return piece.has_value();
}

}  // namespace test
