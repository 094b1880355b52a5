// SPDX-License-Identifier: Apache-2.0
// A receiver over HTTP/1.1, with or without TLS, over one kept connection. What is said is a Protocol's.
#pragma once

#include "net/http/client.hpp"
#include "net/task.hpp"
#include "sink/address.hpp"
#include "sink/http/http_options.hpp"
#include "sink/http/protocol.hpp"
#include "sink/receiver.hpp"

#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace sink {

class HttpReceiver final : public Receiver {
  public:
    // Throws AddressError: a file cannot be read.
    HttpReceiver(net::Executor executor, const Address& address, HttpOptions options,
                 std::unique_ptr<Protocol> protocol);

    net::Task<Verdict> deliver(const Batch& batch, bool repeated) override;
    std::optional<std::pair<Batch, Batch>> halves(const Batch& batch) const override {
        return protocol_->halves(batch);
    }

  private:
    struct Exchange {
        Answer answer;
        // Why there is no answer; empty: there is one.
        std::string failure;
    };
    net::Task<Exchange> exchange(net::Request request);
    // What is to be asked before the first batch. nullopt: it is ready.
    net::Task<std::optional<Verdict>> prepare();
    // Empty, or what is wrong with our own files.
    std::string authorize(net::Request& request) const;
    // Certificates and authorities that were replaced.
    void follow_files();

    HttpOptions options_;
    std::string host_;
    std::unique_ptr<Protocol> protocol_;
    std::optional<net::TlsClient> tls_;
    net::HttpClient http_;
    // Of the files, to see when they change.
    std::string tls_texts_;
    bool prepared_ = false;
};

}  // namespace sink
