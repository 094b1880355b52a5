// SPDX-License-Identifier: Apache-2.0
#include "topd/doctor/judge/custom_metrics.hpp"

#include "test/topd/doctor/answers.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace topd::doctor;
using test::Ids;

namespace {

ApiServiceSeen custom_service(const std::string& version, int priority,
                              const std::string& service = "metrics-server",
                              const std::string& available = "True") {
    const nlohmann::json object = {
        {"spec",
         {{"service", {{"name", service}, {"namespace", "kube-system"}}}, {"versionPriority", priority}}},
        {"status",
         {{"conditions",
           {{{"type", "Available"}, {"status", available}, {"reason", "R"}, {"message", "m"}}}}}}};
    return {version + ".custom.metrics.k8s.io", object.dump(), std::string{"{}"}};
}

ApiServiceSeen no_custom_service(const std::string& version) {
    return {version + ".custom.metrics.k8s.io", test::refused(404), test::refused(404)};
}

// As deploy/custom-metrics has it.
CustomMetricsSeen healthy() {
    CustomMetricsSeen seen;
    seen.wanted = true;
    seen.v1beta1 = custom_service("v1beta1", 100);
    seen.v1beta2 = custom_service("v1beta2", 50);
    seen.topd_service = "kube-system/metrics-server";
    seen.pod = AnnotatedPodSeen{"default/web-0", "http://10.0.0.1:8080/metrics", "", false};
    return seen;
}

CustomMetricsSeen off(const ApiServiceSeen& one) {
    CustomMetricsSeen seen;
    seen.v1beta1 = one;
    seen.v1beta2 = no_custom_service("v1beta2");
    seen.topd_service = "kube-system/metrics-server";
    return seen;
}

}  // namespace

TEST_CASE("Custom metrics that are well have nothing to be mended") {
    const Check check = judge_custom_metrics(healthy());
    CHECK(check.findings.empty());
    CHECK(check.title == "Custom metrics");
    CHECK(check.well == "v1beta1 is served, pod default/web-0 gave its page");
    // v1beta2 need not be there.
    CustomMetricsSeen one = healthy();
    one.v1beta2 = no_custom_service("v1beta2");
    CHECK(judge_custom_metrics(one).findings.empty());
}

TEST_CASE("What is wrong with custom metrics is named") {
    struct Case {
        const char* name;
        void (*change)(CustomMetricsSeen& seen);
        Ids expected;
    };
    const Case cases[] = {
        {"missing",
         [](auto& seen) { seen.v1beta1 = no_custom_service("v1beta1"); },
         {"E custom-metrics-apiservice-missing"}},
        {"not allowed to look, but discovery says it",
         [](auto& seen) {
             seen.v1beta1.object = test::refused(403);
             seen.v1beta1.discovery = test::refused(404);
         },
         {"E custom-metrics-apiservice-missing"}},
        {"not allowed to look", [](auto& seen) { seen.v1beta1.object = test::refused(403); }, {}},
        {"another adapter",
         [](auto& seen) { seen.v1beta1 = custom_service("v1beta1", 100, "prometheus-adapter"); },
         {"E custom-metrics-conflict"}},
        {"unavailable",
         [](auto& seen) { seen.v1beta1 = custom_service("v1beta1", 100, "metrics-server", "False"); },
         {"E custom-metrics-unavailable"}},
        {"both unavailable",
         [](auto& seen) {
             seen.v1beta1 = custom_service("v1beta1", 100, "metrics-server", "False");
             seen.v1beta2 = custom_service("v1beta2", 50, "metrics-server", "False");
         },
         {"E custom-metrics-unavailable"}},
        {"v1beta2 preferred",
         [](auto& seen) { seen.v1beta2 = custom_service("v1beta2", 200); },
         {"W custom-metrics-priority"}},
        {"a pod that gives no page",
         [](auto& seen) { seen.pod->trouble = "connection refused"; },
         {"W custom-metrics-pod-unreachable"}},
        {"authorities that cannot be read",
         [](auto& seen) { seen.authorities_fault = "no such file"; },
         {"E custom-metrics-ca-file"}},
        {"a pod that is not asked",
         [](auto& seen) {
             seen.pod = AnnotatedPodSeen{"default/web-0", "", "no port is declared", true};
         },
         {"W custom-metrics-pod-refused"}},
    };
    for (const Case& one : cases) {
        CAPTURE(one.name);
        CustomMetricsSeen seen = healthy();
        one.change(seen);
        CHECK(test::ids(judge_custom_metrics(seen)) == one.expected);
    }
}

TEST_CASE("Pods that were not asked are a note") {
    CustomMetricsSeen seen = healthy();
    seen.pod.reset();
    CHECK(judge_custom_metrics(seen).notes == Ids{"no running pod is annotated to be scraped"});
    seen.not_looked = "it was late";
    CHECK(judge_custom_metrics(seen).notes == Ids{"annotated pods were not looked at: it was late"});
}

TEST_CASE("Without the flag an APIService that leads to topd is wrong, and others are none of its business") {
    CHECK(judge_custom_metrics(off(no_custom_service("v1beta1"))).title.empty());
    CHECK(judge_custom_metrics(off(custom_service("v1beta1", 100, "prometheus-adapter"))).title.empty());
    const Check left = judge_custom_metrics(off(custom_service("v1beta1", 100)));
    CHECK(test::ids(left) == Ids{"E custom-metrics-off"});
    CHECK(left.title == "Custom metrics");
}
