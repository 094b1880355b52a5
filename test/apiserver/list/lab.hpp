// SPDX-License-Identifier: Apache-2.0
// Long protobuf lists of one store, asked for and read by several clients on one loop.
#pragma once

#include "apiserver/encode/protobuf.hpp"
#include "apiserver/list/answer.hpp"
#include "test/apiserver/fixture.hpp"
#include "test/apiserver/metrics_reader.hpp"

#include <chrono>
#include <cstddef>
#include <limits>
#include <string>
#include <utility>
#include <vector>

namespace test {

// The least that a clock moves.
inline constexpr std::chrono::milliseconds kMoment{1};

struct ListLab {
    static constexpr std::size_t kPods = 20'000;

    explicit ListLab(std::size_t limit = std::numeric_limits<std::size_t>::max(),
                     std::chrono::milliseconds wait = {});
    ~ListLab();

    void set_figures(std::uint64_t nanocores);

    // All pods in protobuf; `shared`: as one of those who ask for the same.
    net::Task<net::Response> ask(bool shared, bool gzip = false);
    net::Response asked(bool shared, bool gzip = false);

    // One client's list from the question to the last byte.
    struct Read {
        unsigned status = 0;
        std::string body;
    };
    net::Task<> read(Read& to, bool shared, bool gzip = false);
    void start(net::Task<> task) { test::start(loop, std::move(task)); }

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
    // Rows until the encoding of one fails, once; 0: none does.
    std::size_t fails_in = 0;
};

// The next piece.
net::Result<net::Piece> next(net::Response& response, std::string& body);
// As many pieces.
void read(net::Response& response, std::string& body, int pieces);
// All of them; false: given up.
bool read_rest(net::Response& response, std::string& body);

}  // namespace test
