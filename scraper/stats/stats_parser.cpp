// SPDX-License-Identifier: Apache-2.0
#include "scraper/stats/stats_parser.hpp"

#include "scraper/stats/stats_fields.hpp"

#include <utility>

namespace scraper {

StatsParser::StatsParser(storage::stats::StatsPage& page)
    : page_{page}, splitter_{{"node"}, "pods", kLongestThing} {}

bool StatsParser::feed(std::string_view piece) {
    while (good_) {
        const auto part = splitter_.next(piece);
        good_ = part.has_value();
        if (!good_ || !*part) break;
        if ((*part)->key == "node")
            take_node((*part)->value);
        else
            take_pod((*part)->value);
    }
    return good_;
}

bool StatsParser::finish() {
    return good_ && splitter_.finish().has_value() && (node_seen_ || !page_.pods.empty());
}

void StatsParser::take_node(std::string_view text) {
    StatsFields fields{kMostThings - things_};
    page_.node = {};
    const bool good = fields.read(text, page_.node);
    things_ = kMostThings - fields.room;
    page_.bad_fields += fields.bad_fields;
    page_.bad_things += fields.bad_things;
    if (good) {
        node_seen_ = true;
        return;
    }
    page_.node = {};
    ++page_.bad_things;
}

void StatsParser::take_pod(std::string_view text) {
    if (things_ == kMostThings) {
        ++page_.bad_things;
        return;
    }
    StatsFields fields{kMostThings - things_ - 1};
    storage::stats::Pod pod;
    const bool good = fields.read(text, pod);
    things_ = kMostThings - fields.room;
    page_.bad_fields += fields.bad_fields;
    page_.bad_things += fields.bad_things;
    if (good)
        page_.pods.push_back(std::move(pod));
    else
        ++page_.bad_things;
}

}  // namespace scraper
