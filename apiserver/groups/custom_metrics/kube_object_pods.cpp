// SPDX-License-Identifier: Apache-2.0
#include "apiserver/groups/custom_metrics/kube_object_pods.hpp"

#include "kube/json/members.hpp"
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

std::pair<std::string, std::string> name_and_group(const std::string& resource) {
    const std::size_t dot = resource.find('.');
    if (dot == resource.npos) return {resource, ""};
    return {resource.substr(0, dot), resource.substr(dot + 1)};
}

}  // namespace

KubeObjectPods::KubeObjectPods(const net::Executor& executor, const kube::Config& cluster,
                               ClockFunction clock)
    : clock_{std::move(clock)} {
    clients_.reserve(kAtOnce);
    for (std::size_t i = 0; i < kAtOnce; ++i) clients_.emplace_back(executor, cluster);
}

net::Task<Parsed<ObjectPods>> KubeObjectPods::find(ObjectName object, net::Deadline until) {
    if (auto known = kept(object)) co_return std::move(*known);
    if (!is_path_safe(object.name_space) || !is_path_safe(object.resource) || !is_path_safe(object.name))
        co_return ParseError{"there is no such object"};
    const auto turn = co_await turns_.take(until, object.name_space);
    // Another one may have asked meanwhile.
    if (auto known = kept(object)) co_return std::move(*known);
    if (!turn) {
        if (auto old = serving(object)) co_return std::move(*old);
        co_return ParseError{"too many objects are being looked up; it is tried again"};
    }
    auto asked = co_await ask(clients_[turn->lane()], object, until);
    co_return keep(object, std::move(asked));
}

std::optional<KubeObjectPods::Found> KubeObjectPods::kept(const ObjectName& object) const {
    const auto at = kept_.find(object);
    if (at == kept_.end() || clock_() >= at->second.until) return std::nullopt;
    return at->second.found;
}

// What was known before, and may serve although nobody could renew it.
std::optional<KubeObjectPods::Found> KubeObjectPods::serving(const ObjectName& object) const {
    const auto at = kept_.find(object);
    if (at == kept_.end() || !at->second.found || clock_() > at->second.serves_until) return std::nullopt;
    return at->second.found;
}

KubeObjectPods::Found KubeObjectPods::keep(const ObjectName& object, Asked<ObjectPods> asked) {
    const auto now = clock_();
    if (!asked && asked.error().passes) {
        if (auto old = serving(object)) {
            kept_.find(object)->second.until = now + kRefusalKept;
            return std::move(*old);
        }
    }
    if (kept_.size() >= kMostObjects && !kept_.contains(object)) {
        const auto sooner = [](const auto& a, const auto& b) { return a.second.until < b.second.until; };
        kept_.erase(std::min_element(kept_.begin(), kept_.end(), sooner));
    }
    Found found = asked ? Found{std::move(*asked)} : Found{ParseError{asked.error().text}};
    const auto until = now + (found ? kKept : kRefusalKept);
    kept_.insert_or_assign(object, Kept{found, until, until + kServesOn});
    return found;
}

KubeObjectPods::Asked<ObjectPods> KubeObjectPods::object_pods(std::string kind, std::string api_version,
                                                              const std::string& selector) {
    if (selector.empty()) return Refusal{"it selects no pods"};
    auto parsed = LabelSelector::parse(selector);
    if (!parsed || parsed->empty()) return Refusal{"its selector cannot be read"};
    return ObjectPods{std::move(kind), std::move(api_version), std::move(*parsed)};
}

net::Task<KubeObjectPods::Asked<ObjectPods>> KubeObjectPods::ask(kube::Client& client, ObjectName object,
                                                                 net::Deadline until) {
    if (object.resource == "services") {
        auto found = co_await ask_service(client, std::move(object), until);
        co_return found;
    }
    auto found = co_await ask_scale(client, std::move(object), until);
    co_return found;
}

