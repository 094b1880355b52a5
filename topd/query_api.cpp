// SPDX-License-Identifier: Apache-2.0
#include "topd/query_api.hpp"

#include "series/catalog.hpp"
#include "series/demanded.hpp"
#include "version/version.hpp"

#include <chrono>
#include <string>

namespace topd {
namespace {

apiserver::PrometheusOptions query_options(const series::Extras& extras, std::size_t bytes) {
    apiserver::PrometheusOptions options;
    options.limits.memory = bytes;
    // To decode a container's hour costs twice what its samples count for: some 2 ms.
    options.turn_units = 30'000;
    options.answer_bytes = bytes;
    options.wall_clock = [] {
        const auto now = std::chrono::system_clock::now().time_since_epoch();
        return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
    };
    for (const series::Family& family : series::families())
        if (series::has(extras, family))
            options.metadata.push_back({family.name, family.type, family.help, family.unit});
    if (extras.figures != nullptr)
        options.changing_metadata = [figures = extras.figures](const auto& tell) {
            for (const std::string& name : series::demanded_names(*figures))
                tell({name, series::kDemandedType, series::kDemandedHelp, {}});
        };
    options.revision = version::product();
    return options;
}

}  // namespace

QueryApi::QueryApi(const storage::history::History& history, const storage::Store& store,
                   series::Extras extras, std::size_t bytes)
    : source_{history, store, extras}, api_{source_, query_options(extras, bytes)} {}

}  // namespace topd
