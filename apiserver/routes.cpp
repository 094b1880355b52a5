// SPDX-License-Identifier: Apache-2.0
#include "apiserver/routes.hpp"

#include "apiserver/answer.hpp"
#include "text/go_text.hpp"

#include <algorithm>

namespace apiserver {

net::Task<std::optional<net::Response>> Routes::respond(const Call& call) const {
    for (const Route& route : routes_) {
        if (!is_path_or_below(call.info.path, route.root)) continue;
        std::optional<net::Response> response = co_await route.respond(call);
        if (response) co_return response;
    }
    co_return std::nullopt;
}

net::Response Routes::index(unsigned code) const {
    std::vector<std::string> paths{"/"};
    for (const Route& route : routes_) paths.insert(paths.end(), route.paths.begin(), route.paths.end());
    std::sort(paths.begin(), paths.end());
    std::string body = "{\"paths\":[";
    for (const std::string& path : paths) {
        if (body.back() == '"') body.push_back(',');
        text::append_json_string(body, path);
    }
    return answer_json(code, body.append("]}"), true);
}

std::vector<std::string> Routes::counted() const {
    std::vector<std::string> roots;
    for (const Route& route : routes_)
        if (route.counted == Route::Counted::apart) roots.push_back(route.root);
    return roots;
}

}  // namespace apiserver
