// SPDX-License-Identifier: Apache-2.0
#include "topd/doctor/doctor.hpp"

#include "net/tls/openssl_fault.hpp"
#include "topd/doctor/ask/api_reader.hpp"
#include "topd/doctor/configuration.hpp"
#include "topd/doctor/judge/api_server.hpp"
#include "topd/doctor/judge/api_services.hpp"
#include "topd/doctor/judge/authentication_config.hpp"
#include "topd/doctor/judge/capacity.hpp"
#include "topd/doctor/judge/custom_metrics.hpp"
#include "topd/doctor/judge/kubelets.hpp"
#include "topd/doctor/judge/rights.hpp"
#include "topd/doctor/judge/service.hpp"
#include "topd/doctor/judge/serving.hpp"
#include "topd/doctor/judge/sinks.hpp"
#include "topd/limits/cgroup.hpp"
#include "topd/settings.hpp"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <exception>
#include <stdexcept>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

namespace topd::doctor {
namespace {

// All of it ends within this.
constexpr std::chrono::seconds kTimeLimit{30};
// A breath for the report.
constexpr std::chrono::seconds kKubeletsEndBefore{2};
constexpr const char* kMetricsGroup = "metrics.k8s.io";
constexpr const char* kCustomMetricsGroup = "custom.metrics.k8s.io";
constexpr const char* kKubeletRight = "rbac-nodes-metrics";
constexpr const char* kApiServicePath = "/apis/apiregistration.k8s.io/v1/apiservices/";

constexpr const char* kHelp =
    "Looks at what topd would meet with these flags, says what is wrong and how to mend it, and changes "
    "nothing.\n"
    "Ends with 1 when something is wrong. Works beside a running topd.\n\n"
    "Usage:\n  topd doctor [--admin-kubeconfig FILE] [topd's flags]\n\n"
    "  --admin-kubeconfig FILE   whoever may read APIServices, Services and EndpointSlices, which topd "
    "itself may\n"
    "                            not and need not; default: the identity of --kubeconfig\n\n"
    "In the cluster:\n"
    "  kubectl -n kube-system exec deploy/metrics-server -- /topd doctor --same-flags\n";

class Examination {
  public:
    Examination(const net::Executor& executor, Configuration configuration)
        : executor_{executor},
          configuration_{std::move(configuration)},
          end_{net::Clock::now() + kTimeLimit},
          cluster_{executor, configuration_.cluster, end_},
          authentication_{executor, configuration_.authentication, end_},
          authorization_{executor, configuration_.authorization, end_},
          admin_{executor, configuration_.admin.value_or(configuration_.cluster), end_} {}

    net::Task<> run(std::vector<Check>& into);

  private:
    net::Task<Check> api_server();
    net::Task<Check> rights();
    net::Task<Check> authentication_config();
    net::Task<> aggregation(std::vector<Check>& into);
    net::Task<ApiServiceSeen> api_service(std::string version, std::string group);
    net::Task<> service(ApiService api_service, Check& into);
    net::Task<> kubelets(std::vector<Check>& into);
    net::Task<> custom_metrics(std::vector<Check>& into);
    ApiReader& reader_of(Asker asker);

