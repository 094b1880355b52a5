// SPDX-License-Identifier: Apache-2.0
// Which answers are compressed, and what all that are under way may take for it.
#pragma once

#include "apiserver/compression/byte_budget.hpp"
#include "apiserver/compression/gzip.hpp"
#include "net/http/message.hpp"

#include <cstddef>
#include <optional>

namespace apiserver {

// Must outlive the answers.
class Compression {
  public:
    // bytes: for writers and what waits for them. Answers beyond it are sent as they are.
    explicit Compression(std::size_t bytes) : budget_{bytes} {}

    // Room for one writer and so many bytes that are held for it; nullopt: there is none.
    std::optional<ByteBudget::Lease> lease(std::size_t held) {
        return budget_.lease(gzip::Writer::kBytes + held);
    }

    // Compresses an answer that is whole and not plain text if it is long and the client takes gzip, as
    // k8s.io/apiserver does to every object it writes (responsewriters/writers.go).
    void compress_object(const net::Request& request, net::Response& response);

  private:
    ByteBudget budget_;
};

}  // namespace apiserver
