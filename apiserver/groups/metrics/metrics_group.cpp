// SPDX-License-Identifier: Apache-2.0
#include "apiserver/groups/metrics/metrics_group.hpp"

#include "apiserver/answer.hpp"
#include "apiserver/groups/metrics/openapi.hpp"
#include "apiserver/groups/metrics/route.hpp"

#include <utility>

namespace apiserver {

GroupInfo MetricsGroup::info() const {
    return {kMetricsGroup, kVersions, kMetricsResources};
}

net::Task<std::optional<net::Response>> MetricsGroup::respond(GroupCall call) {
    MetricsRoute route = metrics_route(call.version, call.path);
    const auto* page = std::get_if<DebugPage>(&route);
    if (page != nullptr && debug_.served()) co_return debug_.respond(*page, call.request, call.query);
    auto* object = std::get_if<MetricsObject>(&route);
    auto* list = std::get_if<MetricsList>(&route);
    if (object == nullptr && list == nullptr) co_return std::nullopt;
    if (call.request.method != "GET") co_return answer_status(method_not_allowed(), call.request, call.query);
    if (object != nullptr) co_return metrics_.get(*object, call.request, call.query);
    net::Response response = co_await metrics_.list(std::move(*list), call.request, call.query);
    co_return response;
}

void MetricsGroup::describe(OpenApiVersion openapi, std::string_view version, Json& paths,
                            Json& schemas) const {
    describe_metrics(info(), openapi, version, paths, schemas);
}

}  // namespace apiserver
