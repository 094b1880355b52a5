// SPDX-License-Identifier: Apache-2.0
#include "apiserver/page/errors.hpp"

#include "text/go_text.hpp"

namespace apiserver {

net::Response page_error(unsigned status, std::string_view what) {
    net::Response response;
    response.status = status;
    response.headers.set("Content-Type", "application/json");
    if (status == 503) response.headers.set("Retry-After", "1");
    response.body = R"({"error":)";
    text::append_json_string(response.body, what);
    response.body += "}";
    return response;
}

}  // namespace apiserver
