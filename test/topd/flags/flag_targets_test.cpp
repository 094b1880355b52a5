// SPDX-License-Identifier: Apache-2.0
// Each flag sets the field that has its name: two of one kind that changed places would start as well.
#include "topd/flags/flag_table.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string>

#include <catch2/catch.hpp>

using namespace topd;

namespace {

#define FIELD(name) \
    { #name, &Flags::name }

const std::map<std::string, FlagTarget> kFields = {
    FIELD(kubeconfig),
    FIELD(metric_resolution),
    FIELD(serve_swap),
    FIELD(history_memory),
    FIELD(history_window),
    FIELD(history_long_window),
    FIELD(graphs_address),
    FIELD(graphs_exposition),
    FIELD(state_file),
    FIELD(watch_objects),
    FIELD(custom_metrics),
    FIELD(custom_metrics_annotations),
    FIELD(custom_metrics_window),
    FIELD(custom_metrics_ca_file),
    FIELD(custom_metrics_insecure_tls),
    FIELD(custom_metrics_host_network),
    FIELD(custom_metrics_allow_loopback),
    FIELD(node_exporter_series),
    FIELD(bridge_missed_scrapes),
    FIELD(advertise_address),
    FIELD(external_hostname),
    FIELD(version),
    FIELD(help),
    FIELD(deprecated_kubelet_completely_insecure),
    FIELD(kubelet_certificate_authority),
    FIELD(kubelet_certificate_names),
    FIELD(kubelet_client_certificate),
    FIELD(kubelet_client_key),
    FIELD(kubelet_compression),
    FIELD(kubelet_insecure_tls),
    FIELD(kubelet_pin_certificates),
    FIELD(kubelet_pin_file),
    FIELD(kubelet_port),
    FIELD(kubelet_preferred_address_types),
    FIELD(kubelet_request_timeout),
    FIELD(kubelet_summary),
    FIELD(kubelet_summary_interval),
    FIELD(kubelet_use_node_status_port),
    FIELD(node_selector),
    FIELD(bind_address),
    FIELD(cert_dir),
    FIELD(secure_port),
    FIELD(tls_cert_file),
    FIELD(tls_private_key_file),
    FIELD(tls_min_version),
    FIELD(tls_cipher_suites),
    FIELD(tls_curve_preferences),
    FIELD(permit_port_sharing),
    FIELD(authentication_kubeconfig),
    FIELD(authentication_skip_lookup),
    FIELD(authentication_tolerate_lookup_failure),
    FIELD(authentication_token_webhook_cache_ttl),
    FIELD(client_ca_file),
    FIELD(requestheader_client_ca_file),
    FIELD(requestheader_allowed_names),
    FIELD(requestheader_username_headers),
    FIELD(requestheader_group_headers),
    FIELD(requestheader_extra_headers_prefix),
    FIELD(requestheader_uid_headers),
    FIELD(authorization_always_allow_paths),
    FIELD(authorization_kubeconfig),
    FIELD(authorization_webhook_cache_authorized_ttl),
    FIELD(authorization_webhook_cache_unauthorized_ttl),
    FIELD(max_requests_inflight),
    FIELD(max_mutating_requests_inflight),
    FIELD(request_timeout),
    FIELD(shutdown_delay_duration),
    FIELD(shutdown_send_retry_after),
    FIELD(strict_transport_security_directives),
    FIELD(v),
    FIELD(logging_format),
    FIELD(sink_spool_dir),
    FIELD(sink_spool_bytes),
    {"sink", Repeated{&Flags::sink}},
};

#undef FIELD

struct SameField {
    template <class Field>
    bool operator()(Field a, Field b) const {
        return a == b;
    }
    bool operator()(Unused, Unused) const { return false; }
    template <class A, class B>
    bool operator()(A, B) const {
        return false;
    }
};

}  // namespace

TEST_CASE("every flag sets the field of its name and every field has its flag") {
    std::set<std::string> set;
    for (const FlagGroup& group : flag_groups())
        for (const Flag& flag : group.flags) {
            if (std::holds_alternative<Unused>(flag.target)) continue;
            std::string name{flag.name};
            std::replace(name.begin(), name.end(), '-', '_');
            CAPTURE(name);
            const auto field = kFields.find(name);
            REQUIRE(field != kFields.end());
            CHECK(std::visit(SameField{}, flag.target, field->second));
            set.insert(name);
        }
    CHECK(set.size() == kFields.size());
}
