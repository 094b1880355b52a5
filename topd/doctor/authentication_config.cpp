// SPDX-License-Identifier: Apache-2.0
#include "topd/doctor/authentication_config.hpp"

#include "kube/json_fields.hpp"
#include "topd/doctor/certificate.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace topd::doctor {
namespace {

using TimePoint = std::chrono::system_clock::time_point;

constexpr const char* kObject = "ConfigMap kube-system/extension-apiserver-authentication";
constexpr const char* kProxyMend =
    "start kube-apiserver with --requestheader-client-ca-file (and --requestheader-allowed-names, "
    "--requestheader-username-headers, --requestheader-group-headers, --requestheader-extra-headers-prefix, "
    "--proxy-client-cert-file, --proxy-client-key-file): the aggregation layer; it writes the ConfigMap "
    "itself";

std::string key_of(const char* key) {
    return fmt::format("{}, key {}", kObject, key);
}

// All certificates have run out, or they are none.
void judge_authorities(const char* id, const char* key, const std::string& pem, TimePoint now,
                       Findings& into) {
    const std::vector<Certificate> authorities = read_certificates(pem);
    if (authorities.empty()) {
        into.push_back({Severity::error, id, key_of(key), "holds no readable PEM certificate", kProxyMend});
        return;
    }
    const auto latest = std::max_element(
        authorities.begin(), authorities.end(),
        [](const Certificate& a, const Certificate& b) { return a.not_after < b.not_after; });
    if (latest->not_after > now) return;
    into.push_back({Severity::error, id, key_of(key),
                    fmt::format("the authority {} has expired on {}", latest->name, date(latest->not_after)),
                    "renew it on the control plane (kubeadm certs renew), together with what it has signed"});
}

// Absent is fine: then any name, or no such header.
void judge_list(const nlohmann::json& data, const char* key, Findings& into) {
    const std::string text = kube::text(data, key);
    if (text.empty()) return;
    const auto list = nlohmann::json::parse(text, nullptr, false);
    if (list.is_array()) return;
    into.push_back({Severity::error, "requestheader-lists", key_of(key),
                    "is not a JSON array of strings: " + one_line(text, 100), kProxyMend});
}

void judge_front_proxy(const nlohmann::json& data, TimePoint now, Findings& into) {
    constexpr const char* kKey = "requestheader-client-ca-file";
    const std::string pem = kube::text(data, kKey);
    if (pem.empty()) {
        into.push_back(
            {Severity::error, "requestheader-client-ca", kObject,
             "has no key requestheader-client-ca-file: topd cannot tell the aggregator from anybody "
             "else, and answers its requests with 401",
             kProxyMend});
        return;
    }
    judge_authorities("requestheader-client-ca", kKey, pem, now, into);
    for (const char* key :
         {"requestheader-allowed-names", "requestheader-username-headers", "requestheader-group-headers",
          "requestheader-extra-headers-prefix", "requestheader-uid-headers"})
        judge_list(data, key, into);
    if (kube::text(data, "requestheader-username-headers").empty())
        into.push_back({Severity::error, "requestheader-username-headers", kObject,
                        "names no header for the user: every request of the aggregator is anonymous",
                        kProxyMend});
}

void refused(const kube::Failure& failure, Check& check) {
    if (failure.http_status == 404)
        check.findings.push_back({Severity::error, "authentication-config-missing", kObject,
                                  "does not exist: topd trusts no front proxy and no client certificate",
                                  kProxyMend});
    else
        check.notes.push_back("not looked at: " + one_line(failure.text(), 200));
}

}  // namespace

Check judge_authentication_config(const Answer& config_map, const Flags& flags, TimePoint now) {
    Check check;
    check.title = "Authentication configuration";
    const bool proxy_by_flag = !flags.requestheader_client_ca_file.empty();
    const bool clients_by_flag = !flags.client_ca_file.empty();
    if (flags.authentication_skip_lookup || (proxy_by_flag && clients_by_flag)) {
        check.well = "the ConfigMap is not needed, by the flags";
        return check;
    }
    if (!config_map) {
        refused(config_map.error(), check);
        return check;
    }
    const auto document = nlohmann::json::parse(*config_map, nullptr, false);
    const nlohmann::json& data = kube::member(document, "data");
    if (!proxy_by_flag) judge_front_proxy(data, now, check.findings);
    const std::string clients = kube::text(data, "client-ca-file");
    // Without it nobody shows client certificates to kube-apiserver either.
    if (!clients_by_flag && !clients.empty())
        judge_authorities("client-ca", "client-ca-file", clients, now, check.findings);
    const std::string names = kube::text(data, "requestheader-allowed-names");
    check.well = fmt::format("front proxies named {} are trusted",
                             names.empty() || names == "[]" ? "anything" : one_line(names, 100));
    return check;
}

}  // namespace topd::doctor
