// SPDX-License-Identifier: Apache-2.0
#include "test/apiserver/auth/review_lab.hpp"

#include "test/net/server_lab.hpp"

namespace test {

net::Task<net::Response> FakeApiServer::respond(net::Request request) {
    net::Response response;
    const json body = json::parse(request.body);
    requests.push_back(body);
    texts.push_back(request.method + " " + request.target + " " + request.body);
    if (failures > 0) {
        --failures;
        response.status = 500;
        response.headers.add("Content-Type", "application/json");
        response.body = R"({"kind":"Status","message":"etcd is away","reason":"InternalError","code":500})";
        co_return response;
    }
    response.status = 201;
    const json& spec = body["spec"];
    json status;
    if (body["kind"] == "TokenReview") {
        status["authenticated"] = spec["token"] == "good";
        if (spec["token"] == "good")
            status["user"] = {
                {"username", "jane"}, {"uid", "u1"}, {"groups", {"dev"}}, {"extra", {{"k", {"v"}}}}};
        if (spec["token"] == "broken") status["error"] = "the webhook is down";
    } else {
        status["allowed"] = spec["user"] == "allowed";
        if (spec["user"] == "denied") status["reason"] = "no rule";
        if (spec["user"] == "contradiction") status["allowed"] = status["denied"] = true;
        if (spec["user"] == "puzzled") status["evaluationError"] = "role not found";
    }
    response.headers.add("Content-Type", "application/json");
    response.body = json{{"kind", body["kind"]}, {"status", status}}.dump();
    co_return response;
}

apiserver::Trust Lab::trust() const {
    apiserver::Trust t;
    t.clients = net::TrustPool::from_pem(clients.certificate_pem).value();
    t.front_proxy.emplace();
    t.front_proxy->authorities = net::TrustPool::from_pem(proxies.certificate_pem).value();
    t.front_proxy->allowed_names = {"front-proxy-client"};
    return t;
}

const Lab& lab() {
    static const Lab made;
    return made;
}

void with_reviews(net::RequestHandler& fake, const std::function<net::Task<>(kube::ReviewClient&)>& body) {
    with_server({}, false, fake, [&](asio::io_context& loop, net::HttpServer& server) -> net::Task<> {
        kube::Config config;
        config.server = origin_of(server, false);
        kube::ReviewOptions options;
        options.first_pause = 1ms;
        kube::ReviewClient reviews{loop.get_executor(), config, options};
        co_await body(reviews);
    });
}

std::string described(const AuthResult& result) {
    if (result.verdict == AuthResult::Verdict::refused) return "401";
    if (result.verdict == AuthResult::Verdict::not_ready) return "503";
    std::string text = result.user.name + " of";
    for (const std::string& group : result.user.groups) text += " " + group;
    return text;
}

}  // namespace test
