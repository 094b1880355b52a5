// SPDX-License-Identifier: Apache-2.0
// The series of a batch as texts.
#pragma once

#include "sink/batch.hpp"
#include "test/sink/remote_write/decoded.hpp"

#include <string>
#include <vector>

#include <catch2/catch.hpp>

namespace sink_test {

using Texts = std::vector<std::string>;

inline Texts texts_of(const sink::Batch& batch) {
    const auto series = read_body(batch.body);
    REQUIRE(series);
    CHECK(batch.points == series->size());
    Texts all;
    for (const auto& each : *series) all.push_back(each.text());
    return all;
}

}  // namespace sink_test
