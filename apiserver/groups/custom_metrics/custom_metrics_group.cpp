// SPDX-License-Identifier: Apache-2.0
#include "apiserver/groups/custom_metrics/custom_metrics_group.hpp"

#include "apiserver/answer.hpp"
#include "apiserver/representation/negotiate.hpp"
#include "apiserver/request/field_selector.hpp"
#include "telemetry/metrics_text.hpp"
#include "text/utf8.hpp"

#include <algorithm>
#include <utility>

namespace apiserver {
namespace {

using storage::applications::kUp;
using storage::applications::Refused;

// Longer ones are no metric's.
constexpr std::size_t kLongestName = 256;
// For what the API server is asked about an object.
constexpr std::chrono::seconds kFind{5};

constexpr const char* kNoNamespace = "name one namespace: metrics of all at once are not served";
constexpr const char* kNoAnnotatedPod = "no pod of the namespace is annotated to be scraped";

DescribedObject pod_object(std::string_view name_space, std::string_view name) {
    return {"Pod", std::string{name_space}, std::string{name}, "v1"};
}

std::string_view metric_of(const CustomMetricsRoute& route) {
    return std::visit(
        [](const auto& one) -> std::string_view {
            if constexpr (requires { one.metric; }) return one.metric;
            return {};
        },
        route);
}

// The resource and the name, as a refusal calls them.
std::string object_of(const CustomMetricsRoute& route) {
    if (const auto* object = std::get_if<ObjectMetric>(&route))
        return std::string{object->resource}.append(" ").append(object->name);
    if (const auto* cluster = std::get_if<ClusterMetric>(&route)) return std::string{cluster->resource};
    if (const auto* space = std::get_if<NamespaceMetric>(&route))
        return "namespaces " + std::string{space->name_space};
    return "pods";
}

std::string_view name_of(const CustomMetricsRoute& route) {
    if (const auto* object = std::get_if<ObjectMetric>(&route)) return object->name;
    if (const auto* space = std::get_if<NamespaceMetric>(&route)) return space->name_space;
    return "*";
}

// A field selector can only repeat the name (k8s.io/apiserver, pkg/endpoints/handlers/get.go).
std::optional<Status> field_fault(const Query& query, std::string_view name) {
    const auto fields = FieldSelector::parse(query.get("fieldSelector"));
    if (!fields) return bad_request(fields.error().text);
    if (fields->empty() || fields->exact_match("metadata.name") == name) return std::nullopt;
    return bad_request("fieldSelector metadata.name doesn't match requested name");
}

bool is_metric_name(std::string_view name) {
    if (name.size() > kLongestName) return false;
    while (!name.empty()) {
        const text::Rune rune = text::first_rune(name);
        if (!rune.valid || !text::is_printable(rune.value)) return false;
        name.remove_prefix(rune.bytes);
    }
    return true;
}

}  // namespace

CustomMetricsGroup::CustomMetricsGroup(storage::applications::Applications& applications,
                                       const storage::Store& store, ObjectPodsSource& objects,
                                       CustomMetricsOptions options)
    : applications_{applications},
      store_{store},
      objects_{objects},
      options_{std::move(options)},
      freshness_{options_.wall_clock} {}

GroupInfo CustomMetricsGroup::info() const {
    return {kCustomMetricsGroup, kCustomMetricsVersions, kCustomMetricsResources};
}

std::vector<NamedSubresource> CustomMetricsGroup::more() const {
    std::vector<NamedSubresource> all;
    for (const std::string& name : applications_.metric_names()) {
        if (name != kUp) all.push_back({"pods/" + name, kMetricValueList, true});
        all.push_back({"namespaces/" + name, kMetricValueList, false});
    }
    return all;
}

void CustomMetricsGroup::describe(OpenApiVersion, std::string_view, Json&, Json&) const {}

net::Task<std::optional<net::Response>> CustomMetricsGroup::respond(GroupCall call) {
    const net::Request& request = call.request;
    const Query& query = call.query;
    const CustomMetricsRoute route = custom_metrics_route(call.path);
    if (std::holds_alternative<NoSuchPath>(route)) co_return std::nullopt;
    if (request.method != "GET") co_return answer_status(method_not_allowed(), request, query);
    const auto form = choose_form(request, query);
    if (!form) co_return answer_status(form.error(), request, query);
    if (std::holds_alternative<InvalidPath>(route))
        co_return answer_status(bad_request("invalid request path"), request, query);

    auto labels = LabelSelector::parse(query.get("labelSelector"));
    if (!labels) co_return answer_status(bad_request(labels.error().text), request, query);
    if (auto fault = field_fault(query, name_of(route))) co_return answer_status(*fault, request, query);
    auto series = SeriesSelector::parse(query.get("metricLabelSelector"));
    if (!series) co_return answer_status(bad_request(series.error().text), request, query);
    const Question question{metric_of(route), std::move(*labels), std::move(*series), object_of(route),
                            std::string{query.get("metricLabelSelector")}};
    Items found = co_await items(route, question);
    if (!found) co_return answer_status(found.error(), request, query);

    const storage::Nanos now = freshness_.now();
    for (const MetricValue& item : *found) freshness_.observe(now, item.figure.at);
    const MetricValues values{call.version, question.metric, question.series, std::move(*found)};
    Document document;
    if (form->type == MediaType::protobuf)
        document.protobuf = to_protobuf(values);
    else
        document.json = to_json(values);
    co_return answer_document(200, *form, document);
}

net::Task<CustomMetricsGroup::Items> CustomMetricsGroup::items(const CustomMetricsRoute& route,
                                                               const Question& question) {
    if (!is_metric_name(question.metric)) {
        // It is not repeated: it may be anything.
        Status nameless{404, "no metric has such a name", "NotFound", std::nullopt};
        co_return nameless;
    }
    if (const auto* pods = std::get_if<PodsMetric>(&route)) co_return of_pods(*pods, question);
    if (const auto* space = std::get_if<NamespaceMetric>(&route)) co_return of_namespace(*space, question);
    if (const auto* object = std::get_if<ObjectMetric>(&route)) {
        if (object->resource == "pods") co_return of_pod(*object, question);
        Items found = co_await of_object(*object, question);
        co_return found;
    }
    co_return not_found(question, "metrics of objects outside of namespaces are not served");
}

CustomMetricsGroup::Items CustomMetricsGroup::of_pods(const PodsMetric& wanted, const Question& question) {
    const auto pods = selected_pods(store_, wanted.name_space, question.labels, options_.monotonic_clock());
    const PodFigures figures = ask(wanted.name_space, pods, question);
    if (pods.empty()) {
        const std::vector<std::string> names = applications_.metric_names();
        if (std::binary_search(names.begin(), names.end(), question.metric))
            return std::vector<MetricValue>{};
        return not_found(question, question.labels.empty()
                                       ? "no pod runs in the namespace"
                                       : "no running pod has the labels that are asked for");
    }
    if (figures.known.empty()) return not_found(question, figures);
    std::vector<MetricValue> items;
    items.reserve(figures.known.size());
    for (const auto& [pod, figure] : figures.known)
        items.push_back({pod_object(wanted.name_space, pod), figure});
    return items;
}

CustomMetricsGroup::Items CustomMetricsGroup::of_pod(const ObjectMetric& wanted, const Question& question) {
    const std::string pod{wanted.name};
    storage::PodView seen;
    if (!store_.pod(wanted.name_space, pod, options_.monotonic_clock(), seen))
        return not_found(question, "no such pod runs");
    return sum(pod_object(wanted.name_space, pod), {&pod, 1}, question, {});
}

CustomMetricsGroup::Items CustomMetricsGroup::of_namespace(const NamespaceMetric& wanted,
                                                           const Question& question) {
    if (wanted.name_space == "*") return not_found(question, kNoNamespace);
    const auto pods = annotated_pods(applications_, wanted.name_space);
    return sum({"Namespace", "", std::string{wanted.name_space}, "v1"}, pods, question, kNoAnnotatedPod);
}

net::Task<CustomMetricsGroup::Items> CustomMetricsGroup::of_object(ObjectMetric wanted,
                                                                   const Question& question) {
    const std::string name_space{wanted.name_space};
    const std::string name{wanted.name};
    if (name == "*") co_return not_found(question, "name one object: of all of them only pods are served");
    ObjectName asked{name_space, std::string{wanted.resource}, name};
    const auto object = co_await objects_.find(std::move(asked), net::Clock::now() + kFind);
    if (!object) co_return not_found(question, object.error().text);
    const auto pods = selected_pods(store_, name_space, object->selector, options_.monotonic_clock());
    DescribedObject described{object->kind, name_space, name, object->api_version};
    co_return sum(std::move(described), pods, question, "it has no pods now");
}

CustomMetricsGroup::Items CustomMetricsGroup::sum(DescribedObject object, std::span<const std::string> pods,
                                                  const Question& question, std::string_view without_pods) {
    const std::string name_space = object.kind == "Namespace" ? object.name : object.name_space;
    if (pods.empty()) return not_found(question, without_pods);
    const PodFigures figures = ask(name_space, pods, question);
    const auto figure = figures.sum();
    if (!figure) return not_found(question, figures);
    return std::vector<MetricValue>{{std::move(object), *figure}};
}

PodFigures CustomMetricsGroup::ask(std::string_view name_space, std::span<const std::string> pods,
                                   const Question& question) {
    return ask_for(applications_,
                   {std::string{name_space}, std::string{question.metric}, question.series.requirements()},
                   pods, options_.monotonic_clock());
}

Status CustomMetricsGroup::not_found(const Question& question, std::string_view why) const {
    std::string message = "the server could not find the metric ";
    message.append(question.metric).append(" for ").append(question.object);
    if (!question.metric_selector.empty()) message.append(" with selector ").append(question.metric_selector);
    message.append(": ").append(why);
    return {404, std::move(message), "NotFound", std::nullopt};
}

Status CustomMetricsGroup::not_found(const Question& question, const PodFigures& figures) const {
    if (figures.refused != Refused::nothing) return not_found(question, refusal_words(figures.refused));
    return not_found(question, figures.missing.words(figures.since, options_.annotations));
}

void CustomMetricsGroup::write_freshness(telemetry::MetricsText& text) const {
    const telemetry::Histogram& ages = freshness_.ages();
    text.begin({"metrics_apiserver_metric_freshness_seconds", "[ALPHA] Freshness of metrics exported",
                telemetry::MetricType::histogram});
    text.histogram({{"group", kCustomMetricsGroup}}, ages.bounds(), ages.counts(), ages.sum());
}

}  // namespace apiserver
