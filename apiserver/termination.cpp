// SPDX-License-Identifier: Apache-2.0
#include "apiserver/termination.hpp"

#include "apiserver/answer.hpp"
#include "apiserver/status.hpp"

#include <algorithm>

namespace apiserver {
namespace {

constexpr std::string_view kAnsweredToTheEnd[] = {"/readyz", "/livez", "/healthz", "/metrics"};

net::Response unavailable() {
    net::Response response = answer_json(503, to_json(shutting_down()), false);
    response.headers.set("Retry-After", "1");
    response.headers.set("X-Content-Type-Options", "nosniff");
    return response;
}

net::Response retry_after() {
    net::Response response = answer_plain(429, "The apiserver is shutting down, please try again later.\n");
    response.headers.set("Retry-After", "5");
    return response;
}

}  // namespace

std::optional<net::Response> Termination::refusal(const net::Request& request, std::string_view path) const {
    if (!farewell_) return std::nullopt;
    const auto begins = [&](std::string_view prefix) { return path.starts_with(prefix); };
    if (std::any_of(std::begin(kAnsweredToTheEnd), std::end(kAnsweredToTheEnd), begins)) return std::nullopt;
    if (request.headers.find("User-Agent").value_or("").starts_with("kube-apiserver/")) return std::nullopt;
    net::Response response = *farewell_ == Farewell::unavailable ? unavailable() : retry_after();
    response.close = true;
    return response;
}

}  // namespace apiserver
