// SPDX-License-Identifier: Apache-2.0
#include "apiserver/groups/custom_metrics/missing_figures.hpp"

#include <algorithm>

namespace apiserver {
namespace {

using storage::applications::Missing;
using storage::applications::Refused;

// What people can do something about comes first.
constexpr std::array kOrder{Missing::waiting,   Missing::one_page,  Missing::unreachable,
                            Missing::no_family, Missing::no_series, Missing::not_a_number,
                            Missing::no_events, Missing::no_room,   Missing::not_annotated};

// "the page of pod web-0 has", "the pages of 12 pods have"
std::string of(std::string_view noun, const std::string& who, bool one) {
    return "the " + std::string{noun} + (one ? " of " + who + " has " : "s of " + who + " have ");
}

}  // namespace

void MissingFigures::count(std::string_view pod, const storage::applications::Known& known) {
    Group& group = groups_[static_cast<std::size_t>(known.missing)];
    if (group.pods++ == 0) group.name = pod, group.detail = known.detail;
    ++pods_;
}

bool MissingFigures::lacks_some() const {
    static constexpr std::array kUnknown{Missing::waiting, Missing::one_page, Missing::no_room};
    return std::any_of(kUnknown.begin(), kUnknown.end(),
                       [this](Missing reason) { return groups_[static_cast<std::size_t>(reason)].pods > 0; });
}

std::string MissingFigures::Group::words(Missing reason, std::chrono::nanoseconds since,
                                         std::string_view prefix) const {
    const bool one = pods == 1;
    const std::string who = one ? "pod " + name : std::to_string(pods) + " pods";
    const std::string why = detail.empty() ? "" : (one ? ": " : ", " + name + ": ") + detail;
    switch (reason) {
        case Missing::waiting:
            return "it is not known yet, scraping " + who + " since " +
                   std::to_string(std::chrono::floor<std::chrono::seconds>(since).count()) + "s";
        case Missing::one_page:
            return "a rate needs two pages, and " + who + " sent one so far";
        case Missing::unreachable:
            return who + " could not be scraped" + why;
        case Missing::no_family:
            return of("page", who, one) + "no such metric";
        case Missing::no_series:
            return "no series of " + who + " meets the selector";
        case Missing::not_a_number:
            return of("page", who, one) + "only values that are no numbers, or too old";
        case Missing::no_events:
            return who + " counted nothing that a mean could be of";
        case Missing::no_room:
            return "there is no room to scrape " + who + ": too many pods, metrics or series";
        default:
            break;
    }
    if (!why.empty()) return who + " cannot be scraped" + why;
    return who + (one ? " has" : " have") + " no annotation " + std::string{prefix} + "/scrape: \"true\"";
}

std::string MissingFigures::words(std::chrono::nanoseconds since, std::string_view prefix) const {
    std::string out;
    for (const Missing reason : kOrder) {
        const Group& group = groups_[static_cast<std::size_t>(reason)];
        if (group.pods == 0) continue;
        if (!out.empty()) out.append("; ");
        out.append(group.words(reason, since, prefix));
    }
    return out;
}

std::string_view refusal_words(Refused refused) {
    switch (refused) {
        case Refused::demands_of_namespace:
            return "too many metrics of this namespace are asked for already";
        case Refused::demands:
            return "too many metrics are asked for already";
        default:
            return "there is no room for it";
    }
}

}  // namespace apiserver
