// SPDX-License-Identifier: Apache-2.0
#include "test/apiserver/contract/told.hpp"

#include <algorithm>

namespace test {

std::string told(const net::Response& response) {
    std::vector<std::string> others;
    for (const auto& [name, value] : response.headers) {
        const bool usual = name == "Audit-Id" || (name == "Cache-Control" && value == "no-cache, private");
        if (name != "Content-Type" && !usual) others.push_back(name + ": " + value + "\n");
    }
    std::sort(others.begin(), others.end());
    std::string out = std::to_string(response.status);
    if (const auto type = response.headers.find("Content-Type")) out.append(" ").append(*type);
    out.push_back('\n');
    for (const std::string& line : others) out.append(line);
    // Without them nothing of the above would be worth much.
    for (const char* always : {"Audit-Id", "Cache-Control"})
        if (!response.headers.contains(always)) out.append("no ").append(always).append("\n");
    return out.append("\n").append(response.body);
}

std::string refused(unsigned code, const std::string& rest) {
    return std::to_string(code) +
           " application/json\n\n"
           R"({"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure",)" +
           rest + "\n";
}

}  // namespace test
