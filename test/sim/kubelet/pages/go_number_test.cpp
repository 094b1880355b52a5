// SPDX-License-Identifier: Apache-2.0
#include "test/sim/kubelet/pages/go_number.hpp"

#include "test/checkout.hpp"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include <catch2/catch.hpp>

namespace sim {
namespace {

std::string text(double value) {
    char buffer[kGoNumberSize];
    return {buffer, write_go_number(buffer, value)};
}

}  // namespace

// What Go 1.26 prints for strconv.FormatFloat(value, 'g', -1, 64).
TEST_CASE("Numbers are written as Go does") {
    struct Case {
        double value;
        const char* expected;
    };
    const Case cases[] = {
        {0, "0"},
        {1, "1"},
        {-1, "-1"},
        {466944, "466944"},
        {999999, "999999"},
        {999999.9999999999, "999999.9999999999"},
        {1e6, "1e+06"},
        {1011712, "1.011712e+06"},
        {35287.130929, "35287.130929"},
        {123456.789012345, "123456.789012345"},
        {1234567.5, "1.2345675e+06"},
        {67108864, "6.7108864e+07"},
        {1795406476.012221, "1.795406476012221e+09"},
        {1e-4, "0.0001"},
        {0.00012345, "0.00012345"},
        {9.9999e-5, "9.9999e-05"},
        {1e-9, "1e-09"},
        {5e-324, "5e-324"},
        {1.7976931348623157e308, "1.7976931348623157e+308"},
        {-1.2345678901234568e-300, "-1.2345678901234568e-300"},
        {1e21, "1e+21"},
        {123456789012345680000.0, "1.2345678901234568e+20"},
        {0.1, "0.1"},
        {4.580947209, "4.580947209"},
    };
    for (const Case& c : cases) CHECK(text(c.value) == c.expected);
}

TEST_CASE("Every number of the real pages comes back as it was") {
    std::size_t numbers = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator{checkout::fixtures()}) {
        if (entry.path().extension() != ".txt" ||
            entry.path().string().find("/headers/") != std::string::npos ||
            entry.path().string().find("/synthetic/") != std::string::npos)
            continue;
        std::ifstream page{entry.path()};
        for (std::string line; std::getline(page, line);) {
            if (line.empty() || line[0] == '#') continue;
            const std::size_t closing = line.find('}');
            std::size_t begin = closing == std::string::npos ? line.find(' ') : closing + 1;
            if (begin == std::string::npos) continue;
            ++begin;
            const std::string number = line.substr(begin, line.find(' ', begin) - begin);
            CHECK(text(std::strtod(number.c_str(), nullptr)) == number);
            ++numbers;
        }
    }
    CHECK(numbers > 1000);
}

}  // namespace sim
