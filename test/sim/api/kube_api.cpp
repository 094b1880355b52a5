// SPDX-License-Identifier: Apache-2.0
#include "test/sim/api/kube_api.hpp"

#include "test/sim/api/aggregation/discovery.hpp"
#include "test/sim/api/request/status.hpp"
#include "test/sim/api/resources/resources.hpp"

namespace sim {
namespace {

net::Response plain_ok() {
    net::Response response;
    response.headers.add("Content-Type", "text/plain; charset=utf-8");
    response.headers.add("X-Content-Type-Options", "nosniff");
    response.body = "ok";
    return response;
}

std::string accept_of(const net::Request& request) {
    return std::string{request.headers.find("Accept").value_or("")};
}

}  // namespace

KubeApi::KubeApi(CoreObjects& objects, const Authenticator& authenticator, Reviews& reviews,
                 Aggregator& aggregator, ControlHandler& control, Spoken spoken)
    : objects_{objects},
      authenticator_{authenticator},
      reviews_{reviews},
      aggregator_{aggregator},
      control_{control},
      spoken_{spoken} {}

net::Task<net::Response> KubeApi::respond(net::Request request) {
    ++stats_.requests;
    const auto url = Url::parse(request.target);
    if (!url) co_return status_response(bad_request("the path is not well escaped"));
    if (url->path == "/healthz" || url->path == "/livez" || url->path == "/readyz") co_return plain_ok();
    const auto user = authenticator_.authenticate(request);
    if (!user) {
        ++stats_.unauthorized;
        co_return status_response(unauthorized());
    }
    const auto segments = url->segments();
    const AggregatedGroup& group = aggregator_.group();
    if (segments.size() >= 3 && segments[0] == "apis" && segments[1] == group.name &&
        !group.versions.empty()) {
        ++stats_.proxied;
        co_return co_await aggregator_.forward(request, *url, *user);
    }
    if (!segments.empty() && segments[0] == "sim") {
        if (!user->in_group("system:masters"))
            co_return status_response(
                forbidden("forbidden: User \"" + user->name + "\" cannot control the simulator"));
        co_return control_.control(request, *url);
    }
    co_return answer(request, *url);
}

net::Response KubeApi::answer(const net::Request& request, const Url& url) {
    const auto segments = url.segments();
    if (segments.empty()) return status_response(no_such_path());
    if (segments[0] == "version") return version_document();
    if (segments[0] == "api" && segments.size() == 1)
        return api_document(aggregated_discovery(accept_of(request)), objects_.all());
    if (segments[0] == "api") return core(request, url, segments);
    if (segments[0] == "apis") return groups(request, segments);
    return status_response(no_such_path());
}

// /api/v1, /api/v1/<plural>[/<name>], /api/v1/namespaces/<namespace>/<plural>[/<name>].
net::Response KubeApi::core(const net::Request& request, const Url& url,
                            const std::vector<std::string>& segments) {
    if (segments[1] != "v1") return status_response(no_such_path());
    if (segments.size() == 2) return core_resources_document(objects_.all());
    ResourceRequest wanted;
    std::size_t at = 2;
    if (segments[2] == "namespaces" && segments.size() >= 5) {
        wanted.name_space = segments[3];
        at = 4;
    }
    Collection* collection = objects_.find(segments[at]);
    const bool scoped = !wanted.name_space.empty();
    const bool named = segments.size() == at + 2;
    const bool misplaced = collection && (collection->type().namespaced ? named && !scoped : scoped);
    if (!collection || misplaced || segments.size() > at + 2) return status_response(no_such_path());
    if (request.method != "GET") return status_response(method_not_allowed());
    if (named) wanted.name = segments[at + 1];
    wanted.query = url.query;
    wanted.accept = accept_of(request);
    wanted.spoken = spoken_;
    ++stats_.lists_and_watches;
    return get_resource(*collection, wanted);
}

net::Response KubeApi::groups(const net::Request& request, const std::vector<std::string>& segments) {
    if (segments.size() == 1)
        return apis_document(aggregated_discovery(accept_of(request)), aggregator_.group());
    if (segments.size() == 2) return group_document(segments[1], aggregator_.group());
    if (segments.size() == 3) return review_resources_document(segments[1], segments[2]);
    if (segments.size() != 4 || segments[2] != "v1") return status_response(no_such_path());
    const bool token = segments[1] == "authentication.k8s.io" && segments[3] == "tokenreviews";
    const bool access = segments[1] == "authorization.k8s.io" && segments[3] == "subjectaccessreviews";
    if (!token && !access) return status_response(no_such_path());
    if (request.method != "POST") return status_response(method_not_allowed());
    return token ? reviews_.review_token(request.body) : reviews_.review_access(request.body);
}

}  // namespace sim
