// SPDX-License-Identifier: Apache-2.0
#include "test/scraper/applications/applications_lab.hpp"

#include "test/kube/bytes.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>

namespace scraper::test {
namespace {

using namespace std::chrono_literals;
using storage::applications::Known;

storage::applications::ApplicationsOptions fast() {
    storage::applications::ApplicationsOptions options;
    options.interval = 300ms;
    options.timeout = 1s;
    options.window = 2s;
    return options;
}

}  // namespace

std::string PodBytes::envelope() const {
    using namespace kube::test;
    std::string container = bytes(1, "c");
    for (const kube::ContainerPort& port : ports)
        container += bytes(6, bytes(1, port.name) + number(3, static_cast<std::uint64_t>(port.number)) +
                                  bytes(4, port.protocol));
    std::string spec = bytes(2, container);
    if (host_network) spec += number(11, 1);
    const std::string status = bytes(1, phase) + bytes(5, host_ip) + bytes(6, pod_ip);
    return kube::test::envelope("v1", "Pod", bytes(1, bytes(5, uid)) + bytes(2, spec) + bytes(3, status));
}

ApplicationsLab::ApplicationsLab() : applications{fast()}, serving_{context.get_executor()} {
    api_ = &server();
    api_->answer = [this](int) {
        const std::string& target = api_->requests.back().target;
        const std::string name = target.substr(target.rfind('/') + 1);
        looked_up.push_back(name);
        const auto pod = known.find(name);
        if (pod == known.end()) return FakeKubelet::status(404, "no such pod");
        net::Response response;
        response.headers.add("Content-Type", "application/vnd.kubernetes.protobuf");
        response.body = pod->second.envelope();
        return response;
    };
}

ApplicationsLab::~ApplicationsLab() {
    if (running_) stop_.emit(boost::asio::cancellation_type::terminal);
    until([this] { return !running_; });
    for (const auto& each : servers_) each->stop();
    context.restart();
    boost::asio::co_spawn(context, serving_.wait(), [](const std::exception_ptr&) {});
    context.run_for(5s);
}

FakeKubelet& ApplicationsLab::server(bool tls) {
    std::optional<net::TlsServer> with;
    if (tls) {
        net::CertificateRequest request;
        request.common_name = "some-service";
        request.server = true;
        request.dns_names = {"some-service.default.svc"};
        with = net::TlsServer::make({net::issue(authority, request)}).value();
    }
    servers_.push_back(std::make_unique<FakeKubelet>(context.get_executor(), std::move(with)));
    serving_.spawn(servers_.back()->run());
    return *servers_.back();
}

void ApplicationsLab::stop(FakeKubelet& server) {
    server.stop();
}

void ApplicationsLab::put_pod(const std::string& name, std::uint16_t port, const PodBytes& bytes) {
    known[name] = bytes;
    applications.put_pod({"default", name}, bytes.uid, {std::to_string(port), "", ""}, bytes.version);
}

ApplicationScraperOptions ApplicationsLab::options() const {
    ApplicationScraperOptions options;
    options.schedule = {300ms, 100ms, 20ms};
    options.limits.connect = 500ms;
    options.limits.whole = 1s;
    options.limits.page_bytes = 100'000;
    options.refusal_kept = 200ms;
    options.rules.allow_loopback = true;
    options.user_agent = "topd/test";
    return options;
}

void ApplicationsLab::start(ApplicationScraperOptions options) {
    kube::Config cluster;
    cluster.server.host = "127.0.0.1";
    cluster.server.port = api_->port();
    scraper = std::make_unique<ApplicationScraper>(context.get_executor(), std::move(options), cluster,
                                                   applications);
    running_ = true;
    const auto ended = [this](const std::exception_ptr&) { running_ = false; };
    boost::asio::co_spawn(context, scraper->run(), boost::asio::bind_cancellation_slot(stop_.slot(), ended));
}

Known ApplicationsLab::ask(const std::string& metric, const std::string& pod) {
    const auto now = net::Clock::now();
    return applications.known(applications.ask({"default", metric, {}}, now), pod, now);
}

bool ApplicationsLab::until(const std::function<bool()>& so) {
    const auto end = net::Clock::now() + 10s;
    context.restart();
    while (!so()) {
        if (net::Clock::now() > end) return false;
        context.run_one_for(10ms);
        if (context.stopped()) context.restart();
    }
    return true;
}

std::uint64_t ApplicationsLab::scrapes(PodOutcome outcome) const {
    return scraper->stats().scrapes[static_cast<std::size_t>(outcome)];
}

net::Response text_page(std::string text) {
    net::Response response;
    response.headers.add("Content-Type", "text/plain; version=0.0.4");
    response.body = std::move(text);
    return response;
}

}  // namespace scraper::test
