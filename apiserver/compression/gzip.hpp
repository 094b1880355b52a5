// SPDX-License-Identifier: Apache-2.0
// gzip for answers, by the rules of k8s.io/apiserver (pkg/endpoints/handlers/responsewriters/writers.go).
#pragma once

#include "apiserver/compression/byte_budget.hpp"
#include "gzip/writer.hpp"
#include "net/http/message.hpp"

#include <cstddef>

namespace apiserver {

// Bodies of more bytes than this are compressed.
inline constexpr std::size_t kGzipThreshold = 128 * 1024;
// Whether an item of the first Accept-Encoding line is exactly "gzip": one with a q is none.
bool accepts_gzip(const net::Request& request);

// Says in the head of an answer that its body is compressed.
void set_gzip_headers(net::Response& response);

// Makes the body of `response`, over the threshold, a compressed one that is sent in pieces; the lease, of
// the writer and the body's first part, is held until then.
void compress(net::Response& response, ByteBudget::Lease lease);

}  // namespace apiserver
