// SPDX-License-Identifier: Apache-2.0
#include "test/scraper/fake_kubelet.hpp"

#include "test/net/tls/authority.hpp"

#include <csignal>
#include <exception>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <catch2/catch.hpp>

namespace scraper::test {

using namespace std::chrono_literals;

std::string page_text(int step, const std::string& pod) {
    const std::string at = " " + std::to_string(1'795'408'112'170 + step * 10'000) + "\n";
    const std::string labels = "{container=\"c\",namespace=\"default\",pod=\"" + pod + "\"} ";
    return "# TYPE node_cpu_usage_seconds_total counter\n"
           "node_cpu_usage_seconds_total " +
           std::to_string(100 + step) + at + "node_memory_working_set_bytes 1e+09" + at +
           "container_cpu_usage_seconds_total" + labels + std::to_string(10 + step) + at +
           "container_memory_working_set_bytes" + labels + "2.5e+07" + at + "container_start_time_seconds" +
           labels + "1.795400000e+09\nresource_scrape_error 0\n";
}

FakeKubelet::FakeKubelet(net::Executor executor, std::optional<net::TlsServer> tls, std::uint16_t port,
                         const std::string& address)
    : executor_{executor},
      server_{executor,
              [port, &address] {
                  net::ServerOptions options;
                  options.address = address;
                  options.port = port;
                  return options;
              }(),
              std::move(tls), *this} {
    const net::Result<> listening = server_.listen();
    if (!listening) throw std::runtime_error{"listen: " + listening.error().message()};
}

net::Task<net::Response> FakeKubelet::respond(net::Request request) {
    const int n = static_cast<int>(requests.size());
    requests.push_back(std::move(request));
    if (hangs) co_await net::sleep_until(net::Clock::now() + 1h);
    co_return answer(n);
}

net::Response FakeKubelet::page(std::string text) {
    net::Response response;
    response.headers.add("Content-Type", "text/plain; version=0.0.4; charset=utf-8; escaping=underscores");
    response.body = std::move(text);
    return response;
}

net::Response FakeKubelet::status(unsigned status, std::string body) {
    net::Response response;
    response.status = status;
    response.body = std::move(body);
    return response;
}

net::Task<net::Result<net::Piece>> EndlessBody::next(std::string& out) {
    out += piece_;
    taken_ += piece_.size();
    co_return net::Piece::more;
}

net::Task<net::Result<net::Piece>> CutBody::next(std::string& out) {
    if (given_) co_return net::make_error_code(net::Errc::stopped);
    out += text_;
    given_ = true;
    co_return net::Piece::more;
}

Cluster::Cluster(storage::StoreOptions store_options)
    : store{store_options}, servers_{context.get_executor()} {
    // As main does: a peer that has gone is an error of the write, not the end of the process.
    std::signal(SIGPIPE, SIG_IGN);
}

Cluster::~Cluster() {
    stop_scraper();
    for (const auto& kubelet : kubelets_) kubelet->stop();
    until([this] { return servers_.size() == 0; });
}

FakeKubelet& Cluster::add(std::optional<net::TlsServer> tls, std::uint16_t port, const std::string& address) {
    kubelets_.push_back(std::make_unique<FakeKubelet>(context.get_executor(), std::move(tls), port, address));
    servers_.spawn(kubelets_.back()->run());
    return *kubelets_.back();
}

FakeKubelet& Cluster::kubelet() {
    net::CertificateRequest request;
    request.common_name = "kubelet";
    request.ip_addresses = {"127.0.0.1"};
    request.server = true;
    return kubelet_with(authority, request);
}

FakeKubelet& Cluster::plain_kubelet(std::uint16_t port) {
    return add(std::nullopt, port);
}

FakeKubelet& Cluster::kubelet_with(const net::KeyPair& signer, const net::CertificateRequest& request,
                                   std::uint16_t port) {
    return kubelet_showing(net::issue(signer, request), port);
}

FakeKubelet& Cluster::kubelet_showing(const net::KeyPair& pair, std::uint16_t port,
                                      const std::string& address) {
    net::TlsServer::Options options;
    options.certificate = pair;
    return add(net::TlsServer::make(options).value(), port, address);
}

void Cluster::stop(FakeKubelet& kubelet) {
    const std::size_t before = servers_.size();
    kubelet.stop();
    REQUIRE(until([&] { return servers_.size() < before; }));
}

ScraperOptions Cluster::options() const {
    ScraperOptions options;
    options.resolution = 500ms;
    options.request_timeout = 400ms;
    options.address.types = {"InternalIP"};
    options.address.use_node_status_port = true;
    options.tls.ca_pem = authority.certificate_pem;
    options.token = kube::Token::fixed("secret-token");
    return options;
}

void Cluster::start(ScraperOptions options) {
    scraper = std::make_unique<Scraper>(context.get_executor(), std::move(options), store);
    running_ = true;
    boost::asio::co_spawn(
        context, scraper->run(),
        boost::asio::bind_cancellation_slot(stop_.slot(), [this](std::exception_ptr failure) {
            running_ = false;
            if (failure) std::rethrow_exception(failure);
        }));
}

bool Cluster::stop_scraper() {
    if (!running_) return true;
    stop_.emit(boost::asio::cancellation_type::terminal);
    return until([this] { return !running_; });
}

void Cluster::put_node(const std::string& name, std::uint16_t port, bool ready) {
    kube::Node node;
    node.name = name;
    node.addresses = {{"InternalIP", "127.0.0.1"}};
    node.kubelet_port = port;
    node.ready = ready;
    scraper->nodes().put(node);
}

void Cluster::put_node(const std::string& name, std::uint16_t port, std::vector<kube::NodeAddress> addresses,
                       const std::string& uid) {
    kube::Node node;
    node.name = name;
    node.uid = uid;
    node.addresses = std::move(addresses);
    node.kubelet_port = port;
    node.ready = true;
    scraper->nodes().put(node);
}

void Cluster::remove_node(const std::string& name) {
    kube::Node node;
    node.name = name;
    scraper->nodes().removed(node);
}

bool Cluster::until(const std::function<bool()>& so) {
    const auto limit = net::Clock::now() + 10s;
    while (!so()) {
        if (net::Clock::now() > limit) return false;
        if (context.stopped()) context.restart();
        context.run_one_for(20ms);
    }
    return true;
}

std::optional<NodeHealth> Cluster::health(const std::string& name) const {
    const auto report = scraper->report(name);
    if (!report || report->health->state() == NodeState::pending) return std::nullopt;
    return *report->health;
}

std::uint64_t Cluster::scrapes(Reason reason) const {
    return scraper->stats().scrapes[static_cast<std::size_t>(reason)];
}

std::optional<storage::Usage> Cluster::usage(const std::string& name) const {
    const auto node = store.node(name, net::Clock::now());
    return node ? node->usage : std::nullopt;
}

}  // namespace scraper::test
