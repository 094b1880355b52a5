// SPDX-License-Identifier: Apache-2.0
// The bytes are those of docs' contract: written by hand, and read by the HorizontalPodAutoscaler's own
// converter.
#include "apiserver/groups/custom_metrics/metric_values.hpp"

#include "apiserver/encode/quantity.hpp"
#include "test/kube/bytes.hpp"

#include <limits>

#include <catch2/catch.hpp>

using apiserver::MetricValue;
using apiserver::MetricValues;
using apiserver::SeriesSelector;
using std::chrono::nanoseconds;
using std::chrono::seconds;

namespace {

// 2026-11-27T22:53:20Z
constexpr storage::Nanos kAt = nanoseconds{seconds{1795820000}}.count();

MetricValue web() {
    return {{"Pod", "default", "web-0", "v1"}, {10'500, kAt, seconds{15}}};
}

SeriesSelector selector(const std::string& text) {
    const auto parsed = SeriesSelector::parse(text);
    REQUIRE(parsed.has_value());
    return *parsed;
}

std::string list(const std::string& version, const std::string& items) {
    return R"({"kind":"MetricValueList","apiVersion":"custom.metrics.k8s.io/)" + version +
           R"(","metadata":{},"items":[)" + items + "]}";
}

const std::string kObject =
    R"({"describedObject":{"kind":"Pod","namespace":"default","name":"web-0","apiVersion":"v1"},)";

}  // namespace

TEST_CASE("a list of metric values has the bytes of v1beta1") {
    const SeriesSelector all;
    const MetricValues values{"v1beta1", "http_requests", all, {web()}};
    CHECK(to_json(values) ==
          list("v1beta1", kObject + R"("metricName":"http_requests","timestamp":"2026-11-27T22:53:20Z",)"
                                    R"("window":15,"value":"10500m","selector":null})"));
    const std::string bytes = to_protobuf(values);
    CHECK(bytes.size() == 140);
    CHECK(bytes ==
          kube::test::golden("6b387300 0a30{0a1d'custom.metrics.k8s.io/v1beta1' 120f'MetricValueList'} "
                             "1250{0a06{0a00 1200 1a00} 1246{0a1f{0a03'Pod' 1207'default' 1a05'web-0' 2200 "
                             "2a02'v1' 3200 3a00} 120d'http_requests' 1a08{08e093a8d806 1000} 200f "
                             "2a08{0a06'10500m'}}} 1a00 2200"));
}

TEST_CASE("a list of metric values has the bytes of v1beta2") {
    const SeriesSelector get = selector("verb=GET");
    const MetricValues values{"v1beta2", "http_requests", get, {web()}};
    CHECK(to_json(values) ==
          list("v1beta2", kObject + R"("metric":{"name":"http_requests","selector":{"matchLabels":)"
                                    R"({"verb":"GET"}}},"timestamp":"2026-11-27T22:53:20Z",)"
                                    R"("windowSeconds":15,"value":"10500m"})"));
    CHECK(to_protobuf(values) ==
          kube::test::golden("6b387300 0a30{0a1d'custom.metrics.k8s.io/v1beta2' 120f'MetricValueList'} "
                             "1261{0a06{0a00 1200 1a00} 1257{0a1f{0a03'Pod' 1207'default' 1a05'web-0' 2200 "
                             "2a02'v1' 3200 3a00} 121e{0a0d'http_requests' 120d{0a0b{0a04'verb' 1203'GET'}}} "
                             "1a08{08e093a8d806 1000} 200f 2a08{0a06'10500m'}}} 1a00 2200"));
}

