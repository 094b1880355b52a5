// SPDX-License-Identifier: Apache-2.0
// When a request has to wait until it is known who it is. Who it then is: contract/authentication_test.cpp.
#include "test/apiserver/auth/review_lab.hpp"

using namespace test;

TEST_CASE("A request with a certificate waits for the trust to be known") {
    boost::asio::io_context loop{1};
    apiserver::TrustSource trust{{}, apiserver::TrustSource::LookUp::required};
    apiserver::AuthenticatorOptions options;
    net::Request request;
    request.certificate = test::shown_by(test::client_certificate(lab().clients, "bob"));
    std::string outcome;
    auto ask = [&]() -> net::Task<> {
        apiserver::DelegatedAuthenticator authenticator{trust, nullptr, options};
        outcome = described(co_await authenticator.authenticate(request, kNoDeadline));
    };
    SECTION("and goes on when it is") {
        auto play = [&]() -> net::Task<> {
            net::TaskGroup group{loop.get_executor()};
            group.spawn(ask());
            co_await net::sleep_until(net::Clock::now());
            CHECK(outcome.empty());
            kube::ConfigMap map;
            map.name_space = "kube-system";
            map.name = "extension-apiserver-authentication";
            map.data = {{"client-ca-file", lab().clients.certificate_pem}};
            trust.put(map);
            co_await group.wait();
        };
        test::run(loop, play());
        CHECK(outcome == "bob of system:authenticated");
    }
    SECTION("but not for ever") {
        options.trust_wait = 1ms;
        test::run(loop, ask());
        CHECK(outcome == "503");
    }
}
