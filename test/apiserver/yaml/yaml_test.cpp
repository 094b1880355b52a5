// SPDX-License-Identifier: Apache-2.0
// The expected lines are what sigs.k8s.io/yaml's JSONToYAML prints.
#include "apiserver/yaml/yaml.hpp"

#include "apiserver/yaml/key_order.hpp"
#include "apiserver/yaml/scalar.hpp"
#include "text/go_text.hpp"

#include <algorithm>
#include <iterator>
#include <vector>

#include <catch2/catch.hpp>

namespace {

std::string yaml(std::string_view json) {
    std::string out;
    apiserver::append_yaml(out, json);
    return out;
}

// As the value of the key k, without what stands around it.
std::string value(std::string_view text) {
    std::string json = "{\"k\":";
    text::append_json_string(json, text);
    const std::string line = yaml(json.append("}"));
    REQUIRE(line.starts_with("k: "));
    REQUIRE(line.ends_with("\n"));
    return line.substr(3, line.size() - 4);
}

}  // namespace

TEST_CASE("YAML sets text in quotes that would be read as something else") {
    for (const char* text : {"",
                             "y",
                             "N",
                             "yes",
                             "Off",
                             "true",
                             "TRUE",
                             "null",
                             "~",
                             ".nan",
                             "-.inf",
                             "0",
                             "52428801",
                             "-1",
                             "+5",
                             "1_000",
                             "0123",
                             "089",
                             "0x1F",
                             "0b11",
                             "0o17",
                             "1.5",
                             "1.",
                             ".5",
                             ".5_0",
                             "1e3",
                             "5e8",
                             "1E+5",
                             "1:2",
                             "12:30",
                             "1:2:3.5",
                             "0b-1",
                             "2024-1-5",
                             "2024-02-29",
                             "2000-02-29",
                             "2020-02-29",
                             "18446744073709551615",
                             "1_",
                             "0_0",
                             "1e-400",
                             "+.inf",
                             "190:20:30",
                             "-0x10",
                             "2026-11-22T15:31:26Z",
                             "-0b1",
                             "00",
                             "0X1f",
                             "1.e5",
                             "123456789012345678901234",
                             "2001-12-14 21:59:43.10",
                             "2001-12-14t21:59:43,1-05:00"}) {
        CAPTURE(text);
        CHECK(value(text) == "\"" + std::string{text} + "\"");
        CHECK_FALSE(apiserver::yaml_reads_as_text(text));
    }
}

TEST_CASE("YAML leaves text plain that is read as text") {
    for (const char* text : {"web-0",
                             "1500m",
                             "123458473n",
                             "1205632Ki",
                             "10.01s",
                             "1m0s",
                             "metrics.k8s.io/v1beta1",
                             "5d8f7b9",
                             "1e400",
                             "0xg",
                             "0x",
                             "1.5.0",
                             "2024-02-30",
                             "2023-02-29",
                             "1900-02-29",
                             "YeS",
                             "nO",
                             "nulL",
                             "a:b",
                             "a#b",
                             "it's",
                             "--",
                             "-a",
                             "?a",
                             ":a",
                             "10:70",
                             "1:2.3.4",
                             "2001-13-01",
                             "20010-1-1",
                             "a, b",
                             "\xc3\xa9",
                             "=",
                             "0b12",
                             "+0xffffffffffffffff"}) {
        CAPTURE(text);
        CHECK(value(text) == text);
    }
}

