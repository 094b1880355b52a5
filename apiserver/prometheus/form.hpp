// SPDX-License-Identifier: Apache-2.0
// The parameters of a request to Prometheus' HTTP API: those of its URL, and of a POST those of its body too.
#pragma once

#include "apiserver/request/query.hpp"
#include "net/http/message.hpp"
#include "query/error.hpp"

#include <cstddef>
#include <string_view>
#include <vector>

namespace apiserver {

// Longer bodies are not read.
inline constexpr std::size_t kFormBytes = std::size_t{1} * 1024 * 1024;

class QueryForm {
  public:
    // `url` must outlive it. The error is bad_data: a POST whose body is no form. An empty body may call
    // itself what it likes (vmalert says that it is JSON).
    static query::Result<QueryForm> of(const net::Request& request, const Query& url);

    // The first value, the body's before the URL's; empty: none.
    std::string_view get(std::string_view key) const;
    // All, in the same order.
    std::vector<std::string_view> all(std::string_view key) const;

  private:
    QueryForm(Query body, const Query& url) : body_{std::move(body)}, url_{url} {}

    Query body_;
    const Query& url_;
};

}  // namespace apiserver