net::Task<KubeObjectPods::Asked<ObjectPods>> KubeObjectPods::ask_service(kube::Client& client,
                                                                         ObjectName object,
                                                                         net::Deadline until) {
    const std::string path = "/api/v1/namespaces/" + object.name_space + "/services/" + object.name;
    const auto service = co_await get(client, path, "the Service could not be read", until);
    if (!service) co_return service.error();
    const std::string selector = selector_text(kube::member(kube::member(*service, "spec"), "selector"));
    if (selector.empty()) co_return Refusal{"the Service has no selector, so it says nothing of pods"};
    co_return object_pods("Service", "v1", selector);
}

net::Task<KubeObjectPods::Asked<ObjectPods>> KubeObjectPods::ask_scale(kube::Client& client,
                                                                       ObjectName object,
                                                                       net::Deadline until) {
    const auto [resource, group] = name_and_group(object.resource);
    const auto known = kinds_.find(object.resource);
    std::string api_version, kind;
    if (known != kinds_.end() && clock_() < known->second.until) {
        api_version = known->second.api_version;
        kind = known->second.kind;
    } else {
        const auto preferred_version = co_await preferred(client, group, until);
        if (!preferred_version) co_return preferred_version.error();
        api_version = *preferred_version;
        const auto found_kind = co_await kind_of(client, api_version, resource, until);
        if (!found_kind) co_return found_kind.error();
        kind = *found_kind;
        if (kind.empty()) co_return Refusal{"there is no resource " + object.resource};
        if (kinds_.size() >= kMostKinds) kinds_.clear();
        kinds_.insert_or_assign(object.resource, KnownKind{api_version, kind, clock_() + kKindKept});
    }
    const std::string path = root_of(api_version) + "/namespaces/" + object.name_space + "/" + resource +
                             "/" + object.name + "/scale";
    const auto scale =
        co_await get(client, path, "its scale, which names its pods, could not be read", until);
    if (!scale) co_return scale.error();
    co_return object_pods(std::move(kind), std::move(api_version),
                          kube::text(kube::member(*scale, "status"), "selector"));
}

net::Task<KubeObjectPods::Asked<std::string>> KubeObjectPods::preferred(kube::Client& client,
                                                                        std::string group,
                                                                        net::Deadline until) {
    // A text alone could be either.
    constexpr auto kValue = boost::system::in_place_value;
    if (group.empty()) co_return Asked<std::string>{kValue, "v1"};
    const auto found =
        co_await get(client, "/apis/" + group, "the group " + group + " could not be read", until);
    if (!found) co_return found.error();
    std::string version = kube::text(kube::member(*found, "preferredVersion"), "groupVersion");
    const std::size_t slash = version.find('/');
    if (slash == version.npos || !is_path_safe(version.substr(slash + 1)))
        co_return Refusal{"the group " + group + " has no version"};
    co_return Asked<std::string>{kValue, std::move(version)};
}

net::Task<KubeObjectPods::Asked<std::string>> KubeObjectPods::kind_of(kube::Client& client,
                                                                      std::string group_version,
                                                                      std::string resource,
                                                                      net::Deadline until) {
    constexpr auto kValue = boost::system::in_place_value;
    const auto found = co_await get(client, root_of(group_version),
                                    "the resources of " + group_version + " could not be read", until);
    if (!found) co_return found.error();
    for (const json& one : kube::member(*found, "resources"))
        if (kube::text(one, "name") == resource)
            co_return Asked<std::string>{kValue, kube::text(one, "kind")};
    co_return Asked<std::string>{kValue, ""};
}

net::Task<KubeObjectPods::Asked<json>> KubeObjectPods::get(kube::Client& client, std::string path,
                                                           std::string what, net::Deadline until) {
    net::StringSink answer{kLongestAnswer};
    net::ExchangeLimits limits;
    limits.deadline = until;
    limits.body_bytes = kLongestAnswer;
    const kube::Outcome<> got = co_await client.get(std::move(path), "application/json", answer, limits);
    if (!got) {
        // What says something of the object, or of our right to it.
        const auto status = got.error().http_status;
        const bool is_answer = status >= 400 && status < 500 && status != 408 && status != 429;
        co_return Refusal{what + ": " + got.error().text(), !is_answer};
    }
    json document = json::parse(answer.text(), nullptr, false);
    if (!document.is_object()) co_return Refusal{what + ": the answer is no object", true};
    co_return Asked<json>{boost::system::in_place_value, std::move(document)};
}

}  // namespace apiserver
