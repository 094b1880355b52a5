// SPDX-License-Identifier: Apache-2.0
#include "apiserver/groups/custom_metrics/kube_object_pods.hpp"

#include "kube/wire/json_fields.hpp"
#include "net/http/client.hpp"

#include <algorithm>
#include <utility>

#include <nlohmann/json.hpp>

namespace apiserver {
namespace {

using nlohmann::json;
using text::Parsed;
using text::ParseError;

constexpr std::size_t kLongestAnswer = 1024 * 1024;
constexpr std::size_t kMostKinds = 100;
constexpr std::chrono::minutes kKindKept{10};

// What stands in a path as it is: other names are no objects'.
bool is_path_safe(std::string_view name) {
    static constexpr std::string_view kSafe = "abcdefghijklmnopqrstuvwxyz0123456789-.";
    return !name.empty() && name.size() <= 253 && name.find_first_not_of(kSafe) == name.npos;
}

// "/api/v1" or "/apis/apps/v1"
std::string root_of(std::string_view api_version) {
    const bool core = api_version.find('/') == api_version.npos;
    return (core ? "/api/" : "/apis/") + std::string{api_version};
}

// A Service selects by matchLabels alone.
std::string selector_text(const json& match_labels) {
    std::string out;
    if (!match_labels.is_object()) return out;
    for (const auto& [key, value] : match_labels.items()) {
        if (!value.is_string()) continue;
        if (!out.empty()) out.push_back(',');
        out.append(key).append("=").append(value.get<std::string>());
    }
    return out;
}

Parsed<ObjectPods> object_pods(std::string kind, std::string api_version, const std::string& selector) {
    if (selector.empty()) return ParseError{"it selects no pods"};
    auto parsed = LabelSelector::parse(selector);
    if (!parsed || parsed->empty()) return ParseError{"its selector cannot be read"};
    return ObjectPods{std::move(kind), std::move(api_version), std::move(*parsed)};
}

std::pair<std::string, std::string> name_and_group(const std::string& resource) {
    const std::size_t dot = resource.find('.');
    if (dot == resource.npos) return {resource, ""};
    return {resource.substr(0, dot), resource.substr(dot + 1)};
}

}  // namespace

net::Task<Parsed<ObjectPods>> KubeObjectPods::find(ObjectName object, net::Deadline until) {
    if (auto known = kept(object)) co_return std::move(*known);
    if (!is_path_safe(object.name_space) || !is_path_safe(object.resource) || !is_path_safe(object.name))
        co_return ParseError{"there is no such object"};
    const auto turn = co_await turns_.take(until);
    if (!turn) co_return ParseError{"too many objects are being looked up; it is tried again"};
    // Another one may have asked meanwhile.
    if (auto known = kept(object)) co_return std::move(*known);
    Found found = co_await ask(object, until);
    keep(object, found);
    co_return found;
}

std::optional<KubeObjectPods::Found> KubeObjectPods::kept(const ObjectName& object) const {
    const auto at = kept_.find(object);
    if (at == kept_.end() || clock_() >= at->second.until) return std::nullopt;
    return at->second.found;
}

void KubeObjectPods::keep(const ObjectName& object, const Found& found) {
    const auto now = clock_();
    if (kept_.size() >= kMostObjects && !kept_.contains(object)) {
        const auto sooner = [](const auto& a, const auto& b) { return a.second.until < b.second.until; };
        kept_.erase(std::min_element(kept_.begin(), kept_.end(), sooner));
    }
    kept_.insert_or_assign(object, Kept{found, now + (found ? kKept : kRefusalKept)});
}

net::Task<Parsed<ObjectPods>> KubeObjectPods::ask(ObjectName object, net::Deadline until) {
    if (object.resource == "services") {
        Found found = co_await ask_service(std::move(object), until);
        co_return found;
    }
    Found found = co_await ask_scale(std::move(object), until);
    co_return found;
}

net::Task<Parsed<ObjectPods>> KubeObjectPods::ask_service(ObjectName object, net::Deadline until) {
    const std::string path = "/api/v1/namespaces/" + object.name_space + "/services/" + object.name;
    const auto service = co_await get(path, "the Service could not be read", until);
    if (!service) co_return service.error();
    const std::string selector = selector_text(kube::member(kube::member(*service, "spec"), "selector"));
    if (selector.empty()) co_return ParseError{"the Service has no selector, so it says nothing of pods"};
    co_return object_pods("Service", "v1", selector);
}

net::Task<Parsed<ObjectPods>> KubeObjectPods::ask_scale(ObjectName object, net::Deadline until) {
    const auto [resource, group] = name_and_group(object.resource);
    const auto known = kinds_.find(object.resource);
    std::string api_version, kind;
    if (known != kinds_.end() && clock_() < known->second.until) {
        api_version = known->second.api_version;
        kind = known->second.kind;
    } else {
        const auto preferred_version = co_await preferred(group, until);
        if (!preferred_version) co_return preferred_version.error();
        api_version = *preferred_version;
        kind = co_await kind_of(api_version, resource, until);
        if (kind.empty()) co_return ParseError{"there is no resource " + object.resource};
        if (kinds_.size() >= kMostKinds) kinds_.clear();
        kinds_.insert_or_assign(object.resource, KnownKind{api_version, kind, clock_() + kKindKept});
    }
    const std::string path = root_of(api_version) + "/namespaces/" + object.name_space + "/" + resource +
                             "/" + object.name + "/scale";
    const auto scale = co_await get(path, "its scale, which names its pods, could not be read", until);
    if (!scale) co_return scale.error();
    co_return object_pods(std::move(kind), std::move(api_version),
                          kube::text(kube::member(*scale, "status"), "selector"));
}

net::Task<Parsed<std::string>> KubeObjectPods::preferred(std::string group, net::Deadline until) {
    // A text alone could be either.
    constexpr auto kValue = boost::system::in_place_value;
    if (group.empty()) co_return Parsed<std::string>{kValue, "v1"};
    const auto found = co_await get("/apis/" + group, "the group " + group + " could not be read", until);
    if (!found) co_return found.error();
    std::string version = kube::text(kube::member(*found, "preferredVersion"), "groupVersion");
    const std::size_t slash = version.find('/');
    if (slash == version.npos || !is_path_safe(version.substr(slash + 1)))
        co_return ParseError{"the group " + group + " has no version"};
    co_return Parsed<std::string>{kValue, std::move(version)};
}

net::Task<std::string> KubeObjectPods::kind_of(std::string group_version, std::string resource,
                                               net::Deadline until) {
    const auto found = co_await get(root_of(group_version), "", until);
    if (!found) co_return "";
    for (const json& one : kube::member(*found, "resources"))
        if (kube::text(one, "name") == resource) co_return kube::text(one, "kind");
    co_return "";
}

net::Task<Parsed<json>> KubeObjectPods::get(std::string path, std::string what, net::Deadline until) {
    net::StringSink answer{kLongestAnswer};
    net::ExchangeLimits limits;
    limits.deadline = until;
    limits.body_bytes = kLongestAnswer;
    const kube::Outcome<> got = co_await client_.get(std::move(path), "application/json", answer, limits);
    if (!got) co_return ParseError{what + ": " + got.error().text()};
    json document = json::parse(answer.text(), nullptr, false);
    if (!document.is_object()) co_return ParseError{what + ": the answer is no object"};
    co_return Parsed<json>{boost::system::in_place_value, std::move(document)};
}

}  // namespace apiserver
