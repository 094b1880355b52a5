// SPDX-License-Identifier: Apache-2.0
// Long protobuf lists of one store, asked for and read by several clients on one loop.
#pragma once

#include "apiserver/encode/protobuf.hpp"
#include "apiserver/list/answer.hpp"
#include "test/apiserver/fixture.hpp"
#include "test/apiserver/metrics_reader.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <limits>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace test {

struct ListLab {
    static constexpr std::size_t kPods = 20'000;

    explicit ListLab(std::size_t limit = std::numeric_limits<std::size_t>::max(),
                     std::chrono::milliseconds wait = {})
        : kept{limit, wait, [this] { return cluster.now; }} {
        cluster.store.put_node("n", {});
        for (std::size_t i = 0; i < kPods; ++i) cluster.store.put_pod("ns", name(i), {});
        set_figures(1'000'000);
    }

    static std::string name(std::size_t i) { return "pod-" + std::to_string(100'000 + i); }

    void set_figures(std::uint64_t nanocores) {
        std::vector<PodUse> pods;
        for (std::size_t i = 0; i < kPods; ++i) pods.push_back({"ns", name(i), {{"main", nanocores, 1024}}});
        cluster.scrape("n", {"", 1, 1}, pods);
    }

    // All pods in protobuf; `shared`: as one of those who ask for the same.
    net::Task<net::Response> ask(bool shared, bool gzip = false) {
        apiserver::RowStyle style{apiserver::kPods.kind, apiserver::kPods.list_kind, "metrics.k8s.io/v1"};
        auto encoder = std::make_unique<apiserver::ProtobufEncoder>(cluster.store, labels, std::move(style));
        apiserver::ListScope scope;
        scope.of = apiserver::AllPods{};
        apiserver::ListWalk walk{cluster.store, std::move(scope), std::move(encoder),
                                 [this] { return cluster.now; }, &freshness};
        apiserver::Representation form;
        form.type = apiserver::MediaType::protobuf;
        std::optional<apiserver::ListKey> key;
        if (shared) key = apiserver::ListKey{{"v1", apiserver::AllPods{}}, form, gzip};
        return apiserver::answer_list(std::move(walk), form, gzip ? &compression : nullptr, std::move(key),
                                      kept);
    }
    net::Response asked(bool shared, bool gzip = false) {
        boost::asio::io_context alone{1};
        return run(alone, ask(shared, gzip));
    }

    // One client's list from the question to the last byte.
    struct Read {
        unsigned status = 0;
        std::string body;
    };
    net::Task<> read(Read& to, bool shared, bool gzip = false) {
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
    void start(net::Task<> task) {
        boost::asio::co_spawn(loop, std::move(task), [](const std::exception_ptr& failure) {
            if (failure) std::rethrow_exception(failure);
        });
    }

    std::size_t used() { return kept.budget().used(); }
    // How many rows were encoded.
    std::size_t rows() const { return freshness.ages().count(); }

    Cluster cluster;
    apiserver::EncodedLabels labels{apiserver::encode_labels_protobuf};
    apiserver::Freshness freshness{cluster.options.metrics.wall_clock};
    apiserver::KeptLists kept;
    apiserver::Compression compression{std::size_t{6} << 20};
    boost::asio::io_context loop{1};
    std::size_t peak = 0;
};

// The next piece.
inline net::Result<net::Piece> next(net::Response& response, std::string& body) {
    boost::asio::io_context loop{1};
    return run(loop, response.source->next(body));
}
// As many pieces.
inline void read(net::Response& response, std::string& body, int pieces) {
    for (int i = 0; i < pieces; ++i)
        if (!next(response, body)) throw std::runtime_error{"given up"};
}
// All of them; false: given up.
inline bool read_rest(net::Response& response, std::string& body) {
    net::Result<net::Piece> piece = net::Piece::more;
    while (piece && *piece == net::Piece::more) piece = next(response, body);
    return piece.has_value();
}

}  // namespace test
