// SPDX-License-Identifier: Apache-2.0
// What is asked below /ui/api, read from the query and held within bounds.
#pragma once

#include "apiserver/page/rows/selection.hpp"
#include "apiserver/page/series/series_request.hpp"
#include "apiserver/request/query.hpp"
#include "text/parsed.hpp"

namespace apiserver {

// The error is a sentence that names the parameter.
text::Parsed<RowsRequest> read_rows_request(const Query& query);
text::Parsed<SeriesRequest> read_series_request(const Query& query);

}  // namespace apiserver
