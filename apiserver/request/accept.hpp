// SPDX-License-Identifier: Apache-2.0
// The Accept header's clauses, as github.com/munnerz/goautoneg reads them.
#pragma once

#include <map>
#include <string_view>
#include <vector>

namespace apiserver {

// Views into the header.
struct AcceptClause {
    std::string_view type;
    std::string_view subtype;
    float q = 1;
    // Beside q.
    std::map<std::string_view, std::string_view> parameters;
};

// First what is wanted most: by q, then by how exact it is. What is no clause is left out, and so is what
// comes after 64 of them.
std::vector<AcceptClause> parse_accept(std::string_view header);

}  // namespace apiserver
