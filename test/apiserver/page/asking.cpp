// SPDX-License-Identifier: Apache-2.0
#include "test/apiserver/page/asking.hpp"

#include "test/net/run.hpp"

#include <chrono>
#include <utility>

namespace test::page {

apiserver::PageSources sources(const graphs::Scene& scene, const storage::WatchedObjects* objects) {
    apiserver::PageSources out{scene.store, scene.history};
    out.objects = objects;
    out.clock = [&scene] {
        const std::chrono::system_clock::time_point wall{std::chrono::seconds{scene.now}};
        return apiserver::Moments{wall, scene.options().monotonic_clock()};
    };
    return out;
}

net::Response asked_ui(apiserver::Ui& ui, const std::string& target, const std::vector<Header>& headers,
                       const std::string& method) {
    boost::asio::io_context loop{1};
    const net::Request asked = request(target, headers, method);
    const auto parsed = apiserver::parse_target(target);
    auto response = run(loop, ui.respond(asked, parsed->path, parsed->query));
    if (!response) {
        net::Response none;
        none.status = 0;
        return none;
    }
    if (response->source) {
        response->body = whole_body(*response);
        response->source.reset();
    }
    return std::move(*response);
}

}  // namespace test::page