    net::Executor executor_;
    Configuration configuration_;
    net::Deadline end_;
    ApiReader cluster_;
    ApiReader authentication_;
    ApiReader authorization_;
    ApiReader admin_;
    // As the API server calls us; empty: not known.
    std::string who_;
    bool may_list_nodes_ = true;
    KubeletsSeen::Right kubelet_right_ = KubeletsSeen::Right::unknown;
    // Where v1beta1.metrics.k8s.io leads, "NAMESPACE/NAME"; empty: not known.
    std::string topd_service_;
    // Something was found that makes the aggregator's requests fail.
    bool aggregation_is_broken_ = false;
};

ApiReader& Examination::reader_of(Asker asker) {
    if (asker == Asker::authentication) return authentication_;
    return asker == Asker::authorization ? authorization_ : cluster_;
}

net::Task<> Examination::run(std::vector<Check>& into) {
    into.push_back(co_await api_server());
    if (into.back().has_error()) {
        into.back().notes.push_back(
            "rights, APIServices and kubelets were not looked at: the API server comes first");
        co_return;
    }
    into.push_back(co_await rights());
    into.push_back(co_await authentication_config());
    aggregation_is_broken_ = into.back().has_error();
    co_await aggregation(into);
    co_await kubelets(into);
    co_await custom_metrics(into);
    if (!configuration_.flags.sink.empty()) into.push_back(judge_sinks(co_await admin_.get(kSinksPath)));
}

net::Task<Check> Examination::api_server() {
    ApiServerSeen seen;
    seen.server = cluster_.server();
    seen.credentials = credentials_of("--kubeconfig", configuration_.flags.kubeconfig);
    seen.version = co_await cluster_.get("/version");
    if (seen.version) seen.review = co_await cluster_.post(kSelfReviewPath, kSelfReview);
    seen.clock_ahead = cluster_.clock_ahead();
    who_ = reviewed_name(seen.review);
    co_return judge_api_server(seen);
}

net::Task<Check> Examination::rights() {
    std::vector<AskedRight> asked;
    for (const Right& right : needed_rights(configuration_.flags)) {
        ApiReader& reader = reader_of(right.asker);
        Answer review = co_await reader.post(kSelfAccessPath, self_access_review(right));
        asked.push_back({right, std::move(review)});
    }
    Check check = judge_rights(asked, who_);
    may_list_nodes_ = !check.has("rbac-nodes");
    if (check.has(kKubeletRight)) kubelet_right_ = KubeletsSeen::Right::missing;
    if (is_granted(asked, kKubeletRight)) kubelet_right_ = KubeletsSeen::Right::granted;
    co_return check;
}

net::Task<Check> Examination::authentication_config() {
    // Whoever may not read it has been told so.
    ApiReader& reader = configuration_.admin ? admin_ : authentication_;
    const Answer config_map = co_await reader.get(kAuthenticationConfigPath);
    co_return judge_authentication_config(config_map, configuration_.flags, std::chrono::system_clock::now());
}

net::Task<ApiServiceSeen> Examination::api_service(std::string version, std::string group) {
    ApiServiceSeen seen;
    seen.name = version + "." + group;
    seen.object = co_await admin_.get(kApiServicePath + seen.name);
    seen.discovery = co_await admin_.get("/apis/" + group + "/" + version);
    co_return seen;
}

net::Task<> Examination::service(ApiService api_service, Check& into) {
    ServiceSeen seen;
    seen.api_service = std::move(api_service);
    seen.service = co_await admin_.get(service_path(seen.api_service));
    if (seen.service) seen.slices = co_await admin_.get(slices_path(seen.api_service));
    judge_service(seen, into);
}

net::Task<> Examination::aggregation(std::vector<Check>& into) {
    const ApiServiceSeen beta = co_await api_service("v1beta1", kMetricsGroup);
    const ApiServiceSeen stable = co_await api_service("v1", kMetricsGroup);
    Check registered = judge_api_services(beta, stable);
    if (const auto service = read_api_service(beta)) topd_service_ = service->leads_to();
    std::vector<ApiService> services;
    for (const ApiServiceSeen* seen : {&beta, &stable})
        if (auto service = read_api_service(*seen)) services.push_back(std::move(*service));
    // Of a server that is not topd nothing more can be said.
    if (!registered.has_error())
        for (const ApiService& one : services) co_await service(one, registered);
    registered.findings = merged(std::move(registered.findings));
    Check certificate;
    if (!registered.has_error())
        certificate = judge_serving(read_serving_files(configuration_.flags), services,
                                    std::chrono::system_clock::now());
    if (!registered.has_error() && !certificate.has_error() && !aggregation_is_broken_)
        judge_availability(beta, stable, registered);
    into.push_back(std::move(registered));
    if (!certificate.title.empty()) into.push_back(std::move(certificate));
}

net::Task<> Examination::kubelets(std::vector<Check>& into) {
    Check check;
    check.title = "Kubelets";
    if (!may_list_nodes_) {
        check.notes.push_back("not looked at: topd may not list nodes");
        into.push_back(std::move(check));
        co_return;
    }
    KubeletsSeen seen;
    seen.selector = configuration_.flags.node_selector;
    auto nodes = co_await cluster_.nodes(seen.selector);
    if (!nodes) {
        check.notes.push_back("not looked at: " + one_line(nodes.error().text(), 200));
        into.push_back(std::move(check));
        co_return;
    }
    seen.nodes = nodes->size();
    seen.right = kubelet_right_;
    seen.answers = co_await ask_kubelets(*nodes, configuration_.kubelets, end_ - kKubeletsEndBefore);
    into.push_back(judge_kubelets(seen));
    const Answer pods = co_await cluster_.get(kCountPodsPath);
    const CgroupLimits limits = Cgroup{}.limits();
    const std::size_t history = history_bytes(configuration_.flags, limits.memory_bytes);
    into.push_back(judge_capacity(seen.nodes, pods, history, limits));
}

net::Task<> Examination::custom_metrics(std::vector<Check>& into) {
    CustomMetricsSeen seen;
    seen.wanted = configuration_.flags.custom_metrics;
    seen.topd_service = topd_service_;
    seen.v1beta1 = co_await api_service("v1beta1", kCustomMetricsGroup);
    seen.v1beta2 = co_await api_service("v1beta2", kCustomMetricsGroup);
    if (seen.wanted) seen.authorities_fault = authorities_fault(configuration_.flags);
    if (seen.wanted && seen.authorities_fault.empty()) {
        auto pod = co_await ask_annotated_pod(executor_, configuration_.cluster, configuration_.flags,
                                              end_ - kKubeletsEndBefore);
        if (pod)
            seen.pod = std::move(*pod);
        else
            seen.not_looked = one_line(pod.error().text(), 200);
    }
    Check check = judge_custom_metrics(seen);
    if (!check.title.empty()) into.push_back(std::move(check));
}

}  // namespace

std::vector<Check> examine(const std::vector<std::string>& arguments) {
    std::vector<Check> checks;
    std::optional<Configuration> configuration;
    checks.push_back(read_configuration(split(arguments), configuration));
    if (!configuration) {
        checks.back().notes.push_back("nothing else was looked at: the configuration comes first");
        return checks;
    }
    boost::asio::io_context loop{1};
    Examination examination{loop.get_executor(), std::move(*configuration)};
    boost::asio::co_spawn(loop, examination.run(checks), [](const std::exception_ptr& failure) {
        if (failure) std::rethrow_exception(failure);
    });
    loop.run();
    return checks;
}

int run(const std::vector<std::string>& arguments) {
    const auto asks_for_help = [](const std::string& a) { return a == "--help" || a == "-h"; };
    if (std::any_of(arguments.begin(), arguments.end(), asks_for_help)) return std::fputs(kHelp, stdout) < 0;
    if (const std::string fault = net::openssl_fault(); !fault.empty()) throw std::runtime_error{fault};
    // A peer that closes while we write is an error of that write.
    std::signal(SIGPIPE, SIG_IGN);
    const std::vector<Check> checks = examine(arguments);
    if (std::fputs(render(checks).c_str(), stdout) < 0) return 1;
    return exit_code(checks);
}

}  // namespace topd::doctor
