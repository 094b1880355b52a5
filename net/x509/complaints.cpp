// SPDX-License-Identifier: Apache-2.0
#include "net/tls/certificate.hpp"
#include "telemetry/log.hpp"

namespace net {

void warn_of_complaints(const TrustPool& pool, std::string_view where) {
    for (const std::string& complaint : pool.complaints())
        telemetry::warning("Left out a part of a bundle of authorities",
                           {{"from", where}, {"err", complaint}});
}

}  // namespace net
