// SPDX-License-Identifier: Apache-2.0
#include "text/go_text.hpp"
#include "topd/flags/flag_values.hpp"
#include "topd/flags/flags.hpp"
#include "topd/flags/tls_choice.hpp"

#include <boost/asio/ip/address.hpp>
#include <fmt/format.h>

namespace topd {
namespace {

using namespace std::chrono_literals;

[[noreturn]] void refuse(std::string sentence) {
    throw FlagError{std::move(sentence)};
}

// cmd/metrics-server/app/options/kubelet_client.go
void check_kubelet(const Flags& f) {
    const auto both = [](std::string_view a, std::string_view b) {
        refuse(fmt::format("cannot use both --{} and --{}", a, b));
    };
    const std::string_view plain = "deprecated-kubelet-completely-insecure";
    const bool is_plain = f.deprecated_kubelet_completely_insecure;
    if (!f.kubelet_certificate_authority.empty() && f.kubelet_insecure_tls)
        both("kubelet-certificate-authority", "kubelet-insecure-tls");
    if (f.kubelet_client_key.empty() != f.kubelet_client_certificate.empty())
        refuse("need both --kubelet-client-key and --kubelet-client-certificate");
    if (!f.kubelet_client_key.empty() && is_plain) both("kubelet-client-key", plain);
    if (!f.kubelet_client_certificate.empty() && is_plain) both("kubelet-client-certificate", plain);
    if (f.kubelet_insecure_tls && is_plain) both("kubelet-insecure-tls", plain);
    if (!f.kubelet_certificate_authority.empty() && is_plain) both("kubelet-certificate-authority", plain);
    if (f.kubelet_request_timeout <= 0ns) refuse("--kubelet-request-timeout should be positive");
}

// cmd/metrics-server/app/options/options.go
void check_resolution(const Flags& f) {
    if (f.metric_resolution < 10s)
        refuse(
            fmt::format("--metric-resolution should be a time duration at least 10s, but value {} provided",
                        format_duration(f.metric_resolution)));
    if (f.metric_resolution / 10 * 9 < f.kubelet_request_timeout)
        refuse(fmt::format(
            "--metric-resolution should be larger than --kubelet-request-timeout, but --metric-resolution "
            "value {} --kubelet-request-timeout value {} provided",
            format_duration(f.metric_resolution), format_duration(f.kubelet_request_timeout)));
}

// Of kubelets, beyond what metrics-server knows.
void check_certificates(const Flags& f) {
    if (f.kubelet_pin_certificates && f.kubelet_insecure_tls)
        refuse("cannot use both --kubelet-pin-certificates and --kubelet-insecure-tls");
    if (f.kubelet_pin_certificates && f.deprecated_kubelet_completely_insecure)
        refuse("cannot use both --kubelet-pin-certificates and --deprecated-kubelet-completely-insecure");
    if (!f.kubelet_pin_file.empty() && !f.kubelet_pin_certificates)
        refuse("need --kubelet-pin-certificates for --kubelet-pin-file");
    if (f.kubelet_certificate_names != "node" && f.kubelet_certificate_names != "address")
        refuse(fmt::format("--kubelet-certificate-names {} must be node or address",
                           text::quoted(f.kubelet_certificate_names)));
}

// What k8s.io/apiserver and component-base check when they read or apply their flags, and our own.
void check_rest(const Flags& f) {
    if (f.logging_format != "text" && f.logging_format != "json")
        refuse(fmt::format("--logging-format: Invalid value: {}: Unsupported log format",
                           text::quoted(f.logging_format)));
    if (f.secure_port < 0 || f.secure_port > 65535)
        refuse(fmt::format(
            "--secure-port {} must be between 0 and 65535, inclusive. 0 for turning off secure port",
            f.secure_port));
    if (f.kubelet_port < 1 || f.kubelet_port > 65535)
        refuse(fmt::format("--kubelet-port {} must be between 1 and 65535, inclusive", f.kubelet_port));
    boost::system::error_code error;
    if (!f.bind_address.empty()) boost::asio::ip::make_address(f.bind_address, error);
    if (error)
        refuse(fmt::format("invalid argument {0} for \"--bind-address\" flag: failed to parse IP: {0}",
                           text::quoted(f.bind_address)));
    if (f.tls_cert_file.empty() != f.tls_private_key_file.empty())
        refuse("need both --tls-cert-file and --tls-private-key-file");
    if (f.kubelet_preferred_address_types.empty())
        refuse("need at least one of --kubelet-preferred-address-types");
    tls_choice(f);
}

// k8s.io/apiserver, pkg/server/options/server_run_options.go; a timeout of 0 would time everything out.
void check_requests(const Flags& f) {
    const auto not_negative = [](std::string_view name, bool negative) {
        if (negative) refuse(fmt::format("--{} can not be negative value", name));
    };
    not_negative("max-requests-inflight", f.max_requests_inflight < 0);
    not_negative("max-mutating-requests-inflight", f.max_mutating_requests_inflight < 0);
    not_negative("request-timeout", f.request_timeout < 0ns);
    if (f.request_timeout == 0ns) refuse("--request-timeout should be positive");
    not_negative("shutdown-delay-duration", f.shutdown_delay_duration < 0ns);
    for (const std::string_view directive : f.strict_transport_security_directives) {
        if (directive.find_first_not_of(' ') == directive.npos)
            refuse("empty value in --strict-transport-security-directives");
        if (directive == "includeSubDomains" || directive == "preload") continue;
        if (directive.starts_with("max-age=") && directive.find('=') == directive.rfind('=')) continue;
        refuse(fmt::format(
            "--strict-transport-security-directives: {} is invalid, allowed values: max-age=expireTime, "
            "includeSubDomains, preload. see https://tools.ietf.org/html/rfc6797#section-6.1 for more "
            "information",
            text::quoted(directive)));
    }
}

}  // namespace

void validate(const Flags& flags) {
    check_kubelet(flags);
    check_resolution(flags);
    check_certificates(flags);
    check_requests(flags);
    check_rest(flags);
}

}  // namespace topd
