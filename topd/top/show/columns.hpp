// SPDX-License-Identifier: Apache-2.0
// Which columns of an answer are shown, in the words and units of kubectl top.
#pragma once

#include "topd/top/client/rows.hpp"
#include "topd/top/options.hpp"
#include "topd/top/show/table.hpp"

namespace topd::top {

// Refers to the curves of `rows`. What topd does not know (it watches no objects) has no column.
Table columns_of(const Rows& rows, const Options& options);

}  // namespace topd::top
