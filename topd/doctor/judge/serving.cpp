// SPDX-License-Identifier: Apache-2.0
#include "topd/doctor/judge/serving.hpp"

#include "files/read.hpp"
#include "net/tls/certificate.hpp"
#include "net/tls/pem_fault.hpp"
#include "net/tls/tls.hpp"
#include "topd/credentials/serving_certificate.hpp"

#include <filesystem>

#include <fmt/format.h>

namespace topd::doctor {
namespace {

using TimePoint = std::chrono::system_clock::time_point;

// A warning comes this long before the end.
constexpr std::chrono::hours kSoon{14 * 24};

std::optional<std::string> read(const std::string& path, std::string& why) {
    auto text = files::read(path);
    if (text) return std::move(*text);
    why = fmt::format("{}: {}", path, text.error().message());
    return std::nullopt;
}

// What topd would refuse to start with. Empty: nothing.
std::string fault_of(const ServingFiles& files) {
    if (!files.certificate || !files.key) return files.why;
    net::TlsServer::Options options;
    options.certificate = {*files.certificate, *files.key};
    const auto tls = net::TlsServer::make(options);
    if (!tls) {
        const std::string fault =
            net::pair_fault(options.certificate, files.certificate_file, files.key_file);
        if (!fault.empty()) return fault;
        return fmt::format("{}, {}: {}", files.certificate_file, files.key_file, tls.error().message());
    }
    return net::PeerCertificate::from_pem(*files.certificate)
               ? ""
               : files.certificate_file + ": no PEM certificates";
}

std::string name_of(const net::PeerCertificate& shown) {
    return one_line(shown.common_name());
}

std::string alternative_names_of(const net::PeerCertificate& shown) {
    const std::vector<std::string> names = shown.names();
    return names.empty() ? "none" : one_line(fmt::format("{}", fmt::join(names, ", ")));
}

Finding expiry(const ServingFiles& files, const net::PeerCertificate& shown, Severity severity) {
    return {severity, "serving-certificate-expired", files.certificate_file,
            fmt::format("the serving certificate {} has expired on {}, or is not valid yet", name_of(shown),
                        date(shown.not_after())),
            files.given ? "renew it; topd reads the files again by itself"
                        : "delete both files and restart topd: it makes new ones"};
}

// Whether the aggregator accepts the certificate where it verifies it.
void judge_for(const ApiService& service, const ServingFiles& files, const net::PeerCertificate& shown,
               TimePoint now, Findings& into) {
    if (service.insecure) return;
    const std::string bundle =
        "set caBundle to the authority's PEM (base64) in the APIService, or "
        "insecureSkipTLSVerify: true";
    if (!service.ca_bundle_readable || service.ca_bundle.empty()) {
        // kube-apiserver's system authorities may know the certificate: then the aggregator is content.
        if (service.ca_bundle_readable && service.available == ApiService::Available::yes) return;
        into.push_back(
            {Severity::error, "apiservice-ca-bundle", service.object(),
             "has neither a usable caBundle nor insecureSkipTLSVerify: kube-apiserver verifies topd's "
             "certificate by its system's authorities",
             bundle});
        return;
    }
    const auto authorities = net::TrustPool::from_pem(service.ca_bundle);
    const net::Error refused =
        authorities ? authorities->verify_server(*files.certificate, service.server_name(), now)
                    : authorities.error();
    if (!refused) return;
    switch (net::certificate_fault(refused)) {
        case net::CertificateFault::expired:
            into.push_back(expiry(files, shown, Severity::error));
            return;
        case net::CertificateFault::name:
            into.push_back(
                {Severity::error, "serving-certificate-name", files.certificate_file,
                 fmt::format("the serving certificate is not for {}, by which kube-apiserver calls topd; its "
                             "names: {}",
                             service.server_name(), alternative_names_of(shown)),
                 fmt::format("make it anew with the subject alternative name DNS:{}",
                             service.server_name())});
            return;
        default:
            into.push_back(
                {Severity::error, "apiservice-ca-bundle", service.object(),
                 fmt::format("its caBundle does not verify the serving certificate of {} ({}): {}",
                             name_of(shown), files.certificate_file,
                             authorities ? refused.message() : "not PEM certificates"),
                 "set caBundle to the PEM (base64) of the authority that signed the serving certificate"});
    }
}

bool is_verified_by(const std::vector<ApiService>& services) {
    for (const ApiService& service : services)
        if (!service.insecure) return true;
    return false;
}

// topd will make its own.
Check judge_none(const ServingFiles& files, const std::vector<ApiService>& services, Check check) {
    for (const ApiService& service : services)
        if (!service.insecure)
            check.findings.push_back(
                {Severity::error, "apiservice-ca-bundle", service.object(),
                 "wants topd's certificate verified, and topd makes a self-signed one",
                 "name a certificate by --tls-cert-file and --tls-private-key-file, or set "
                 "insecureSkipTLSVerify: true without caBundle"});
    check.findings = merged(std::move(check.findings));
    check.well = fmt::format("none in {}: topd makes a self-signed one",
                             std::filesystem::path{files.certificate_file}.parent_path().string());
    return check;
}

}  // namespace

ServingFiles read_serving_files(const Flags& flags) {
    ServingFiles files;
    files.given = !flags.tls_cert_file.empty();
    const auto [certificate, key] = topd::serving_files(flags);
    files.certificate_file = certificate;
    files.key_file = key;
    files.certificate = read(files.certificate_file, files.why);
    files.key = read(files.key_file, files.why);
    return files;
}

Check judge_serving(const ServingFiles& files, const std::vector<ApiService>& services, TimePoint now) {
    Check check;
    check.title = "Serving certificate";
    const std::string fault = fault_of(files);
    if (!fault.empty() && !files.given) return judge_none(files, services, std::move(check));
    if (!fault.empty()) {
        check.findings.push_back({Severity::error, "serving-certificate-files",
                                  "--tls-cert-file, --tls-private-key-file", fault,
                                  "name a PEM certificate and its key; topd must be able to read both"});
        return check;
    }
    const net::PeerCertificate shown = net::PeerCertificate::from_pem(*files.certificate)->front();
    for (const ApiService& service : services) judge_for(service, files, shown, now, check.findings);
    check.findings = merged(std::move(check.findings));
    if (check.findings.empty() && shown.not_after() <= now)
        check.findings.push_back(expiry(files, shown, Severity::warning));
    else if (check.findings.empty() && shown.not_after() <= now + kSoon)
        check.findings.push_back({Severity::warning, "serving-certificate-expires", files.certificate_file,
                                  "the serving certificate expires on " + date(shown.not_after()),
                                  "renew it; topd reads the files again by itself"});
    const std::string name = name_of(shown);
    check.well =
        fmt::format("{}, until {}, {}", name.empty() ? "without a name" : name, date(shown.not_after()),
                    is_verified_by(services) ? "verified by caBundle" : "not verified by the aggregator");
    return check;
}

}  // namespace topd::doctor
