// SPDX-License-Identifier: Apache-2.0
#include "test/apiserver/auth/impersonation_scene.hpp"

#include "apiserver/auth/wanted_user.hpp"

namespace test {

std::string line_of(const apiserver::RequestInfo& info) {
    if (!info.is_resource) return info.verb + " " + info.path;
    std::string line = info.verb + " " + info.group + "/" + info.resource;
    if (!info.subresource.empty()) line += "/" + info.subresource;
    return line + " " + (info.name_space.empty() ? "" : info.name_space + ":") + info.name;
}

Rules::Rules(Lines allowed) : allowed_{allowed.begin(), allowed.end()} {}

net::Task<apiserver::Decision> Rules::authorize(const apiserver::User& user,
                                                const apiserver::RequestInfo& info, net::Deadline until) {
    untils.push_back(until);
    asked.push_back(line_of(info));
    askers.push_back(user);
    if (allowed_.contains(asked.back()))
        co_return apiserver::Decision{apiserver::Decision::Verdict::allowed, ""};
    if (busy) co_return apiserver::Decision{apiserver::Decision::Verdict::busy, ""};
    if (broken) co_return apiserver::Decision{apiserver::Decision::Verdict::failed, "no connection"};
    co_return apiserver::Decision{apiserver::Decision::Verdict::denied, ""};
}

Scene::Scene(Lines allowed) : rules{std::move(allowed)} {}

Scene::~Scene() = default;

std::string Scene::become(std::vector<Header> headers) {
    rules.asked.clear();
    rules.askers.clear();
    const auto wanted = apiserver::wanted_user(request(target, std::move(headers)).headers);
    if (!wanted) return "400: " + wanted.error().text;
    if (!*wanted) return "nobody else";
    const auto info = apiserver::make_request_info("GET", *apiserver::parse_target(target));
    boost::asio::io_context loop{1};
    const auto user = run(loop, impersonator.impersonate(**wanted, joe, *info, until));
    if (!user) return std::to_string(user.error().code) + ": " + user.error().message;
    std::string text = user->name + (user->uid.empty() ? "" : "/" + user->uid) + " of";
    for (const std::string& group : user->groups) text += " " + group;
    for (const auto& [key, values] : user->extra)
        for (const std::string& value : values) text += " with " + key + "=" + value;
    return text;
}

std::string refused(const std::string& object, const std::string& verb, const std::string& resource,
                    const std::string& group, const std::string& rest) {
    return "403: " + object + " is forbidden: User \"joe\" cannot " + verb + " resource \"" + resource +
           "\" in API group \"" + group + "\" " + rest;
}

}  // namespace test
