// SPDX-License-Identifier: Apache-2.0
#include "apiserver/groups/custom_metrics/missing_figures.hpp"

#include <catch2/catch.hpp>

using apiserver::MissingFigures;
using storage::applications::Known;
using storage::applications::Missing;
using storage::applications::Refused;

namespace {

std::string words_of(Missing reason, const std::string& detail, std::size_t pods) {
    MissingFigures missing;
    for (std::size_t i = 0; i < pods; ++i)
        missing.count("web-" + std::to_string(i), Known{std::nullopt, reason, detail});
    return missing.words(std::chrono::milliseconds{2900}, "example.org");
}

}  // namespace

TEST_CASE("each reason of a missing figure has words, for one pod and for some") {
    struct Case {
        Missing reason;
        std::string detail;
        std::string one;
        std::string some;
    };
    const Case cases[] = {
        {Missing::waiting, "", "it is not known yet, scraping pod web-0 since 2s",
         "it is not known yet, scraping 3 pods since 2s"},
        {Missing::one_page, "", "a rate needs two pages, and pod web-0 sent one so far",
         "a rate needs two pages, and 3 pods sent one so far"},
        {Missing::unreachable, "refused", "pod web-0 could not be scraped: refused",
         "3 pods could not be scraped, web-0: refused"},
        {Missing::no_family, "", "the page of pod web-0 has no such metric",
         "the pages of 3 pods have no such metric"},
        {Missing::no_series, "", "no series of pod web-0 meets the selector",
         "no series of 3 pods meets the selector"},
        {Missing::not_a_number, "", "the page of pod web-0 has only values that are no numbers, or too old",
         "the pages of 3 pods have only values that are no numbers, or too old"},
        {Missing::no_events, "", "pod web-0 counted nothing that a mean could be of",
         "3 pods counted nothing that a mean could be of"},
        {Missing::no_room, "", "there is no room to scrape pod web-0: too many pods, metrics or series",
         "there is no room to scrape 3 pods: too many pods, metrics or series"},
        {Missing::not_annotated, "", "pod web-0 has no annotation example.org/scrape: \"true\"",
         "3 pods have no annotation example.org/scrape: \"true\""},
        {Missing::not_annotated, "no port", "pod web-0 cannot be scraped: no port",
         "3 pods cannot be scraped, web-0: no port"},
    };
    for (const Case& one : cases) {
        CAPTURE(one.one);
        CHECK(words_of(one.reason, one.detail, 1) == one.one);
        CHECK(words_of(one.reason, one.detail, 3) == one.some);
    }
    CHECK(words_of(Missing::waiting, "", 0).empty());
    CHECK(MissingFigures{}.empty());
}

TEST_CASE("what there is no room for is said") {
    CHECK(apiserver::refusal_words(Refused::demands) == "too many metrics are asked for already");
    CHECK(apiserver::refusal_words(Refused::demands_of_namespace) ==
          "too many metrics of this namespace are asked for already");
    CHECK(apiserver::refusal_words(Refused::bytes) == "there is no room for it");
}
