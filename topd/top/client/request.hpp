// SPDX-License-Identifier: Apache-2.0
// What topd is asked for a table.
#pragma once

#include "topd/top/options.hpp"

#include <cstddef>
#include <string>

namespace topd::top {

// As many rows as topd gives in one answer.
inline constexpr std::size_t kPageRows = 2000;

struct Page {
    std::size_t offset = 0;
    std::size_t limit = kPageRows;
};

// /ui/api/rows?..., sorted and filtered by topd. `default_namespace`: of the context.
std::string rows_target(const Options& options, const std::string& default_namespace, const Page& page);

// Whose pods are asked for; empty: of all namespaces.
std::string asked_namespace(const Options& options, const std::string& default_namespace);

}  // namespace topd::top
