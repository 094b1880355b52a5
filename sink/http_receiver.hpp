// SPDX-License-Identifier: Apache-2.0
// A receiver over HTTP/1.1, with or without TLS, over one kept connection. What is said is a Protocol's.
#pragma once

#include "net/http/client.hpp"
#include "net/task.hpp"
#include "sink/address.hpp"
#include "sink/protocol.hpp"
#include "sink/receiver.hpp"
#include "sink/secret.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sink {

// The options that all receivers over HTTP have: username with password_file or password_env, token_file or
// token_env, ca_file, cert_file with key_file, insecure, header=Name:value (as often as there are), timeout.
struct HttpOptions {
    std::string username;
    Secret password;
    Secret token;
    // What stands before the token in Authorization.
    std::string token_scheme = "Bearer";
    // Files of PEM; empty: the system's authorities, no certificate of ours.
    std::string ca_file, cert_file, key_file;
    bool insecure = false;
    std::vector<std::pair<std::string, std::string>> headers;
    // For a whole exchange.
    std::chrono::seconds timeout{30};

    // Throws AddressError.
    static HttpOptions take(Options& options);
};

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
