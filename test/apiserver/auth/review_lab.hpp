// SPDX-License-Identifier: Apache-2.0
// An API server that answers reviews, and authorities to be known by.
#pragma once

#include "apiserver/auth/delegated_authenticator.hpp"
#include "apiserver/auth/delegated_authorizer.hpp"
#include "net/http/server.hpp"
#include "net/task_group.hpp"
#include "test/net/run.hpp"
#include "test/net/tls/authority.hpp"
#include "test/net/tls/shown_certificate.hpp"

#include <functional>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

namespace test {

using namespace std::chrono_literals;
using apiserver::AuthResult;
using apiserver::Decision;
using nlohmann::json;

// The API server's reviews: token "good" is jane's; user "allowed" may do everything.
class FakeApiServer final : public net::RequestHandler {
  public:
    net::Task<net::Response> respond(net::Request request) override;
    std::vector<json> requests;
    // The same as they came: method, target and body.
    std::vector<std::string> texts;
    int failures = 0;
};

struct Lab {
    net::KeyPair clients = net::make_authority("clients");
    net::KeyPair proxies = net::make_authority("proxies");
    net::KeyPair strangers = net::make_authority("strangers");

    apiserver::Trust trust() const;
};

const Lab& lab();

// Runs `body` with an API server to ask.
void with_reviews(net::RequestHandler& fake, const std::function<net::Task<>(kube::ReviewClient&)>& body);

using Fields = std::vector<std::pair<std::string, std::string>>;

std::string described(const AuthResult& result);

}  // namespace test
