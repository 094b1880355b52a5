// SPDX-License-Identifier: Apache-2.0
#include "topd/doctor/judge/api_services.hpp"

#include "test/topd/doctor/answers.hpp"
#include "topd/doctor/judge/service.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace topd::doctor;
using test::Ids;

namespace {

// A good one, changed.
ApiServiceSeen seen(const std::string& version, const nlohmann::json& changes = nlohmann::json::object()) {
    nlohmann::json object = {
        {"spec",
         {{"service", {{"name", "metrics-server"}, {"namespace", "kube-system"}, {"port", 443}}},
          {"insecureSkipTLSVerify", true},
          {"versionPriority", version == "v1" ? 50 : 100}}},
        {"status",
         {{"conditions",
           {{{"type", "Available"},
             {"status", "True"},
             {"reason", "Passed"},
             {"message", "all checks passed"}}}}}}};
    object.merge_patch(changes);
    return {version + ".metrics.k8s.io", object.dump(), std::string{"{}"}};
}

ApiServiceSeen not_there(const std::string& version) {
    return {version + ".metrics.k8s.io", test::refused(404), test::refused(404)};
}

ApiServiceSeen not_allowed(const std::string& version, Answer discovery) {
    return {version + ".metrics.k8s.io", test::refused(403), std::move(discovery)};
}

ApiServiceSeen away(const std::string& version) {
    ApiServiceSeen one = seen(version, {{"status",
                                         {{"conditions",
                                           {{{"type", "Available"},
                                             {"status", "False"},
                                             {"reason", "FailedDiscoveryCheck"},
                                             {"message", "x"}}}}}}});
    one.discovery = test::refused(503);
    return one;
}

Ids judged(const ApiServiceSeen& beta, const ApiServiceSeen& stable) {
    Check check = judge_api_services(beta, stable);
    if (!check.has_error()) judge_availability(beta, stable, check);
    return test::ids(check);
}

const nlohmann::json kOtherService = {{"spec", {{"service", {{"name", "prometheus-adapter"}}}}}};

}  // namespace

TEST_CASE("APIServices are judged as a pair") {
    struct Case {
        const char* name;
        ApiServiceSeen beta;
        ApiServiceSeen stable;
        Ids expected;
    };
    const Case cases[] = {
        {"both good", seen("v1beta1"), seen("v1"), {}},
        {"v1 not registered", seen("v1beta1"), not_there("v1"), {}},
        {"v1beta1 not registered", not_there("v1beta1"), seen("v1"), {"E apiservice-missing"}},
        {"v1 first",
         seen("v1beta1"),
         seen("v1", {{"spec", {{"versionPriority", 100}}}}),
         {"W apiservice-priority"}},
        {"another server", seen("v1beta1", kOtherService), seen("v1"), {"E apiservice-conflict"}},
        {"no Service",
         seen("v1beta1", {{"spec", {{"service", nullptr}}}}),
         seen("v1"),
         {"E apiservice-local"}},
        {"neither reached", away("v1beta1"), away("v1"), {"E apiservice-unavailable"}},
        {"only v1 not reached", seen("v1beta1"), away("v1"), {"E apiservice-v1-not-served"}},
        {"not allowed to look",
         not_allowed("v1beta1", std::string{"{}"}),
         not_allowed("v1", std::string{"{}"}),
         {}},
        {"not allowed and not registered",
         not_allowed("v1beta1", test::refused(404)),
         not_allowed("v1", test::refused(404)),
         {"E apiservice-missing"}},
        {"not allowed and not reached",
         not_allowed("v1beta1", test::refused(503)),
         not_allowed("v1", test::refused(503)),
         {"E apiservice-unavailable"}},
    };
    for (const Case& c : cases) DYNAMIC_SECTION(c.name) {
            CHECK(judged(c.beta, c.stable) == c.expected);
        }
}

TEST_CASE("APIServices that may not be looked at are a note that names the way") {
    const Check check =
        judge_api_services(not_allowed("v1beta1", std::string{"{}"}), not_allowed("v1", std::string{"{}"}));
    REQUIRE(check.notes.size() == 2);
    CHECK(check.notes[0].find("--admin-kubeconfig") != std::string::npos);
}

TEST_CASE("The Service behind an APIService must exist and lead to a ready endpoint") {
    const std::string service =
        R"({"spec":{"type":"ClusterIP","selector":{"k8s-app":"metrics-server"},"ports":[{"name":"https","port":443}]}})";
    const auto slices = [](const std::string& port, const std::string& endpoints) {
        return R"({"items":[{"ports":[{"name":")" + port + R"("}],"endpoints":)" + endpoints + "}]}";
    };
    struct Case {
        const char* name;
        Answer service;
        Answer slices;
        Ids expected;
    };
    const Case cases[] = {
        {"ready", service, slices("https", R"([{"conditions":{"ready":true}}])"), {}},
        {"not said to be ready or not", service, slices("https", "[{}]"), {}},
        {"not ready",
         service,
         slices("https", R"([{"conditions":{"ready":false}}])"),
         {"E service-endpoints"}},
        {"another port name", service, slices("http", "[{}]"), {"E service-endpoints"}},
        {"no endpoints", service, slices("https", "[]"), {"E service-endpoints"}},
        {"no slices", service, std::string{R"({"items":[]})"}, {"E service-endpoints"}},
        {"no Service", test::refused(404), test::refused(404), {"E service-missing"}},
        {"another port",
         std::string{R"({"spec":{"ports":[{"name":"https","port":8443}]}})"},
         slices("https", "[{}]"),
         {"E service-port"}},
        {"a name outside", std::string{R"({"spec":{"type":"ExternalName"}})"}, test::refused(404), {}},
        {"not allowed", test::refused(403), test::refused(403), {}},
    };
    for (const Case& c : cases) DYNAMIC_SECTION(c.name) {
            Check check;
            const auto api_service = read_api_service(seen("v1beta1"));
            REQUIRE(api_service);
            judge_service({*api_service, c.service, c.slices}, check);
            CHECK(test::ids(check) == c.expected);
        }
}
