// SPDX-License-Identifier: Apache-2.0
#include "topd/doctor/judge/api_server.hpp"

#include "kube/json/members.hpp"

#include <cstdlib>

#include <fmt/format.h>

namespace topd::doctor {
namespace {

constexpr int kUnauthorized = 401;

std::string certificate_mend(net::CertificateFault fault) {
    switch (fault) {
        case net::CertificateFault::name:
            return "call the API server by a name that its certificate holds (server in the kubeconfig), or "
                   "give that name as tls-server-name";
        case net::CertificateFault::expired:
            return "renew the API server's certificate, and compare the clocks of both machines";
        case net::CertificateFault::weak:
        case net::CertificateFault::malformed:
        case net::CertificateFault::usage:
            return "make the API server's certificate, or its authority's, anew; Go programs refuse it too";
        default:
            return "the certificate-authority of the kubeconfig (in a pod: the ConfigMap kube-root-ca.crt) "
                   "must be the one that signed the API server's certificate";
    }
}

std::string version_of(const Answer& version) {
    const auto document = nlohmann::json::parse(*version, nullptr, false);
    const std::string text = one_line(kube::text(document, "gitVersion"), 60);
    return text.empty() ? "unknown version" : text;
}

Finding anonymous(const ApiServerSeen& seen) {
    return {Severity::error, "api-anonymous", seen.credentials,
            "the API server takes topd for system:anonymous: the configuration holds no credentials",
            "give the kubeconfig's user a token, tokenFile or client certificate; in a pod set "
            "automountServiceAccountToken: true"};
}

Finding clock(const ApiServerSeen& seen, std::chrono::seconds ahead) {
    return {Severity::warning, "clock-api-server", seen.server,
            fmt::format("the API server's clock is {} s {} this machine's", std::abs(ahead.count()),
                        ahead.count() > 0 ? "ahead of" : "behind"),
            "synchronise both clocks (NTP): certificates and tokens are judged by them"};
}

// Why no answer came, or 401.
Finding api_failure(const kube::Failure& failure, const ApiServerSeen& seen) {
    const std::string said = one_line(failure.text());
    if (failure.http_status == kUnauthorized)
        return {
            Severity::error, "api-unauthorized", seen.credentials,
            fmt::format("the API server at {} does not accept topd's credentials: {}", seen.server, said),
            "make a new token (kubectl -n kube-system create token metrics-server) or certificate; in a pod "
            "delete the pod, so that it gets a new token"};
    if (const auto fault = net::certificate_fault(failure.code); fault != net::CertificateFault::none)
        return {Severity::error, "api-certificate", seen.server,
                "the API server's certificate is not accepted: " + said, certificate_mend(fault)};
    std::string mend{failure.hint()};
    if (mend.empty())
        mend =
            "check the address (server in the kubeconfig; in a pod KUBERNETES_SERVICE_HOST), network "
            "policies and firewalls";
    return {Severity::error, "api-unreachable", seen.server, "the API server cannot be asked: " + said,
            std::move(mend)};
}

}  // namespace

std::string reviewed_name(const Answer& review) {
    if (!review) return {};
    const auto document = nlohmann::json::parse(*review, nullptr, false);
    return one_line(kube::text(kube::member(kube::member(document, "status"), "userInfo"), "username"), 253);
}

Check judge_api_server(const ApiServerSeen& seen) {
    Check check;
    check.title = "API server";
    if (!seen.version) {
        check.findings.push_back(api_failure(seen.version.error(), seen));
        return check;
    }
    std::string who = reviewed_name(seen.review);
    if (who == "system:anonymous") check.findings.push_back(anonymous(seen));
    if (!seen.review && seen.review.error().http_status == kUnauthorized)
        check.findings.push_back(api_failure(seen.review.error(), seen));
    // Not served before Kubernetes 1.28.
    if (who.empty()) who = "somebody (the server does not say who)";
    if (seen.clock_ahead && std::chrono::abs(*seen.clock_ahead) > kClockTolerance)
        check.findings.push_back(clock(seen, *seen.clock_ahead));
    check.well = fmt::format("{} at {}, asked as {}", version_of(seen.version), seen.server, who);
    return check;
}

}  // namespace topd::doctor
