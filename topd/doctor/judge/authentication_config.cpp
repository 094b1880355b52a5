// SPDX-License-Identifier: Apache-2.0
#include "topd/doctor/judge/authentication_config.hpp"

#include "apiserver/auth/authentication_config.hpp"
#include "kube/json/members.hpp"
#include "net/tls/certificate.hpp"
#include "topd/settings.hpp"

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

std::string key_of(std::string_view key) {
    return fmt::format("{}, key {}", kObject, key);
}

std::string_view text_of(const kube::StringMap& data, std::string_view key) {
    for (const auto& [name, value] : data)
        if (name == key) return value;
    return {};
}

kube::StringMap data_of(const nlohmann::json& config_map) {
    kube::StringMap data;
    const nlohmann::json& members = kube::member(config_map, "data");
    if (!members.is_object()) return data;
    for (const auto& [key, value] : members.items())
        if (value.is_string()) data.emplace_back(key, value.get<std::string>());
    return data;
}

// All certificates have run out, or they are none.
void judge_authorities(const char* id, std::string_view key, const kube::StringMap& data, TimePoint now,
                       Findings& into) {
    const auto readable = apiserver::read_authorities(data, key);
    const auto authorities = net::PeerCertificate::from_pem(text_of(data, key));
    if (!readable || !authorities) {
        into.push_back({Severity::error, id, key_of(key), "holds no readable PEM certificate", kProxyMend});
        return;
    }
    const auto latest = std::max_element(authorities->begin(), authorities->end(),
                                         [](const net::PeerCertificate& a, const net::PeerCertificate& b) {
                                             return a.not_after() < b.not_after();
                                         });
    if (latest->not_after() > now) return;
    into.push_back({Severity::error, id, key_of(key),
                    fmt::format("the authority {} has expired on {}", one_line(latest->common_name()),
                                date(latest->not_after())),
                    "renew it on the control plane (kubeadm certs renew), together with what it has signed"});
}

// As the daemon reads them: one that is at fault makes it trust no front proxy.
void judge_lists(const kube::StringMap& data, Findings& into) {
    for (const std::string_view key :
         {apiserver::kAllowedNamesKey, apiserver::kUsernameHeadersKey, apiserver::kGroupHeadersKey,
          apiserver::kExtraPrefixesKey, apiserver::kUidHeadersKey}) {
        const auto list = apiserver::read_list(data, key);
        if (!list)
            into.push_back({Severity::error, "requestheader-lists", key_of(key),
                            list.error().why + ": " + one_line(text_of(data, key), 100), kProxyMend});
    }
}

void judge_front_proxy(const kube::StringMap& data, TimePoint now, Findings& into) {
    if (text_of(data, apiserver::kFrontProxyCaKey).empty()) {
        into.push_back(
            {Severity::error, "requestheader-client-ca", kObject,
             "has no key requestheader-client-ca-file: topd cannot tell the aggregator from anybody "
             "else, and answers its requests with 401",
             kProxyMend});
        return;
    }
    judge_authorities("requestheader-client-ca", apiserver::kFrontProxyCaKey, data, now, into);
    judge_lists(data, into);
    const auto headers = apiserver::read_list(data, apiserver::kUsernameHeadersKey);
    if (headers && headers->empty())
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
    if (!needs_authentication_config(flags)) {
        check.well = "the ConfigMap is not needed, by the flags";
        return check;
    }
    if (!config_map) {
        refused(config_map.error(), check);
        return check;
    }
    const auto document = nlohmann::json::parse(*config_map, nullptr, false);
    const kube::StringMap data = data_of(document);
    if (!proxy_by_flag) judge_front_proxy(data, now, check.findings);
    // Without it nobody shows client certificates to kube-apiserver either.
    if (!clients_by_flag && !text_of(data, apiserver::kClientCaKey).empty())
        judge_authorities("client-ca", apiserver::kClientCaKey, data, now, check.findings);
    const auto names = apiserver::read_list(data, apiserver::kAllowedNamesKey);
    const bool any = names && names->empty();
    check.well = fmt::format("front proxies named {} are trusted",
                             any ? "anything" : one_line(text_of(data, apiserver::kAllowedNamesKey), 100));
    return check;
}

}  // namespace topd::doctor
