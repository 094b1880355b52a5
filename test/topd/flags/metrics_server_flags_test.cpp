// SPDX-License-Identifier: Apache-2.0
// Every flag of metrics-server 0.9.0 (docs/command-line-flags.txt) against our table.
#include "topd/flags/flag_table.hpp"

#include <map>
#include <string>

#include <catch2/catch.hpp>

using namespace topd;

namespace {

// Name, kind and default, as its --help prints them.
struct Fact {
    std::string name;
    std::string kind;
    std::string initial;
};

const Fact kFlags[] = {
    {"kubeconfig", "string", ""},
    {"metric-resolution", "duration", "1m0s"},
    {"version", "", ""},
    {"advertise-address", "ip", ""},
    {"cors-allowed-origins", "strings", ""},
    {"emulated-version", "strings", ""},
    {"emulation-forward-compatible", "", ""},
    {"external-hostname", "string", ""},
    {"feature-gates", "colonSeparatedMultimapStringString", ""},
    {"goaway-chance", "float", ""},
    {"livez-grace-period", "duration", ""},
    {"max-mutating-requests-inflight", "int", "200"},
    {"max-requests-inflight", "int", "400"},
    {"min-compatibility-version", "strings", ""},
    {"min-request-timeout", "int", "1800"},
    {"request-timeout", "duration", "1m0s"},
    {"runtime-config-emulation-forward-compatible", "", ""},
    {"shutdown-delay-duration", "duration", ""},
    {"shutdown-send-retry-after", "", ""},
    {"shutdown-watch-termination-grace-period", "duration", ""},
    {"storage-initialization-timeout", "duration", "1m0s"},
    {"strict-transport-security-directives", "strings", ""},
    {"deprecated-kubelet-completely-insecure", "", ""},
    {"kubelet-certificate-authority", "string", ""},
    {"kubelet-client-certificate", "string", ""},
    {"kubelet-client-key", "string", ""},
    {"kubelet-insecure-tls", "", ""},
    {"kubelet-port", "int", "10250"},
    {"kubelet-preferred-address-types", "strings",
     "[Hostname,InternalDNS,InternalIP,ExternalDNS,ExternalIP]"},
    {"kubelet-request-timeout", "duration", "10s"},
    {"kubelet-use-node-status-port", "", ""},
    {"node-selector", "string", ""},
    {"bind-address", "ip", "0.0.0.0"},
    {"cert-dir", "string", "\"apiserver.local.config/certificates\""},
    {"disable-http2-serving", "", ""},
    {"http2-max-streams-per-connection", "int", ""},
    {"permit-address-sharing", "", ""},
    {"permit-port-sharing", "", ""},
    {"secure-port", "int", "443"},
    {"tls-cert-file", "string", ""},
    {"tls-cipher-suites", "strings", ""},
    {"tls-curve-preferences", "int32Slice", "[]"},
    {"tls-min-version", "string", ""},
    {"tls-private-key-file", "string", ""},
    {"tls-sni-cert-key", "namedCertKey", "[]"},
    {"authentication-kubeconfig", "string", ""},
    {"authentication-skip-lookup", "", ""},
    {"authentication-token-webhook-cache-ttl", "duration", "10s"},
    {"authentication-tolerate-lookup-failure", "", ""},
    {"client-ca-file", "string", ""},
    {"requestheader-allowed-names", "strings", ""},
    {"requestheader-client-ca-file", "string", ""},
    {"requestheader-extra-headers-prefix", "strings", "[x-remote-extra-]"},
    {"requestheader-group-headers", "strings", "[x-remote-group]"},
    {"requestheader-uid-headers", "strings", ""},
    {"requestheader-username-headers", "strings", "[x-remote-user]"},
    {"authorization-always-allow-paths", "strings", "[/healthz,/readyz,/livez]"},
    {"authorization-kubeconfig", "string", ""},
    {"authorization-webhook-cache-authorized-ttl", "duration", "10s"},
    {"authorization-webhook-cache-unauthorized-ttl", "duration", "10s"},
    {"audit-log-batch-buffer-size", "int", "10000"},
    {"audit-log-batch-max-size", "int", "1"},
    {"audit-log-batch-max-wait", "duration", ""},
    {"audit-log-batch-throttle-burst", "int", ""},
    {"audit-log-batch-throttle-enable", "", ""},
    {"audit-log-batch-throttle-qps", "float32", ""},
    {"audit-log-compress", "", ""},
    {"audit-log-format", "string", "\"json\""},
    {"audit-log-maxage", "int", "366"},
    {"audit-log-maxbackup", "int", "100"},
    {"audit-log-maxsize", "int", "100"},
    {"audit-log-mode", "string", "\"blocking\""},
    {"audit-log-path", "string", ""},
    {"audit-log-truncate-enabled", "", ""},
    {"audit-log-truncate-max-batch-size", "int", "10485760"},
    {"audit-log-truncate-max-event-size", "int", "102400"},
    {"audit-log-version", "string", "\"audit.k8s.io/v1\""},
    {"audit-policy-file", "string", ""},
    {"audit-webhook-batch-buffer-size", "int", "10000"},
    {"audit-webhook-batch-max-size", "int", "400"},
    {"audit-webhook-batch-max-wait", "duration", "30s"},
    {"audit-webhook-batch-throttle-burst", "int", "15"},
    {"audit-webhook-batch-throttle-enable", "", "true"},
    {"audit-webhook-batch-throttle-qps", "float32", "10"},
    {"audit-webhook-config-file", "string", ""},
    {"audit-webhook-initial-backoff", "duration", "10s"},
    {"audit-webhook-mode", "string", "\"batch\""},
    {"audit-webhook-truncate-enabled", "", ""},
    {"audit-webhook-truncate-max-batch-size", "int", "10485760"},
    {"audit-webhook-truncate-max-event-size", "int", "102400"},
    {"audit-webhook-version", "string", "\"audit.k8s.io/v1\""},
    {"contention-profiling", "", ""},
    {"debug-socket-path", "string", ""},
    {"enable-priority-and-fairness", "", "true"},
    {"profiling", "", "true"},
    {"log-flush-frequency", "duration", "5s"},
    {"log-json-info-buffer-size", "quantity", ""},
    {"log-json-split-stream", "", ""},
    {"log-text-info-buffer-size", "quantity", ""},
    {"log-text-split-stream", "", ""},
    {"logging-format", "string", "\"text\""},
    {"v", "Level", ""},
    {"vmodule", "pattern=N,...", ""},
};

const Flag* find(std::string_view name) {
    for (const FlagGroup& group : flag_groups())
        for (const Flag& flag : group.flags)
            if (flag.name == name) return &flag;
    return nullptr;
}

// Where we read a kind as another, which takes what it takes and more.
std::string our_kind(const std::string& kind) {
    static const std::map<std::string, std::string> kOurs = {
        {"ip", "string"}, {"int32Slice", "strings"}, {"Level", "int"}};
    const auto found = kOurs.find(kind);
    return found == kOurs.end() ? kind : found->second;
}

// An empty list as none, and an address as the text that it is to us.
std::string our_initial(const Fact& fact) {
    if (fact.initial == "[]") return "";
    return fact.kind == "ip" && !fact.initial.empty() ? '"' + fact.initial + '"' : fact.initial;
}

std::string value_of(const std::string& kind) {
    static const std::map<std::string, std::string> kValues = {
        {"int", "7"}, {"Level", "7"}, {"int32Slice", "29"}, {"duration", "7s"}, {"float", "0.01"}};
    const auto found = kValues.find(kind);
    return found == kValues.end() ? "some" : found->second;
}

}  // namespace

