// SPDX-License-Identifier: Apache-2.0
#include "apiserver/groups/metrics/metrics_api.hpp"

#include "apiserver/answer.hpp"
#include "apiserver/representation/negotiate.hpp"
#include "apiserver/request/list_options.hpp"
#include "apiserver/request/request_info.hpp"
#include "apiserver/table/table.hpp"
#include "text/go_text.hpp"

#include <utility>

namespace apiserver {
namespace {

// In the two kinds of NotFound: of an object the watches do not show, and of one without figures.
constexpr std::string_view kUnknownNode = "node";
constexpr std::string_view kNoNodeMetrics = "nodemetrics";
constexpr std::string_view kUnknownPod = "pods";
constexpr std::string_view kNoPodMetrics = "podmetrics";

constexpr Offer kObjectOffer{.allows = as_shape};
constexpr Offer kListOffer{.allows = as_shape, .streams = Streams::named};

// Why the form cannot be had of this: what a client may ask of a list it may not ask of an object. The types
// are Go's.
std::optional<Status> shape_fault(Representation form, const Resource& resource, bool list,
                                  const Query& query) {
    const auto type = [](std::string_view kind) { return "(*metrics." + std::string{kind} + ")"; };
    if (form.shape == Shape::metadata && list) {
        return not_convertible("you requested PartialObjectMetadata, but the requested object is a list " +
                               type(resource.list_kind));
    }
    if (form.shape == Shape::metadata_list && !list) {
        return not_convertible(
            "you requested PartialObjectMetadataList, but the requested object is not a list " +
            type(resource.kind));
    }
    const std::string_view include = query.get("includeObject");
    if (form.shape != Shape::table || parse_include_object(include)) return std::nullopt;
    return bad_request("Unable to convert to Table as requested: includeObject: Invalid value: " +
                       text::quoted(include) + ": must be 'Metadata', 'Object', 'None', or empty");
}

IncludeObject include_object(const Query& query) {
    return parse_include_object(query.get("includeObject")).value_or(IncludeObject::metadata);
}

}  // namespace

MetricsApi::MetricsApi(const storage::Store& store, Compression& compression, MetricsOptions options)
    : store_{store},
      options_{std::move(options)},
      encoder_source_{store},
      kept_{options_.encoded_list_bytes, options_.encoded_list_wait, options_.monotonic_clock},
      compression_{compression},
      freshness_{options_.wall_clock} {}

std::unique_ptr<Encoder> MetricsApi::make_encoder(const Resource& resource, std::string_view version,
                                                  const Representation& form, const Query& query) {
    RowStyle style{resource.kind, resource.list_kind, std::string{kMetricsGroup}.append("/").append(version)};
    style.created =
        std::chrono::floor<std::chrono::seconds>(options_.wall_clock()).time_since_epoch().count();
    style.swap = options_.swap;
    return format_of(form.type).encoder(encoder_source_, std::move(style), form, include_object(query));
}

net::Response MetricsApi::get(const MetricsObject& wanted, const net::Request& request, const Query& query) {
    const auto form = choose_form(request, query, kObjectOffer);
    if (!form) return answer_status(form.error(), request, query);
    if (option_is_set(query, "export")) {
        return answer_status(
            bad_request("the export parameter, deprecated since v1.14, is no longer supported"), request,
            query);
    }
    const Asked asked{wanted.version, *form, request, query};
    if (const auto* node = std::get_if<OneNode>(&wanted.of)) return get_node(*node, asked);
    return get_pod(std::get<OnePod>(wanted.of), asked);
}

net::Response MetricsApi::answer_row(const Resource& resource, const Row& row, const Asked& asked) {
    const auto fault = shape_fault(asked.form, resource, false, asked.query);
    if (fault) return answer_status(*fault, asked.request, asked.query);
    std::string bytes;
    make_encoder(resource, asked.version, asked.form, asked.query)->object(bytes, row);
    return answer_object(asked.form, std::move(bytes));
}

net::Response MetricsApi::get_node(const OneNode& wanted, const Asked& asked) {
    const auto node = store_.node(wanted.name, options_.monotonic_clock());
    if (!node) return answer_status(unknown_object(kUnknownNode, wanted.name), asked.request, asked.query);
    if (!node->usage)
        return answer_status(no_metrics(kNoNodeMetrics, wanted.name), asked.request, asked.query);
    freshness_.observe(freshness_.now(), node->usage->timestamp);
    return answer_row(kNodes, row_of(*node), asked);
}

net::Response MetricsApi::get_pod(const OnePod& wanted, const Asked& asked) {
    storage::PodView pod;
    if (!store_.pod(wanted.name_space, wanted.name, options_.monotonic_clock(), pod))
        return answer_status(unknown_object(kUnknownPod, wanted.name), asked.request, asked.query);
    if (pod.containers.empty()) {
        const std::string name = wanted.name_space + "/" + wanted.name;
        return answer_status(no_metrics(kNoPodMetrics, name), asked.request, asked.query);
    }
    freshness_.observe(freshness_.now(), pod.timestamp);
    return answer_row(kPods, row_of(pod), asked);
}

net::Task<net::Response> MetricsApi::list(MetricsList wanted, const net::Request& request,
                                          const Query& query) {
    const auto form = choose_form(request, query, kListOffer);
    if (!form) co_return answer_status(form.error(), request, query);
    auto options = parse_list_options(query);
    if (!options) co_return answer_status(options.error(), request, query);
    const Resource& resource = std::holds_alternative<AllNodes>(wanted.of) ? kNodes : kPods;
    if (options->watch) co_return answer_status(watch_not_supported(resource.name), request, query);
    const auto fault = shape_fault(*form, resource, true, query);
    if (fault) co_return answer_status(*fault, request, query);

    Compression* const gzip = accepts_gzip(request) ? &compression_ : nullptr;
    // With selectors lists are many, and small.
    std::optional<ListKey> key;
    if (options->labels.empty() && options->fields.empty()) key = ListKey{wanted, *form, gzip != nullptr};
    ListScope scope;
    scope.of = std::move(wanted.of);
    scope.labels = std::move(options->labels);
    scope.fields = std::move(options->fields);
    scope.node_selector = options_.node_selector;
    auto encoder = make_encoder(resource, wanted.version, *form, query);
    ListWalk walk{store_, std::move(scope), std::move(encoder), options_.monotonic_clock, &freshness_};
    net::Response response = co_await answer_list(std::move(walk), *form, gzip, std::move(key), kept_);
    co_return response;
}

void MetricsApi::write_freshness(telemetry::MetricsText& text) const {
    const telemetry::Histogram& ages = freshness_.ages();
    text.begin({"metrics_server_api_metric_freshness_seconds", "[ALPHA] Freshness of metrics exported",
                telemetry::MetricType::histogram});
    text.histogram({}, ages.bounds(), ages.counts(), ages.sum());
}

}  // namespace apiserver
