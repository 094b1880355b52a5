// SPDX-License-Identifier: Apache-2.0
// The server's face: takes each request through the filters of a k8s.io/apiserver in their order (audit id,
// request info, shutdown, timeout, authentication, impersonation, how many at once, authorization) and then
// to the document it asks for.
#pragma once

#include "apiserver/options.hpp"
#include "apiserver/termination.hpp"
#include "net/http/server.hpp"

#include <memory>

namespace storage {
class Store;
}
namespace telemetry {
class MetricsText;
}

namespace apiserver {

class Authenticator;
class Authorizer;
class InFlight;

class Api final : public net::RequestHandler {
  public:
    // What it is given, and the options point to, must outlive it, and it the server that calls it.
    Api(const ApiOptions& options, const storage::Store& store, Authenticator& authenticator,
        Authorizer& authorizer);

    ~Api() override;

    net::Task<net::Response> respond(net::Request request) override;

    // From now on new requests are turned away.
    void shut_down(Termination::Farewell farewell);
    // Requests that are being answered.
    InFlight& in_flight();

    // What there is for the page about requests and what was given out.
    void write_metrics(telemetry::MetricsText& text);

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace apiserver