TEST_CASE("every flag of metrics-server is known, with its kind and default") {
    for (const Fact& fact : kFlags) DYNAMIC_SECTION(fact.name) {
            const Flag* flag = find(fact.name);
            REQUIRE(flag);
            const FlagText text = describe(*flag);
            const bool used = !std::holds_alternative<Unused>(flag->target);
            CHECK(text.kind == (used ? our_kind(fact.kind) : fact.kind));
            if (used) CHECK(text.initial == our_initial(fact));
            CHECK(is_switch(*flag) == fact.kind.empty());
        }
}

TEST_CASE("every flag of metrics-server takes a value, or none, as there") {
    for (const Fact& fact : kFlags) DYNAMIC_SECTION(fact.name) {
            const std::string flag = "--" + fact.name;
            const auto without_effect = [](const std::vector<std::string>& arguments) {
                std::string joined;
                for (const std::string& one : parse_flags(arguments).without_effect) joined += one + " ";
                return joined;
            };
            const std::string warning =
                without_effect({flag + "=" + (fact.kind.empty() ? "1" : value_of(fact.kind))});
            CHECK((warning.empty() || warning == flag + " "));
            if (fact.kind.empty()) {
                // What follows a switch is a word of its own.
                CHECK(without_effect({flag, "word"}) == warning);
                CHECK(parse_flags({flag, "word"}).doubts.size() == 1);
            } else {
                CHECK(without_effect({flag, value_of(fact.kind)}) == warning);
                CHECK_THROWS_WITH(parse_flags({flag}), "flag needs an argument: " + flag);
            }
        }
}
