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

TEST_CASE("What is kept of a token's user counts with all that the review said of them") {
    const auto bytes = [](const apiserver::User& user) {
        apiserver::Opinion opinion;
        opinion.user = user;
        return bytes_behind(opinion);
    };
    const std::string part(1'000, 'x');
    apiserver::User users[5];
    users[0].name = part;
    users[1].uid = part;
    users[2].groups = {part};
    users[3].extra[part] = {};
    users[4].extra["k"] = {part};
    for (const apiserver::User& user : users) {
        CAPTURE(&user - users);
        const std::size_t more = bytes(user) - bytes({});
        // With what stands around it, an allocator's bytes included.
        CHECK(more > part.size() - 16);
        CHECK(more < part.size() + 300);
    }
}
