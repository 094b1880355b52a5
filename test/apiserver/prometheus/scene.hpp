// SPDX-License-Identifier: Apache-2.0
// Two pods and their node, ten minutes of them, and requests to Prometheus' HTTP API about them.
#pragma once

#include "apiserver/prometheus/prometheus.hpp"
#include "test/query/memory_source.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace test::prometheus {

// 2026-01-05T10:00:00Z: the first sample. There is one every 15 s, the last 600 s later, which is now.
inline constexpr std::int64_t kBegin = 1'767'607'200;
inline constexpr std::int64_t kEnd = kBegin + 600;

// `shop/web-0` uses 0.1 cores and 40,960 bytes, `shop/web-1` 0.2 and 4,096; both run on n1.
struct Scene {
    Scene();

    apiserver::PrometheusOptions options() const;
    // By an API that is made for it. Status 0: it knows no such path.
    net::Response ask(const net::Request& asked);
    net::Response ask(const net::Request& asked, apiserver::PrometheusOptions by);
    std::string body(std::string target);

    query_test::MemorySource source;
    // Unix time in milliseconds.
    query::Millis now = kEnd * 1000;
};

// As clients send a form.
net::Request post(std::string target, std::string body,
                  std::string type = "application/x-www-form-urlencoded");

net::Task<net::Response> respond(apiserver::Prometheus& api, const net::Request& asked);

// {"status":"success","data":DATA}
std::string success(const std::string& data);
// {"status":"success","data":{"resultType":"TYPE","result":RESULT}}
std::string result(const std::string& type, const std::string& data);
// {"status":"error","errorType":"TYPE","error":TEXT}; quotes in it are escaped.
std::string error(const std::string& type, const std::string& text);

}  // namespace test::prometheus
