// SPDX-License-Identifier: Apache-2.0
#include "apiserver/prometheus/answer.hpp"

#include "apiserver/encode/json_object.hpp"

namespace apiserver {
namespace {

unsigned code_of(query::ErrorType type) {
    switch (type) {
        case query::ErrorType::bad_data:
            return 400;
        case query::ErrorType::execution:
            return 422;
        case query::ErrorType::timeout:
            return 503;
    }
    return 500;
}

}  // namespace

net::Response answer_api_error(unsigned code, std::string_view type, std::string_view text) {
    net::Response response;
    response.status = code;
    response.headers.set("Content-Type", kJsonType);
    response.body = "{\"status\":\"error\"";
    text::append_json_string(member(response.body, "errorType"), type);
    text::append_json_string(member(response.body, "error"), text);
    response.body += '}';
    return response;
}

net::Response answer_api_error(const query::Error& error) {
    return answer_api_error(code_of(error.type), query::name_of(error.type), error.text);
}

net::Response answer_busy() {
    net::Response response =
        answer_api_error({query::ErrorType::timeout, "too many queries at once: ask again in a second"});
    response.headers.set("Retry-After", "1");
    return response;
}

net::Response answer_data(std::string_view data) {
    net::Response response;
    response.headers.set("Content-Type", kJsonType);
    response.body.append("{\"status\":\"success\",\"data\":").append(data).append("}");
    return response;
}

}  // namespace apiserver
