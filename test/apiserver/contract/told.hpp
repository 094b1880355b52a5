// SPDX-License-Identifier: Apache-2.0
// What a client is told, as one text that a row of a table can hold.
#pragma once

#include "test/apiserver/fixture.hpp"

#include <algorithm>

namespace test {

// "STATUS CONTENT-TYPE", the other headers by name, an empty line, the body. The two headers that every
// answer has are left out when they say what they mostly say: Audit-Id, and `Cache-Control: no-cache,
// private` (test/apiserver/filter_test.cpp).
inline std::string told(const net::Response& response) {
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

// One request and the whole answer to it.
struct Exchange {
    const char* name;
    std::string target;
    std::vector<Header> headers;
    std::string expected;
    const char* method = "GET";
};

inline const std::string kOkJson = "200 application/json\n\n";
inline const std::string kOkProtobuf = "200 application/vnd.kubernetes.protobuf\n\n";
inline const std::string kOkYaml = "200 application/yaml\n\n";

// A Status in compact JSON, from its message on, and the answer with it.
inline std::string refused(unsigned code, const std::string& rest) {
    return std::to_string(code) +
           " application/json\n\n"
           R"({"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure",)" +
           rest + "\n";
}

}  // namespace test
