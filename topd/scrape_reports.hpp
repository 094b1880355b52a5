// SPDX-License-Identifier: Apache-2.0
// What the scraper knows of each node, for the API server's debug pages.
#pragma once

#include "apiserver/debug/node_scrape.hpp"
#include "scraper/scraper.hpp"

namespace topd {

// The scraper must outlive them.
apiserver::ScrapeReports scrape_reports(const scraper::Scraper& scraper);

}  // namespace topd
