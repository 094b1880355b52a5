// SPDX-License-Identifier: Apache-2.0
#include "scraper/applications/scraped_pod.hpp"

#include <catch2/catch.hpp>

using namespace scraper;
using namespace std::chrono_literals;

namespace {

constexpr net::Clock::time_point kAt{1000h};

ScrapedPod placed_pod() {
    ScrapedPod pod{{"ns", "a"}};
    pod.meet("uid", 1);
    pod.place({}, kAt + 5min);
    return pod;
}

}  // namespace

TEST_CASE("where a pod is is believed for some minutes, as long as the pod does not change") {
    ScrapedPod pod = placed_pod();
    CHECK(pod.id() == "ns/a");
    CHECK(pod.is_placed(kAt));
    pod.meet("uid", 1);
    CHECK(pod.is_placed(kAt + 5min - 1ns));
    CHECK_FALSE(pod.is_placed(kAt + 5min));
    pod.meet("uid", 2);
    CHECK_FALSE(pod.is_placed(kAt));
    pod.place({}, kAt + 5min);
    pod.meet("other", 2);
    CHECK_FALSE(pod.is_placed(kAt));
}

TEST_CASE("where a pod is is asked again after three scrapes in a row that failed") {
    ScrapedPod pod = placed_pod();
    pod.failed_scrape();
    pod.failed_scrape();
    pod.good(false);
    pod.failed_scrape();
    pod.failed_scrape();
    CHECK(pod.is_placed(kAt));
    pod.failed_scrape();
    CHECK_FALSE(pod.is_placed(kAt));
    pod.place({}, kAt + 5min);
    pod.failed_scrape();
    CHECK(pod.is_placed(kAt));
}

TEST_CASE("a pod waits with others that do as it does") {
    ScrapedPod pod = placed_pod();
    CHECK(pod.pace() == Pace::good);
    pod.failed_scrape();
    CHECK(pod.pace() == Pace::good);
    pod.failed();
    CHECK(pod.pace() == Pace::failing);
    pod.good(true);
    CHECK(pod.pace() == Pace::slow);
    pod.failed_scrape();
    CHECK(pod.pace() == Pace::slow);
    pod.good(false);
    CHECK(pod.pace() == Pace::good);
}
