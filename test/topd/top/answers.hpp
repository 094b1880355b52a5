// SPDX-License-Identifier: Apache-2.0
// What topd answers to /ui/api/rows, for the tests of `topd top`.
#pragma once

#include "topd/top/client/rows.hpp"

#include <string>

#include <catch2/catch.hpp>

namespace test {

// Two nodes, the second without figures, with what topd knows when it watches objects.
inline const std::string kNodes = R"({"tick":1000,"asOf":1000,"resolution":15,"kind":"node",
 "range":{"from":0,"to":900,"step":225,"points":4},"total":2,"matched":2,"offset":0,
 "scale":{"cpu":630,"memory":1073741824},
 "columns":{"name":["n1","n2"],"cpu":[250,null],"memory":[536870912,null],
  "cpuRequested":[500,0],"memoryRequested":[1048576,null],"cpuCapacity":[4000,2000],"memoryCapacity":[4294967296,1],
  "pods":[12,0],"lastSample":[1000,null],"state":["ok","unreachable"],"reason":[null,"connection refused"],
  "cpuCurve":["A.f_",null],"memoryCurve":["_fA.","...."]}})";

inline topd::top::Rows rows_of(const std::string& answer) {
    topd::top::Rows rows;
    REQUIRE(add_answer(answer, rows) == "");
    return rows;
}

// Pods of the namespace default without what the watches know; the same curve for each. `more` stands before
// the end of the columns.
inline std::string pods(std::int64_t tick, std::size_t matched, const std::vector<std::string>& names,
                        const std::string& more = "") {
    const auto column = [&](const auto& value_of) {
        std::string list;
        for (const std::string& name : names) list += (list.empty() ? "" : ",") + value_of(name);
        return "[" + list + "]";
    };
    const auto always = [&](const std::string& value) {
        return column([&](const std::string&) { return value; });
    };
    return R"({"tick":)" + std::to_string(tick) + R"(,"asOf":1000,"resolution":0,"kind":"pod",)" +
           R"("range":{"from":0,"to":3600,"step":1800,"points":2},"total":9,"matched":)" +
           std::to_string(matched) + R"(,"scale":{"cpu":70,"memory":7340032},"columns":{"namespace":)" +
           always("\"default\"") + R"(,"name":)" +
           column([](const std::string& name) { return '"' + name + '"'; }) + R"(,"cpu":)" + always("5") +
           R"(,"memory":)" + always("2097152") + R"(,"cpuCurve":)" + always("\"A_\"") + R"(,"memoryCurve":)" +
           always("\"_A\"") + more + "}}";
}

}  // namespace test
