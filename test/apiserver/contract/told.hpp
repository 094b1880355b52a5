// SPDX-License-Identifier: Apache-2.0
// What a client is told, as one text that a row of a table can hold.
#pragma once

#include "test/apiserver/fixture.hpp"

namespace test {

// "STATUS CONTENT-TYPE", the other headers by name, an empty line, the body. The two headers that every
// answer has are left out when they say what they mostly say: Audit-Id, and `Cache-Control: no-cache,
// private` (test/apiserver/filter_test.cpp).
std::string told(const net::Response& response);

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
std::string refused(unsigned code, const std::string& rest);

}  // namespace test
