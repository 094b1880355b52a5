// SPDX-License-Identifier: Apache-2.0
#include "apiserver/metrics_api.hpp"

#include "apiserver/answer.hpp"
#include "apiserver/encode/json.hpp"
#include "apiserver/encode/protobuf.hpp"
#include "apiserver/request/list_options.hpp"
#include "apiserver/request/request_info.hpp"

#include <utility>

namespace apiserver {
namespace {

constexpr std::string_view kTypes = "application/json, application/vnd.kubernetes.protobuf";
constexpr std::string_view kListTypes =
    "application/json, application/vnd.kubernetes.protobuf, application/json;stream=watch, "
    "application/vnd.kubernetes.protobuf;stream=watch";

// The whole of one object as the answer.
template <class View>
net::Response answer_object(Encoder& encoder, const View& view, Representation form) {
    std::string bytes;
    encoder.object(bytes, view);
    if (form.type == MediaType::protobuf) return answer_protobuf(200, std::move(bytes));
    return answer_json(200, bytes, form.pretty);
}

}  // namespace

MetricsApi::MetricsApi(const storage::Store& store, MetricsOptions options)
    : store_{store},
      options_{std::move(options)},
      json_labels_{encode_labels_json},
      protobuf_labels_{encode_labels_protobuf},
      budget_{options_.encoded_list_bytes} {}

std::unique_ptr<Encoder> MetricsApi::make_encoder(std::string_view version, MediaType type) {
    RowStyle style;
    style.api_version = std::string{kMetricsGroup}.append("/").append(version);
    style.created =
        std::chrono::floor<std::chrono::seconds>(options_.wall_clock()).time_since_epoch().count();
    style.swap = options_.swap;
    if (type == MediaType::json) return std::make_unique<JsonEncoder>(store_, json_labels_, std::move(style));
    return std::make_unique<ProtobufEncoder>(store_, protobuf_labels_, std::move(style));
}

net::Response MetricsApi::get(const MetricsCall& call, const net::Request& request, const Query& query) {
    const std::string_view accept = request.headers.find("Accept").value_or("");
    if (!is_producible(accept)) return answer_status(not_acceptable(kTypes), request, query);
    const auto form = negotiate(request, query);
    if (!form) return answer_status(no_acceptable_clause(kTypes), request, query);
    if (option_is_set(query, "export")) {
        return answer_status(
            bad_request("the export parameter, deprecated since v1.14, is no longer supported"), request,
            query);
    }
    return call.resource.namespaced ? get_pod(call, *form, request, query)
                                    : get_node(call, *form, request, query);
}

net::Response MetricsApi::get_node(const MetricsCall& call, Representation form, const net::Request& request,
                                   const Query& query) {
    const auto node = store_.node(call.name, options_.monotonic_clock());
    if (!node) return answer_status(unknown_object(call.resource.unknown_kind, call.name), request, query);
    if (!node->usage)
        return answer_status(no_metrics(call.resource.no_metrics_kind, call.name), request, query);
    return answer_object(*make_encoder(call.version, form.type), *node, form);
}

net::Response MetricsApi::get_pod(const MetricsCall& call, Representation form, const net::Request& request,
                                  const Query& query) {
    storage::PodView pod;
    if (!store_.pod(call.name_space, call.name, options_.monotonic_clock(), pod))
        return answer_status(unknown_object(call.resource.unknown_kind, call.name), request, query);
    if (pod.containers.empty()) {
        const std::string name = call.name_space + "/" + call.name;
        return answer_status(no_metrics(call.resource.no_metrics_kind, name), request, query);
    }
    return answer_object(*make_encoder(call.version, form.type), pod, form);
}

net::Task<net::Response> MetricsApi::list(MetricsCall call, const net::Request& request, const Query& query) {
    const std::string_view accept = request.headers.find("Accept").value_or("");
    if (!is_producible(accept)) co_return answer_status(not_acceptable(kListTypes), request, query);
    const auto form = negotiate(request, query);
    if (!form) co_return answer_status(no_acceptable_clause(kTypes), request, query);
    auto options = parse_list_options(query);
    if (!options) co_return answer_status(options.error(), request, query);
    if (options->watch) co_return answer_status(watch_not_supported(call.resource.name), request, query);

    ListScope scope;
    scope.resource = call.resource;
    scope.name_space = std::move(call.name_space);
    scope.labels = std::move(options->labels);
    scope.fields = std::move(options->fields);
    if (!call.resource.namespaced) scope.node_selector = options_.node_selector;
    ListWalk walk{store_, std::move(scope), make_encoder(call.version, form->type), options_.monotonic_clock};
    net::Response response = co_await answer_list(std::move(walk), *form, budget_);
    co_return response;
}

}  // namespace apiserver
