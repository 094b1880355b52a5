// SPDX-License-Identifier: Apache-2.0
#include "gzip/reader.hpp"
#include "gzip/writer.hpp"
#include "test/gzip/inflated.hpp"

#include <string>

#include <catch2/catch.hpp>

using Outcome = gzip::Reader::Outcome;

namespace {

void write(gzip::Writer& writer, std::string& out, std::string_view text, std::size_t piece) {
    for (std::size_t at = 0; at < text.size(); at += piece) writer.write(out, text.substr(at, piece));
}

// `first` is told last, as the head of a list is.
std::string compressed(const std::string& first, const std::string& text) {
    gzip::Writer writer;
    std::string body;
    write(writer, body, text, text.size());
    std::string out;
    writer.begin(out, first);
    out += body;
    writer.finish(out);
    return out;
}

struct Read {
    gzip::Reader reader;
    std::string text;

    Outcome of(const std::string& bytes, std::size_t piece, std::uint64_t limit = 1'000'000) {
        reader.restart(limit);
        text.clear();
        for (std::size_t at = 0; at < bytes.size(); at += piece) {
            const Outcome outcome = reader.feed(std::string_view{bytes}.substr(at, piece),
                                                [this](std::string_view out) { text.append(out); });
            if (outcome != Outcome::good) return outcome;
        }
        return Outcome::good;
    }
};

const std::string kText = [] {
    std::string text;
    for (int i = 0; i < 2000; ++i)
        text += "container_memory_working_set_bytes " + std::to_string(i * i) + '\n';
    return text;
}();

}  // namespace

TEST_CASE("what was compressed comes out however it is split") {
    Read read;
    for (const std::string& first : {std::string{}, std::string{"a head"}, std::string(0xffff, 'x')}) {
        const std::string bytes = compressed(first, kText);
        CHECK(test::inflated(bytes) == first + kText);
        for (const std::size_t piece : {std::size_t{1}, std::size_t{7}, bytes.size()}) {
            CHECK(read.of(bytes, piece) == Outcome::good);
            CHECK(read.reader.ended());
            CHECK(read.text == first + kText);
        }
    }
}

TEST_CASE("what was written in pieces comes out") {
    const std::string text = kText + kText;
    for (const std::size_t piece : {std::size_t{1000}, std::size_t{64 * 1024}, text.size()}) {
        gzip::Writer writer;
        std::string bytes;
        writer.begin(bytes, {});
        write(writer, bytes, text, piece);
        writer.finish(bytes);
        CHECK(test::inflated(bytes) == text);
    }
}

TEST_CASE("nothing is compressed to a stream that is empty") {
    Read read;
    CHECK(test::inflated(compressed("", "")).empty());
    CHECK(read.of(compressed("", ""), 100) == Outcome::good);
    CHECK(read.reader.ended());
    CHECK(read.text.empty());
}

TEST_CASE("what is no whole gzip stream is broken or has not ended") {
    Read read;
    const std::string good = compressed("", kText);
    CHECK(read.of("no gzip at all", 100) == Outcome::broken);
    CHECK(read.of(good + "more", good.size() + 4) == Outcome::broken);
    CHECK(read.of(good + "more", 1) == Outcome::broken);
    std::string spoilt = good;
    spoilt[spoilt.size() - 6] ^= 1;
    CHECK(read.of(spoilt, 10) == Outcome::broken);
    CHECK(read.of(good.substr(0, good.size() - 1), 10) == Outcome::good);
    CHECK_FALSE(read.reader.ended());
}

TEST_CASE("a small body that grows without bound is stopped") {
    Read read;
    const std::string bomb = compressed("", std::string(10'000'000, '\n'));
    CHECK(bomb.size() < 60'000);
    CHECK(read.of(bomb, 100) == Outcome::too_large);
    CHECK(read.of(bomb, 100, 10'000'000) == Outcome::good);
}
