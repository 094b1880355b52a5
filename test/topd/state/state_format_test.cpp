// SPDX-License-Identifier: Apache-2.0
#include "topd/state/state_format.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

using topd::StateReader;
using Verdict = StateReader::Verdict;

namespace {

const std::vector<std::string>& some_sections() {
    static const std::vector<std::string> sections{"first", std::string(300, 'x'), "", "\xf7TS1 is no mark",
                                                   "last"};
    return sections;
}

std::string file_of(const std::vector<std::string>& sections) {
    std::string file = topd::state_head();
    std::uint32_t kind = 1;
    for (const std::string& section : sections) file += topd::state_section_head(kind++, section) + section;
    return file + topd::state_end(static_cast<std::uint32_t>(sections.size()));
}

struct Parsed {
    Verdict verdict{};
    std::string reason;
    std::vector<std::uint32_t> kinds;
};

// `piece`: how much the source gives at once.
Parsed parse(std::string_view file, std::size_t piece = 7) {
    StateReader reader{[&](char* to, std::size_t most) {
        const std::size_t size = std::min({most, piece, file.size()});
        std::copy_n(file.data(), size, to);
        file.remove_prefix(size);
        return size;
    }};
    Parsed parsed;
    while (const auto item = reader.next()) {
        parsed.kinds.push_back(item->kind);
        // Nothing but what was written is ever given.
        REQUIRE(item->kind >= 1);
        REQUIRE(item->kind <= some_sections().size());
        REQUIRE(item->bytes == some_sections()[item->kind - 1]);
    }
    parsed.verdict = reader.verdict();
    parsed.reason = reader.reason();
    return parsed;
}

}  // namespace

TEST_CASE("A state file is read as it was written, however it comes") {
    const std::string file = file_of(some_sections());
    for (const std::size_t piece : {1U, 20U, 100'000U}) {
        const Parsed parsed = parse(file, piece);
        CHECK(parsed.verdict == Verdict::whole);
        CHECK(parsed.reason.empty());
        CHECK(parsed.kinds.size() == some_sections().size());
    }
    CHECK(parse(file_of({})).verdict == Verdict::whole);
}

TEST_CASE("A state file with any byte changed is named so and costs one section at most") {
    const std::string file = file_of(some_sections());
    for (std::size_t at = 0; at < file.size(); ++at) {
        for (const int change : {0x01, 0x80, 0xff}) {
            CAPTURE(at, change);
            std::string changed = file;
            changed[at] = static_cast<char>(changed[at] ^ change);
            const Parsed parsed = parse(changed, 64);
            CHECK(!parsed.reason.empty());
            // The magic: whose file it is nobody knows.
            if (at < 8) {
                CHECK(parsed.verdict == Verdict::foreign);
                continue;
            }
            CHECK(parsed.verdict == Verdict::damaged);
            CHECK(parsed.kinds.size() + 1 >= some_sections().size());
        }
    }
}

TEST_CASE("A state file that is cut anywhere is named so, and what is before is used") {
    const std::string file = file_of(some_sections());
    std::size_t used = 0;
    for (std::size_t size = 0; size < file.size(); ++size) {
        CAPTURE(size);
        const Parsed parsed = parse(std::string_view{file}.substr(0, size), 64);
        CHECK(!parsed.reason.empty());
        CHECK(parsed.verdict == (size == 0 ? Verdict::foreign : Verdict::damaged));
        CHECK(parsed.kinds.size() >= used);
        used = parsed.kinds.size();
    }
    CHECK(used == some_sections().size());
}

TEST_CASE("State files that are not what they should be say what they are") {
    const std::string file = file_of(some_sections());
    const std::string other = "{\"kind\": \"List\", \"items\": []}";
    CHECK(parse(other).reason == "it is not a state file of topd");
    CHECK(parse(other).verdict == Verdict::foreign);
    CHECK(parse("").reason == "it is empty");
    CHECK(parse(file + "x").reason == "something follows its end");
    CHECK(parse(file.substr(0, file.size() - 1)).reason == "it is cut off");
    CHECK(parse(topd::state_head() + topd::state_end(1)).reason == "sections of it are missing");
    // A part that was never written, as after a crash of the machine.
    std::string hole = file;
    std::fill_n(hole.begin() + 60, 200, '\0');
    CHECK(parse(hole).verdict == Verdict::damaged);
    CHECK(parse(hole).kinds == std::vector<std::uint32_t>{1, 3, 4, 5});
}

TEST_CASE("A state file of a newer version is not read") {
    // "topdstat", 2, and their CRC as another program computes it.
    std::string file = file_of(some_sections());
    const unsigned char head[] = {2, 0, 0, 0, 0x1a, 0x7b, 0x78, 0x37};
    std::copy(std::begin(head), std::end(head), file.begin() + 8);
    const Parsed parsed = parse(file);
    CHECK(parsed.verdict == Verdict::future);
    CHECK(parsed.reason == "it is of version 2, this topd knows version 1");
    CHECK(parsed.kinds.empty());
}
