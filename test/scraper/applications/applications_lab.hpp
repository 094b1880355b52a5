// SPDX-License-Identifier: Apache-2.0
// Pods with pages of their own, the API server that says where they are, and whoever scrapes them.
#pragma once

#include "scraper/applications/application_scraper.hpp"
#include "storage/applications/applications.hpp"
#include "test/net/tls/authority.hpp"
#include "test/scraper/fake_kubelet.hpp"

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/io_context.hpp>

namespace scraper::test {

// A whole pod as the API server gives it, in protobuf.
struct PodBytes {
    std::string uid = "uid-1";
    std::string phase = "Running";
    std::string pod_ip = "127.0.0.1";
    std::string host_ip = "10.0.0.1";
    bool host_network = false;
    std::vector<kube::ContainerPort> ports;
    // As the watch has it.
    std::string version = "1";

    std::string envelope() const;
};

class ApplicationsLab {
  public:
    ApplicationsLab();
    ~ApplicationsLab();

    // A server on loopback; with tls by its authority.
    FakeKubelet& server(bool tls = false);
    void stop(FakeKubelet& server);
    // default/NAME, which the API server knows, annotated for this port.
    void put_pod(const std::string& name, std::uint16_t port, const PodBytes& bytes = {});
    // What the API server answers for a pod; nullopt: 404.
    std::map<std::string, PodBytes> known;
    // GETs of pods, by name.
    std::vector<std::string> looked_up;

    // Intervals of 300 ms, 1 s for a scrape, loopback allowed.
    ApplicationScraperOptions options() const;
    void start(ApplicationScraperOptions options);
    // What is known of default/POD after asking for the metric, which is then in demand.
    storage::applications::Known ask(const std::string& metric, const std::string& pod);
    // Runs the loop until it is so. False: it was not within 10 s.
    bool until(const std::function<bool()>& so);
    std::uint64_t scrapes(PodOutcome outcome) const;

    boost::asio::io_context context{1};
    storage::applications::Applications applications;
    net::KeyPair authority = net::make_authority("pods");
    std::unique_ptr<ApplicationScraper> scraper;

  private:
    std::vector<std::unique_ptr<FakeKubelet>> servers_;
    net::TaskGroup serving_;
    FakeKubelet* api_;
    boost::asio::cancellation_signal stop_;
    bool running_ = false;
};

// 200, text/plain.
net::Response text_page(std::string text);

}  // namespace scraper::test
