// SPDX-License-Identifier: Apache-2.0
#include "apiserver/groups/custom_metrics/metric_values.hpp"

#include "apiserver/encode/quantity.hpp"
#include "apiserver/encode/reverse_protobuf.hpp"
#include "apiserver/groups/custom_metrics/route.hpp"
#include "text/go_text.hpp"
#include "text/go_time.hpp"

#include <chrono>
#include <cstdint>

namespace apiserver {
namespace {

using storage::applications::Figure;

std::string api_version(const MetricValues& values) {
    return std::string{kCustomMetricsGroup}.append("/").append(values.version);
}

bool is_first_version(const MetricValues& values) {
    return values.version == "v1beta1";
}

std::int64_t whole_seconds(storage::Nanos at) {
    return std::chrono::floor<std::chrono::seconds>(std::chrono::nanoseconds{at}).count();
}

// 0: it is not written, and the value is of an instant.
std::int64_t window_seconds(const Figure& figure) {
    return std::chrono::round<std::chrono::seconds>(figure.window).count();
}

// Nothing for an empty value.
void append_member(std::string& out, std::string_view before, std::string_view value) {
    if (value.empty()) return;
    out.append(before);
    text::append_json_string(out, value);
}

void append_object(std::string& out, const DescribedObject& object) {
    append_member(out, R"({"describedObject":{"kind":)", object.kind);
    append_member(out, R"(,"namespace":)", object.name_space);
    append_member(out, R"(,"name":)", object.name);
    append_member(out, R"(,"apiVersion":)", object.api_version);
    out.push_back('}');
}

void append_figure(std::string& out, const Figure& figure, std::string_view window_name) {
    out.append(R"(,"timestamp":")");
    text::append_timestamp(out, whole_seconds(figure.at));
    out.push_back('"');
    if (const auto window = window_seconds(figure); window > 0)
        out.append(",\"").append(window_name).append("\":").append(std::to_string(window));
    out.append(R"(,"value":")").append(QuantityText::of_milli(figure.milli).view()).append("\"");
}

// ObjectReference: kind, namespace, name, uid, apiVersion, resourceVersion, fieldPath.
void write_object(ReverseProtobuf& out, const DescribedObject& object) {
    const std::size_t mark = out.size();
    out.text(7, "");
    out.text(6, "");
    out.text(5, object.api_version);
    out.text(4, "");
    out.text(3, object.name);
    out.text(2, object.name_space);
    out.text(1, object.kind);
    out.message(1, mark);
}

void write_figure(ReverseProtobuf& out, const Figure& figure) {
    const std::size_t quantity = out.size();
    out.text(1, QuantityText::of_milli(figure.milli).view());
    out.message(5, quantity);
    if (const auto window = window_seconds(figure); window > 0)
        out.number(4, static_cast<std::uint64_t>(window));
    const std::size_t time = out.size();
    out.number(2, 0);
    out.number(1, static_cast<std::uint64_t>(whole_seconds(figure.at)));
    out.message(3, time);
}

}  // namespace

std::string to_json(const MetricValues& values) {
    const bool first_version = is_first_version(values);
    const std::string selector = values.selector.json();
    std::string name;
    text::append_json_string(name, values.metric);
    // Between the object and the figure, and behind it.
    const std::string metric = first_version
                                   ? R"(,"metricName":)" + name
                                   : R"(,"metric":{"name":)" + name + R"(,"selector":)" + selector + "}";
    const std::string end = first_version ? R"(,"selector":)" + selector + "}" : "}";
    const std::string_view window = first_version ? "window" : "windowSeconds";
    std::string out =
        R"({"kind":"MetricValueList","apiVersion":")" + api_version(values) + R"(","metadata":{},"items":[)";
    for (const MetricValue& item : values.items) {
        if (&item != values.items.data()) out.push_back(',');
        append_object(out, item.object);
        out.append(metric);
        append_figure(out, item.figure, window);
        out.append(end);
    }
    return out.append("]}");
}

std::string to_protobuf(const MetricValues& values) {
    const bool first_version = is_first_version(values);
    const std::string selector = values.selector.protobuf();
    ReverseProtobuf out;
    const std::size_t raw = begin_envelope(out);
    for (auto item = values.items.rbegin(); item != values.items.rend(); ++item) {
        const std::size_t mark = out.size();
        if (first_version && !values.selector.empty()) out.text(6, selector);
        write_figure(out, item->figure);
        if (first_version) {
            out.text(2, values.metric);
        } else {
            const std::size_t metric = out.size();
            if (!values.selector.empty()) out.text(2, selector);
            out.text(1, values.metric);
            out.message(2, metric);
        }
        write_object(out, item->object);
        out.message(2, mark);
    }
    write_list_meta(out);
    end_envelope(out, raw, api_version(values), kMetricValueList);
    return std::string{out.bytes()};
}

}  // namespace apiserver
