// SPDX-License-Identifier: Apache-2.0
// Kubelets for tests: real servers on loopback that answer as they are told, and a loop that runs until
// something has happened.
#pragma once

#include "kube/objects.hpp"
#include "kube/reflector.hpp"
#include "net/http/server.hpp"
#include "net/task_group.hpp"
#include "net/tls/certificate.hpp"
#include "scraper/node/first_figures.hpp"
#include "scraper/options.hpp"
#include "scraper/scraper.hpp"
#include "storage/store.hpp"
#include "test/net/tls/authority.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/io_context.hpp>

namespace scraper::test {

// A page of one node and one pod "default/<pod>" of one container "c". Each step is 10 s and one CPU second
// later.
std::string page_text(int step, const std::string& pod = "a");

// One server on loopback. It answers the n-th request (from 0) with what `answer` makes of n.
class FakeKubelet final : public net::RequestHandler {
  public:
    using Answer = std::function<net::Response(int)>;

    FakeKubelet(net::Executor executor, std::optional<net::TlsServer> tls, std::uint16_t port = 0,
                const std::string& address = "127.0.0.1");

    net::Task<net::Response> respond(net::Request request) override;

    std::uint16_t port() const { return server_.port(); }
    net::Task<> run() { return server_.run(); }
    void stop() { server_.stop(std::chrono::milliseconds{0}); }
    std::size_t open_connections() const { return server_.open_connections(); }

    // By default pages, each a step further.
    Answer answer = [](int n) { return page(page_text(n)); };
    // Takes requests and answers none.
    bool hangs = false;
    // In the order they came.
    std::vector<net::Request> requests;

    static net::Response page(std::string text);
    static net::Response status(unsigned status, std::string body);

  private:
    net::Executor executor_;
    net::HttpServer server_;
};

// A body that never ends, and counts what was taken of it.
class EndlessBody final : public net::BodySource {
  public:
    EndlessBody(std::string piece, std::uint64_t& taken) : piece_{std::move(piece)}, taken_{taken} {}
    net::Task<net::Result<net::Piece>> next(std::string& out) override;

  private:
    std::string piece_;
    std::uint64_t& taken_;
};

// Gives its text and then cuts the connection.
class CutBody final : public net::BodySource {
  public:
    explicit CutBody(std::string text) : text_{std::move(text)} {}
    net::Task<net::Result<net::Piece>> next(std::string& out) override;

  private:
    std::string text_;
    bool given_ = false;
};

// A loop, a store and, after start(), a scraper, all stopped and joined at the end.
class Cluster {
  public:
    explicit Cluster(storage::StoreOptions store_options = {});
    ~Cluster();

    // A kubelet with a certificate for 127.0.0.1 by the cluster's authority; plain: HTTP.
    FakeKubelet& kubelet();
    FakeKubelet& plain_kubelet(std::uint16_t port = 0);
    FakeKubelet& kubelet_with(const net::KeyPair& authority, const net::CertificateRequest& request,
                              std::uint16_t port = 0);
    // With a pair of its own making, perhaps followed by intermediates, and at another loopback address.
    FakeKubelet& kubelet_showing(const net::KeyPair& pair, std::uint16_t port = 0,
                                 const std::string& address = "127.0.0.1");
    void stop(FakeKubelet& kubelet);

    // 500 ms rounds, 400 ms for a scrape, the cluster's authority, the token "secret-token".
    ScraperOptions options() const;
    void start(ScraperOptions options);
    // Cancels the scraper's run() and waits for its end. False: it did not end.
    bool stop_scraper();

    void put_node(const std::string& name, std::uint16_t port, bool ready = true);
    void put_node(const std::string& name, std::uint16_t port, std::vector<kube::NodeAddress> addresses,
                  const std::string& uid = "");
    void remove_node(const std::string& name);

    // Runs the loop until it is so. False: it was not within 10 s.
    bool until(const std::function<bool()>& so);

    // nullopt: pending, or not known.
    std::optional<NodeHealth> health(const std::string& name) const;
    std::uint64_t scrapes(Reason reason) const;
    std::optional<storage::Usage> usage(const std::string& name) const;

    boost::asio::io_context context{1};
    storage::Store store;
    std::unique_ptr<Scraper> scraper;
    net::KeyPair authority = net::make_authority("cluster");

  private:
    FakeKubelet& add(std::optional<net::TlsServer> tls, std::uint16_t port,
                     const std::string& address = "127.0.0.1");

    std::vector<std::unique_ptr<FakeKubelet>> kubelets_;
    net::TaskGroup servers_;
    boost::asio::cancellation_signal stop_;
    bool running_ = false;
};

}  // namespace scraper::test