TEST_CASE("a selector stands behind the value in v1beta1, and none is null in v1beta2") {
    const SeriesSelector get = selector("verb=GET");
    const MetricValues one{"v1beta1", "up", get, {{{"Namespace", "", "default", "v1"}, {1000, kAt, {}}}}};
    CHECK(to_json(one) ==
          list("v1beta1", R"({"describedObject":{"kind":"Namespace","name":"default","apiVersion":"v1"},)"
                          R"("metricName":"up","timestamp":"2026-11-27T22:53:20Z","value":"1",)"
                          R"("selector":{"matchLabels":{"verb":"GET"}}})"));
    CHECK(to_protobuf(one).find(kube::test::golden("2a03{0a01'1'} 320d{0a0b{0a04'verb' 1203'GET'}}")) !=
          std::string::npos);
    const SeriesSelector all;
    const MetricValues two{"v1beta2", "up", all, {}};
    CHECK(to_json(two) == list("v1beta2", ""));
    CHECK(to_json(MetricValues{"v1beta2", "up", all, {web()}})
              .find(R"("metric":{"name":"up","selector":null},)") != std::string::npos);
    CHECK(to_protobuf(two) ==
          kube::test::golden("6b387300 0a30{0a1d'custom.metrics.k8s.io/v1beta2' 120f'MetricValueList'} "
                             "1208{0a06{0a00 1200 1a00}} 1a00 2200"));
}

TEST_CASE("a selector of series is repeated as a LabelSelector") {
    const std::pair<std::string, std::string> cases[] = {
        {"", "null"},
        {"verb=GET", R"({"matchLabels":{"verb":"GET"}})"},
        {"verb=GET,code==200", R"({"matchLabels":{"code":"200","verb":"GET"}})"},
        {"verb in (GET)", R"({"matchLabels":{"verb":"GET"}})"},
        {"code in (500,200)",
         R"({"matchExpressions":[{"key":"code","operator":"In","values":["200","500"]}]})"},
        {"code!=500", R"({"matchExpressions":[{"key":"code","operator":"NotIn","values":["500"]}]})"},
        {"verb,!code", R"({"matchExpressions":[{"key":"code","operator":"DoesNotExist"},)"
                       R"({"key":"verb","operator":"Exists"}]})"},
        {"a=1,a=2", R"({"matchLabels":{"a":"1"},"matchExpressions":[{"key":"a","operator":"In",)"
                    R"("values":["2"]}]})"},
    };
    for (const auto& [text, expected] : cases) {
        CAPTURE(text);
        CHECK(selector(text).json() == expected);
    }
    CHECK(selector("a=1,b!=2").protobuf() ==
          kube::test::golden("0a06{0a01'a' 1201'1'} 120d{0a01'b' 1205'NotIn' 1a01'2'}"));
    CHECK(SeriesSelector{}.protobuf().empty());
}

TEST_CASE("a selector of series becomes requirements of the store") {
    using storage::applications::Requirement;
    using Op = Requirement::Op;
    CHECK(selector("verb=GET,code notin (b,a),x,!y").requirements() ==
          std::vector<Requirement>{{"code", Op::not_in, {"a", "b"}},
                                   {"verb", Op::in, {"GET"}},
                                   {"x", Op::exists, {}},
                                   {"y", Op::does_not_exist, {}}});
    CHECK(SeriesSelector::parse("code>400").error().text ==
          "the metricLabelSelector must not compare with > or <");
    CHECK(SeriesSelector::parse(std::string(SeriesSelector::kMaxBytes + 1, 'a')).error().text ==
          "the metricLabelSelector is too long");
    const auto in = [](std::size_t values) {
        std::string text = "a in (0";
        for (std::size_t i = 1; i < values; ++i) text.append(",").append(std::to_string(i));
        return SeriesSelector::parse(text + ")");
    };
    CHECK(in(99).has_value());
    CHECK(in(100).error().text == "the metricLabelSelector has too many values");
}

TEST_CASE("a milli-value is written as Kubernetes writes it") {
    const std::pair<std::int64_t, std::string> cases[] = {
        {0, "0"},
        {1, "1m"},
        {10'500, "10500m"},
        {42'000, "42"},
        {1'000'000, "1k"},
        {1'500'000, "1500"},
        {-1, "-1m"},
        {-42'000, "-42"},
        {9'200'000'000'000'000, "9200G"},
        {std::numeric_limits<std::int64_t>::max(), "9223372036854775807m"},
        {std::numeric_limits<std::int64_t>::min(), "-9223372036854775808m"},
    };
    for (const auto& [milli, expected] : cases)
        CHECK(apiserver::QuantityText::of_milli(milli).view() == expected);
}
