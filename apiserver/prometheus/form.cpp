// SPDX-License-Identifier: Apache-2.0
#include "apiserver/prometheus/form.hpp"

#include "text/go_text.hpp"

#include <string>

namespace apiserver {
namespace {

constexpr std::string_view kFormType = "application/x-www-form-urlencoded";

// Of a foreign one, in an error.
constexpr std::size_t kShownTypeBytes = 256;

bool is_form_type(std::string_view type) {
    type = type.substr(0, type.find(';'));
    const std::size_t last = type.find_last_not_of(" \t");
    return last != type.npos && net::equal_ignoring_case(type.substr(0, last + 1), kFormType);
}

}  // namespace

query::Result<QueryForm> QueryForm::of(const net::Request& request, const Query& url) {
    if (request.method != "POST" || request.body.empty()) return QueryForm{Query{}, url};
    const std::string_view type = request.headers.find("Content-Type").value_or("");
    if (!is_form_type(type))
        return query::bad_data("error parsing form values: Content-Type " +
                               text::quoted(type.substr(0, kShownTypeBytes)) + " is not " +
                               std::string{kFormType});
    return QueryForm{Query{request.body}, url};
}

std::string_view QueryForm::get(std::string_view key) const {
    const auto value = body_.find(key);
    return value ? *value : url_.get(key);
}

std::vector<std::string_view> QueryForm::all(std::string_view key) const {
    std::vector<std::string_view> values = body_.all(key);
    const std::vector<std::string_view> others = url_.all(key);
    values.insert(values.end(), others.begin(), others.end());
    return values;
}

}  // namespace apiserver
