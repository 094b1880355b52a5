// SPDX-License-Identifier: Apache-2.0
#include "test/sim/control.hpp"

#include "test/sim/api/request/status.hpp"
#include "test/sim/cluster/seed.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

#include <nlohmann/json.hpp>

#include <sys/resource.h>

namespace sim {
namespace {

using nlohmann::ordered_json;

Nanos parse_nanos(std::string_view text, Nanos otherwise) {
    Nanos value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc{} && end == text.data() + text.size() ? value : otherwise;
}

double cpu_seconds() {
    rusage used{};
    getrusage(RUSAGE_SELF, &used);
    const auto seconds = [](const timeval& t) {
        return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
    };
    return seconds(used.ru_utime) + seconds(used.ru_stime);
}

net::Response done(bool found) {
    if (!found) return status_response(bad_request("no such pod, container or node"));
    return json_response("{}\n");
}

Nanos nanos(double seconds) {
    return static_cast<Nanos>(seconds * 1e9);
}

}  // namespace

Control::Control(Model& model, Kubelets& kubelets, CoreObjects& objects, Reviews& reviews)
    : model_{model}, kubelets_{kubelets}, objects_{objects}, reviews_{reviews}, truth_{model, kubelets} {}

void Control::count(const net::HttpServer& kubelet_listener, const net::HttpServer& api_listener) {
    kubelet_listener_ = &kubelet_listener;
    api_listener_ = &api_listener;
}

net::Response Control::control(const net::Request& request, const Url& url) {
    constexpr std::string_view kPrefix = "/sim/";
    const std::string_view what =
        std::string_view{url.path}.substr(std::min(kPrefix.size(), url.path.size()));
    if (request.method == "GET") return read(url, what);
    if (request.method != "POST") return status_response(method_not_allowed());
    try {
        return write(ordered_json::parse(request.body.empty() ? "{}" : request.body), what);
    } catch (const ordered_json::exception& error) {
        return status_response(bad_request(error.what()));
    }
}

net::Response Control::read(const Url& url, std::string_view what) const {
    if (what == "truth") return truth(url.query);
    if (what == "truth/all") return json_response(truth_.samples().dump());
    if (what == "truth/nodes") return json_response(truth_.node_samples().dump());
    if (what == "given") return given(url.query);
    if (what == "stats") return stats();
    return status_response(no_such_path());
}

net::Response Control::truth(const Query& query) const {
    const Nanos to = parse_nanos(query.get("to_ns"), now_nanos());
    const Nanos from = parse_nanos(query.get("from_ns"), 0);
    const ordered_json found =
        query.find("node") ? truth_.node(std::string{query.get("node")}, from, to)
                           : truth_.pod({std::string{query.get("namespace")}, std::string{query.get("pod")}},
                                        std::string{query.get("container")}, from, to);
    return found.is_null() ? done(false) : json_response(found.dump());
}

net::Response Control::given(const Query& query) const {
    const Nanos since = parse_nanos(query.get("since_ns"), 0);
    ordered_json list = ordered_json::array();
    for (const PageGiven& page : kubelets_.given())
        if (page.at >= since) list.push_back({model_.nodes()[page.node].name, page.node_sample, page.at});
    return json_response(list.dump());
}

net::Response Control::stats() const {
    const KubeletStats& kubelets = kubelets_.stats();
    ordered_json json{{"requests", kubelets.requests},
                      {"refused", kubelets.refused},
                      {"pages", kubelets.pages},
                      {"page_bytes", kubelets.page_bytes},
                      {"faults", kubelets.faults},
                      {"late", kubelets.late},
                      {"token_reviews", reviews_.token_reviews()},
                      {"access_reviews", reviews_.access_reviews()},
                      {"pods", model_.pods().size()},
                      {"cpu_seconds", cpu_seconds()}};
    if (kubelet_listener_) json["kubelet_connections"] = kubelet_listener_->open_connections();
    if (api_listener_) json["api_connections"] = api_listener_->open_connections();
    return json_response(json.dump());
}

net::Response Control::write(const ordered_json& order, std::string_view what) {
    if (what == "faults") return set_faults(order);
    if (what == "pods") return change_pods(order);
    if (what == "nodes") return change_node(order);
    if (what == "deny") {
        const std::string user = order.at("user");
        if (order.value("denied", true))
            reviews_.deny(user);
        else
            reviews_.allow(user);
        return done(true);
    }
    if (what == "compact") {
        for (const char* plural : {"nodes", "pods", "configmaps", "namespaces"})
            objects_.find(plural)->compact();
        return done(true);
    }
    return status_response(no_such_path());
}

net::Response Control::set_faults(const ordered_json& order) {
    const std::string node = order.at("node");
    const std::string name = order.at("kind");
    const bool clear = name == "none";
    const auto kind = Fault::kind_of(name);
    if (!kind && !clear) return status_response(bad_request("no such fault: " + name));
    if (node != "*" && !model_.node(node)) return done(false);

    Fault fault;
    fault.kind = kind.value_or(Fault::Kind::slow);
    fault.status = order.value("status", name == "404" ? 404U : 500U);
    fault.delay = std::chrono::milliseconds{std::llround(order.value("delay_seconds", 1.0) * 1000)};
    fault.bytes = order.value("bytes", std::uint64_t{0});
    fault.requests = order.value("requests", std::uint64_t{0});
    fault.since = now_nanos();
    if (order.contains("seconds")) fault.until = fault.since + nanos(order.at("seconds"));
    Faults& faults = order.value("page", "") == "summary" ? kubelets_.summary_faults() : kubelets_.faults();
    const double share = order.value("share", 1.0);
    std::size_t struck = 0;
    for (const Node& each : model_.nodes()) {
        if (node != "*" && each.name != node) continue;
        // Which nodes are struck follows from their names: the same every time.
        if (node == "*" && unit(mix(71, each.name)) >= share) continue;
        ++struck;
        if (clear)
            faults.clear(each.name);
        else
            faults.set(each.name, fault);
    }
    return json_response(ordered_json{{"nodes", struck}}.dump());
}

net::Response Control::change_pods(const ordered_json& order) {
    const Model::PodKey key{order.at("namespace"), order.at("pod")};
    const std::string action = order.at("action");
    const Nanos now = now_nanos();
    const Pod* pod = model_.pod(key);
    if (!pod) return done(false);
    if (action == "delete") return done(model_.remove(key, now));
    if (action == "move")
        return done(
            model_.move(key, std::string{order.at("to")}, now, nanos(order.value("overlap_seconds", 0.0))));
    if (action == "restart")
        return done(
            model_.restart(key, order.value("container", ""), now, nanos(order.value("away_seconds", 4.0))));
    if (action != "create") return status_response(bad_request("no such action: " + action));
    if (pod->workload->kind != Workload::Kind::deployment)
        return status_response(bad_request("only pods of a Deployment can be multiplied"));
    const Node* node = model_.node(order.value("node", model_.nodes()[pod->node].name));
    if (!node) return done(false);
    const auto created =
        model_.replace(*pod, node->index, now, now + nanos(order.value("start_seconds", 1.0)));
    Nanos last_start = 0;
    for (const Container& container : model_.pod(created)->containers)
        last_start = std::max(last_start, container.lives.front().start);
    return json_response(
        ordered_json{{"namespace", created.first}, {"pod", created.second}, {"started_ns", last_start}}
            .dump());
}

net::Response Control::change_node(const ordered_json& order) {
    const std::string node = order.at("node");
    bool found = true;
    if (order.contains("ready")) found = model_.set_ready(node, order.at("ready"));
    if (order.contains("metrics_path")) found = model_.set_metrics_path(node, order.at("metrics_path"));
    return done(found);
}

}  // namespace sim
