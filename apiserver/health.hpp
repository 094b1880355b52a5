// SPDX-License-Identifier: Apache-2.0
// /healthz, /livez and /readyz (k8s.io/apiserver, pkg/server/healthz/healthz.go), to the byte; with ?verbose
// a check also tells its cause, if there is one (docs/decisions/0013-health.md).
#pragma once

#include "apiserver/request/query.hpp"
#include "net/http/message.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace apiserver {

struct HealthCheck {
    // anybody: the summaries are public, so no name and no address. authorized: may get the path of the
    // check.
    enum class Reader { anybody, authorized };

    // May contain slashes: poststarthook/x.
    std::string name;
    // What is wrong; nullopt: nothing. Answers at once. Shown to the authorized only.
    std::function<std::optional<std::string>()> failure;
    // Why it fails, or passes although something is missing, in one line. May be unset, or give nothing.
    std::function<std::string(Reader)> cause{};
};

// A check that never fails, such as ping.
HealthCheck always_healthy(std::string name);

// One of the three: its checks in order.
class HealthEndpoint {
  public:
    // name: "readyz".
    HealthEndpoint(std::string name, std::vector<HealthCheck> checks);

    // /readyz, /readyz/ping, ...
    std::vector<std::string> paths() const;

    // nullopt: the path is not one of paths().
    std::optional<net::Response> respond(std::string_view path, const Query& query) const;

  private:
    net::Response all(const Query& query) const;

    std::string name_;
    std::vector<HealthCheck> checks_;
};

}  // namespace apiserver
