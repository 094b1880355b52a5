// SPDX-License-Identifier: Apache-2.0
// The resources of metrics.k8s.io: nodes and pods, get and list. v1 and v1beta1 differ in a string.
#pragma once

#include "apiserver/encode/encoder.hpp"
#include "apiserver/groups/metrics/options.hpp"
#include "apiserver/groups/metrics/route.hpp"
#include "apiserver/list/answer.hpp"
#include "apiserver/list/freshness.hpp"
#include "apiserver/representation/format.hpp"
#include "apiserver/request/metrics_objects.hpp"
#include "net/http/message.hpp"
#include "storage/store.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace apiserver {

// The store and the compression must outlive it, and it the answers it gives.
class MetricsApi {
  public:
    MetricsApi(const storage::Store& store, Compression& compression, MetricsOptions options);

    net::Response get(const MetricsObject& wanted, const net::Request& request, const Query& query);
    net::Task<net::Response> list(MetricsList wanted, const net::Request& request, const Query& query);

    void write_freshness(telemetry::MetricsText& text) const;

  private:
    std::unique_ptr<Encoder> make_encoder(const Resource& resource, std::string_view version,
                                          const Representation& form, const Query& query);
    // How one object is answered.
    struct Asked {
        std::string_view version;
        Representation form;
        const net::Request& request;
        const Query& query;
    };
    net::Response get_node(const OneNode& wanted, const Asked& asked);
    net::Response get_pod(const OnePod& wanted, const Asked& asked);
    net::Response answer_row(const Resource& resource, const Row& row, const Asked& asked);

    const storage::Store& store_;
    MetricsOptions options_;
    EncoderSource encoder_source_;
    KeptLists kept_;
    Compression& compression_;
    Freshness freshness_;
};

}  // namespace apiserver