TEST_CASE("YAML quotes or escapes what plain text cannot hold") {
    const std::pair<std::string, std::string> cases[] = {
        {"a: b", "'a: b'"},
        {"a:", "'a:'"},
        {"a #b", "'a #b'"},
        {"#a", "'#a'"},
        {"- a", "'- a'"},
        {"-", "'-'"},
        {"? a", "'? a'"},
        {"---", "'---'"},
        {"...", "'...'"},
        {"*a", "'*a'"},
        {"'a'", "'''a'''"},
        {"\"a\"", "'\"a\"'"},
        {"it's: b", "'it''s: b'"},
        {" a", "' a'"},
        {"a ", "'a '"},
        {"a\tb", "\"a\\tb\""},
        {"\x01\x7f", "\"\\x01\\x7F\""},
        {"a\r", "\"a\\r\""},
        {"\xf0\x9f\x8e\x89", "\"\\U0001F389\""},
        {"\xc2\x85\xc2\xa0", "\"\\N\xc2\xa0\""},
        {"\xe2\x80\xa8", "\"\\L\""},
        {"\xef\xbf\xbe", "\"\\uFFFE\""},
        {"a\nb", "|-\n  a\n  b"},
        {"a\n\nb: c\n", "|\n  a\n\n  b: c"},
        {"a\n\n", "|+\n  a\n"},
        {"\na", "|2-\n\n  a"},
        {" a\nb", "|2-\n   a\n  b"},
        {"a \nb", "\"a \\nb\""},
        {"a\nb ", "\"a\\nb \""},
        {"a\n\t", "\"a\\n\\t\""},
    };
    for (const auto& [text, expected] : cases) {
        CAPTURE(text);
        CHECK(value(text) == expected);
    }
}

TEST_CASE("YAML breaks long text at the first lone space behind column 80") {
    const std::string word(84, 'x');
    CHECK(value(word + " y z") == word + "\n  y z");
    CHECK(value(word + "  y z") == word + "  y\n  z");
    CHECK(value(word.substr(0, 77) + " y z") == word.substr(0, 77) + " y\n  z");
    CHECK(value(word + ": y") == "'" + word + ":\n  y'");
    CHECK(value(word + "\t y") == "\"" + word + "\\t\n  y\"");
    CHECK(value(word + "\t  y") == "\"" + word + "\\t\n  \\ y\"");
    // Characters count, not bytes.
    std::string accents;
    for (int i = 0; i < 77; ++i) accents += "\xc3\xa9";
    CHECK(value(accents + " y z") == accents + " y\n  z");
    // A key never goes over two lines.
    CHECK(yaml("{\"" + word + " y\":1}") == word + " y: 1\n");
}

TEST_CASE("YAML sorts the keys of a map as Go does") {
    const std::vector<std::string> sorted{"-",  "1",   "2",  "10",  "B",  "a", "a-b",
                                          "a1", "a01", "a2", "a10", "ab", "b"};
    std::vector<std::string> keys{sorted.rbegin(), sorted.rend()};
    std::stable_sort(keys.begin(), keys.end(), apiserver::yaml_key_before);
    CHECK(keys == sorted);
    CHECK(apiserver::yaml_key_before("app", "app.kubernetes.io/name"));
    CHECK(apiserver::yaml_key_before("pod-1", "pod-10"));
    CHECK_FALSE(apiserver::yaml_key_before("a100", "a20"));
    CHECK(apiserver::yaml_key_before("v100", "v101"));
    CHECK_FALSE(apiserver::yaml_key_before("x", "x"));
}

TEST_CASE("YAML of a document") {
    CHECK(
        yaml(R"({"z":{"b":[{"q":"a: b","c":{"y":"1"}},"t",7],"a":null},"e":{},"f":[],"d":true,"n":[{}]})") ==
        "d: true\ne: {}\nf: []\n\"n\":\n- {}\nz:\n  a: null\n  b:\n  - c:\n      \"y\": \"1\"\n    q: 'a: "
        "b'\n"
        "  - t\n  - 7\n");
    std::string element;
    apiserver::append_yaml_element(element, R"({"b":{"c":"d"},"a":[1]})");
    CHECK(element == "- a:\n  - 1\n  b:\n    c: d\n");
    CHECK(yaml(R"({"a":[["b",["c"],{"d":1}],[]]})") == "a:\n- - b\n  - - c\n  - d: 1\n- []\n");
    CHECK(yaml(R"(["a",{"b":1}])") == "- a\n- b: 1\n");
    CHECK(yaml("\"1\"") == "\"1\"\n");
    CHECK(yaml("{}") == "{}\n");
    const std::string key(129, 'k');
    CHECK(yaml("{\"a\":{\"" + key + "\":\"v\"}}") == "a:\n  ? " + key + "\n  : v\n");
    // No order at all: whatever comes out, it is all there.
    const std::string circle = yaml(R"({"1e3":1,"9A":2,"10":3})");
    CHECK(circle.size() == std::string{"\"1e3\": 1\n9A: 2\n\"10\": 3\n"}.size());
}
