// SPDX-License-Identifier: Apache-2.0
#include "apiserver/auth/bearer_token.hpp"

#include "net/http/message.hpp"
#include "text/split.hpp"

namespace apiserver {

std::string_view bearer_token(std::string_view authorization) {
    authorization = text::trimmed(authorization);
    const std::size_t space = authorization.find(' ');
    if (space == std::string_view::npos) return {};
    if (!net::equal_ignoring_case(authorization.substr(0, space), "bearer")) return {};
    const std::string_view rest = authorization.substr(space + 1);
    return rest.substr(0, rest.find(' '));
}

bool is_token_misplaced(std::string_view authorization) {
    authorization = text::trimmed(authorization);
    const std::size_t spaces = authorization.find("  ");
    return net::equal_ignoring_case(authorization.substr(0, spaces), "bearer") &&
           spaces != authorization.npos;
}

}  // namespace apiserver
