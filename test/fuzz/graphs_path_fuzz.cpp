// SPDX-License-Identifier: Apache-2.0
// Any path is a route of the two APIs for graphs or none, as a second reading of their patterns says; any
// text is a time, a host of this machine, or neither. The first byte chooses what the rest is.
#include "apiserver/graphs/route.hpp"
#include "apiserver/graphs_port/host_check.hpp"
#include "test/fuzz/require.hpp"
#include "text/go_time.hpp"
#include "text/rfc3339.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace {

using apiserver::ModelRoute;
using Segments = std::vector<std::string_view>;

// nullopt: the path does not begin with a slash.
std::optional<Segments> segments_of(std::string_view path) {
    if (!path.starts_with('/')) return std::nullopt;
    Segments out;
    while (!path.empty()) {
        path.remove_prefix(1);
        const std::size_t slash = std::min(path.find('/'), path.size());
        out.push_back(path.substr(0, slash));
        path.remove_prefix(slash);
    }
    return out;
}

bool some_empty(const Segments& segments) {
    return std::any_of(segments.begin(), segments.end(), [](std::string_view each) { return each.empty(); });
}

bool is_within(std::string_view part, std::string_view whole) {
    return part.empty() ||
           (part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size());
}

void check_dashboard(std::string_view path) {
    const auto route = apiserver::dashboard_route(path);
    const auto segments = segments_of(path);
    const bool formed = segments && !some_empty(*segments);
    const bool nodes =
        formed && segments->size() == 5 && (*segments)[0] == "nodes" && (*segments)[2] == "metrics";
    const bool pods = formed && segments->size() == 7 && (*segments)[0] == "namespaces" &&
                      (*segments)[2] == "pod-list" && (*segments)[4] == "metrics";
    require(route.has_value() == (nodes || pods), "the scraper has two routes");
    if (!route) return;
    require(route->name_space.has_value() == pods, "one of them has a namespace");
    require(route->metric == (*segments)[nodes ? 3 : 5], "the metric is one segment");
    require(route->names == (*segments)[nodes ? 1 : 3], "so are the names");
    apiserver::NameList list{route->names};
    std::size_t names = 0;
    while (const auto name = list.next()) {
        require(is_within(*name, path) && name->find(',') == name->npos, "a name has no comma");
        ++names;
    }
    const auto commas = std::count(route->names.begin(), route->names.end(), ',');
    require(names == static_cast<std::size_t>(commas) + 1, "names stand between commas");
}

void check_model(std::string_view path) {
    const auto route = apiserver::model_route(path);
    if (path.ends_with('/')) path.remove_suffix(1);
    const auto segments = segments_of(path);
    if (!segments || segments->empty()) return require(!route, "there is nothing at the root");
    const std::string_view first = segments->front();
    const bool known = first == "metrics" || first == "nodes" || first == "namespaces" || first == "debug";
    if (!known) return require(!route, "all of it is below four names");
    if (!route) return;
    if (const auto* series = std::get_if<apiserver::ModelSeries>(&*route)) {
        require(!series->metric.empty() && path.ends_with(series->metric),
                "the metric is the rest of the path");
        require(is_within(series->metric, path), "and a part of it");
    } else if (const auto* list = std::get_if<apiserver::ModelPodList>(&*route)) {
        require((*segments)[1] == list->name_space && (*segments)[3] == list->names,
                "names come as they are");
        require(!list->metric.empty() && path.ends_with(list->metric), "the metric is the rest of the path");
    } else {
        require(!some_empty(*segments) && segments->size() <= 7, "a name is never empty");
    }
}

void check_time(std::string_view text) {
    using text::Between;
    const auto down = text::parse_rfc3339(text, Between::down);
    const auto up = text::parse_rfc3339(text, Between::up);
    require(down.has_value() == up.has_value(), "rounding does not change what is a time");
    if (!down) return require(down.error().text.starts_with("parsing time \""), "a refusal has a reason");
    require(*up - *down == 0 || *up - *down == 1, "rounding is by a second");
    // Years 0 to 9999.
    if (*down < -62'167'219'200 || *down > 253'402'300'799) return;
    std::string written;
    text::append_timestamp(written, *down);
    const auto again = text::parse_rfc3339(written, Between::up);
    require(again && *again == *down, "what is written is read");
}

void check_host(std::string_view text) {
    const bool local = apiserver::is_local_host(text, "10.0.0.1");
    require(!apiserver::is_local_host("evil" + std::string{text}, "10.0.0.1"), "nothing may stand in front");
    const bool evil =
        text.find('/') != text.npos || text.find('@') != text.npos || text.find('\0') != text.npos;
    require(!local || !evil, "a host is a name and a port");
}

}  // namespace

// NOLINTNEXTLINE(readability-identifier-naming): libFuzzer's name
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::string_view text = text_of(data + 1, size - 1);
    switch (data[0] % 4) {
        case 0:
            check_dashboard(text);
            break;
        case 1:
            check_model(text);
            break;
        case 2:
            check_time(text);
            break;
        default:
            check_host(text);
    }
    return 0;
}
