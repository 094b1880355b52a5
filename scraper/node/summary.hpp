// SPDX-License-Identifier: Apache-2.0
// One line on how scraping goes, for whoever asks why there are no figures.
#pragma once

#include "scraper/kubelet/failure.hpp"
#include "scraper/node/node_health.hpp"

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

namespace scraper {

// "2 of 4 nodes scraped, 1 not yet asked; 1 x timeout (n3: GET https://...: ...)". Each reason names the node
// that is first by name; or there are no names and addresses at all, for readers of whom nothing is known.
// Name and health must outlive the summary.
class Summary {
  public:
    enum class Names { shown, withheld };

    void add(std::string_view name, const NodeHealth& health);
    std::string text(Names names = Names::shown) const;

  private:
    struct Group {
        std::size_t nodes = 0;
        std::string_view name;
        const NodeHealth* health = nullptr;
    };
    std::size_t nodes_ = 0;
    std::size_t ok_ = 0;
    std::size_t pending_ = 0;
    std::array<Group, kReasons> failed_{};
};

}  // namespace scraper
