// SPDX-License-Identifier: Apache-2.0
#include "apiserver/auth/impersonation.hpp"

#include "apiserver/auth/wanted_user.hpp"
#include "text/parsed.hpp"

#include <algorithm>
#include <functional>
#include <utility>
#include <vector>

namespace apiserver {
namespace {

enum Form : std::size_t { associated_node, arbitrary_node, service_account, user_info, classic };
constexpr std::size_t kForms = 5;
constexpr std::string_view kFormNames[kForms] = {"associated-node", "arbitrary-node", "serviceaccount",
                                                 "user-info", ""};
constexpr std::size_t kRemembered = 10'000;
// So many are first asked for at once, by a star.
constexpr std::size_t kMany = 4;
constexpr unsigned kTooMany = 429;
constexpr std::string_view kNodesGroup = "system:nodes";
constexpr std::string_view kAuthenticationGroup = "authentication.k8s.io";

// Whether the requestor is a service account whose token is bound to that node.
bool is_associated(const User& requestor, std::string_view node) {
    const auto bound = requestor.extra.find("authentication.kubernetes.io/node-name");
    return bound != requestor.extra.end() && bound->second.size() == 1 && bound->second[0] == node &&
           service_account_of(requestor.name);
}

bool applies(std::size_t form, const User& wanted, const User& requestor) {
    const bool name_only = wanted.uid.empty() && wanted.groups.empty() && wanted.extra.empty();
    const auto node = node_of(wanted.name);
    const bool account = service_account_of(wanted.name).has_value();
    switch (form) {
        case associated_node:
            return name_only && node && is_associated(requestor, *node);
        case arbitrary_node:
            return name_only && node;
        case service_account:
            return name_only && account;
        case user_info:
            return !node && !account;
        default:
            return true;
    }
}

// The reviews about all nodes of one service account are to be the same.
User as_asker(std::size_t form, const User& requestor) {
    User asker = requestor;
    if (form != associated_node) return asker;
    std::vector<std::string> keys;
    for (const auto& [key, values] : requestor.extra) keys.push_back(key);
    asker.extra.clear();
    asker.extra["authentication.kubernetes.io/associated-node-keys"] = std::move(keys);
    return asker;
}

User granted(std::size_t form, const User& wanted) {
    User user = wanted;
    if (form != classic && node_of(user.name)) user.groups = {std::string{kNodesGroup}};
    const auto account = service_account_of(user.name);
    if (account && user.groups.empty())
        user.groups = {"system:serviceaccounts",
                       std::string{"system:serviceaccounts:"}.append(account->name_space)};
    const bool unauthenticated = user.name == kAnonymous || user.is_in(kUnauthenticatedGroup);
    const std::string_view group = unauthenticated ? kUnauthenticatedGroup : kAuthenticatedGroup;
    if (!user.is_in(group)) user.groups.emplace_back(group);
    return user;
}

}  // namespace

struct Impersonator::Attempt {
    std::size_t form;
    const User& wanted;
    User asker;
    const RequestInfo& info;
    net::Deadline until;

