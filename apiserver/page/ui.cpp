// SPDX-License-Identifier: Apache-2.0
#include "apiserver/page/ui.hpp"

#include "apiserver/page/errors.hpp"
#include "apiserver/routes.hpp"

#include <utility>

namespace apiserver {
namespace {

// The page loads nothing from elsewhere and runs nothing that is not a file of its own.
constexpr std::string_view kPolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
    "frame-ancestors 'none'; base-uri 'none'";

constexpr std::string_view kData = "/api/";

net::Response to_directory() {
    net::Response response;
    response.status = 308;
    // Relative: the apiserver's service proxy shows all this below a path of its own.
    response.headers.set("Location", "ui/");
    return response;
}

}  // namespace

Ui::Ui(PageSources sources, PageDataOptions options) : data_{std::move(sources), std::move(options)} {}

void Ui::set_policy(net::Response& response) {
    response.headers.set("Content-Security-Policy", kPolicy);
    response.headers.set("X-Content-Type-Options", "nosniff");
    response.headers.set("Referrer-Policy", "no-referrer");
    // Kept, and asked for again each time: the ETag spares sending it.
    response.headers.set("Cache-Control", "no-cache");
}

net::Task<std::optional<net::Response>> Ui::respond(const net::Request& request, std::string_view path,
                                                    const Query& query) {
    if (!is_path_or_below(path, kUiRoot)) co_return std::nullopt;
    net::Response response = co_await answer(request, path.substr(kUiRoot.size()), query);
    set_policy(response);
    co_return std::optional<net::Response>{std::move(response)};
}

net::Task<net::Response> Ui::answer(const net::Request& request, std::string_view path, const Query& query) {
    if (request.method != "GET" && request.method != "HEAD") {
        net::Response refused = page_error(405, "only GET and HEAD");
        refused.headers.set("Allow", "GET, HEAD");
        co_return refused;
    }
    if (path.empty()) co_return to_directory();
    if (path.starts_with(kData)) co_return co_await data_.respond(request, path.substr(kData.size()), query);
    std::optional<net::Response> file = assets_.respond(request, path.substr(1));
    if (!file) co_return page_error(404, "there is no such page");
    co_return std::move(*file);
}

}  // namespace apiserver
