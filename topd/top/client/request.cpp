// SPDX-License-Identifier: Apache-2.0
#include "topd/top/client/request.hpp"

#include "text/percent.hpp"

#include <fmt/format.h>

namespace topd::top {
namespace {

// Among all namespaces names are sorted within theirs, as kubectl top does.
std::string_view order(const Options& options) {
    if (options.sort_by == SortBy::cpu) return "&sort=cpu&order=desc";
    if (options.sort_by == SortBy::memory) return "&sort=memory&order=desc";
    return options.all_namespaces ? "&sort=namespace&order=asc" : "&sort=name&order=asc";
}

std::string parameter(std::string_view name, std::string_view value) {
    return value.empty() ? std::string{} : fmt::format("&{}={}", name, text::percent_encoded(value));
}

}  // namespace

std::string asked_namespace(const Options& options, const std::string& default_namespace) {
    if (options.all_namespaces) return {};
    if (!options.name_space.empty()) return options.name_space;
    return default_namespace.empty() ? "default" : default_namespace;
}

std::string rows_target(const Options& options, const std::string& default_namespace, const Page& page) {
    std::string target = "/ui/api/rows?kind=";
    if (options.kind == Kind::nodes) {
        target += "node" + parameter("node", options.name);
    } else {
        target += "pod" + parameter("namespace", asked_namespace(options, default_namespace));
        target += parameter("pod", options.name);
    }
    target += parameter("search", options.search);
    target += order(options);
    return target +
           fmt::format("&offset={}&limit={}&range={}", page.offset, page.limit, options.range.seconds);
}

}  // namespace topd::top