    bool constrained() const { return form != classic; }
    std::string verb() const {
        return constrained() ? std::string{"impersonate:"}.append(kFormNames[form]) : "impersonate";
    }
    // The verb on something; users and groups are of the core API in the classic form.
    RequestInfo on(std::string_view resource, std::string_view name) const {
        RequestInfo what;
        what.is_resource = true;
        what.verb = verb();
        const bool core = resource != "uids" && resource != "userextras" && !constrained();
        if (!core) what.group = kAuthenticationGroup;
        what.version = "v1";
        what.resource = resource;
        what.name = name;
        return what;
    }
    RequestInfo on_user() const {
        const auto node = node_of(wanted.name);
        // What is granted is granted for the node of whoever asks.
        if (constrained() && node) return on("nodes", form == associated_node ? "*" : *node);
        const auto account = service_account_of(wanted.name);
        if (!account) return on("users", wanted.name);
        RequestInfo what = on("serviceaccounts", account->name);
        what.name_space = account->name_space;
        return what;
    }
    RequestInfo on_extra(std::string_view key, std::string_view value) const {
        RequestInfo what = on("userextras", value);
        what.subresource = key;
        return what;
    }
};

net::Task<boost::system::result<User, Status>> Impersonator::impersonate(const User& wanted,
                                                                         const User& requestor,
                                                                         const RequestInfo& info,
                                                                         net::Deadline until) {
    const std::size_t who = std::hash<std::string>{}(requestor.name);
    const auto last = last_form_.find(who);
    std::vector<std::size_t> order{associated_node, arbitrary_node, service_account, user_info, classic};
    if (last != last_form_.end())
        std::stable_partition(order.begin(), order.end(), [&](std::size_t f) { return f == last->second; });
    std::optional<Status> first;
    for (const std::size_t form : order) {
        if (!applies(form, wanted, requestor)) continue;
        const Attempt attempt{form, wanted, as_asker(form, requestor), info, until};
        std::optional<Status> refused = co_await refusal(attempt);
        if (!refused) {
            if (last_form_.size() >= kRemembered) last_form_.clear();
            last_form_[who] = form;
            co_return granted(form, wanted);
        }
        // Nobody could be asked, so another form is no use.
        if (refused->code == kTooMany) co_return std::move(*refused);
        if (!first) first = std::move(refused);
    }
    co_return std::move(*first);
}

net::Task<std::optional<Status>> Impersonator::refusal(const Attempt& attempt) {
    std::optional<Status> refused;
    if (attempt.constrained()) {
        RequestInfo request = attempt.info;
        request.verb = "impersonate-on:";
        request.verb.append(kFormNames[attempt.form]).append(":").append(attempt.info.verb);
        refused = co_await ask(attempt, request);
        if (refused) co_return refused;
    }
    const RequestInfo user = attempt.on_user();
    refused = co_await ask(attempt, user);
    if (refused) co_return refused;
    if (!attempt.wanted.uid.empty()) {
        const RequestInfo uid = attempt.on("uids", attempt.wanted.uid);
        refused = co_await ask(attempt, uid);
        if (refused) co_return refused;
    }
    refused = co_await refusal_of_groups(attempt);
    if (refused) co_return refused;
    co_return co_await refusal_of_extra(attempt);
}

net::Task<std::optional<Status>> Impersonator::refusal_of_groups(const Attempt& attempt) {
    const std::vector<std::string>& groups = attempt.wanted.groups;
    if (attempt.constrained() && attempt.wanted.is_in(""))
        co_return forbidden(attempt.asker, attempt.on("groups", ""),
                            "impersonating the empty string group is not allowed");
    if (attempt.constrained() && attempt.wanted.is_in(kMastersGroup))
        co_return forbidden(attempt.asker, attempt.on("groups", kMastersGroup),
                            "impersonating the system:masters group is not allowed");
    if (attempt.constrained() && groups.size() >= kMany) {
        const RequestInfo all = attempt.on("groups", "*");
        const std::optional<Status> refused = co_await ask(attempt, all);
        if (!refused) co_return std::nullopt;
    }
    for (const std::string& group : groups) {
        const RequestInfo one = attempt.on("groups", group);
        std::optional<Status> refused = co_await ask(attempt, one);
        if (refused) co_return refused;
    }
    co_return std::nullopt;
}

net::Task<std::optional<Status>> Impersonator::refusal_of_extra(const Attempt& attempt) {
    std::size_t count = 0;
    for (const auto& [key, values] : attempt.wanted.extra) count += values.size();
    if (count == 0) co_return std::nullopt;
    const std::string fault = attempt.constrained() ? extra_fault(attempt.wanted) : std::string{};
    if (!fault.empty()) co_return forbidden(attempt.asker, attempt.on("userextras", ""), fault);
    if (attempt.constrained() && count >= kMany) {
        const RequestInfo all = attempt.on_extra("*", "*");
        const std::optional<Status> refused = co_await ask(attempt, all);
        if (!refused) co_return std::nullopt;
    }
    for (const auto& [key, values] : attempt.wanted.extra) {
        for (const std::string& value : values) {
            const RequestInfo one = attempt.on_extra(key, value);
            std::optional<Status> refused = co_await ask(attempt, one);
            if (refused) co_return refused;
        }
    }
    co_return std::nullopt;
}

// What kept the authorizer from an answer is a reason like any other.
net::Task<std::optional<Status>> Impersonator::ask(const Attempt& attempt, const RequestInfo& what) {
    const Decision decision = co_await authorizer_.authorize(attempt.asker, what, attempt.until);
    if (decision.verdict == Decision::Verdict::allowed) co_return std::nullopt;
    if (decision.verdict == Decision::Verdict::busy) co_return too_many_requests();
    co_return forbidden(attempt.asker, what, decision.reason);
}

}  // namespace apiserver
