// SPDX-License-Identifier: Apache-2.0
// What requests get that come when the server is about to close (k8s.io/apiserver, pkg/server/filters:
// with_retry_after.go, waitgroup.go).
#pragma once

#include "net/http/message.hpp"

#include <optional>
#include <string_view>

namespace apiserver {

class Termination {
  public:
    enum class Farewell {
        unavailable,  // 503: for the moment until the listener is closed
        retry_after   // 429, and the end of the connection: --shutdown-send-retry-after
    };
    void begin(Farewell farewell) { farewell_ = farewell; }

    // nullopt: it is answered as ever. So are, to the end, questions for health and metrics, and
    // kube-apiserver's own.
    std::optional<net::Response> refusal(const net::Request& request, std::string_view path) const;

  private:
    std::optional<Farewell> farewell_;
};

}  // namespace apiserver
