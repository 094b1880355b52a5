// SPDX-License-Identifier: Apache-2.0
// The files of the page: compressed into the binary when it was built, and sent so.
#pragma once

#include "net/http/message.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace apiserver {

struct EmbeddedAsset {
    std::string_view name;
    // Of static storage.
    std::string_view gzip;
};
// Those that apiserver/page/assets/assets.cmake lists.
std::vector<EmbeddedAsset> embedded_assets();

class Assets {
  public:
    explicit Assets(const std::vector<EmbeddedAsset>& embedded = embedded_assets());

    // `name`: the path below /ui/; empty: index.html. Who does not take gzip gets the file inflated. nullopt:
    // there is no such file. The ETags are strong, one for each of the two forms.
    std::optional<net::Response> respond(const net::Request& request, std::string_view name) const;

  private:
    struct Asset {
        EmbeddedAsset file;
        std::string_view type;
        std::string gzip_etag;
        std::string plain_etag;
    };
    std::vector<Asset> assets_;
};

}  // namespace apiserver
