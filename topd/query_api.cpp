// SPDX-License-Identifier: Apache-2.0
#include "topd/query_api.hpp"

#include "series/catalog.hpp"
#include "version/version.hpp"

#include <chrono>
#include <string>

namespace topd {
namespace {

apiserver::PrometheusOptions query_options(bool has_objects, std::size_t bytes) {
    apiserver::PrometheusOptions options;
    options.limits.memory = bytes;
    options.answer_bytes = bytes;
    options.wall_clock = [] {
        const auto now = std::chrono::system_clock::now().time_since_epoch();
        return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
    };
    for (const series::Family& family : series::families())
        if (has_objects || family.origin != series::Origin::objects)
            options.metadata.push_back({family.name, family.type, family.help, family.unit});
    options.build.revision = version::product();
    return options;
}

}  // namespace

QueryApi::QueryApi(const storage::history::History& history, const storage::Store& store,
                   const storage::WatchedObjects* objects, std::size_t bytes)
    : source_{history, store, objects}, api_{source_, query_options(objects != nullptr, bytes)} {}

}  // namespace topd
