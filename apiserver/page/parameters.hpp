// SPDX-License-Identifier: Apache-2.0
// What is asked below /ui/api, read from the query and held within bounds.
#pragma once

#include "apiserver/page/snapshot/snapshot.hpp"
#include "apiserver/request/query.hpp"
#include "storage/history/time.hpp"
#include "text/parsed.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace apiserver {

inline constexpr std::size_t kMostRows = 2'000;
inline constexpr std::size_t kDefaultRows = 200;
inline constexpr std::size_t kLongestSearch = 256;
inline constexpr std::size_t kLongestName = 512;

enum class SortBy : std::uint8_t {
    name,
    name_space,
    node,
    cpu,
    memory,
    cpu_share,
    memory_share,
    restarts,
    pods,
    age
};

// Views are into the query.
struct RowsRequest {
    Kind kind = Kind::pod;
    // Empty: all, as in all that follows.
    std::string_view name_space;
    std::string_view node;
    std::string_view workload;
    std::string_view pod;
    // In lower case (ASCII); a row has all of them.
    std::vector<std::string> words;
    SortBy sort = SortBy::cpu;
    bool descending = true;
    std::size_t offset = 0;
    std::size_t limit = kDefaultRows;
    storage::history::Seconds range = 3600;
    bool curves = true;
};

enum class SeriesOf : std::uint8_t { cluster, name_space, node, workload, pod, container };

struct SeriesRequest {
    SeriesOf of = SeriesOf::cluster;
    std::string_view name_space;
    std::string_view pod;
    std::string_view name;
    // Unix time; 0: not asked for.
    storage::history::Seconds from = 0;
    storage::history::Seconds to = 0;
    // As far back from `to` where no `from` is asked for.
    storage::history::Seconds range = 3600;
    bool parts = true;
};

// The error is a sentence that names the parameter.
text::Parsed<RowsRequest> read_rows_request(const Query& query);
text::Parsed<SeriesRequest> read_series_request(const Query& query);

}  // namespace apiserver
